package broker_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/piglig/go-qr"

	"accord/cmd/accord-demo/country"
)

// printedSheet is the attestation of a delivery.
func printedSheet(t *testing.T, c *country.Country, jws string) string {
	t.Helper()
	status, header, page := shown(t, c, "/verifier/attestation", map[string]string{"document": jws}, nil)
	if status != http.StatusOK || header.Get("Cache-Control") != "no-store" || !strings.Contains(page, "Attestation") {
		t.Fatalf("the sheet: status %d", status)
	}
	return page
}

// drawn is the code of a sheet as a browser paints it: white, and a line one
// module high for each run, scale pixels a module.
func drawn(t *testing.T, page string, scale int) *image.Gray {
	t.Helper()
	side := regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`).FindStringSubmatch(page)
	path := regexp.MustCompile(`<path stroke="#000" d="([^"]+)"`).FindStringSubmatch(page)
	if side == nil || path == nil {
		t.Fatal("no code on the sheet")
	}
	n, _ := strconv.Atoi(side[1])
	modules := make([][]bool, n)
	for y := range modules {
		modules[y] = make([]bool, n)
	}
	x, y := 0, 0
	for _, step := range regexp.MustCompile(`([Mmh])(\d+)(?: (\d+)(?:\.5)?)?`).FindAllStringSubmatch(path[1], -1) {
		by, _ := strconv.Atoi(step[2])
		switch step[1] {
		case "M":
			x = by
			y, _ = strconv.Atoi(step[3])
		case "m":
			x += by
		case "h":
			for range by {
				modules[y][x] = true
				x++
			}
		}
	}
	return painted(n, scale, func(x, y int) bool { return modules[y][x] })
}

func painted(n, scale int, dark func(x, y int) bool) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, n*scale, n*scale))
	for y := range n * scale {
		for x := range n * scale {
			if !dark(x/scale, y/scale) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return img
}

// photographed is a picture taken by hand: turned, on a darker table, in
// uneven light, grainy, and kept as a JPEG.
func photographed(t *testing.T, sheet *image.Gray, degrees, zoom float64, noise int) []byte {
	t.Helper()
	const w, h = 1600, 1400
	img, r := image.NewRGBA(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(1, 2))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := range h {
		for x := range w {
			dx, dy := float64(x-w/2)/zoom, float64(y-h/2)/zoom
			sx := int(cos*dx + sin*dy + float64(sheet.Rect.Dx())/2)
			sy := int(cos*dy - sin*dx + float64(sheet.Rect.Dy())/2)
			v := 190
			if (image.Point{X: sx, Y: sy}).In(sheet.Rect) {
				v = 30 + int(sheet.GrayAt(sx, sy).Y)*200/255
			}
			v = v*(75+25*x/w)/100 + r.IntN(2*noise+1) - noise
			v = max(0, min(255, v))
			img.Set(x, y, color.RGBA{uint8(v), uint8(v * 98 / 100), uint8(v * 94 / 100), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Issue 6, item 4: the printed code, photographed, is checked; a code made anew
// of a text with one digit changed is refused.
func TestThePrintedCodeIsReadFromAPhotographAndAChangedOneIsRefused(t *testing.T) {
	c := ownCountry(t, nil)
	jws := signedDelivery(t, c, "saint-aubin-cantine")
	publishedLog(t, c)
	page := printedSheet(t, c, jws)
	if !strings.Contains(page, "3,50 €") || strings.Contains(page, "no-code") {
		t.Error("the sheet does not say the band, or says it has no code")
	}
	code := drawn(t, page, 6)
	for name, picture := range map[string][]byte{
		"PNG": asPNG(t, code), "JPEG": asJPEG(t, code), "turned by 3°": photographed(t, code, 3, 1.2, 8), "turned by 12°, dim": photographed(t, code, -12, 1.1, 16), "on its side": photographed(t, code, 90, 1.3, 8),
	} {
		a := verified(t, c, "application/octet-stream", picture)
		must(t, name, a, "genuine", "genuine", "delivery", map[string]string{"signature": allPassed, "log": allPassed})
		if !a.Pictured {
			t.Errorf("%s: not said to be read from a picture", name)
		}
	}
	forged, err := go_qr.EncodeText(altered(t, jws, `"code":"B"`, `"code":"A"`), go_qr.Low)
	if err != nil {
		t.Fatal(err)
	}
	n := forged.Size() + 8
	picture := painted(n, 6, func(x, y int) bool {
		return x >= 4 && y >= 4 && x < n-4 && y < n-4 && forged.Module(x-4, y-4)
	})
	must(t, "one letter of the band changed", verified(t, c, "image/png", asPNG(t, picture)), "false", "V02", "delivery", map[string]string{"signature": "failed"})
	_, _, shownPage := shown(t, c, "/verifier", nil, map[string][]byte{"fichier": photographed(t, code, 3, 1.2, 8)})
	if !strings.Contains(shownPage, "lu dans le code de la photographie") || !strings.Contains(shownPage, "Document authentique") {
		t.Error("the page of a photograph")
	}
}

// Over 1 kB there is no code, and the sheet says so.
func TestALongDeliveryIsPrintedWithoutACodeAndSaysSo(t *testing.T) {
	c := ownCountry(t, nil)
	jws := signedDelivery(t, c, "valbrume-cantine")
	if len(jws) <= 1024 {
		t.Fatalf("the quotient is delivered in %d bytes: this test needs another", len(jws))
	}
	page := printedSheet(t, c, jws)
	if strings.Contains(page, "<svg") || !strings.Contains(page, fmt.Sprintf("compte %d octets, plus que les 1024 octets", len(jws))) || !showsQuotient(page) {
		t.Error("the sheet of a long delivery")
	}
	if _, _, page := shown(t, c, "/verifier/attestation", map[string]string{"document": altered(t, jws, "742", "743")}, nil); strings.Contains(page, "Accord atteste") || !strings.Contains(page, "La signature ne correspond pas") {
		t.Error("a false delivery is printed as an attestation")
	}
}

// What is no photograph of a code costs neither memory nor time.
func TestAHostilePictureIsRefusedQuickly(t *testing.T) {
	c := ownCountry(t, nil)
	corners := painted(240, 8, func(x, y int) bool { // a wall of what looks like a code's corners
		x, y = x%8, y%8
		ring := x < 7 && y < 7 && (x == 0 || y == 0 || x == 6 || y == 6)
		return ring || x >= 2 && x <= 4 && y >= 2 && y <= 4
	})
	noise, r := image.NewGray(image.Rect(0, 0, 2000, 2000)), rand.New(rand.NewPCG(3, 4))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.UintN(2) * 255)
	}
	for name, picture := range map[string][]byte{
		"a wall of corners": asPNG(t, corners), "noise": asPNG(t, noise), "white": asPNG(t, painted(100, 10, func(int, int) bool { return false })),
		"100,000 pixels wide": hugePNG(100_000, 100_000), "an endless strip": hugePNG(math.MaxInt32, 200), "cut": asPNG(t, corners)[:200], "a header alone": {0xff, 0xd8, 0xff},
		"one pixel": asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1))),
	} {
		began := time.Now()
		must(t, name, verified(t, c, "image/png", picture), "undecided", "V01", map[bool]string{true: "unreadable", false: "photo"}[strings.Contains(name, "wide") || strings.Contains(name, "endless")], nil)
		took := time.Since(began)
		t.Logf("%s: %s", name, took.Round(time.Millisecond))
		if took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// hugePNG is a header that promises more pixels than anybody holds.
func hugePNG(w, h uint32) []byte {
	chunk := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}
