package jwksuri

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// site is a client's address, and keys that read it on a clock tests move.
type site struct {
	*httptest.Server
	keys    *Keys
	mu      sync.Mutex // guards now, answer
	now     time.Time
	answer  http.HandlerFunc
	fetched atomic.Int64
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{now: time.Now()}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fetched.Add(1)
		s.mu.Lock()
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	s.keys = New(Config{
		Loopback: true, Log: slog.New(slog.DiscardHandler), Good: func(k jose.JSONWebKey) bool { return k.IsPublic() && k.KeyID != "" },
		Now: func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now },
	})
	return s
}

func (s *site) pass(d time.Duration) { s.mu.Lock(); defer s.mu.Unlock(); s.now = s.now.Add(d) }

func (s *site) says(h http.HandlerFunc) { s.mu.Lock(); defer s.mu.Unlock(); s.answer = h }

// publishes answers with keys of these ids.
func (s *site) publishes(t *testing.T, control string, kids ...string) {
	t.Helper()
	body := setOf(t, kids...)
	s.says(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", control)
		_, _ = w.Write(body)
	})
}

func setOf(t *testing.T, kids ...string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	for _, kid := range kids {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: kid})
	}
	body, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// key wants a kid to be found, not found, or an error ("ok", "no", "away").
func (s *site) key(t *testing.T, kid, want string) {
	t.Helper()
	_, ok, err := s.keys.Key(t.Context(), s.URL+"/jwks", kid)
	got := "no"
	if err != nil {
		got = "away"
	} else if ok {
		got = "ok"
	}
	if got != want {
		t.Errorf("key %s: %s, want %s (%v)", kid, got, want, err)
	}
}

func (s *site) fetches(t *testing.T, want int64) {
	t.Helper()
	if got := s.fetched.Load(); got != want {
		t.Errorf("%d fetches, want %d", got, want)
	}
}

func TestPublishedKeysAreKeptAsLongAsTheAnswerSays(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "public, max-age=600", "a")
	s.key(t, "a", "ok")
	s.pass(599 * time.Second)
	s.key(t, "a", "ok")
	s.fetches(t, 1)
	s.publishes(t, "max-age=600", "b")
	s.pass(2 * time.Second)
	s.key(t, "a", "no")
	s.key(t, "b", "ok")
	s.fetches(t, 2)
}

func TestFreshnessStaysWithinBounds(t *testing.T) {
	for control, want := range map[string]time.Duration{
		"": freshDefault, "max-age=1": freshLeast, "max-age=600": 10 * time.Minute, "max-age=999999": freshMost, "max-age=-1": freshDefault,
		"no-store": freshLeast, "max-age=600, no-cache": freshLeast, `MAX-AGE="600"`: 10 * time.Minute, "max-age=99999999999999999999": freshDefault,
	} {
		if got := freshness(http.Header{"Cache-Control": {control}}); got != want {
			t.Errorf("%q: %s, want %s", control, got, want)
		}
	}
}

// A stranger who invents key ids makes no more than a fetch each half minute.
func TestUnknownKeyIDsCannotMakeUsFetchAgainAndAgain(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "max-age=3600", "a")
	s.key(t, "a", "ok")
	for n := range 100 {
		s.key(t, fmt.Sprint("invented-", n), "no")
	}
	s.fetches(t, 1)
	s.pass(betweenGood)
	for n := range 100 {
		s.key(t, fmt.Sprint("invented-", n), "no")
	}
	s.fetches(t, 2)
	s.key(t, "a", "ok")
}

// A new key of an honest client is found within the back-off, before the old
// set expires.
func TestNewKeyIsFoundBeforeTheOldSetExpires(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "max-age=3600", "a")
	s.key(t, "a", "ok")
	s.publishes(t, "max-age=3600", "a", "b")
	s.pass(betweenGood)
	s.key(t, "b", "ok")
}

func TestOldKeysServeAWhileWhenTheAddressIsSilent(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "max-age=60", "a")
	s.key(t, "a", "ok")
	s.says(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	s.pass(30 * time.Minute)
	s.key(t, "a", "ok")
	s.key(t, "stranger", "no")
	s.pass(32 * time.Minute)
	s.key(t, "a", "away")
}

func TestFailuresAreTriedLessAndLess(t *testing.T) {
	s := newSite(t)
	s.says(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	for range 3600 {
		s.key(t, "a", "away")
		s.pass(time.Second)
	}
	// At 0, 10, 30, 70, 150, 310, 630 s, then each ten minutes.
	s.fetches(t, 11)
	s.publishes(t, "", "a")
	s.pass(betweenMost)
	s.key(t, "a", "ok")
}

func TestOneFetchServesAllWhoWait(t *testing.T) {
	s := newSite(t)
	body := setOf(t, "a")
	s.says(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		_, _ = w.Write(body)
	})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { s.key(t, "a", "ok") })
	}
	all.Wait()
	s.fetches(t, 1)
}

