// Package e2e walks the demonstration in a real browser: Debian's chromium,
// driven by chromedp. It is a module of its own, so that neither the browser's
// driver nor axe-core is ever linked into what we ship.
//
//	TestMain ─ country on free loopback ports ─┐
//	         └ chromium ── open(t) ── tab ─────┴→ pages ─→ axe-core, styles, requests, console
//
// Needed: chromium (apt-get install chromium) and, for the accessibility
// tests, axe-core (apt-get install npm; npm ci --ignore-scripts in this
// folder). Without them tests are skipped and say so; ACCORD_REQUIRE_BROWSER=1
// makes that a failure. ACCORD_CHROME names another browser.
package e2e
