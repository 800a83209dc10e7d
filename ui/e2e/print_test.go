package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// pdf prints the page shown as a browser does, on A4.
func (b *tab) pdf() []byte {
	b.t.Helper()
	background := true
	return call(b, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PrintBackground: &background}).Data
}

// sheets counts the pages of a PDF that chromium wrote.
func sheets(pdf []byte) int {
	return bytes.Count(pdf, []byte("/Type /Page\n")) + bytes.Count(pdf, []byte("/Type /Page/")) + bytes.Count(pdf, []byte("/Type /Page "))
}

// What the person takes home is one sheet of paper.
func TestTheReceiptOfTheDeskPrintsOnOneSheet(t *testing.T) {
	b := open(t)
	toDeskResult(b).click("#print").expect("h1")
	printed := b.pdf()
	if n := sheets(printed); n != 1 {
		t.Errorf("%d sheets", n)
	}
	if dir := os.Getenv("ACCORD_ALL_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "desk, printed receipt.pdf"), printed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
