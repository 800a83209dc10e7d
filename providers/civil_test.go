package providers_test

import (
	"strings"
	"testing"

	"accord/providers"
)

func TestNamesCompareAsTheCanonicalIdentityWritesThem(t *testing.T) {
	for in, want := range map[string]string{
		"Brévan-d’Auroy": "BREVAN D AUROY", "  LE   GŒFF ": "LE GOEFF", "Æsir": "AESIR", "Straße": "STRASSE", "ẞ": "SS",
		"N'Diaye": "N DIAYE", "Çelebi": "CELEBI", "…": "", "": "", "Ünlü Müßig": "UNLU MUSSIG", "e\u0301": "E",
	} {
		if got := providers.NormalName(in); got != want {
			t.Errorf("NormalName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPlainNamesKeepHyphenAndApostrophe(t *testing.T) {
	for in, want := range map[string]string{
		"Brévan-d’Auroy": "BREVAN-D'AUROY", "Marie Ange": "MARIE ANGE", "LE\tGŒFF": "LE GOEFF", "a&b=c": "A B C", "Łodź": "ODZ",
	} {
		if got := providers.PlainName(in); got != want {
			t.Errorf("PlainName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBirthdatesMayHaveUnknownPartsButNoWrongOnes(t *testing.T) {
	for date, want := range map[string]bool{
		"1979-05-00": true, "1979-00-00": true, "2024-02-29": true, "2023-02-29": false, "1979-00-05": false, "0000-00-00": false,
		"1979-13-01": false, "1979-5-1": false, "1979/05/01": false, "": false, "19790501": false, "１979-05-01": false, "1979-05-0x": false,
	} {
		if got := providers.ValidBirthdate(date); got != want {
			t.Errorf("ValidBirthdate(%q) = %t", date, got)
		}
	}
}

func TestOnlyTheVeryPersonIsThePerson(t *testing.T) {
	i := providers.Identity{FamilyName: "Brévan-d'Auroy", GivenName: "Marie Ange Rose", Birthdate: "1979-05-01", IDPBirthdate: "1979-05-00"}
	for name, c := range map[string]struct {
		civil providers.Civil
		want  bool
	}{
		"same":                    {providers.Civil{BirthName: "BREVAN D'AUROY", GivenNames: "MARIE ANGE", Birthdate: "1979-05-00"}, true},
		"completed date":          {providers.Civil{BirthName: "BREVAN-D AUROY", GivenNames: "MARIE-ANGE", Birthdate: "1979-05-01"}, true},
		"another day":             {providers.Civil{BirthName: "BREVAN D AUROY", GivenNames: "MARIE", Birthdate: "1979-05-02"}, false},
		"month unknown, May told": {providers.Civil{BirthName: "BREVAN D AUROY", GivenNames: "MARIE", Birthdate: "1979-00-00"}, false},
		"twin":                    {providers.Civil{BirthName: "BREVAN D AUROY", GivenNames: "ROSE MARIE", Birthdate: "1979-05-01"}, false},
		"another name":            {providers.Civil{BirthName: "BREVAN", GivenNames: "MARIE", Birthdate: "1979-05-01"}, false},
		"no first name":           {providers.Civil{BirthName: "BREVAN D AUROY", Birthdate: "1979-05-01"}, false},
		"nobody":                  {providers.Civil{}, false},
	} {
		if got := i.Is(c.civil); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if (providers.Identity{}).Is(providers.Civil{}) {
		t.Error("nobody is somebody")
	}
}

func TestRawBirthdateIsUsedOnlyWhenItAgrees(t *testing.T) {
	for raw, want := range map[string]string{"1979-05-00": "1979-05-00", "1979-00-00": "1979-05-01", "1980-05-00": "1979-05-01", "": "1979-05-01", "1979-05-01": "1979-05-01"} {
		if got := (providers.Identity{Birthdate: "1979-05-01", IDPBirthdate: raw}).RawBirthdate(); got != want {
			t.Errorf("raw %q: %s, want %s", raw, got, want)
		}
	}
}

func FuzzNormalNameIsStable(f *testing.F) {
	f.Add("Brévan-d’Auroy")
	f.Fuzz(func(t *testing.T, s string) {
		once := providers.NormalName(s)
		if providers.NormalName(once) != once || strings.Trim(once, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" {
			t.Errorf("NormalName(%q) = %q", s, once)
		}
	})
}
