package serviceprovider

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/audit"
)

const envelope = `{"data":{"quotient_familial":{"valeur":` + testValue + `}},"links":{},"meta":{}}`

func listed(t *testing.T, c *Client) string {
	t.Helper()
	b, err := os.ReadFile(c.config.Releases)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnAnswerThatNamesNoReleaseIsRefused(t *testing.T) {
	f := newFake(t)
	for name, spoil := range map[string]func(http.Header){
		"no headers":         func(h http.Header) { clear(h) },
		"no release":         func(h http.Header) { h.Del("Accord-Release-Id") },
		"no position":        func(h http.Header) { h.Del("Accord-Log") },
		"no key":             func(h http.Header) { h.Del("Accord-Release-Key") },
		"two releases":       func(h http.Header) { h.Add("Accord-Release-Id", testRelease) },
		"two positions":      func(h http.Header) { h.Add("Accord-Log", testPosition) },
		"release not an id":  func(h http.Header) { h.Set("Accord-Release-Id", "1") },
		"release upper case": func(h http.Header) { h.Set("Accord-Release-Id", strings.ToUpper(testRelease)) },
		"position alone":     func(h http.Header) { h.Set("Accord-Log", "#7") },
		"index with a zero":  func(h http.Header) { h.Set("Accord-Log", testPosition[:len(testPosition)-1]+"07") },
		"short key":          func(h http.Header) { h.Set("Accord-Release-Key", "AAAA") },
	} {
		c := f.client()
		f.deliver = func(w http.ResponseWriter, _ *http.Request) {
			r := recorder{header: http.Header{}}
			answered(&r, typeJSON, envelope)
			spoil(r.header)
			for k, v := range r.header {
				w.Header()[k] = v
			}
			fmt.Fprint(w, r.body.String())
		}
		a, err := c.Data(t.Context(), Token{Access: "acc_x"}, "dss/quotient_familial")
		if !errors.Is(err, ErrUnlogged) || a.Data != nil || strings.Contains(err.Error(), testValue) || listed(t, c) != "" {
			t.Errorf("%s: data %s, error %v, list %q", name, a.Data, err, listed(t, c))
		}
	}
}

// recorder keeps an answer until it is spoiled.
type recorder struct {
	header http.Header
	body   strings.Builder
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) WriteHeader(int)             {}

// "No file" is something said about a person: it needs a release too.
func TestAnAbsenceThatNamesNoReleaseIsRefusedAndARefusalIsNot(t *testing.T) {
	f := newFake(t)
	for code, want := range map[string]func(error) bool{
		"35003": func(err error) bool { return errors.Is(err, ErrUnlogged) },
		"00101": func(err error) bool {
			var r *Refused
			return errors.As(err, &r) && r.Code == "00101" && r.Status == http.StatusNotFound
		},
	} {
		f.deliver = func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, `{"errors":[{"code":%q,"title":"t","detail":"d"}]}`, code)
		}
		if _, err := f.client().Data(t.Context(), Token{}, "x"); !want(err) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestTheReleaseIsListedBeforeTheDataAreGiven(t *testing.T) {
	f := newFake(t)
	f.deliver = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") != typeJSON || r.URL.Query().Get("recipient") != testRecipient {
			t.Errorf("asked %s for %s", r.URL, r.Header.Get("Accept"))
		}
		answered(w, typeJSON, envelope)
	}
	c := f.client()
	a, err := c.Data(t.Context(), Token{Access: "acc_x"}, "dss/quotient_familial")
	if err != nil || !strings.Contains(string(a.Data), testValue) || a.Release != testRelease || a.Log.Index != 7 || listed(t, c) != testRelease+"\n" {
		t.Fatalf("answer %+v, error %v, list %q", a, err, listed(t, c))
	}
	config := f.config()
	config.Releases = filepath.Join(t.TempDir(), "nowhere", "releases.txt")
	if c, err = New(config); err != nil {
		t.Fatal(err)
	}
	if a, err = c.Data(t.Context(), Token{Access: "acc_x"}, "dss/quotient_familial"); !errors.Is(err, ErrUnlisted) || a.Data != nil {
		t.Errorf("without a list: data %s, error %v", a.Data, err)
	}
}

