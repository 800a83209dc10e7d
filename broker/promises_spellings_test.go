package broker_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// spellings are the ways a word may lie in a file: as it is, in hexadecimal,
// and within base64 (a []byte in JSON) at each of its three alignments.
func spellings(word string) map[string][]byte {
	all := map[string][]byte{"in clear": []byte(word), "in hexadecimal": []byte(hex.EncodeToString([]byte(word)))}
	for shift := range 3 {
		for how, e := range map[string]*base64.Encoding{"in base64": base64.RawStdEncoding, "in base64url": base64.RawURLEncoding} {
			if within := within(e, word, shift); len(within) >= 6 { // shorter ones stand anywhere by chance
				all[how+", shifted by "+string(rune('0'+shift))] = within
			}
		}
	}
	return all
}

// within is what a word gives in base64 after shift bytes, without the
// characters that its neighbours have a part in.
func within(e *base64.Encoding, word string, shift int) []byte {
	encoded := e.EncodeToString(append(make([]byte, shift), word...))
	from := (shift*8 + 5) / 6
	to := (shift + len(word)) * 8 / 6
	return []byte(encoded[from:to])
}

func TestAWordIsFoundHoweverItIsSpelt(t *testing.T) {
	for _, before := range []string{"", "x", "xy", "xyz"} {
		data := base64.StdEncoding.EncodeToString([]byte(before + "Tremblin, Camille"))
		found := false
		for _, spelt := range spellings("Tremblin") {
			found = found || strings.Contains(data, string(spelt))
		}
		if !found {
			t.Errorf("not found in %s", data)
		}
	}
}
