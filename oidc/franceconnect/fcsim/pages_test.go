package fcsim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"accord/oidc/franceconnect/fcsim"
)

// elements gives the elements of a page by id, and all of them by name.
func elements(t *testing.T, body string) (byID map[string]*html.Node, byName map[string][]*html.Node) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	byID, byName = map[string]*html.Node{}, map[string][]*html.Node{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			byName[n.Data] = append(byName[n.Data], n)
			if id := attribute(n, "id"); id != "" {
				byID[id] = n
			}
		}
	}
	return byID, byName
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func inside(n *html.Node, name string) bool {
	for p := range n.Ancestors() {
		if p.Data == name {
			return true
		}
	}
	return false
}

func TestEveryPageSaysItIsNotFranceConnect(t *testing.T) {
	b := newBench(t)
	picker := b.authorize(request("openid"))
	consent := b.post(picker.Request.URL.String(), url.Values{"persona": {"lise"}})
	root := strings.TrimSuffix(b.issuer, "/api/v2") + "/"
	for _, a := range []answer{picker, consent, b.get(root), b.get(b.issuer + "/authorize")} {
		if !strings.Contains(a.body, "Simulateur, ce n&#39;est pas FranceConnect") && !strings.Contains(a.body, "Simulateur, ce n'est pas FranceConnect") {
			t.Errorf("%s does not say it", a.Request.URL.Path)
		}
		for _, word := range []string{"<script", "<img", "<svg", "http-equiv", "style=", "marianne", "République"} {
			if strings.Contains(strings.ToLower(a.body), strings.ToLower(word)) {
				t.Errorf("%s holds %s", a.Request.URL.Path, word)
			}
		}
	}
	if english := b.get(picker.Request.URL.String() + "?lang=en"); !strings.Contains(english.body, "Simulator, this is not FranceConnect") || !strings.Contains(english.body, "Story of lise.") || !strings.Contains(english.body, `lang="en"`) {
		t.Error("the English page is not English")
	}
}

func TestPickerTellsStoriesAndHidesTheOthers(t *testing.T) {
	b := newBench(t)
	a := b.authorize(request("openid"))
	ids, names := elements(t, a.body)
	for _, p := range personas() {
		button := ids["persona-"+p.ID]
		if button == nil || attribute(button, "name") != "persona" || attribute(button, "value") != p.ID || !inside(button, "form") {
			t.Fatalf("no button for %s", p.ID)
		}
		if inside(button, "details") == p.Featured {
			t.Errorf("%s stands on the wrong side", p.ID)
		}
	}
	if ids["cancel"] == nil || ids["cancel"].FirstChild.Data != "Revenir sur Accord" {
		t.Error("no way back")
	}
	if !strings.Contains(a.body, "Tous les personnages") || !strings.Contains(a.body, "&lt;1&gt;") {
		t.Error("summary missing, or story not escaped")
	}
	for _, form := range names["form"] {
		if attribute(form, "method") != "post" {
			t.Error("a form is not POST")
		}
	}
}

func TestInformationPageHasOneButtonAndNoRefusal(t *testing.T) {
	b := newBench(t)
	picker := b.authorize(request("openid identite_pivot email dgfip_rfr"))
	a := b.post(picker.Request.URL.String(), url.Values{"persona": {"lise"}})
	ids, names := elements(t, a.body)
	if len(names["button"]) != 1 || ids["continue"] == nil || ids["continue"].FirstChild.Data != "Continuer sur Accord" || ids["cancel"] != nil {
		t.Error("buttons")
	}
	for _, label := range []string{"Nom de naissance", "Adresse électronique", "dgfip rfr", "Lise Anne TILLEUL"} {
		if !strings.Contains(a.body, label) {
			t.Errorf("%s is not shown", label)
		}
	}
	if strings.Contains(a.body, "given_name_array") || strings.Contains(a.body, "Nom d&#39;usage") {
		t.Error("what is not asked, or never shown, is shown")
	}
	anonymous := b.post(b.authorize(request("openid")).Request.URL.String(), url.Values{"persona": {"lise"}})
	if ids, _ := elements(t, anonymous.body); ids["data"] != nil || ids["who"] != nil {
		t.Error("openid alone shows data")
	}
}

