package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryPageCarriesItsSecurityHeaders(t *testing.T) {
	u := newUI(t, false)
	for _, e := range examples() {
		h := render(t, u, "fr", e.page).Header()
		for name, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", e.name, name, got, want)
			}
		}
		if h.Get("Permissions-Policy") == "" {
			t.Errorf("%s: no Permissions-Policy", e.name)
		}
	}
}

func TestOnlyPagesThatLeadOutMayLeaveTheSite(t *testing.T) {
	const fixed = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	for _, loopback := range []bool{false, true} {
		u, err := New(Options{Loopback: loopback})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples() {
			want := fixed
			switch e.page.(type) {
			case Connexion, Inputs, Child, Consent, Reload, SignIn, MyAccords, LogoutConfirm, DeskSignIn:
				want += " https:"
				if loopback {
					want += " http:"
				}
			}
			if got := render(t, u, "fr", e.page).Header().Get("Content-Security-Policy"); got != want {
				t.Errorf("%s: %q, want %q", e.name, got, want)
			}
		}
	}
}

func TestOnlyTheWaitingPageAsksToBeLoadedAgain(t *testing.T) {
	u := newUI(t, true)
	for _, e := range examples() {
		want := ""
		switch e.page.(type) {
		case Waiting, DeskWait:
			want = "3"
		}
		if got := render(t, u, "fr", e.page).Header().Get("Refresh"); got != want {
			t.Errorf("%s: Refresh %q, want %q", e.name, got, want)
		}
	}
}

func TestLanguageIsTheAddressThenTheCookieThenTheBrowser(t *testing.T) {
	u := newUI(t, true)
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"en", "fr", "fr", "en"},
		{"", "en", "fr", "en"},
		{"", "", "en-GB,fr;q=0.5", "en"},
		{"", "", "de", "fr"},
		{"", "", "", "fr"},
		{"xx", "yy", "de,en;q=0.3", "en"},
		{"../../x", "", "\x00;;q=9", "fr"},
		{"", "", "fr-CA", "fr"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/?i=abc", nil)
		q := r.URL.Query()
		q.Set("lang", c.query)
		r.URL.RawQuery = q.Encode()
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
		r.Header.Set("Accept-Language", c.accept)
		if got := u.Lang(r); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestTheLanguageIsKeptOnlyWhenChosen(t *testing.T) {
	u := newUI(t, false)
	w := httptest.NewRecorder()
	u.Render(w, httptest.NewRequest(http.MethodGet, "/x?i=abcd_-12&code=s3cret&lang=en", nil), http.StatusTeapot, Landing{})
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "lang=en;") || !strings.Contains(got, "Secure") || !strings.Contains(got, "SameSite=Lax") {
		t.Errorf("cookie %q", got)
	}
	if w.Code != http.StatusTeapot || !strings.Contains(w.Body.String(), `href="?i=abcd_-12&amp;lang=fr"`) {
		t.Errorf("status %d, or the language link loses the interaction", w.Code)
	}
	w = httptest.NewRecorder()
	u.Render(w, httptest.NewRequest(http.MethodGet, "/x?lang=xx", nil), http.StatusOK, Landing{})
	if got := w.Header().Get("Set-Cookie"); got != "" {
		t.Errorf("cookie %q without a choice", got)
	}
}

func TestStaticFilesAreHashedCachedAndNothingElseIsServed(t *testing.T) {
	u := newUI(t, true)
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		u.Static().ServeHTTP(w, r)
		return w
	}
	css := get(u.assets.stylesheet)
	if css.Code != 200 || css.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") {
		t.Errorf("stylesheet: %d %v", css.Code, css.Header())
	}
	if z := get(u.assets.stylesheet, "Accept-Encoding", "br, gzip"); z.Header().Get("Content-Encoding") != "gzip" || z.Body.Len() >= css.Body.Len() || z.Body.Len() > 4<<10 {
		t.Errorf("compressed stylesheet: %d bytes, %v", z.Body.Len(), z.Header())
	}
	if got := get(u.assets.stylesheet, "If-None-Match", css.Header().Get("ETag")); got.Code != http.StatusNotModified || got.Body.Len() != 0 {
		t.Errorf("unchanged stylesheet: %d", got.Code)
	}
	if icon := get("/favicon.ico"); icon.Code != 200 || icon.Body.Len() > 2<<10 {
		t.Errorf("icon: %d, %d bytes", icon.Code, icon.Body.Len())
	}
	for _, path := range []string{"/s/accord.css", "/s/accord.00000000.css", "/s/", "/s/../locales/fr.yaml", "/"} {
		if got := get(path); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}
