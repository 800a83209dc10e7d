package verification

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	_ "image/jpeg" // the two forms a photograph may have
	_ "image/png"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// What is looked at of a photograph.
const (
	mostPixels  = 4096 * 3072 // of a telephone; some 200 MB while it is decoded, at the worst
	leastSide   = 100         // pixels: a smaller picture holds no code
	bestSide    = 2200
	mostCentres = 300             // places that look like a corner of a code
	patience    = 3 * time.Second // no further try after it
)

var (
	errLarge  = errors.New("more pixels than are looked at")
	errNoCode = errors.New("no code on the picture")
)

// isPicture tells PNG and JPEG by their first bytes.
func isPicture(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff})
}

// codeOn reads the QR code (ISO/IEC 18004) of a picture. Its size is read, and
// refused, before a pixel is.
func codeOn(ctx context.Context, picture []byte) (string, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return "", errNoCode
	}
	if size.Width < leastSide || size.Height < leastSide {
		return "", errNoCode
	}
	if size.Width > mostPixels/size.Height {
		return "", errLarge
	}
	decoded, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", errNoCode
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for _, one := range sizes(gray(decoded)) {
		if text, ok := decode(one); ok {
			return text, nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", errNoCode
}

func gray(from image.Image) *image.Gray {
	b := from.Bounds()
	if coloured, ok := from.(*image.YCbCr); ok { // a JPEG has its greys apart
		return &image.Gray{Pix: coloured.Y, Stride: coloured.YStride, Rect: b}
	}
	to := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(to, to.Bounds(), from, b.Min, draw.Src)
	return to
}

// sizes are the picture and its halves, the likeliest first: grain that hides a
// code in a large photograph is gone in a smaller one.
func sizes(whole *image.Gray) (all []*image.Gray) {
	var larger []*image.Gray
	for one := whole; min(one.Rect.Dx(), one.Rect.Dy()) >= leastSide; one = half(one) {
		if max(one.Rect.Dx(), one.Rect.Dy()) > bestSide {
			larger = append([]*image.Gray{one}, larger...)
			continue
		}
		all = append(all, one)
	}
	return append(all, larger...)
}

func half(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx()/2, g.Rect.Dy()/2
	small := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			at := 2*y*g.Stride + 2*x
			sum := int(g.Pix[at]) + int(g.Pix[at+1]) + int(g.Pix[at+g.Stride]) + int(g.Pix[at+g.Stride+1])
			small.Pix[y*small.Stride+x] = uint8(sum / 4)
		}
	}
	return small
}

// decode tries both ways to tell black from white. A picture made to look like
// nothing but corners would keep the library busy for hours, as it tries every
// three of them: it is stopped at mostCentres. What else it trips over is a
// picture without a code.
func decode(g *image.Gray) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	light := gozxing.NewLuminanceSourceFromImage(g)
	for _, blackened := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(light), gozxing.NewGlobalHistgramBinarizer(light)} {
		bitmap, err := gozxing.NewBinaryBitmap(blackened)
		if err != nil {
			continue
		}
		if found, err := qrcode.NewQRCodeReader().Decode(bitmap, hints()); err == nil {
			return found.GetText(), true
		}
		// A code and nothing else, as it was drawn: no corner to look for, which
		// the library at times takes for another.
		alone := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
		if found, err := qrcode.NewQRCodeReader().Decode(bitmap, alone); err == nil {
			return found.GetText(), true
		}
	}
	return "", false
}

func hints() map[gozxing.DecodeHintType]any {
	seen := 0
	return map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER: true,
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(func(gozxing.ResultPoint) {
			if seen++; seen > mostCentres {
				panic(errNoCode) // the only way out of the library; decode recovers it
			}
		}),
	}
}
