package providers

import (
	"errors"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrIncompleteIdentity says that an identity lacks what a source needs to
// look for one person: birth name, first names, or a whole birth date.
var ErrIncompleteIdentity = errors.New("identity without birth name, first names or birth date")

// A Civil is a person as a source's answer names them.
type Civil struct {
	BirthName  string
	GivenNames string // separated by spaces
	Birthdate  string // YYYY-MM-DD, unknown month or day as 00
}

// Check returns ErrIncompleteIdentity unless i can be looked for.
func (i Identity) Check() error {
	if NormalName(i.FamilyName) == "" || NormalName(i.GivenName) == "" || !ValidBirthdate(i.Birthdate) {
		return ErrIncompleteIdentity
	}
	if completed(i.Birthdate) != i.Birthdate {
		return ErrIncompleteIdentity
	}
	return nil
}

// RawBirthdate is the birth date with its unknown parts as 00, when the
// identity provider's raw value agrees with the completed one; else Birthdate.
func (i Identity) RawBirthdate() string {
	if ValidBirthdate(i.IDPBirthdate) && completed(i.IDPBirthdate) == i.Birthdate {
		return i.IDPBirthdate
	}
	return i.Birthdate
}

// CompletedBirthdate is the birth date with unknown parts as 01.
func (i Identity) CompletedBirthdate() string { return completed(i.Birthdate) }

// Is says whether c can be this very person: same birth name, same birth date
// (unknown parts completed as 01), and first names that do not tell two people
// apart. The first names matter: twins share the rest, and so do each day's
// bearers of a common name.
func (i Identity) Is(c Civil) bool {
	name := NormalName(i.FamilyName)
	return name != "" && name == NormalName(c.BirthName) &&
		ValidBirthdate(c.Birthdate) && completed(c.Birthdate) == i.Birthdate &&
		sameGivenNames(i.GivenName, c.GivenNames)
}

// sameGivenNames wants the first names to begin alike: registers keep more or
// fewer of them, and spell the later ones as they like.
func sameGivenNames(a, b string) bool {
	x, y := strings.Fields(NormalName(a)), strings.Fields(NormalName(b))
	return len(x) > 0 && len(y) > 0 && x[0] == y[0]
}

// NormalName is the form in which names are compared: ligatures opened, marks
// removed, upper case, every run outside A-Z one space, trimmed (design §6).
func NormalName(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToUpper(unmarked(s)), func(r rune) bool { return r < 'A' || r > 'Z' }), " ")
}

// PlainName is s in ASCII letters, spaces, hyphens and apostrophes, upper case,
// as the sources want names written.
func PlainName(s string) string {
	plain := strings.Map(plainRune, strings.ToUpper(unmarked(s)))
	return strings.Join(strings.Fields(plain), " ")
}

func plainRune(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z', r == '-', r == '\'':
		return r
	case r == '’':
		return '\''
	}
	return ' '
}

// unfold spells out the letters that are two; building it costs more than using it.
var unfold = strings.NewReplacer("Œ", "OE", "œ", "OE", "Æ", "AE", "æ", "AE", "ß", "SS", "ẞ", "SS")

func unmarked(s string) string {
	s = unfold.Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
