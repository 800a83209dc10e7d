package broker_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"accord/broker"
	"accord/broker/apidoc"
	"accord/broker/standing"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/providers/faults"
)

// publicPages are the addresses anybody may open.
func publicPages() []string {
	return strings.Fields(`/ /donnees /donnees/cnav /habilitations /habilitations/valbrume-cantine /stats /etat /developpeurs /developpeurs/api
		/developpeurs/api/agreement /developpeurs/api/dss-quotient_familial /developpeurs/erreurs /developpeurs/erreurs/oauth /accessibilite /donnees-personnelles
		/mentions-legales /securite /plan-du-site /affichage`)
}

var htmlLang = regexp.MustCompile(`<html lang="(\w+)"`)

// TestEveryAddressSpeaksTheLanguageAskedFor: ?lang, then the cookie, then
// Accept-Language, at each address of the issue, those of one citizen included.
func TestEveryAddressSpeaksTheLanguageAskedFor(t *testing.T) {
	c := theCountry(t)
	w, _ := token(t, c, canteen(t, c), "camille")
	receipt := receiptPath(t, w)
	open, err := w.Get(canteen(t, c).Begin().URL(nil)) // stands on /connexion
	if err != nil {
		t.Fatal(err)
	}
	addresses := append(publicPages(), "/verifier", "/journal", "/mes-accords", "/nowhere", receipt, open.URL.RequestURI())
	b := w.StopAt("")
	says := func(lang, address, accepted, why string) {
		t.Helper()
		b.Lang = accepted
		p, err := b.Get(c.Accord + address)
		if err != nil {
			t.Fatal(err)
		}
		found := htmlLang.FindStringSubmatch(p.Body)
		vary := strings.Join(p.Header.Values("Vary"), ", ")
		if len(found) != 2 || found[1] != lang || p.Header.Get("Content-Language") != lang || !strings.Contains(vary, "Cookie") || !strings.Contains(vary, "Accept-Language") {
			t.Errorf("%s, %s: html lang %v, Content-Language %q, Vary %q", address, why, found, p.Header.Get("Content-Language"), vary)
		}
	}
	for _, a := range addresses {
		says("en", a, "en", "Accept-Language")
		says("fr", a, "fr-FR,en;q=0.5", "Accept-Language")
	}
	for _, lang := range []string{"en", "fr"} {
		other := map[string]string{"en": "fr", "fr": "en"}[lang]
		for _, a := range addresses {
			says(lang, asking(a, "lang="+lang), other, "?lang")
			says(lang, a, other, "cookie")
		}
	}
}

func asking(address, query string) string {
	if strings.Contains(address, "?") {
		return address + "&" + query
	}
	return address + "?" + query
}

// receiptPath is the path of the receipt the browser may open after deciding.
func receiptPath(t *testing.T, w *country.Walk) string {
	t.Helper()
	p, err := w.Country.LookBack(w.StopAt(""), "camille")
	if err != nil {
		t.Fatal(err)
	}
	detail, err := p.LinkTo("/mes-accords/g_")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = w.Get(detail); err != nil {
		t.Fatal(err)
	}
	link, err := p.LinkTo("/recu/")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// TestEveryPublicPageIsThereAndLight: 200 in both languages, no text missing,
// at most 30 KB of HTML and 8 KB compressed.
func TestEveryPublicPageIsThereAndLight(t *testing.T) {
	c := theCountry(t)
	for _, path := range append(publicPages(), apiGroups(t, c)...) {
		for _, lang := range []string{"fr", "en"} {
			status, header, body := fetched(t, c.Accord+path+"?lang="+lang)
			if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/html") || strings.Contains(body, "⟦") {
				t.Errorf("%s: %d %s, or a text is missing", path, status, header.Get("Content-Type"))
			}
			if n := compressed(t, body); len(body) > 30<<10 || n > 8<<10 {
				t.Errorf("%s: %d bytes, %d compressed", path, len(body), n)
			}
		}
	}
}

