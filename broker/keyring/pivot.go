package keyring

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	canonicalPrefix = "accord-citizen-v1"
	separator       = "\x1f"
	france          = "99100" // INSEE country code
)

// A Pivot is what names one citizen: FranceConnect's identité pivot, or the
// issuer and subject of a login that lacks it.
type Pivot struct {
	FamilyName   string // birth name
	GivenName    string // all first names, as one string
	Birthdate    string // YYYY-MM-DD, unknown day or month 00 or 01
	Gender       string // female, male, unspecified; or F, M, I
	Birthplace   string // INSEE commune code; ignored abroad
	Birthcountry string // INSEE country code, 99100 France
	Issuer, Sub  string // of the login; used when the pivot is incomplete
}

// Canonical gives the bytes under K_citizen's HMAC, version 1 (the table of
// the package comment). It is a function of the person, not of how a source
// writes accents, hyphens or unknown days.
func (p Pivot) Canonical() []byte {
	members := p.members()
	for i, m := range members {
		if m == "" && i != placeMember {
			return []byte(p.Issuer + separator + p.Sub)
		}
	}
	if p.Birthcountry == france && members[placeMember] == "" {
		return []byte(p.Issuer + separator + p.Sub)
	}
	return []byte(canonicalPrefix + separator + strings.Join(members, separator))
}

const placeMember = 4 // the only member that may be empty, abroad

func (p Pivot) members() []string {
	place := ""
	if p.Birthcountry == france {
		place = strings.ToUpper(strings.TrimSpace(p.Birthplace))
	}
	return []string{
		canonicalName(p.FamilyName), canonicalName(p.GivenName),
		canonicalDate(p.Birthdate), canonicalSex(p.Gender), place, p.Birthcountry,
	}
}

// unfold spells out the letters that are two; building it costs more than using it.
var unfold = strings.NewReplacer("Œ", "OE", "œ", "OE", "Æ", "AE", "æ", "AE", "ß", "SS", "ẞ", "SS")

// canonicalName decomposes before it unfolds the letters: Ǽ decomposes into Æ
// and an accent, and must become AE whether it came composed or not.
func canonicalName(name string) string {
	name = unfold.Replace(norm.NFD.String(name))
	var b strings.Builder
	gap := false
	for _, r := range name {
		if unicode.Is(unicode.M, r) {
			continue
		}
		if r = unicode.ToUpper(r); r < 'A' || r > 'Z' {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

var dateShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// canonicalDate completes unknown parts as FranceConnect does. Anything that
// is no date is empty: the caller then falls back on issuer and subject.
func canonicalDate(date string) string {
	if !dateShape.MatchString(date) {
		return ""
	}
	month, day := date[5:7], date[8:]
	if month == "00" {
		month = "01"
	}
	if day == "00" {
		day = "01"
	}
	return date[:4] + "-" + month + "-" + day
}

func canonicalSex(gender string) string {
	switch gender {
	case "female", "F":
		return "F"
	case "male", "M":
		return "M"
	case "unspecified", "I":
		return "I"
	}
	return ""
}
