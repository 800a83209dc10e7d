package franceconnect

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestIdentityFormatsOfFranceConnectAreUnderstood(t *testing.T) {
	cases := []struct {
		name, payload string
		want          Identity
	}{
		{"nothing", `{}`, Identity{}},
		{"nulls", `{"family_name":null,"given_name_array":null,"birthplace":null}`, Identity{}},
		{"born abroad, empty place", `{"birthplace":"","birthcountry":"99139"}`, Identity{Birthcountry: "99139"}},
		{"born abroad, no place", `{"birthcountry":"99139"}`, Identity{Birthcountry: "99139"}},
		{"born abroad, a code", `{"birthplace":"99139","birthcountry":"99139"}`, Identity{Birthcountry: "99139"}},
		{"born in Corsica", `{"birthplace":"2B033","birthcountry":"99100"}`, Identity{Birthplace: "2B033", Birthcountry: "99100"}},
		{"born overseas", `{"birthplace":"98729","birthcountry":"99100"}`, Identity{Birthplace: "98729", Birthcountry: "99100"}},
		{"presumed day", `{"birthdate":"1962-03-01","idp_birthdate":"1962-03-00"}`, Identity{Birthdate: "1962-03-01", IDPBirthdate: "1962-03-00"}},
		{"presumed day and month", `{"birthdate":"1962-01-01","idp_birthdate":"1962-00-00"}`, Identity{Birthdate: "1962-01-01", IDPBirthdate: "1962-00-00"}},
		{"raw presumed birth", `{"birthdate":"1962-00-00"}`, Identity{Birthdate: "1962-01-01", IDPBirthdate: "1962-00-00"}},
		{"raw presumed day", `{"birthdate":"1962-03-00"}`, Identity{Birthdate: "1962-03-01", IDPBirthdate: "1962-03-00"}},
		{"born in 1815", `{"birthdate":"1815-12-10"}`, Identity{Birthdate: "1815-12-10"}},
		{
			"a first name with a space", `{"given_name":"Jean Philippe Pierre","given_name_array":["Jean Philippe","Pierre"]}`,
			Identity{GivenName: "Jean Philippe Pierre", GivenNames: []string{"Jean Philippe", "Pierre"}},
		},
		{"first names only as a list", `{"given_name_array":["Ana","Lou"]}`, Identity{GivenName: "Ana Lou", GivenNames: []string{"Ana", "Lou"}}},
		{"usage name", `{"family_name":"D'ŒUVRE-ÆLLIG","preferred_username":"MARTIN"}`, Identity{FamilyName: "D'ŒUVRE-ÆLLIG", PreferredUsername: "MARTIN"}},
		{"gender unspecified", `{"gender":"unspecified"}`, Identity{Gender: "unspecified"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseIdentity([]byte(c.payload))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestMalformedIdentityIsInvalidAndNotRepeated(t *testing.T) {
	cases := map[string]string{
		"month 00 with a day":  `{"birthdate":"1962-00-17"}`,
		"no such day":          `{"birthdate":"2023-02-29"}`,
		"slashes":              `{"birthdate":"17/03/1962"}`,
		"year only":            `{"birthdate":"1962"}`,
		"time":                 `{"birthdate":"1962-03-17T00:00:00Z"}`,
		"year zero":            `{"birthdate":"0000-00-00"}`,
		"raw month 00":         `{"idp_birthdate":"1962-00-17"}`,
		"commune in words":     `{"birthplace":"SAINT-ZZ"}`,
		"commune too long":     `{"birthplace":"750561"}`,
		"commune 2C":           `{"birthplace":"2C004"}`,
		"country ISO":          `{"birthcountry":"FRA"}`,
		"gender":               `{"gender":"ZZ"}`,
		"control character":    `{"family_name":"ZZ\u0000"}`,
		"line break":           `{"given_name":"ZZ\nYY"}`,
		"long name":            `{"family_name":"` + strings.Repeat("Z", 257) + `"}`,
		"name as a number":     `{"family_name":1962}`,
		"first names as text":  `{"given_name_array":"ZZ"}`,
		"empty first name":     `{"given_name_array":["ZZ",""]}`,
		"a member twice":       `{"family_name":"ZZ","family_name":"YY"}`,
		"not an object":        `["ZZ"]`,
		"too many first names": `{"given_name_array":["Z"` + strings.Repeat(`,"Z"`, 32) + `]}`,
	}
	for name, payload := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parseIdentity([]byte(payload))
			if KindOf(err) != Invalid || err == nil {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "ZZ") || strings.Contains(err.Error(), "1962") {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}

// FuzzIdentity: whatever is accepted is of the documented forms, and reads the
// same when written again.
func FuzzIdentity(f *testing.F) {
	f.Add(`{"family_name":"X","given_name":"A B","given_name_array":["A","B"],"birthdate":"1962-00-00","gender":"male","birthplace":"2A004","birthcountry":"99100"}`)
	f.Add(`{"birthdate":"1962-03-00","birthplace":"","birthcountry":"99139","email":"a@b.example"}`)
	f.Add(`{"family_name":null}`)
	f.Fuzz(func(t *testing.T, payload string) {
		i, err := parseIdentity([]byte(payload))
		if err != nil {
			if KindOf(err) != Invalid {
				t.Errorf("kind %s", KindOf(err))
			}
			return
		}
		c := identityClaims(i)
		if wrong := c.malformed(); wrong != "" {
			t.Errorf("accepted with a malformed %s", wrong)
		}
		if i.Birthdate != "" && completeBirthdate(i.Birthdate) != i.Birthdate {
			t.Error("birth date left incomplete")
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		second, err := parseIdentity(again)
		if err != nil || !reflect.DeepEqual(second, i) && len(i.GivenNames) > 0 {
			t.Errorf("reads otherwise when written again: %v", err)
		}
	})
}
