package consent

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSIRETIsFourteenDigitsWithALuhnCheck(t *testing.T) {
	for siret, want := range map[string]bool{
		"99900010200015":        true,
		"99900051600016":        true,
		"99900010200016":        false,
		"9990001020001":         false,
		"999000102000150":       false,
		"9990001020001a":        false,
		"":                      false,
		"00000000000000":        false,
		"٩٩٩٠٠٠١٠٢٠٠٠١٥":        false,
		"35600000000048":        true,  // La Poste, head office: Luhn
		"35600000049837":        true,  // an establishment: its digits sum to 45
		"35600000049838":        false, // neither
		strings.Repeat(" ", 14): false,
	} {
		if got := ValidSIRET(siret); got != want {
			t.Errorf("ValidSIRET(%q) = %v", siret, got)
		}
	}
}

func TestOneWrongDigitIsNoSIRET(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		siret := []byte("99900010200015")
		i := rapid.IntRange(0, 13).Draw(t, "place")
		digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if digit == siret[i] {
			return
		}
		siret[i] = digit
		if ValidSIRET(string(siret)) {
			t.Fatalf("%s is accepted", siret)
		}
	})
}
