package verification

import (
	"strconv"
	"strings"

	"github.com/piglig/go-qr"

	"accord/ui"
)

// MaxCode is the longest text printed as a code, in bytes: a longer one would
// need modules too small for a phone to read off paper.
const MaxCode = 1024

const quiet = 4 // modules around a code (ISO/IEC 18004 §6.3.8)

// codeOf is a text as a QR code, nil when it is too long. The lowest level of
// correction has the largest modules on a sheet of the same size.
func codeOf(text string) *ui.Code {
	if len(text) > MaxCode {
		return nil
	}
	code, err := go_qr.EncodeText(text, go_qr.Low)
	if err != nil {
		return nil
	}
	var path strings.Builder
	for y := range code.Size() {
		line(&path, code, y)
	}
	return &ui.Code{Side: code.Size() + 2*quiet, Path: path.String()}
}

// line writes the dark runs of one row, each as a stroke from where the last
// one ended.
func line(path *strings.Builder, code *go_qr.QrCode, y int) {
	pen := -1
	for x := 0; x < code.Size(); x++ {
		if !code.Module(x, y) {
			continue
		}
		end := x
		for end < code.Size() && code.Module(end, y) {
			end++
		}
		if pen < 0 {
			path.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + ".5")
		} else {
			path.WriteString("m" + strconv.Itoa(x-pen) + " 0")
		}
		path.WriteString("h" + strconv.Itoa(end-x))
		pen, x = end, end
	}
}
