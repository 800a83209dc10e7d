package broker_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/providers"
)

// The pages between /connexion and the values take no other form than theirs:
// whatever else comes is answered by a page, asks no source and logs nothing.
func TestAWrongFormBetweenTheStepsAsksNobody(t *testing.T) {
	men, cnav := school(), families(providers.Found, twoKids()...)
	c := tryoutCountry(t, []string{schooling}, nil, nil, men, cnav)
	w := walk(t, c, tryoutClient(c, schooling))
	do(t, w, "accept")
	wrongBetween(t, c, w, "code_etablissement")
	press(t, w, "accept", "code_etablissement", "0999999A")
	identified(t, w, "camille")
	at(t, w, "/enfant", http.StatusOK)
	wrongBetween(t, c, w, "enfant")
	if n := len(men.asked); n != 0 {
		t.Fatalf("the school was asked %d times", n)
	}
	press(t, w, "accept", "enfant", "2")
	at(t, w, "/accord", http.StatusOK)
}

func wrongBetween(t *testing.T, c *country.Country, w *country.Walk, field string) {
	t.Helper()
	_, action, good, err := w.Page.Form("accept", values(field, "1"))
	if err != nil {
		t.Fatal(err)
	}
	before := actsLogged(t, c)
	for name, one := range map[string]struct {
		fields url.Values
		origin string
		status int
	}{
		"another site":      {good, "https://evil.example", http.StatusForbidden},
		"csrf cut":          {with(good, "csrf", good.Get("csrf")[1:]), c.Accord, http.StatusForbidden},
		"no i":              {without(good, "i"), c.Accord, http.StatusBadRequest},
		"choix twice":       {twice(good, "choix", "refuser"), c.Accord, http.StatusUnprocessableEntity},
		"choix unknown":     {with(good, "choix", "accepter"), c.Accord, http.StatusUnprocessableEntity},
		"Enter":             {with(good, "choix", "relire"), c.Accord, http.StatusUnprocessableEntity},
		field + " twice":    {twice(good, field, "2"), c.Accord, http.StatusUnprocessableEntity},
		field + " empty":    {without(good, field), c.Accord, http.StatusUnprocessableEntity},
		field + " a script": {with(good, field, `"><script>`), c.Accord, http.StatusUnprocessableEntity},
		field + " NUL":      {with(good, field, "1\x00"), c.Accord, http.StatusUnprocessableEntity},
		field + " of 32 KB": {with(good, field, strings.Repeat("9", 32<<10)), c.Accord, http.StatusUnprocessableEntity},
		field + " negative": {with(good, field, "-1"), c.Accord, http.StatusUnprocessableEntity},
	} {
		r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(one.fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", one.origin)
		for _, cookie := range w.Cookies(c.Accord) {
			r.AddCookie(cookie)
		}
		answer := httptest.NewRecorder()
		c.Broker.Handler().ServeHTTP(answer, r)
		if answer.Code != one.status || strings.Contains(answer.Body.String(), "<script>") {
			t.Errorf("%s: %s answered %d, want %d", action, name, answer.Code, one.status)
		}
	}
	if after := actsLogged(t, c); after != before {
		t.Errorf("%d events logged", after-before)
	}
}
