package francetravail_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/francetravail"
	"accord/providers/upstream"
)

const (
	known = `{"civilite":"MME","nom":"TREMBLIN","nomUsage":" ","prenom":"CAMILLE","sexe":"Féminin","dateNaissance":"1988-03-14T00:00:00+01:00",` +
		`"adresse":{"codePostal":"72998","ligneVoie":" "}}`
	whole = `{"civilite":"MME","nom":"TREMBLIN","nomUsage":" ","prenom":"CAMILLE","sexe":"Féminin","dateNaissance":"1988-03-14T00:00:00+01:00",` +
		`"telephone":"0100000001","adresse":{"codePostal":"72998","ligneVoie":" "},"dateInscription":"2026-05-02T00:00:00+02:00",` +
		`"categorieInscription":"3","libellecategorieInscription":"PERSONNE SANS EMPLOI DISPONIBLE DUREE DETERMINEE OU SAISON","codeCertificationCNAV":"VC"}`
	list = `{"statutInscription":true,"listePaiement":[{"datePaiement":"2026-09-01T00:00:00+02:00","montantPaiement":1023.40,"allocations":1000.0,"aides":23.4,"autresPaiements":0.0}]}`
)

// Each case replaces a piece of a whole answer; the cause tells the kinds of
// failure apart.
func TestStatusesThatAreNotWholeAreUnavailable(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		outcome  providers.Outcome
		cause    error
	}{
		"whole":                       {"", "", providers.Found, nil},
		"usage name":                  {`"nomUsage":" "`, `"nomUsage":"OSTERVAL"`, providers.Found, nil},
		"usage name null":             {`"nomUsage":" "`, `"nomUsage":null`, providers.Found, nil},
		"no telephone":                {`"telephone":"0100000001",`, ``, providers.Found, nil},
		"ended":                       {`"categorieI`, `"dateCessationInscription":"2026-06-30T00:00:00+02:00","categorieI`, providers.Found, nil},
		"ended blank":                 {`"categorieI`, `"dateCessationInscription":" ","categorieI`, providers.Found, nil},
		"ended on no day":             {`"categorieI`, `"dateCessationInscription":"2026-06-31T00:00:00+02:00","categorieI`, providers.Unavailable, upstream.ErrShape},
		"somebody else's birth date":  {`1988-03-14`, `1988-03-15`, providers.Refused, upstream.ErrAnothersIdentifier},
		"somebody else's first name":  {`"CAMILLE"`, `"BEATRICE"`, providers.Refused, upstream.ErrAnothersIdentifier},
		"the usage name as birth":     {`"nom":"TREMBLIN"`, `"nom":"OSTERVAL"`, providers.Refused, upstream.ErrAnothersIdentifier},
		"somebody else's, not whole":  {`"prenom":"CAMILLE","sexe":"Féminin"`, `"prenom":"BEATRICE"`, providers.Refused, upstream.ErrAnothersIdentifier},
		"birth date in UTC":           {`1988-03-14T00:00:00+01:00`, `1988-03-13T23:00:00Z`, providers.Unavailable, upstream.ErrShape},
		"birth date without an hour":  {`1988-03-14T00:00:00+01:00`, `1988-03-14`, providers.Unavailable, upstream.ErrShape},
		"birth date of no day":        {`1988-03-14T00`, `1988-02-30T00`, providers.Unavailable, upstream.ErrShape},
		"birth date null":             {`"1988-03-14T00:00:00+01:00"`, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"name blank":                  {`"TREMBLIN"`, `" "`, providers.Unavailable, upstream.ErrShape},
		"name left out":               {`"nom":"TREMBLIN",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"civility unknown":            {`"MME"`, `"DR"`, providers.Unavailable, upstream.ErrShape},
		"sex unknown":                 {`"Féminin"`, `"F"`, providers.Unavailable, upstream.ErrShape},
		"no sex":                      {`"sexe":"Féminin",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"no address":                  {`"adresse":{"codePostal":"72998","ligneVoie":" "},`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"address null":                {`{"codePostal":"72998","ligneVoie":" "}`, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"address a text":              {`{"codePostal":"72998","ligneVoie":" "}`, `"VALBRUME"`, providers.Unavailable, upstream.ErrShape},
		"no registration":             {`"dateInscription":"2026-05-02T00:00:00+02:00",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"category a number":           {`"3"`, `3`, providers.Unavailable, upstream.ErrShape},
		"category none of five":       {`"3"`, `"6"`, providers.Unavailable, upstream.ErrShape},
		"category two of five":        {`"3"`, `"34"`, providers.Unavailable, upstream.ErrShape},
		"category empty":              {`"3"`, `""`, providers.Unavailable, upstream.ErrShape},
		"certification unknown":       {`"VC"`, `"ZZ"`, providers.Unavailable, upstream.ErrShape},
		"member renamed":              {`"prenom"`, `"prenoms"`, providers.Unavailable, upstream.ErrShape},
		"member twice":                {`"prenom"`, `"nom":"OSTERVAL","prenom"`, providers.Unavailable, upstream.ErrShape},
		"control character":           {`"0100000001"`, `"01\u0007"`, providers.Unavailable, upstream.ErrShape},
		"long text":                   {`"0100000001"`, `"` + strings.Repeat("0", 301) + `"`, providers.Unavailable, upstream.ErrShape},
		"something after":             {`"VC"}`, `"VC"}{}`, providers.Unavailable, upstream.ErrShape},
		"a list":                      {whole, `[` + whole + `]`, providers.Unavailable, upstream.ErrShape},
		"null":                        {whole, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"payments instead of a statu": {whole, list, providers.Unavailable, upstream.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := query(t, camille(status), answer(200, replaced(t, whole, c.old, c.new)), nil)
			if a.Outcome != c.outcome || c.cause != nil && !errors.Is(a.Cause, c.cause) {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
		})
	}
}

func TestPaymentsThatAreNotWholeAreUnavailable(t *testing.T) {
	one := list[strings.Index(list, "[")+1 : strings.Index(list, "]")]
	for name, c := range map[string]struct {
		old, new string
		outcome  providers.Outcome
		cause    error
	}{
		"whole":                  {"", "", providers.Found, nil},
		"negative":               {`1023.40`, `-0.5`, providers.Found, nil},
		"no longer registered":   {`true`, `false`, providers.Found, nil},
		"none":                   {one, ``, providers.NoFile, nil},
		"none, not registered":   {`true,"listePaiement":[` + one, `false,"listePaiement":[`, providers.NoFile, nil},
		"list null":              {`[` + one + `]`, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"list left out":          {`,"listePaiement":[` + one + `]`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"registration left out":  {`"statutInscription":true,`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"registration a text":    {`true`, `"true"`, providers.Unavailable, upstream.ErrShape},
		"a payment null":         {one, one + `,null`, providers.Unavailable, upstream.ErrIncomplete},
		"amount a text":          {`1023.40`, `"1023.40"`, providers.Unavailable, upstream.ErrShape},
		"amount null":            {`1023.40`, `null`, providers.Unavailable, upstream.ErrShape},
		"amount with exponent":   {`1023.40`, `1e3`, providers.Unavailable, upstream.ErrShape},
		"amount of ten digits":   {`1023.40`, `1023456789`, providers.Unavailable, upstream.ErrShape},
		"amount left out":        {`"aides":23.4,`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"amount renamed":         {`"aides"`, `"aide"`, providers.Unavailable, upstream.ErrShape},
		"date in UTC":            {`2026-09-01T00:00:00+02:00`, `2026-08-31T22:00:00Z`, providers.Unavailable, upstream.ErrShape},
		"date left out":          {`"datePaiement":"2026-09-01T00:00:00+02:00",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"more than a thousand":   {one, strings.Repeat(one+",", 1000) + one, providers.Unavailable, upstream.ErrShape},
		"a thousand":             {one, strings.Repeat(one+",", 999) + one, providers.Found, nil},
		"cut":                    {`0.0}]}`, `0.0}`, providers.Unavailable, upstream.ErrShape},
		"a status instead of it": {list, whole, providers.Unavailable, upstream.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := query(t, camille(payments), answer(200, whole), answer(200, replaced(t, list, c.old, c.new)))
			if a.Outcome != c.outcome || c.cause != nil && !errors.Is(a.Cause, c.cause) {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
		})
	}
}

func replaced(t *testing.T, whole, old, now string) string {
	t.Helper()
	if !strings.Contains(whole, old) {
		t.Fatal("the case changes nothing")
	}
	return strings.Replace(whole, old, now, 1)
}

// transport answers a fuzzed body without a network: to the status or to the
// payments.
type transport struct {
	status, payments []byte
	code             int
}

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	switch r.URL.Path {
	case "/token":
		w.WriteString(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
	case "/status":
		w.Code = f.code
		w.Body = bytes.NewBuffer(f.status)
	default:
		w.Body = bytes.NewBuffer(f.payments)
	}
	return w.Result(), nil
}

// Whatever comes back is whole and of the person, or it is not found.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(whole), []byte(list), false)
	f.Add([]byte(known), []byte(list), true)
	f.Fuzz(func(t *testing.T, first, second []byte, partial bool) {
		code := http.StatusOK
		if partial {
			code = http.StatusPartialContent
		}
		source, err := francetravail.New(francetravail.Config{
			StatusURL: "https://ft.example/status", PaymentsURL: "https://ft.example/payments", TokenURL: "https://ft.example/token",
			ClientID: "a", ClientSecret: "b", Now: now, HTTP: &http.Client{Transport: transport{first, second, code}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for resource, verify := range map[string]func([]byte, providers.Query, providers.Answer) error{status: verifyStatus, payments: nil} {
			q := camille(resource)
			q.Attempt = attempt
			a := source.Query(t.Context(), q)
			if a.Outcome == providers.Found && !json.Valid(a.Document) {
				t.Fatalf("document %q", a.Document)
			}
			if verify != nil && !partial && len(first) > 0 {
				if err := verify(first, q, a); err != nil {
					t.Fatal(err)
				}
			}
			if a.Outcome != providers.Found {
				continue
			}
			if raw, err := tree(first); err != nil || !theirs(q.Identity, raw) {
				t.Fatalf("found, of somebody else: %v", err)
			}
			if resource == payments {
				if err := verifyPayments(second, q, a); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
