// Package headless is a citizen's browser without a screen: it keeps cookies
// as browsers do (shared between the ports of a host), follows redirects, and
// presses the buttons of forms by their ids. The demo's check and the
// whole-flow tests walk with it.
package headless

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// A Browser is one citizen's. It is not safe for concurrent use: two tabs are
// two pages of one Browser, used in turn.
type Browser struct {
	client *http.Client
	stop   string // addresses with this prefix are not followed
	Lang   string // Accept-Language; "" sends none
}

// New makes a browser without cookies.
func New() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // documented never to happen
	}
	return &Browser{client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Trust makes the browser believe the certificates these roots signed, and no
// others.
func (b *Browser) Trust(roots *x509.CertPool) *Browser {
	b.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return b
}

// StopAt makes the browser stand still before an address with this prefix: a
// test then plays the service provider itself.
func (b *Browser) StopAt(prefix string) *Browser {
	b.stop = prefix
	return b
}

// Cookies are those the browser would send to an address.
func (b *Browser) Cookies(address string) []*http.Cookie {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return b.client.Jar.Cookies(u)
}

// Plant puts a cookie into the browser, as its thief would.
func (b *Browser) Plant(address string, cookie *http.Cookie) *Browser {
	if u, err := url.Parse(address); err == nil {
		b.client.Jar.SetCookies(u, []*http.Cookie{cookie})
	}
	return b
}

// A Page is what the browser shows.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   string
	root   *html.Node
	// Stopped is the address the browser did not follow (StopAt).
	Stopped *url.URL
}

// Get opens an address.
func (b *Browser) Get(address string) (*Page, error) {
	return b.send(http.MethodGet, address, nil, "")
}

const mostRedirects = 12

// send follows redirects as browsers do: a 303 turns a POST into a GET.
func (b *Browser) send(method, address string, form url.Values, origin string) (*Page, error) {
	for range mostRedirects {
		page, next, err := b.once(method, address, form, origin)
		if err != nil || next == nil {
			return page, err
		}
		if b.stop != "" && strings.HasPrefix(next.String(), b.stop) {
			page.Stopped = next
			return page, nil
		}
		method, address, form, origin = http.MethodGet, next.String(), nil, ""
	}
	return nil, errors.New("too many redirects")
}

func (b *Browser) once(method, address string, form url.Values, origin string) (*Page, *url.URL, error) {
	req, err := b.request(method, address, form, origin)
	if err != nil {
		return nil, nil, err
	}
	return b.answer(req)
}

func (b *Browser) answer(req *http.Request) (*Page, *url.URL, error) {
	res, err := b.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", req.URL.Path, err)
	}
	page := &Page{URL: req.URL, Status: res.StatusCode, Header: res.Header, Body: string(body)}
	if next, err := res.Location(); err == nil && res.StatusCode >= 300 && res.StatusCode < 400 {
		return page, next, nil
	}
	page.root, err = html.Parse(strings.NewReader(page.Body))
	return page, nil, err
}

func (b *Browser) request(method, address string, form url.Values, origin string) (*http.Request, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, address, body)
	if err != nil {
		return nil, fmt.Errorf("opening an address: %w", err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", origin)
	}
	if b.Lang != "" {
		req.Header.Set("Accept-Language", b.Lang)
	}
	return req, nil
}
