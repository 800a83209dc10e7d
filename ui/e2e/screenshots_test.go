package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
)

const (
	phone     = 360 // CSS pixels
	mostImage = 150 << 10
)

// TestScreenshots makes the pictures of the README: phone width, whole page,
// French. ACCORD_SCREENSHOTS names the folder; ACCORD_ALL_SCREENSHOTS, when
// set, a second one for every page in three ways, to look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("ACCORD_SCREENSHOTS")
	if dir == "" {
		t.Skip("ACCORD_SCREENSHOTS names no folder")
	}
	for _, s := range []stop{
		{"consent", func(b *tab) { toConsent(b, shared, "camille") }},
		{"agreements", func(b *tab) { toHistory(b).expect("article") }},
		{"history", func(b *tab) { toHistory(b).click("article h2 a").expect("#withdraw") }},
		{"verifier", func(b *tab) { toBandAgent(b).click("[id^=accord-]").expect("#values") }},
		{"figures", func(b *tab) { toDays(b) }},
	} {
		t.Run(s.name, func(t *testing.T) {
			b := open(t)
			b.phone()
			s.reach(b)
			if size := b.picture(dir, s.name); size > mostImage {
				t.Errorf("%d bytes, allowed are %d", size, mostImage)
			}
		})
	}
}

// toHistory makes a past: agreed, refused, withdrawn.
func toHistory(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{})
	agree(b, c, "camille")
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("article").click("article h2 a").click("#withdraw").click("#submit")
	toConsent(b, c, "camille").click("#refuse").expect("#refused")
	agree(b, c, "camille")
	return b.goTo(c.Accord + "/mes-accords")
}

func TestEveryPictureToLookAt(t *testing.T) {
	dir := os.Getenv("ACCORD_ALL_SCREENSHOTS")
	if dir == "" {
		t.Skip("ACCORD_ALL_SCREENSHOTS names no folder")
	}
	for _, s := range append(stops(), neighbours()...) {
		t.Run(s.name, func(t *testing.T) {
			b := open(t)
			b.phone()
			s.reach(b)
			b.picture(dir, filepath.Base(s.name)+", phone")
			b.look("dark", 1280)
			b.openDetails()
			b.picture(dir, filepath.Base(s.name)+", desktop, dark, open")
		})
	}
}

func (b *tab) phone() {
	b.t.Helper()
	b.look("light", phone)
	b.do(chromedp.EmulateViewport(phone, 740, chromedp.EmulateMobile, chromedp.EmulateScale(1)))
	call(b, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true})
}

// picture writes the whole page and gives its size in bytes.
func (b *tab) picture(dir, name string) int {
	b.t.Helper()
	beyond := true
	whole := call(b, page.GetLayoutMetrics, cdp.Empty{}).CSSContentSize
	shot := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: "png", CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{Width: whole.Width, Height: whole.Height, Scale: 1},
	})
	small, err := fewColours(shot.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), small, 0o644); err != nil {
		b.t.Fatal(err)
	}
	return len(small)
}

// fewColours makes a picture of text small: it holds few colours but for the
// shades at the edges of letters, of which the commonest stay.
func fewColours(data []byte) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	to := image.NewPaletted(from.Bounds(), commonest(from, 64))
	draw.Draw(to, to.Rect, from, from.Bounds().Min, draw.Src)
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}

// commonest are the colours a picture holds most of.
func commonest(p image.Image, most int) color.Palette {
	count := map[color.Color]int{}
	for y := p.Bounds().Min.Y; y < p.Bounds().Max.Y; y++ {
		for x := p.Bounds().Min.X; x < p.Bounds().Max.X; x++ {
			count[p.At(x, y)]++
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] })
	return color.Palette(all[:min(most, len(all))])
}
