package broker_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"accord/cmd/accord-demo/headless"
)

// interactionCookies are the browser's, by handle.
func interactionCookies(b *headless.Browser, c watched) map[string]*http.Cookie {
	all := map[string]*http.Cookie{}
	for _, cookie := range jar(b, c.Accord) {
		if handle, ok := strings.CutPrefix(cookie.Name, "accord-i-"); ok {
			all[handle] = cookie
		}
	}
	return all
}

func TestABrowserHoldsFiveRequestsAndTheOldestGoesFirst(t *testing.T) {
	c := watch(t)
	b := headless.New()
	var handles []string
	for range 6 {
		p, err := b.Get(canteen(t, c.Country).Begin().URL(nil))
		if err != nil || !p.Has("accept") {
			t.Fatalf("%v %d", err, p.Status)
		}
		handles = append(handles, p.URL.Query().Get("i"))
	}
	held := interactionCookies(b, c)
	if len(held) != 5 || held[handles[0]] != nil {
		t.Fatalf("%d requests held, the oldest %v", len(held), held[handles[0]])
	}
	for n, handle := range handles {
		want := wantOnly(http.StatusOK, `id="accept"`)
		if n == 0 {
			want = wantPage(http.StatusBadRequest, "A09")
		}
		c.play(t, probe{name: fmt.Sprint("request ", n+1), target: "/connexion?i=" + handle, jar: jar(b, c.Accord), want: want})
	}
}

// Cookies of any other shape are as good as none, in whatever number, and
// never stand in the way of a request.
func TestACookieOfAnotherShapeOpensNothing(t *testing.T) {
	c := watch(t)
	w := walk(t, c.Country, canteen(t, c.Country))
	var handle, value string
	for h, cookie := range interactionCookies(w.Browser, c) {
		handle, value = h, cookie.Value
	}
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		t.Fatal(err)
	}
	_, base := good(t, c)
	flipped := append([]byte(nil), raw...)
	flipped[len(flipped)-1] ^= 1
	lost := wantPage(http.StatusBadRequest, "A09")
	for name, bad := range map[string]string{
		"empty": "", "cut": value[:len(value)-2], "longer": value + "AA", "flipped": base64.RawURLEncoding.EncodeToString(flipped), "words": "admin", "of 8 KiB": many(8 << 10),
		"not base64url": strings.Repeat("!", len(value)), "id alone": base64.RawURLEncoding.EncodeToString(raw[:16]), "zeros": base64.RawURLEncoding.EncodeToString(make([]byte, len(raw))),
	} {
		planted := []*http.Cookie{{Name: "accord-i-" + handle, Value: bad}, {Name: "accord", Value: bad}}
		c.play(t, probe{name: name, target: "/connexion?i=" + handle, jar: planted, want: lost},
			probe{name: name + ", consent", target: "/accord?i=" + handle, jar: planted, want: lost},
			probe{name: name + ", history", target: "/mes-accords", jar: planted, want: wantOnly(http.StatusOK, `action="/mes-accords/connexion"`)},
			probe{name: name + ", detail", target: "/mes-accords/g_x", jar: planted, want: wantPage(http.StatusUnauthorized, "A15")},
			probe{name: name + ", a new request", target: "/authorize?" + base.Encode(), jar: planted, want: wantTo("/connexion?i="), leaves: trace{kept: 1}})
	}
	var crowd []*http.Cookie
	for n := range 200 {
		crowd = append(crowd, &http.Cookie{Name: fmt.Sprintf("accord-i-%08d", n), Value: many(64)}, &http.Cookie{Name: fmt.Sprint("x", n), Value: "y"})
	}
	c.play(t, probe{name: "400 cookies", target: "/authorize?" + base.Encode(), jar: crowd, want: wantTo("/connexion?i="), leaves: trace{kept: 1}},
		probe{name: "of another handle", target: "/connexion?i=" + handle, jar: []*http.Cookie{{Name: "accord-i-AAAAAAAA", Value: value}}, want: lost},
		probe{name: "by the name of the other deployment", target: "/connexion?i=" + handle, jar: []*http.Cookie{{Name: "__Host-accord-i-" + handle, Value: value}}, want: lost},
		probe{name: "control", target: "/connexion?i=" + handle, jar: jar(w.Browser, c.Accord), want: wantOnly(http.StatusOK, `id="accept"`)})
}

// Attack list, row 35: whoever planted a cookie before the login holds nothing
// after it, on either door.
func TestACookiePlantedBeforeTheLoginOpensNothingAfterIt(t *testing.T) {
	c := watch(t)
	w := walk(t, c.Country, canteen(t, c.Country))
	planted := jar(w.Browser, c.Accord)
	see(t, w, "camille")
	handle := w.Page.URL.Query().Get("i")
	c.play(t, probe{name: "consent page", target: "/accord?i=" + handle, jar: planted, want: wantPage(http.StatusBadRequest, "A09")},
		probe{name: "connexion", target: "/connexion?i=" + handle, jar: planted, want: wantPage(http.StatusBadRequest, "A09")})
	secret := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	for _, cookie := range jar(b, c.Accord) {
		if cookie.Name == "accord" && cookie.Value == secret {
			t.Error("the session took the planted secret")
		}
	}
	c.play(t, probe{name: "history", target: "/mes-accords", jar: []*http.Cookie{{Name: "accord", Value: secret}}, want: wantOnly(http.StatusOK, `action="/mes-accords/connexion"`)})
}
