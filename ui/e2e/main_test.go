package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
)

// What all tests share, made once by TestMain: one country, one browser. Tests
// that break a source or move the clock start a country of their own.
var (
	shared  *country.Country
	browser context.Context // nil without chromium
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path := chromium()
	if path == "" {
		fmt.Fprintln(os.Stderr, "SKIP: "+noBrowser)
		return m.Run()
	}
	var err error
	if shared, err = country.Start(context.Background(), country.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, "starting the country:", err)
		return 1
	}
	defer shared.Close()
	var stop context.CancelFunc
	if browser, stop, err = launch(path); err != nil {
		fmt.Fprintln(os.Stderr, "starting chromium:", err)
		return 1
	}
	defer stop()
	return m.Run()
}

const noBrowser = "no chromium in PATH: apt-get install chromium (or set ACCORD_CHROME)"

func chromium() string {
	if path := os.Getenv("ACCORD_CHROME"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// toolbar is what draws a window's own toolbar: one more process for each, of
// which nobody sees anything.
const toolbar = "InitialWebUI,PreloadTopChromeWebUI"

// launch starts a browser that reaches loopback only.
func launch(path string) (context.Context, context.CancelFunc, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,"+toolbar),
		chromedp.Flag("accept-lang", "fr-FR,fr"), chromedp.Flag("lang", "fr-FR"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	end := func() { stop(); stopAll() }
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, nil, err
	}
	return ctx, end, nil
}

// need skips a test for want of a tool, or fails it where skipping is not
// allowed.
func need(t *testing.T, there bool, what string) {
	t.Helper()
	switch {
	case there:
	case os.Getenv("ACCORD_REQUIRE_BROWSER") == "1":
		t.Fatal("ACCORD_REQUIRE_BROWSER=1, and " + what)
	default:
		t.Skip(what)
	}
}