// A crash may cut the last line; what follows it must not be lost with it.
func TestALineCutByACrashIsNoReleaseAndSpoilsNoOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte("whole\ncu"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := list{path: path}
	var group sync.WaitGroup
	for n := range 64 {
		group.Go(func() {
			if err := l.add(fmt.Sprintf("id-%02d", n)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != 65 || lines[0] != "whole" {
		t.Errorf("%d lines: %q", len(lines), b)
	}
	for _, line := range lines[1:] {
		if len(line) != 5 {
			t.Errorf("line %q", line)
		}
	}
}

func TestAnotherFileIsNotTakenForTheList(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "id\n": true, "cu": true, strings.Repeat("x", 64): false, strings.Repeat("x", 1000): false} {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l := list{path: path}
		if err := l.add("id"); (err == nil) != ok || err != nil && !errors.Is(err, ErrUnlisted) {
			t.Errorf("a file of %d bytes: %v", len(text), err)
		}
		if b, err := os.ReadFile(path); err != nil || !ok && string(b) != text {
			t.Errorf("a file of %d bytes was changed: %v", len(text), err)
		}
	}
}

func (f *fake) statement() audit.Delivery {
	return audit.Delivery{
		Issuer: f.URL, Audience: "siret:" + testRecipient, Subject: testKey, Release: testRelease, Client: "editor",
		Grant: "g_x", Resource: "dss/quotient_familial", Source: "cnav", Retrieved: "2026-11-24T08:00:00.000Z",
		Log: testPosition, ReleaseKey: testKey, Data: []byte(`{"valeur":` + testValue + `}`),
	}
}

func TestASignedDeliveryMustSpeakOfThisRelease(t *testing.T) {
	f := newFake(t)
	for name, change := range map[string]func(*audit.Delivery){
		"":              func(*audit.Delivery) {},
		"release":       func(d *audit.Delivery) { d.Release = "019ab000-0000-7000-8000-000000000002" },
		"position":      func(d *audit.Delivery) { d.Log = "accord.example/log/1#8" },
		"key":           func(d *audit.Delivery) { d.ReleaseKey = "B" + testKey[1:] },
		"recipient":     func(d *audit.Delivery) { d.Audience = "siret:99900030000015" },
		"client":        func(d *audit.Delivery) { d.Client = "other" },
		"issuer":        func(d *audit.Delivery) { d.Issuer = "https://accord.example" },
		"grant":         func(d *audit.Delivery) { d.Grant = "g_y" },
		"resource":      func(d *audit.Delivery) { d.Resource = "identite" },
		"not signed":    nil,
		"other's key":   nil,
		"answered JSON": nil,
	} {
		c := f.client()
		f.deliver = func(w http.ResponseWriter, _ *http.Request) {
			d, signer, form := f.statement(), f.signer, typeJWT
			if change != nil {
				change(&d)
			}
			if name == "other's key" {
				signer.Key = newKey(t)
			}
			jws, err := audit.SignDelivery(d, signer, time.Now())
			if err != nil {
				t.Error(err)
			}
			switch name {
			case "not signed":
				jws = jws[:len(jws)-86]
			case "answered JSON":
				form, jws = typeJSON, []byte(envelope)
			}
			answered(w, form, string(jws))
		}
		s, err := c.Signed(t.Context(), Token{Access: "acc_x", GrantID: "g_x"}, "dss/quotient_familial")
		if listed(t, c) != testRelease+"\n" {
			t.Errorf("%s: a delivery that came is not listed: %q", name, listed(t, c))
		}
		if name == "" {
			if err != nil || !strings.Contains(string(s.Data), testValue) || s.Statement.Source != "cnav" {
				t.Errorf("an honest delivery: %v", err)
			}
			continue
		}
		if err == nil || s.Data != nil || s.JWS != nil || strings.Contains(err.Error(), testValue) {
			t.Errorf("%s: data %s, error %v", name, s.Data, err)
		}
		if name != "answered JSON" && !errors.Is(err, ErrDelivery) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One character changed anywhere in a sealed delivery, and nothing opens.
func TestEveryByteOfASealedDeliveryIsProtected(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ours := jose.JSONWebKey{Key: private, KeyID: "seal", Algorithm: string(jose.ECDH_ES_A256KW), Use: "enc"}
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES_A256KW, Key: ours.Public().Key, KeyID: "seal"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := encrypter.Encrypt([]byte("a.b.c"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := jwe.CompactSerialize()
	c := Config{Decryption: []jose.JSONWebKey{ours}}
	if got, err := c.unsealed([]byte(sealed)); err != nil || string(got) != "a.b.c" {
		t.Fatalf("control: %q %v", got, err)
	}
	for at := range sealed {
		other := byte('A')
		if sealed[at] == 'A' {
			other = 'B'
		}
		changed := []byte(sealed[:at] + string(other) + sealed[at+1:])
		if got, err := c.unsealed(changed); err == nil && !sameBytes(sealed, string(changed)) {
			t.Errorf("changed at %d: %q", at, got)
		}
	}
}

// sameBytes tells whether two JWEs decode to the same bytes: a last character
// may hold bits that are none of them.
func sameBytes(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != len(y) {
		return false
	}
	for n := range x {
		p, _ := base64.RawURLEncoding.DecodeString(x[n])
		q, _ := base64.RawURLEncoding.DecodeString(y[n])
		if !bytes.Equal(p, q) {
			return false
		}
	}
	return true
}
