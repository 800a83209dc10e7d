package fcsim

import (
	"net/http"
	"net/url"
	"sync/atomic"
)

// A Simulator is FranceConnect for one client. It is safe for concurrent use.
// Whoever serves it must listen on loopback only: anybody who reaches it can be
// any of its personas.
type Simulator struct {
	options Options
	issuer  *url.URL
	keys    *keys
	pages   pages
	memory  *memory
	mux     *http.ServeMux
	http    *http.Client // towards data providers' keys
	played  atomic.Pointer[lie]
}

// New builds a simulator with new keys. It panics on options no program should
// hold: an issuer that is no URL, a short secret, an unknown algorithm.
func New(o Options) *Simulator {
	o, issuer := o.complete()
	s := &Simulator{options: o, issuer: issuer, keys: newKeys(o.Now), pages: newPages(), memory: newMemory(o.Now, o.sessionLife()), mux: http.NewServeMux(), http: keysClient()}
	s.routes()
	return s
}

func (s *Simulator) routes() {
	s.handle("GET", "/.well-known/openid-configuration", "discovery", s.discovery)
	s.handle("GET", "/jwks", "jwks", s.jwks)
	s.handle("GET", "/authorize", "authorize", s.authorize)
	s.handle("GET", "/interaction/{uid}", "interaction", s.interaction(s.showPicker))
	s.handle("POST", "/interaction/{uid}", "interaction", s.interaction(s.choose))
	s.handle("GET", "/interaction/{uid}/cancel", "interaction", s.interaction(s.cancel))
	s.handle("GET", "/interaction/{uid}/consent", "interaction", s.interaction(s.showConsent))
	s.handle("GET", "/interaction/{uid}/leave/{code}", "interaction", s.interaction(s.leave))
	s.handle("POST", "/interaction/{uid}/login", "interaction", s.interaction(s.login))
	s.handle("POST", "/token", "token", s.token)
	s.handle("GET", "/userinfo", "userinfo", s.userinfo)
	s.handle("POST", "/token/revocation", "revocation", s.revoke)
	s.handle("GET", "/session/end", "logout", s.logout)
	if s.options.Plus == nil { // FranceConnect+ has not signed introspections for long
		s.handle("POST", "/checktoken", "checktoken", s.checktoken)
	}
	s.handle("GET", "/fcsim.css", "css", s.pages.stylesheet)
	s.mux.HandleFunc("GET /{$}", s.landing)
	s.mux.HandleFunc("/", http.NotFound) // another method of a known path is not known either
}

// handle mounts h under the issuer's path, behind the fault switch.
func (s *Simulator) handle(method, path, point string, h http.HandlerFunc) {
	s.mux.HandleFunc(method+" "+s.issuer.Path+path, func(w http.ResponseWriter, r *http.Request) {
		if status := s.fault(point); status != 0 {
			http.Error(w, http.StatusText(status), status)
			return
		}
		if s.replaced(w, r, point, "") {
			return
		}
		h(w, r)
	})
}

func (s *Simulator) fault(point string) int {
	if s.options.Fault == nil {
		return 0
	}
	return s.options.Fault(point)
}

// ServeHTTP serves the issuer's path, and a word of presentation at "/".
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	s.mux.ServeHTTP(w, r)
}

// maxForm bounds a request's body, in bytes.
const maxForm = 64 << 10

// url gives an address under the issuer.
func (s *Simulator) url(path string) string { return s.options.Issuer + path }

func (s *Simulator) landing(w http.ResponseWriter, r *http.Request) {
	s.pages.message(w, s.layout(r), http.StatusOK, message{})
}