func TestBadAnswersGiveNoKey(t *testing.T) {
	whole := string(setOf(t, "a"))
	many := make([]string, maxKeys+1)
	for n := range many {
		many[n] = fmt.Sprint("k", n)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"65 KiB":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, whole+strings.Repeat(" ", maxAnswer)) },
		"33 keys":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(setOf(t, many...)) },
		"no key":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) },
		"no JSON":    func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"nothing":    func(http.ResponseWriter, *http.Request) {},
		"status 203": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(203); fmt.Fprint(w, whole) },
		"a secret": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}`)
		},
		"unknown kty": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[{"kty":"XYZ","kid":"a"}]}`) },
	} {
		s := newSite(t)
		s.says(answer)
		t.Run(name, func(t *testing.T) { s.key(t, "a", "away") })
	}
}

func TestKeysThatAreNotUnderstoodAreAsIfNotThere(t *testing.T) {
	s := newSite(t)
	body := strings.Replace(string(setOf(t, "a")), `{"keys":[`, `{"keys":[{"kty":"XYZ","kid":"z"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"off"},`, 1)
	s.says(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	s.key(t, "a", "ok")
	s.key(t, "off", "no")
}

func TestNoRedirectIsFollowed(t *testing.T) {
	s := newSite(t)
	body := setOf(t, "a")
	s.says(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/jwks" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		_, _ = w.Write(body)
	})
	s.key(t, "a", "away")
	s.fetches(t, 1)
}

func TestProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	asked := make(chan struct{}, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{} }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	k := New(Config{Log: slog.New(slog.DiscardHandler), Now: time.Now, Good: func(jose.JSONWebKey) bool { return true }})
	if _, _, err := k.Key(t.Context(), "https://192.0.2.1/jwks", "a"); err == nil || len(asked) != 0 {
		t.Errorf("%v, proxy asked %d times", err, len(asked))
	}
}

// The addresses of this machine and of networks of ours, by whatever spelling
// or name, are never dialled by an issuer of the Internet.
func TestOnlyPublicAddressesAreDialled(t *testing.T) {
	for address, good := range map[string]bool{
		"93.184.216.34:443": true, "[2606:2800:220:1:248:1893:25c8:1946]:443": true, "1.1.1.1:8443": true,
		"127.0.0.1:443": false, "127.9.9.9:443": false, "[::1]:443": false, "0.0.0.0:443": false, "[::]:443": false, "0.1.2.3:443": false,
		"10.0.0.1:443": false, "172.16.0.1:443": false, "172.31.255.255:443": false, "192.168.1.1:443": false,
		"169.254.169.254:80": false, "[fe80::1]:443": false, "[fe80::1%eth0]:443": false, "[2001:4860::1%eth0]:443": false,
		"[fc00::1]:443": false, "[fd00:ec2::254]:443": false, "[fec0::1]:443": false,
		"224.0.0.1:443": false, "[ff02::1]:443": false, "255.255.255.255:443": false, "240.0.0.1:443": false,
		"100.64.0.1:443": false, "100.127.255.255:443": false, "192.0.0.8:443": false, "198.18.0.1:443": false, "192.0.2.1:443": false,
		"[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "[::ffff:8.8.8.8]:443": false, "[::127.0.0.1]:443": false,
		"[64:ff9b::7f00:1]:443": false, "[64:ff9b::a00:1]:443": false, "[64:ff9b:1::a00:1]:443": false, "[64:ff9b::808:808]:443": false,
		"[2002:7f00:1::]:443": false, "[2001:0:7f00:1::]:443": false, "[2001:db8::1]:443": false, "[100::1]:443": false,
		"localhost:443": false, "": false,
	} {
		if got := dialable(address, false) == nil; got != good {
			t.Errorf("%s: dialled %v", address, got)
		}
	}
	for address, good := range map[string]bool{"127.0.0.1:80": true, "[::1]:80": true, "10.0.0.1:80": false, "169.254.169.254:80": false} {
		if got := dialable(address, true) == nil; got != good {
			t.Errorf("for a loopback issuer, %s: dialled %v", address, got)
		}
	}
}

func TestIssuerOfTheInternetNeverReachesThisMachine(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "", "a")
	strict := New(Config{Log: slog.New(slog.DiscardHandler), Now: time.Now, Good: s.keys.config.Good})
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.fetched.Add(1) }))
	defer secure.Close()
	port := secure.URL[strings.LastIndex(secure.URL, ":"):]
	for _, address := range []string{
		s.URL, secure.URL, "https://localhost" + port, "https://[::ffff:127.0.0.1]" + port, "https://127.1" + port, "https://0x7f000001" + port,
		"https://u:p@localhost" + port, "file:///etc/passwd", "ftp://localhost/", "//localhost", "",
	} {
		if _, ok, err := strict.Key(t.Context(), address, "a"); ok || err == nil {
			t.Errorf("%s: %v %v", address, ok, err)
		}
	}
	s.fetches(t, 0)
}