func compressed(t *testing.T, body string) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func apiGroups(t *testing.T, c *country.Country) []string {
	t.Helper()
	_, _, index := fetched(t, c.Accord+"/developpeurs/api")
	var all []string
	for _, m := range regexp.MustCompile(`href="(/developpeurs/api/[\w-]+)"`).FindAllStringSubmatch(index, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestEveryAddressOfTheDescriptionIsOnAPage: the pages are the YAML, all of it.
func TestEveryAddressOfTheDescriptionIsOnAPage(t *testing.T) {
	c := theCountry(t)
	var described struct {
		Paths map[string]map[string]struct{ Responses map[string]any }
	}
	if err := yaml.Unmarshal(apidoc.Document(), &described); err != nil {
		t.Fatal(err)
	}
	var pages strings.Builder
	groups := apiGroups(t, c)
	for _, g := range groups {
		_, _, body := fetched(t, c.Accord+g+"?lang=en")
		pages.WriteString(body)
	}
	all := pages.String()
	if len(described.Paths) < 40 || len(groups) < 20 {
		t.Fatalf("%d addresses on %d pages", len(described.Paths), len(groups))
	}
	for path, operations := range described.Paths {
		if !strings.Contains(all, "<code>"+path+"</code>") && !strings.Contains(all, "GET "+path+"</code>") && !strings.Contains(all, "POST "+path+"</code>") {
			t.Errorf("%s is on no page", path)
		}
		for _, o := range operations {
			for status := range o.Responses {
				if !regexp.MustCompile(`<(strong|code)>[^<]*` + status).MatchString(all) {
					t.Errorf("%s: no answer %s", path, status)
				}
			}
		}
	}
	if !strings.Contains(all, "<code>data.quotient_familial.valeur</code>") || !strings.Contains(all, "&#34;valeur&#34;: 742") {
		t.Error("no member, or no example, of the quotient familial")
	}
}

// Persons of the demonstration are told in the demonstration only.
func TestPersonasAreToldInTheDemonstrationOnly(t *testing.T) {
	if _, _, page := fetched(t, theCountry(t).Accord+"/developpeurs"); !strings.Contains(page, "TREMBLIN") || !strings.Contains(page, "curl -i") {
		t.Error("the demonstration tells no persona, or no call")
	}
	c := ownCountry(t, func(c *broker.Config) { c.Demo, c.Personas = false, nil })
	if _, _, page := fetched(t, c.Accord+"/developpeurs"); strings.Contains(page, "TREMBLIN") || strings.Contains(page, "t-personas") {
		t.Error("personas outside the demonstration")
	}
}

// TestTheThemeIsChosenByAFormAndKept: no script, one cookie, every page.
func TestTheThemeIsChosenByAFormAndKept(t *testing.T) {
	c := theCountry(t)
	b := headless.New()
	p, err := b.Get(c.Accord + standing.DisplayPath)
	if err != nil {
		t.Fatal(err)
	}
	for theme, want := range map[string]string{"sombre": ` data-theme="sombre"`, "clair": ` data-theme="clair"`, "systeme": ``} {
		if p, err = b.Press(p, "submit", url.Values{"theme": {theme}}); err != nil {
			t.Fatal(err)
		}
		other, err := b.Get(c.Accord + "/mes-accords")
		if err != nil || !strings.Contains(p.Body, `"`+want+">") || !strings.Contains(other.Body, `"`+want+">") || strings.Count(other.Body, "data-theme") != strings.Count(want, "data-theme") {
			t.Errorf("%s: %v, or the pages do not say it", theme, err)
		}
	}
	req := httptest.NewRequest(http.MethodPost, c.Accord+standing.DisplayPath, strings.NewReader("theme=sombre"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	c.Broker.Handler().ServeHTTP(w, req)
	if w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("another site chooses: %d %s", w.Code, w.Header().Get("Set-Cookie"))
	}
}

// TestEveryCookieIsToldOnThePrivacyPage: a whole journey, a look back and both
// preferences set no cookie that the page does not name.
func TestEveryCookieIsToldOnThePrivacyPage(t *testing.T) {
	c := theCountry(t)
	w, _ := token(t, c, canteen(t, c), "camille")
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	known := account(t, c).Begin()
	if at, err := w.StopAt(known.RedirectURI).Get(known.URL(nil)); err != nil {
		t.Fatal(err)
	} else if _, err := w.Press(at, "accept", nil); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/connexion", "/guichet?lang=en"} {
		if _, err := w.Get(c.Accord + address); err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.Get(c.Accord + standing.DisplayPath)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Press(p, "submit", url.Values{"theme": {"clair"}}); err != nil {
		t.Fatal(err)
	}
	_, _, page := fetched(t, c.Accord+"/donnees-personnelles")
	seen := w.Cookies(c.Accord + "/")
	for _, cookie := range seen {
		name := regexp.MustCompile(`^accord-(i|l)-[\w-]{8}$`).ReplaceAllString(cookie.Name, "accord-$1-…")
		if !strings.Contains(page, "<code>"+name+"</code>") {
			t.Errorf("the page does not name %s", name)
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %d cookies seen", len(seen))
	}
}

// TestTheStandingPagesTellWhoRunsAccord: from the configuration, and what is
// kept from the constants.
func TestTheStandingPagesTellWhoRunsAccord(t *testing.T) {
	c := ownCountry(t, func(c *broker.Config) {
		c.Site = standing.Site{Director: "Personne Inventée", Host: "Hébergeur inventé", Contact: "https://aide.example/", Security: "securite@accord.example"}
		c.Operator.Role = "joint_controller"
	})
	for path, told := range map[string][]string{
		"/mentions-legales":         {"Syndicat numérique des Hautes-Brumes", "999\u00a0000\u00a0201\u00a000015", "Personne Inventée", "Hébergeur inventé", "https://aide.example/"},
		"/accessibilite":            {"Non audité.", "RGAA 4.1.2", "https://aide.example/", "Défenseur des droits"},
		"/donnees-personnelles":     {"art. 26", "5 ans après sa fin", "6 mois", "21 min au plus", "mailto:dpo@accord.example", "www.cnil.fr"},
		"/securite":                 {"mailto:securite@accord.example", "/.well-known/security.txt", "/log/1/policy"},
		"/.well-known/security.txt": {"Contact: mailto:securite@accord.example\n", "Preferred-Languages: fr, en\n", "Canonical: " + c.Accord + "/.well-known/security.txt\n"},
	} {
		status, _, page := fetched(t, c.Accord+path)
		for _, text := range told {
			if status != http.StatusOK || !strings.Contains(page, text) {
				t.Errorf("%s: %d, does not tell %q", path, status, text)
			}
		}
	}
	_, header, file := fetched(t, c.Accord+"/.well-known/security.txt")
	found := regexp.MustCompile(`(?m)^Expires: (\S+)$`).FindStringSubmatch(file)
	if len(found) != 2 || header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("no Expires: %s", file)
	}
	if at, err := time.Parse(time.RFC3339, found[1]); err != nil || time.Until(at) < 24*time.Hour || time.Until(at) > 365*24*time.Hour {
		t.Errorf("Expires %s: %v", found[1], err)
	}
}

func TestWithoutAnAddressForReportsThereIsNoSecurityTxt(t *testing.T) {
	c := ownCountry(t, func(c *broker.Config) { c.Site = standing.Site{} })
	if status, _, _ := fetched(t, c.Accord+"/.well-known/security.txt"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

// TestTheStateIsWhatThisServiceSaw: not asked, available, unavailable, without
// any number; the notice comes and goes.
func TestTheStateIsWhatThisServiceSaw(t *testing.T) {
	c := ownCountry(t, nil)
	stands(t, c, "cnav", "not_asked")
	stands(t, c, consent.SourceFranceConnect, "not_asked")
	token(t, c, canteen(t, c), "camille")
	stands(t, c, "cnav", "available")
	stands(t, c, consent.SourceFranceConnect, "available")
	stands(t, c, "dgfip", "not_asked")
	c.CNAV.SetFault(faults.Down)
	for range 3 {
		see(t, walk(t, c, canteen(t, c)), "camille")
	}
	stands(t, c, "cnav", "unavailable")
	_, _, page := fetched(t, c.Accord+"/etat?lang=fr")
	if !strings.Contains(page, "Indisponible") || !strings.Contains(page, "depuis environ") || !strings.Contains(page, "Accord fonctionne") || strings.Contains(page, "t-notice") {
		t.Errorf("page:\n%s", page)
	}
	c.Broker.SetNotice(consent.Text{FR: "Arrêt ce soir.", EN: "Stopped tonight."})
	if _, _, page := fetched(t, c.Accord+"/etat?lang=en"); !strings.Contains(page, "Stopped tonight.") {
		t.Error("no notice")
	}
	if _, _, told := fetched(t, c.Accord+"/etat.json"); !strings.Contains(told, `"notice":{"fr":"Arrêt ce soir."`) {
		t.Error(told)
	}
	if breaches, err := described(t, "health").Check([]byte(state(t, c))); err != nil || len(breaches) > 0 {
		t.Errorf("%v %v", breaches, err)
	}
}

func state(t *testing.T, c *country.Country) string {
	t.Helper()
	status, _, body := fetched(t, c.Accord+"/etat.json")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	return body
}

// stands waits until a source stands so: a step may have to pass.
func stands(t *testing.T, c *country.Country, source, want string) {
	t.Helper()
	var got string
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		var told struct {
			Log     string
			Sources []struct{ Source, Condition string }
		}
		if err := json.Unmarshal([]byte(state(t, c)), &told); err != nil || told.Log != "ready" {
			t.Fatalf("%v, log %s", err, told.Log)
		}
		for _, s := range told.Sources {
			if s.Source == source {
				got = s.Condition
			}
		}
		if got == want {
			return
		}
	}
	t.Errorf("%s is %s, want %s", source, got, want)
}
