package verification

import (
	"bytes"
	"compress/gzip"
	"image"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/piglig/go-qr"
)

// worded is a text of n characters as a JWS has them.
func worded(n int) string {
	r, letters := rand.New(rand.NewPCG(5, uint64(n))), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var text strings.Builder
	for range n {
		text.WriteByte(letters[r.IntN(len(letters))])
	}
	return text.String()
}

// The largest code leaves room for the sheet in a page of 30 KB, 8 KB
// compressed; a longer text gets none.
func TestTheLargestCodeFitsAPage(t *testing.T) {
	code := codeOf(worded(MaxCode))
	if code == nil {
		t.Fatal("no code")
	}
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	if _, err := z.Write([]byte(code.Path)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d modules, %d bytes of path, %d compressed", code.Side, len(code.Path), small.Len())
	if len(code.Path) > 22<<10 || small.Len() > 6<<10 {
		t.Error("the path is too long for a page")
	}
	if codeOf(worded(MaxCode+1)) != nil {
		t.Error("a longer text has a code")
	}
}

// What is written as a code is read from its picture, byte for byte.
func TestACodeIsReadBackAsItWasWritten(t *testing.T) {
	for _, n := range []int{40, 600, MaxCode} {
		code, err := go_qr.EncodeText(worded(n), go_qr.Low)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := code.ToPNGBytes(go_qr.NewQrCodeImgConfig(4, quiet))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := codeOn(t.Context(), picture); err != nil || text != worded(n) {
			t.Errorf("%d characters: %v", n, err)
		}
	}
}

// FuzzPicture: no bytes make the reader panic.
func FuzzPicture(f *testing.F) {
	code, err := go_qr.EncodeText(worded(200), go_qr.Low)
	if err != nil {
		f.Fatal(err)
	}
	picture, err := code.ToPNGBytes(go_qr.NewQrCodeImgConfig(3, quiet))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(picture)
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 120, 120))); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Fuzz(func(t *testing.T, picture []byte) {
		_, _ = codeOn(t.Context(), picture)
	})
}
