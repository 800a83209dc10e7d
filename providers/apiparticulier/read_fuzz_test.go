package apiparticulier

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// What a shape accepts it writes in one way only: the document read again is
// the same, byte for byte, for every resource that took it.
func FuzzDocumentsAreWrittenInOneWay(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no vectors (%v)", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	all := resources()
	f.Fuzz(func(t *testing.T, body []byte) {
		for source, own := range all {
			for name, r := range own {
				document, _, err := r.document(body)
				if err != nil {
					continue
				}
				again, _, err := r.document([]byte(`{"data":` + string(document) + `}`))
				if err != nil || !bytes.Equal(document, again) || !json.Valid(document) {
					t.Errorf("%s %s: %v\n%s\n%s", source, name, err, document, again)
				}
			}
		}
	})
}
