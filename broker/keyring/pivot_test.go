package keyring

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// A vector is one line of testdata/citizen-v1.json, which other languages can
// check too; it was computed apart from this package.
type vector struct {
	Title        string `json:"title"`
	FamilyName   string `json:"family_name"`
	GivenName    string `json:"given_name"`
	Birthdate    string `json:"birthdate"`
	Gender       string `json:"gender"`
	Birthplace   string `json:"birthplace"`
	Birthcountry string `json:"birthcountry"`
	Issuer       string `json:"issuer"`
	Sub          string `json:"sub"`
	Canonical    string `json:"canonical"`
	Citizen      string `json:"citizen"`
	Subject      string `json:"subject"`
}

func TestCitizenPseudonymsAreThoseOfTheFrozenVectors(t *testing.T) {
	var file struct {
		CitizenKey  string   `json:"citizen_key"`
		PairwiseKey string   `json:"pairwise_key"`
		Recipient   string   `json:"recipient"`
		Vectors     []vector `json:"vectors"`
	}
	data, err := os.ReadFile("testdata/citizen-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	ring := &Ring{citizen: testKey(t, file.CitizenKey), pairwise: testKey(t, file.PairwiseKey)}
	for _, v := range file.Vectors {
		t.Run(v.Title, func(t *testing.T) { v.check(t, ring, file.Recipient) })
	}
}

func (v vector) check(t *testing.T, ring *Ring, recipient string) {
	p := Pivot{v.FamilyName, v.GivenName, v.Birthdate, v.Gender, v.Birthplace, v.Birthcountry, v.Issuer, v.Sub}
	if got := string(p.Canonical()); got != v.Canonical {
		t.Errorf("canonical %q, want %q", got, v.Canonical)
	}
	citizen := ring.Citizen(p)
	if citizen != v.Citizen {
		t.Errorf("citizen %s, want %s", citizen, v.Citizen)
	}
	if got := ring.Subject(recipient, citizen); got != v.Subject {
		t.Errorf("subject %s, want %s", got, v.Subject)
	}
}

func testKey(t *testing.T, text string) [32]byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != 32 {
		t.Fatalf("key %q: %v", text, err)
	}
	return [32]byte(raw)
}

func anyPivot(t *rapid.T) Pivot {
	name := rapid.StringOf(rapid.RuneFrom([]rune("abyzABYZéÉèçÇœŒæÆǽß -'’łØ\u0301\u0327")))
	return Pivot{
		FamilyName: name.Draw(t, "family"), GivenName: name.Draw(t, "given"),
		Birthdate:    rapid.StringMatching(`19[0-9]{2}-(00|0[1-9]|1[0-2])-(00|0[1-9]|1[0-9]|2[0-8])`).Draw(t, "date"),
		Gender:       rapid.SampledFrom([]string{"female", "male", "unspecified"}).Draw(t, "gender"),
		Birthplace:   rapid.SampledFrom([]string{"75112", "2A004", ""}).Draw(t, "place"),
		Birthcountry: rapid.SampledFrom([]string{"99100", "99208"}).Draw(t, "country"),
		Issuer:       "https://fc.example/api/v2", Sub: "s1",
	}
}

func TestOnePersonHasOneCanonicalFormHoweverWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPivot(t)
		want := string(p.Canonical())
		for _, rewrite := range []func(string) string{
			norm.NFC.String, norm.NFD.String, strings.ToUpper,
			func(s string) string { return "  " + strings.ReplaceAll(s, "-", " - ") + "." },
		} {
			q := p
			q.FamilyName, q.GivenName = rewrite(p.FamilyName), rewrite(p.GivenName)
			if got := string(q.Canonical()); got != want {
				t.Fatalf("%+q: %q, want %q", q, got, want)
			}
		}
	})
}

func TestCanonicalFormIsAsciiAndCannotBeForgedByASeparator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPivot(t)
		p.FamilyName += rapid.String().Draw(t, "more")
		form := string(p.Canonical())
		if !strings.HasPrefix(form, canonicalPrefix+separator) {
			if form != p.Issuer+separator+p.Sub {
				t.Fatalf("neither form: %q", form)
			}
			return
		}
		if n := strings.Count(form, separator); n != 6 {
			t.Fatalf("%d separators in %q", n, form)
		}
		for _, r := range form {
			if r > 0x7e {
				t.Fatalf("%q is not ASCII", form)
			}
		}
	})
}

func TestAMissingMemberNeverJoinsTwoPersons(t *testing.T) {
	whole := Pivot{"Marchand", "Camille", "1984-03-17", "female", "75112", "99100", "https://fc.example", "a"}
	for name, clear := range map[string]func(*Pivot){
		"family name": func(p *Pivot) { p.FamilyName = "'" }, "given name": func(p *Pivot) { p.GivenName = "" },
		"birth date": func(p *Pivot) { p.Birthdate = "1984" }, "sex": func(p *Pivot) { p.Gender = "" },
		"place": func(p *Pivot) { p.Birthplace = "" }, "country": func(p *Pivot) { p.Birthcountry = "" },
	} {
		one, other := whole, whole
		clear(&one)
		clear(&other)
		other.Sub = "b"
		if string(one.Canonical()) == string(other.Canonical()) {
			t.Errorf("without %s two logins are one citizen", name)
		}
	}
}
