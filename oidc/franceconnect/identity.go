package franceconnect

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/json"
)

// Identity is the identité pivot as FranceConnect gives it, its forms checked.
// A member FranceConnect did not send is empty.
type Identity struct {
	FamilyName        string   // birth name
	GivenName         string   // all first names, joined by spaces; one may itself hold a space
	GivenNames        []string // given_name_array; empty for European users
	PreferredUsername string   // nom d'usage
	Birthdate         string   // YYYY-MM-DD, unknown parts completed as 01
	IDPBirthdate      string   // raw: unknown parts 00; empty when not given
	Gender            string   // female, male, unspecified
	Birthplace        string   // INSEE commune code; empty for a birth abroad
	Birthcountry      string   // INSEE country code, 99100 France
	Email             string   // not verified by FranceConnect, may change: no identifier
}

// France is FranceConnect's code of France as a country of birth.
const France = "99100"

// identityClaims are the claims as they come; null is as good as absent.
type identityClaims struct {
	FamilyName        string   `json:"family_name"`
	GivenName         string   `json:"given_name"`
	GivenNames        []string `json:"given_name_array"`
	PreferredUsername string   `json:"preferred_username"`
	Birthdate         string   `json:"birthdate"`
	IDPBirthdate      string   `json:"idp_birthdate"`
	Gender            string   `json:"gender"`
	Birthplace        string   `json:"birthplace"`
	Birthcountry      string   `json:"birthcountry"`
	Email             string   `json:"email"`
}

// parseIdentity reads the identity claims of a userinfo payload. Unknown
// claims are ignored, missing ones left empty, malformed ones Invalid; the
// reason names the claim, never its value.
func parseIdentity(payload []byte) (Identity, error) {
	var c identityClaims
	if json.Unmarshal(payload, &c) != nil {
		return Identity{}, invalid("userinfo: a claim of another type")
	}
	if wrong := c.malformed(); wrong != "" {
		return Identity{}, invalid("userinfo: malformed " + wrong)
	}
	return c.identity(), nil
}

var (
	commune = regexp.MustCompile(`^(2A|2B|[0-9]{2})[0-9]{3}$`) // INSEE COG; overseas 97xxx, 98xxx
	country = regexp.MustCompile(`^[0-9]{5}$`)
	genders = map[string]bool{"": true, "female": true, "male": true, "unspecified": true}
)

// malformed names the first claim that is not of FranceConnect's form.
func (c identityClaims) malformed() string {
	switch {
	case !text(c.FamilyName):
		return "family_name"
	case !text(c.GivenName):
		return "given_name"
	case !texts(c.GivenNames):
		return "given_name_array"
	case !text(c.PreferredUsername):
		return "preferred_username"
	case !text(c.Email):
		return "email"
	case !genders[c.Gender]:
		return "gender"
	}
	return c.malformedBirth()
}

func (c identityClaims) malformedBirth() string {
	switch {
	case c.Birthdate != "" && !birthdate(c.Birthdate):
		return "birthdate"
	case c.IDPBirthdate != "" && !birthdate(c.IDPBirthdate):
		return "idp_birthdate"
	case c.bornAbroad() && !text(c.Birthplace), !c.bornAbroad() && c.Birthplace != "" && !commune.MatchString(c.Birthplace):
		return "birthplace"
	case c.Birthcountry != "" && !country.MatchString(c.Birthcountry):
		return "birthcountry"
	}
	return ""
}

// identity completes what FranceConnect+ leaves raw, so that both give the
// same person the same members.
func (c identityClaims) identity() Identity {
	i := Identity(c)
	if i.GivenName == "" {
		i.GivenName = strings.Join(i.GivenNames, " ")
	}
	if completed := completeBirthdate(i.Birthdate); completed != i.Birthdate {
		if i.IDPBirthdate == "" {
			i.IDPBirthdate = i.Birthdate
		}
		i.Birthdate = completed
	}
	if c.bornAbroad() {
		i.Birthplace = "" // some identity providers give one; FranceConnect gives ""
	}
	return i
}

// bornAbroad is where a place of birth has no code: it is not read.
func (c identityClaims) bornAbroad() bool { return c.Birthcountry != "" && c.Birthcountry != France }

// birthdate takes YYYY-MM-DD, YYYY-MM-00 and YYYY-00-00 where the date, once
// completed, exists.
func birthdate(s string) bool {
	if strings.Contains(s, "-00-") && !strings.HasSuffix(s, "-00-00") {
		return false
	}
	t, err := time.Parse(time.DateOnly, completeBirthdate(s))
	return err == nil && t.Year() > 0
}

func completeBirthdate(s string) string {
	if year, ok := strings.CutSuffix(s, "-00-00"); ok {
		return year + "-01-01"
	}
	if month, ok := strings.CutSuffix(s, "-00"); ok {
		return month + "-01"
	}
	return s
}

// maxText bounds a name or an address, in characters.
const maxText = 256

// text is what may stand in a name: bounded, well-formed, no control character.
func text(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxText && !strings.ContainsFunc(s, unicode.IsControl)
}

func texts(list []string) bool {
	for _, s := range list {
		if s == "" || !text(s) {
			return false
		}
	}
	return len(list) <= 32
}