func TestPolicyLetsTheLastFormLeadBackToTheService(t *testing.T) {
	b := newBench(t)
	picker := b.authorize(request("openid"))
	consent := b.post(picker.Request.URL.String(), url.Values{"persona": {"lise"}})
	if csp := picker.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self'") || !strings.HasPrefix(csp, "default-src 'none'") {
		t.Error(csp)
	}
	if csp := consent.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self' http: https:") {
		t.Error(csp)
	}
	ids, _ := elements(t, consent.body)
	css := b.get(strings.TrimSuffix(b.issuer, "/api/v2") + "/api/v2/fcsim.css")
	if ids["continue"] == nil || css.StatusCode != 200 || !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") {
		t.Error("style sheet")
	}
	if consent.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page may be cached")
	}
}

func TestInteractionBelongsToItsBrowser(t *testing.T) {
	b := newBench(t)
	picker := b.authorize(request("openid"))
	at := picker.Request.URL.String()
	mine := b.browser
	b.browser = newBrowser(t)
	page(t, b.get(at), 401, "Y190001")
	page(t, b.post(at, url.Values{"persona": {"lise"}}), 401, "Y190001")
	b.browser = mine
	page(t, b.post(at, url.Values{"persona": {"nobody"}}), 400, "Y100010")
	page(t, b.post(at+"/login", nil), 400, "Y420001")
	b.clock.pass(fcsim.InteractionLife)
	page(t, b.get(at), 401, "Y190001")
}

func TestTwoTabsDoNotDisturbEachOther(t *testing.T) {
	b := newBench(t)
	first := b.authorize(request("openid")).Request.URL.String()
	second := b.authorize(request("openid")).Request.URL.String()
	b.post(first, url.Values{"persona": {"lise"}})
	b.post(second, url.Values{"persona": {"month"}})
	for at, want := range map[string]string{first: "1984-05-17", second: "1962-03-01"} {
		token, _ := b.tokens(b.back(b.post(at+"/login", nil)).Get("code"))["access_token"].(string)
		if i, _, _ := b.sim.Introspect(token); i.Birthdate != want {
			t.Errorf("born %s, want %s", i.Birthdate, want)
		}
		page(t, b.post(at+"/login", nil), 401, "Y190001")
	}
}

func TestCookieHasANameOfItsOwn(t *testing.T) {
	b := newBench(t)
	noRedirect := *b.browser
	noRedirect.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := b.read(noRedirect.Get(b.issuer + "/authorize?" + request("openid").Encode()))
	c := a.Cookies()
	if len(c) != 1 || c[0].Name != "fcsim_session" || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || a.StatusCode != 303 {
		t.Errorf("cookies %v", c)
	}
}

func TestFaultReplacesAnEndpoint(t *testing.T) {
	var seen []string
	b := newBench(t, func(o *fcsim.Options) {
		o.Fault = func(point string) int {
			seen = append(seen, point)
			if point == "token" {
				return 503
			}
			return 0
		}
	})
	if a := b.post(b.issuer+"/token", tokenForm("x")); a.StatusCode != 503 {
		t.Errorf("HTTP %d", a.StatusCode)
	}
	if a := b.get(b.issuer + "/jwks"); a.StatusCode != 200 || len(seen) != 2 {
		t.Errorf("HTTP %d after %v", a.StatusCode, seen)
	}
}

func TestDataProviderSeesWholeIdentityAndGrantedScopes(t *testing.T) {
	b := newBench(t)
	token, _ := b.tokens(b.login("lise", "openid dgfip_rfr").Get("code"))["access_token"].(string)
	i, scopes, ok := b.sim.Introspect(token)
	if !ok || i.FamilyName != "QUENOUILLE" || strings.Join(scopes, " ") != "openid dgfip_rfr" {
		t.Errorf("%v %v %v", ok, i.FamilyName != "", scopes)
	}
	if _, _, ok := b.sim.Introspect("unknown"); ok {
		t.Error("an unknown token is active")
	}
}

func TestExpiredMemoryIsForgotten(t *testing.T) {
	b := newBench(t)
	b.tokens(b.login("lise", "openid").Get("code"))
	b.clock.pass(2 * fcsim.InteractionLife)
	b.login("lise", "openid")
	if n := b.sim.Remembered(); n != 2 { // the new code and session
		t.Errorf("%d things remembered", n)
	}
}
