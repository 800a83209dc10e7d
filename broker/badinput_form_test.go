package broker_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
)

// A form is one a citizen stands before, and how its pages' answers are sent.
type form struct {
	path   string
	fields url.Values
	jar    []*http.Cookie
	other  *country.Walk // another citizen's, at the same step
	second *country.Walk // another tab of the same browser
}

func (f form) probe(name string, fields url.Values, want shape) probe {
	return probe{name: name, target: f.path, form: fields, jar: f.jar, want: want}
}

// formOn is the form of button b where w, another citizen and a second tab of
// w stand.
func formOn(t *testing.T, c watched, button string, w, other *country.Walk) form {
	t.Helper()
	_, action, fields, err := w.Page.Form(button, nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(action)
	if err != nil {
		t.Fatal(err)
	}
	request := canteen(t, c.Country).Begin()
	second := &country.Walk{Browser: w.Browser, Country: c.Country, Request: request}
	if second.Page, err = w.Get(request.URL(nil)); err != nil {
		t.Fatal(err)
	}
	return form{path: u.Path, fields: fields, jar: jar(w.Browser, c.Accord), other: other, second: second}
}

func fieldsOf(t *testing.T, w *country.Walk) url.Values {
	t.Helper()
	_, _, fields, err := w.Page.Form("refuse", nil)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// wrongForms: attack list, rows 30 and 31, and what no browser sends.
func wrongForms(t *testing.T, c watched, f form) []probe {
	stranger, lost, wrong := wantPage(http.StatusForbidden, "A16"), wantPage(http.StatusBadRequest, "A09"), wantPage(http.StatusUnprocessableEntity, "A17")
	all := []probe{
		f.probe("30 without csrf", without(f.fields, "csrf"), stranger),
		f.probe("30 csrf of another citizen", with(f.fields, "csrf", fieldsOf(t, f.other).Get("csrf")), stranger),
		f.probe("30 csrf of another tab", with(f.fields, "csrf", fieldsOf(t, f.second).Get("csrf")), stranger),
		f.probe("30 csrf cut", with(f.fields, "csrf", f.fields.Get("csrf")[1:]), stranger),
		f.probe("30 csrf with NUL", with(f.fields, "csrf", f.fields.Get("csrf")+"\x00"), stranger),
		f.probe("30 csrf of 32 KiB", with(f.fields, "csrf", many(32<<10)), stranger),
		f.probe("102 i of another tab", with(f.fields, "i", fieldsOf(t, f.second).Get("i")), stranger),
		f.probe("31 i of another citizen", with(f.fields, "i", fieldsOf(t, f.other).Get("i")), lost),
		f.probe("no i", without(f.fields, "i"), lost),
		f.probe("i of another shape", with(f.fields, "i", "../../x"), lost),
		f.probe("i with NUL", with(f.fields, "i", f.fields.Get("i")+"\x00"), lost),
		f.probe("i with CRLF", with(f.fields, "i", "a\r\nX-Split: 1"), lost),
		f.probe("i of 32 KiB", with(f.fields, "i", many(32<<10)), lost),
		f.probe("nothing", url.Values{}, lost),
		f.probe("body of 80 KiB", with(f.fields, "item", many(80<<10)), wrong),
		{name: "31 another citizen's cookies", target: f.path, form: f.fields, jar: jar(f.other.Browser, c.Accord), want: lost},
		{name: "no cookies", target: f.path, form: f.fields, want: lost},
		{name: "body of percents", target: f.path, body: strings.NewReader("i=%zz&%"), kind: formType, jar: f.jar, want: wrong},
		{name: "JSON", target: f.path, body: strings.NewReader(`{"i":"x"}`), kind: "application/json", jar: f.jar, want: wrong},
		{name: "text", target: f.path, body: strings.NewReader(f.fields.Encode()), kind: "text/plain", jar: f.jar, want: wrong},
		multipartForm(t, f, wrong),
	}
	for _, name := range []string{"i", "csrf", "choix"} {
		all = append(all, f.probe(name+" twice", twice(f.fields, name, f.fields.Get(name)), wrong))
	}
	return append(all, strangers(f, stranger)...)
}

// strangers are what browsers send for a form on another site.
func strangers(f form, want shape) []probe {
	var all []probe
	for name, h := range map[string]http.Header{
		"cross-site": {"Sec-Fetch-Site": {"cross-site"}}, "same-site": {"Sec-Fetch-Site": {"same-site"}}, "Origin": {"Origin": {"https://evil.example"}},
		"Origin null": {"Origin": {"null"}}, "Origin of the town hall": {"Origin": {f.other.Country.TownHallURL}}, "Origin by its end": {"Origin": {f.other.Country.Accord + ".evil.example"}},
	} {
		p := f.probe("30 "+name, f.fields, want)
		p.header = h
		all = append(all, p)
	}
	return all
}

func multipartForm(t *testing.T, f form, want shape) probe {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name := range f.fields {
		if err := m.WriteField(name, f.fields.Get(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return probe{name: "multipart", target: f.path, body: &body, kind: m.FormDataContentType(), jar: f.jar, want: want}
}

// wrongPages: what a page's own address may be asked with.
func wrongPages(f form) []probe {
	lost := wantPage(http.StatusBadRequest, "A09")
	var all []probe
	for name, query := range map[string]string{
		"no i": "", "i of another shape": "?i=..%2F..%2Fx", "i unknown": "?i=abcdefgh", "i with NUL": "?i=abcdefg%00", "i with CRLF": "?i=a%0d%0aX-Split:%201",
		"i of 64 KiB": "?i=" + many(64<<10), "percents": "?i=%zz", "script": "?i=%3Cscript%3E", "semicolons": "?a;i=" + f.fields.Get("i"),
	} {
		all = append(all, probe{name: "GET " + name, target: f.path + query, jar: f.jar, want: lost})
	}
	own := f.path + "?i=" + f.fields.Get("i")
	all = append(all, probe{name: "GET by another citizen", target: own, jar: f.jarOfOther(), want: lost}, probe{name: "GET without cookies", target: own, want: lost})
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodHead, "TRACE", "ACCORD"} {
		all = append(all, probe{name: method, method: method, target: own, jar: f.jar, want: wantPage(http.StatusNotFound, "A22")})
	}
	return all
}

func (f form) jarOfOther() []*http.Cookie { return jar(f.other.Browser, f.other.Country.Accord) }

func TestAWrongAnswerOnConnexionDecidesNothing(t *testing.T) {
	c := watch(t)
	w, other := walk(t, c.Country, canteen(t, c.Country)), walk(t, c.Country, canteen(t, c.Country))
	f := formOn(t, c, "refuse", w, other)
	wrong := wantPage(http.StatusUnprocessableEntity, "A17")
	c.play(t, wrongForms(t, c, f)...)
	c.play(t, wrongPages(f)...)
	c.play(t, f.probe("no choix", without(f.fields, "choix"), wrong), f.probe("choix unknown", with(f.fields, "choix", "accepter"), wrong),
		f.probe("choix with NUL", with(f.fields, "choix", "refuser\x00"), wrong), f.probe("choix of 32 KiB", with(f.fields, "choix", many(32<<10)), wrong))
	do(t, w, "refuse")
	if w.Page.Stopped == nil {
		t.Fatalf("control: the right answer is refused too: %.200s", w.Page.Words())
	}
	c.play(t, probe{name: "40 back after refusal", target: f.path + "?i=" + f.fields.Get("i"), jar: f.jar, want: wantPage(http.StatusConflict, "A03")})
}

func TestAWrongDecisionAgreesToNothing(t *testing.T) {
	c := watch(t)
	client := canteen(t, c.Country, "cnaf_enfants")
	w, other := walk(t, c.Country, client), walk(t, c.Country, client)
	see(t, w, "sabine")
	see(t, other, "camille")
	f := formOn(t, c, "accept", w, other)
	if f.fields.Get("texte") == "" || f.fields.Get("choix") != "accepter" {
		t.Fatalf("control: the form is another one: %v", f.fields)
	}
	c.play(t, wrongForms(t, c, f)...)
	c.play(t, wrongPages(f)...)
	c.play(t, wrongDecisions(t, f)...)
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatalf("control: the right answer is refused too: %v", err)
	}
	if d := read(t, c.Country, tok, quotient); len(d.Data) != 1 {
		t.Errorf("38: what was tampered with was agreed to: %v", keysOf(d.Data))
	}
}

// wrongDecisions: attack list, row 38. What the server showed is what counts.
func wrongDecisions(t *testing.T, f form) []probe {
	return []probe{
		f.probe("38 item of another approval", with(f.fields, "item", "cnaf_adresse"), wantAgain()),
		f.probe("38 item not asked", with(f.fields, "item", "dgfip_rfr"), wantAgain()),
		f.probe("38 item of no catalogue", with(f.fields, "item", "casier_judiciaire"), wantAgain()),
		f.probe("38 good item and bad", url.Values(twice(with(f.fields, "item", "cnaf_enfants"), "item", "cnaf_adresse")), wantAgain()),
		f.probe("38 item with NUL", with(f.fields, "item", "cnaf_enfants\x00"), wantAgain()),
		f.probe("38 item with CRLF", with(f.fields, "item", "cnaf_enfants\r\nX-Split: 1"), wantAgain()),
		f.probe("43 item with script", with(f.fields, "item", `"><script>alert(1)</script>`), wantAgain()),
		f.probe("38 item of 32 KiB", with(f.fields, "item", many(32<<10)), wantAgain()),
		f.probe("texte tampered", with(f.fields, "texte", "sha-256:"+many(43)), wantAgain()),
		f.probe("texte of another page", with(f.fields, "texte", fieldsOf(t, f.other).Get("texte")+"x"), wantAgain()),
		f.probe("no texte", without(f.fields, "texte"), wantAgain()),
		f.probe("texte twice", twice(f.fields, "texte", "x"), wantPage(http.StatusUnprocessableEntity, "A17")),
		f.probe("no choix", without(f.fields, "choix"), wantAgain()),
		f.probe("choix unknown", with(f.fields, "choix", "voir"), wantAgain()),
		f.probe("choix with NUL", with(f.fields, "choix", "accepter\x00"), wantAgain()),
		f.probe("choix of 32 KiB", with(f.fields, "choix", many(32<<10)), wantAgain()),
		f.probe("both choix", twice(f.fields, "choix", "refuser"), wantPage(http.StatusUnprocessableEntity, "A17")),
	}
}
