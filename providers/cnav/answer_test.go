package cnav_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

const whole = `{"allocataires":[{"nomNaissance":"TREMBLIN","listePrenoms":"CAMILLE","dateNaissance":"1988-03-14","genre":"F"}],` +
	`"enfants":[{"nomNaissance":"OSTERVAL","listePrenoms":"LEO","dateNaissance":"","genre":"M"}],` +
	`"adresse":{"identite":"X","pays":null},"quotientFamilial":0,"annee":2026,"mois":9}`

func TestQuotientsThatAreNotWholeAreUnavailable(t *testing.T) {
	edited(t, camille(), whole, map[string]edit{
		"whole, child's birth date blank":   {"", "", providers.Found, nil},
		"child's birth date null":           {`"dateNaissance":""`, `"dateNaissance":null`, providers.Found, nil},
		"no children":                       {`"enfants":[{"nomNaissance":"OSTERVAL","listePrenoms":"LEO","dateNaissance":"","genre":"M"}],`, "", providers.Found, nil},
		"children null":                     {`[{"nomNaissance":"OSTERVAL","listePrenoms":"LEO","dateNaissance":"","genre":"M"}]`, "null", providers.Unavailable, upstream.ErrShape},
		"no quotient":                       {`"quotientFamilial":0`, `"quotientFamilial":null`, providers.NoFile, nil},
		"quotient left out":                 {`"quotientFamilial":0,`, ``, providers.NoFile, nil},
		"no quotient, somebody else":        {`1988-03-14","genre":"F"}]`, `1988-03-15","genre":"F"}]`, providers.Unavailable, upstream.ErrAnotherPerson},
		"quotient a text":                   {`"quotientFamilial":0`, `"quotientFamilial":"0"`, providers.Unavailable, upstream.ErrShape},
		"quotient broken":                   {`"quotientFamilial":0`, `"quotientFamilial":46.5`, providers.Unavailable, upstream.ErrShape},
		"quotient negative":                 {`"quotientFamilial":0`, `"quotientFamilial":-1`, providers.Unavailable, upstream.ErrShape},
		"no month of computation":           {`,"mois":9`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"month of computation wrong":        {`"mois":9`, `"mois":13`, providers.Unavailable, upstream.ErrShape},
		"no address":                        {`"adresse":{"identite":"X","pays":null},`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"member renamed":                    {`"enfants"`, `"enfant"`, providers.Unavailable, upstream.ErrShape},
		"member twice":                      {`"mois":9`, `"mois":9,"enfants":[]`, providers.Unavailable, upstream.ErrShape},
		"member twice in other letters":     {`"mois":9`, `"mois":9,"ENFANTS":[]`, providers.Unavailable, upstream.ErrShape},
		"member twice in odd letters":       {`"mois":9`, `"mois":9,"enfantſ":[]`, providers.Unavailable, upstream.ErrShape},
		"child without first names":         {`"listePrenoms":"LEO",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"child without a birth date member": {`"dateNaissance":"",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"child of an unknown sex":           {`"genre":"M"`, `"genre":"X"`, providers.Unavailable, upstream.ErrShape},
		"claimant's name blank":             {`"nomNaissance":"TREMBLIN"`, `"nomNaissance":" "`, providers.Unavailable, upstream.ErrShape},
		"claimant born on no day":           {`1988-03-14`, `1988-02-30`, providers.Unavailable, upstream.ErrShape},
		"claimant of the same name":         {`"CAMILLE"`, `"BEATRICE"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"control character":                 {`"identite":"X"`, `"identite":"X\u0007"`, providers.Unavailable, upstream.ErrShape},
		"something after":                   {`"mois":9}`, `"mois":9}{}`, providers.Unavailable, upstream.ErrShape},
		"cut":                               {`"mois":9}`, `"mo`, providers.Unavailable, upstream.ErrShape},
		"a list":                            {whole, `[` + whole + `]`, providers.Unavailable, upstream.ErrShape},
		"null":                              {whole, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"a person null":                     {`"allocataires":[`, `"allocataires":[null,`, providers.Unavailable, upstream.ErrIncomplete},
		"deep":                              {`"identite":"X"`, `"identite":` + strings.Repeat("[", 40) + strings.Repeat("]", 40), providers.Unavailable, upstream.ErrShape},
		"bytes that are no text":            {`"X"`, "\"\xff\"", providers.Unavailable, upstream.ErrShape},
	})
}

func answered(t *testing.T, q providers.Query, body string) providers.Answer {
	t.Helper()
	return answeredAt(t, today, q, body)
}

func answeredAt(t *testing.T, clock time.Time, q providers.Query, body string) providers.Answer {
	t.Helper()
	return queryAt(t, clock, q, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-APISECU-FD", "00810011")
		_, _ = io.WriteString(w, body)
	})
}

// An edit replaces a piece of a whole answer; the cause tells the kinds of
// failure apart.
type edit struct {
	old, new string
	outcome  providers.Outcome
	cause    error
}

func edited(t *testing.T, q providers.Query, whole string, edits map[string]edit) {
	t.Helper()
	for name, e := range edits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(whole, e.old) {
				t.Fatal("the case changes nothing")
			}
			a := answered(t, q, strings.Replace(whole, e.old, e.new, 1))
			if a.Outcome != e.outcome || e.cause != nil && !errors.Is(a.Cause, e.cause) {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, e.outcome, e.cause)
			}
		})
	}
}
