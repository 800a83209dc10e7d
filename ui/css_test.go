package ui

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func stylesheet(t *testing.T) string {
	t.Helper()
	css, err := os.ReadFile("static/accord.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(css)
}

// tokens reads the custom properties of the rule that begins with selector.
func tokens(t *testing.T, css, selector string) map[string]string {
	t.Helper()
	_, rule, ok := strings.Cut(css, selector)
	if !ok {
		t.Fatalf("no rule %s", selector)
	}
	rule, _, _ = strings.Cut(rule, "}")
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+):(#[0-9a-f]{3,6})`).FindAllStringSubmatch(rule, -1) {
		found[m[1]] = m[2]
	}
	return found
}

// luminance is WCAG 2.2's relative luminance of #rgb or #rrggbb.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestEveryColourIsReadableInLightAndDark(t *testing.T) {
	css := stylesheet(t)
	themes := map[string]map[string]string{
		"light": tokens(t, css, ":root{"), "dark": tokens(t, css, ":root:not([data-theme=clair]){"), "dark by choice": tokens(t, css, ":root[data-theme=sombre]{"),
	}
	for name, theme := range themes {
		for _, ground := range []string{"bg", "card"} {
			for token, least := range map[string]float64{"fg": 4.5, "mut": 4.5, "pri": 4.5, "err": 4.5, "ok": 4.5, "info": 4.5, "line": 3, "focus": 3} {
				if got := contrast(t, theme[token], theme[ground]); got < least {
					t.Errorf("%s: %s on %s is %.1f, at least %.1f", name, token, ground, got, least)
				}
			}
		}
		if got := contrast(t, theme["pri-fg"], theme["pri"]); got < 4.5 {
			t.Errorf("%s: text on filled areas is %.1f", name, got)
		}
	}
	for token, colour := range themes["dark"] {
		if themes["dark by choice"][token] != colour {
			t.Errorf("%s differs between the two dark themes", token)
		}
	}
}

func TestTheStylesheetIsSmallSelfContainedAndStill(t *testing.T) {
	css := stylesheet(t)
	if len(css) > 14<<10 {
		t.Errorf("%d bytes", len(css))
	}
	for _, bad := range []string{"url(", "@import", "@font-face", "animation", "transition", "outline:none"} {
		if strings.Contains(css, bad) {
			t.Errorf("the stylesheet holds %s", bad)
		}
	}
	for _, needed := range []string{"@media print", "forced-colors", "prefers-color-scheme:dark", "prefers-reduced-motion", ":focus-visible"} {
		if !strings.Contains(css, needed) {
			t.Errorf("the stylesheet lacks %s", needed)
		}
	}
}
