package broker_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"accord/cmd/accord-demo/headless"
)

// A probe is one bad request, what it must be answered, and what it may leave.
// Names begin with the row of the attack list, where there is one.
type probe struct {
	name   string
	method string     // GET when empty, POST with a form
	target string     // path and query
	form   url.Values // body, as browsers send it
	body   io.Reader  // any other body
	kind   string     // its content type
	header http.Header
	jar    []*http.Cookie
	want   shape
	leaves trace // zero: nothing stored, nothing sent
}

// play sends the probes one by one, pages in both languages, and looks at what
// each was answered and left.
func (w watched) play(t *testing.T, probes ...probe) {
	t.Helper()
	for _, p := range probes {
		langs := []string{"en"}
		if p.want.code != "" && p.body == nil {
			langs = append(langs, "fr")
		}
		t.Run(p.name, func(t *testing.T) {
			for _, lang := range langs {
				before := w.trace(t)
				a := w.send(p, lang)
				p.want.check(t, w, a, lang)
				w.hidesAll(t, a, p)
				if got := w.trace(t).minus(before); got != p.leaves {
					t.Errorf("left %+v, want %+v", got, p.leaves)
				}
			}
		})
	}
}

// An answer is what the broker said.
type answer struct {
	status int
	header http.Header
	body   string
}

// send goes to the broker's handler itself, past the listener's own limits: a
// larger installation may have others before it.
func (w watched) send(p probe, lang string) answer {
	r := httptest.NewRequest(p.verb(), w.Accord+p.target, p.reader())
	for name, values := range p.header {
		r.Header[name] = values
	}
	if p.form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if p.kind != "" {
		r.Header.Set("Content-Type", p.kind)
	}
	r.Header.Set("Accept-Language", lang)
	for _, c := range p.jar {
		r.AddCookie(c)
	}
	if host := p.header.Get("Host"); host != "" {
		r.Host = host
	}
	rec := httptest.NewRecorder()
	w.Broker.Handler().ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

func (p probe) verb() string {
	switch {
	case p.method != "":
		return p.method
	case p.form != nil || p.body != nil:
		return http.MethodPost
	}
	return http.MethodGet
}

func (p probe) reader() io.Reader {
	if p.form != nil {
		return strings.NewReader(p.form.Encode())
	}
	if p.body != nil {
		return p.body
	}
	return http.NoBody
}

// innards are words that only the inside of the program uses.
func innards() []string {
	return []string{
		"goroutine", ".go:", "panic", "runtime error", "nil pointer", "bbolt", "boltstore", "zitadel", "gin-gonic", "*gin.", "json:",
		"invalid character", "cipher:", "message authentication", "unexpected EOF", "strconv", "http: ", "mime:", "accord/broker", "store/", "0xc00",
		"interaction:", "temporary value", "SHA-256", "<script",
	}
}

// hidesAll: nothing internal, no secret, no header of the visitor's making.
func (w watched) hidesAll(t *testing.T, a answer, p probe) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	secrets := append(innards(), w.Data, here)
	for _, s := range w.Secrets {
		secrets = append(secrets, s)
	}
	for _, c := range p.jar {
		if len(c.Value) > 8 {
			secrets = append(secrets, c.Value)
		}
	}
	for _, s := range secrets {
		if strings.Contains(a.body, s) {
			t.Errorf("the answer holds %q: %.200s", s, a.body)
		}
	}
	for name, values := range a.header {
		if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") || name == "X-Split" {
			t.Errorf("a header was split: %s: %q", name, values)
		}
	}
}

// jar is what a browser would send to Accord.
func jar(b *headless.Browser, address string) []*http.Cookie { return b.Cookies(address) }

// with copies a form and replaces some fields; one without values is removed.
func with(form url.Values, kv ...string) url.Values {
	v := url.Values{}
	for k, values := range form {
		v[k] = append([]string(nil), values...)
	}
	for i := 0; i < len(kv); i += 2 {
		v[kv[i]] = []string{kv[i+1]}
	}
	return v
}

func without(form url.Values, name string) url.Values {
	v := with(form)
	v.Del(name)
	return v
}

func twice(form url.Values, name, second string) url.Values {
	v := with(form)
	v.Add(name, second)
	return v
}

// many is n bytes of a letter.
func many(n int) string { return strings.Repeat("a", n) }

func huge(n int) io.Reader { return bytes.NewReader(bytes.Repeat([]byte("x=1&"), n/4)) }
