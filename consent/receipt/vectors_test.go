package receipt

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

// The vectors are what other programs test themselves with, so a change in
// them is a change of the format.
func TestVectorsVerifyAndAreWhatSignGives(t *testing.T) {
	_, keys := testKeys(t)
	jwks, err := keys.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "jwks.json", jwks)
	keys, err = ParseKeySet(jwks)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			jws, _ := signed(t, r)
			golden(t, name+".jws", jws)
			got, err := Verify(jws, keys)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, r) {
				t.Errorf("verified as %+v", got)
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed; if the format is to change, run the test with -update", path)
	}
}
