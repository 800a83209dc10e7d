package broker_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

const (
	forgedClient = "accord-forged"
	forgedKey    = "k1"
)

// A forger stands between Accord and FranceConnect's simulator. It signs with
// a key of its own, which it publishes as FranceConnect's, so that a lie may
// change any claim and still be signed rightly.
type forger struct {
	secret string
	key    *ecdsa.PrivateKey

	mu    sync.Mutex // guards what follows
	ahead time.Duration
	lie   lie
	calls map[string]int // by endpoint
}

// A lie changes one answer of FranceConnect's.
type lie struct {
	id, user func(claims map[string]any)            // claims, before signing
	sign     func(f *forger, payload []byte) string // otherwise than rightly
	signUser func(f *forger, payload []byte) string
	answer   func(point string) *http.Response // in place of the true one; nil leaves it
}

func newForger(t *testing.T) *forger {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &forger{secret: rand.Text() + rand.Text(), key: key, calls: map[string]int{}}
}

// now runs ahead of the machine's clock, so that what FranceConnect published
// can grow old.
func (f *forger) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Add(f.ahead)
}

// tell sets the lie, and lets the documents kept so far grow old.
func (f *forger) tell(l lie, later time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lie, f.calls = l, map[string]int{}
	f.ahead += later
}

func (f *forger) called(point string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[point]
}

// country is one whose FranceConnect is reached through the forger.
func (f *forger) country(t *testing.T) watched {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String() + "/api/v2"
	c := ownCountry(t, func(b *broker.Config) {
		server.Config.Handler = fcsim.New(fcsim.Options{
			Issuer: issuer, ClientID: forgedClient, ClientSecret: f.secret,
			RedirectURIs: []string{b.Issuer + "/callback"}, PostLogoutRedirectURIs: []string{b.Issuer + "/deconnecte"}, ProviderScopes: b.Entitled,
			Personas: forgedPersonas(), Now: f.now,
		})
		var err error
		b.FranceConnect, err = franceconnect.New(franceconnect.Config{
			Issuer: issuer, ClientID: forgedClient, ClientSecret: f.secret,
			RedirectURI: b.Issuer + "/callback", PostLogoutRedirectURI: b.Issuer + "/deconnecte", ACR: "eidas1", SigningAlg: "ES256",
			HTTP: &http.Client{Transport: f}, Now: f.now,
		})
		if err != nil {
			t.Error(err)
		}
	})
	server.Start()
	t.Cleanup(server.Close)
	return watched{c, nil}
}

func forgedPersonas() []fcsim.Persona {
	var all []fcsim.Persona
	for _, p := range country.Personas() {
		i := p.Identity
		all = append(all, fcsim.Persona{ID: p.ID, Story: fcsim.Text(p.Story), Featured: p.Featured, Identity: fcsim.Identity{
			FamilyName: i.FamilyName, GivenName: i.GivenName, GivenNames: i.GivenNames, PreferredUsername: i.PreferredUsername, Birthdate: i.Birthdate,
			IDPBirthdate: i.IDPBirthdate, Gender: i.Gender, Birthplace: i.Birthplace, Birthcountry: i.Birthcountry, Email: p.Email,
		}})
	}
	return all
}

// RoundTrip is Accord's way to FranceConnect.
func (f *forger) RoundTrip(r *http.Request) (*http.Response, error) {
	point := path.Base(r.URL.Path)
	f.mu.Lock()
	l := f.lie
	f.calls[point]++
	f.mu.Unlock()
	if l.answer != nil {
		if a := l.answer(point); a != nil {
			a.Request = r
			return a, nil
		}
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || res.StatusCode != http.StatusOK {
		return res, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(f.forge(point, body, l)))
	res.ContentLength = -1
	res.Header.Del("Content-Length")
	return res, nil
}

func (f *forger) forge(point string, body []byte, l lie) []byte {
	switch point {
	case "jwks":
		set, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: forgedKey, Algorithm: "ES256", Use: "sig"}}})
		return set
	case "token":
		var members map[string]any
		if json.Unmarshal(body, &members) != nil {
			return body
		}
		members["id_token"] = f.resign(members["id_token"].(string), l.id, l.sign)
		forged, _ := json.Marshal(members)
		return forged
	case "userinfo":
		return []byte(f.resign(string(body), l.user, l.signUser))
	}
	return body
}

func (f *forger) resign(compact string, change func(map[string]any), sign func(*forger, []byte) string) string {
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[1])
	claims := map[string]any{}
	if err != nil || json.Unmarshal(raw, &claims) != nil {
		return compact
	}
	if change != nil {
		change(claims)
	}
	payload, _ := json.Marshal(claims)
	if sign == nil {
		return signedBy(f.key, forgedKey)(f, payload)
	}
	return sign(f, payload)
}

// signedBy signs with ES256, or HS256 when the key is bytes.
func signedBy(key any, kid string) func(*forger, []byte) string {
	return func(_ *forger, payload []byte) string {
		alg := jose.ES256
		if _, secret := key.([]byte); secret {
			alg = jose.HS256
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
		if err != nil {
			return err.Error()
		}
		jws, err := signer.Sign(payload)
		if err != nil {
			return err.Error()
		}
		compact, _ := jws.CompactSerialize()
		return compact
	}
}

// unsigned is alg none.
func unsigned(_ *forger, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"`+forgedKey+`"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

// set puts one claim, or removes it when value is nil.
func set(name string, value any) func(map[string]any) {
	return func(claims map[string]any) {
		if value == nil {
			delete(claims, name)
			return
		}
		claims[name] = value
	}
}

// instead answers one endpoint otherwise.
func instead(point string, status int, kind, body string, more ...string) lie {
	return lie{answer: func(at string) *http.Response {
		if at != point {
			return nil
		}
		h := http.Header{"Content-Type": {kind}}
		for i := 0; i < len(more); i += 2 {
			h.Set(more[i], more[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, ProtoMajor: 1, ProtoMinor: 1}
	}}
}
