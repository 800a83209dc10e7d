package fcsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// elsewhere is nobody's address.
const elsewhere = "https://other.example"

func refusable() []lie {
	return slices.Concat(callbackLies(), idTokenLies(), userinfoLies(), tokenLies(), documentLies())
}

func callbackLies() []lie {
	back := func(name Fault, change func(*Simulator, url.Values)) lie { return lie{name: name, callback: change} }
	return []lie{
		back("state-missing", func(_ *Simulator, q url.Values) { q.Del("state") }),
		back("state-other", func(_ *Simulator, q url.Values) { q.Set("state", random(32)) }),
		back("state-undefined", func(s *Simulator, q url.Values) { failed(q, "server_error"); q.Set("state", "undefined") }),
		back("iss-missing", func(_ *Simulator, q url.Values) { q.Del("iss") }),
		back("iss-other", func(_ *Simulator, q url.Values) { q.Set("iss", elsewhere) }),
		back("code-and-error", func(_ *Simulator, q url.Values) { q.Set("error", "server_error") }),
		back("code-missing", func(_ *Simulator, q url.Values) { q.Del("code") }),
		back("cancelled", func(_ *Simulator, q url.Values) { failed(q, "access_denied") }),
		back("invalid-acr", func(_ *Simulator, q url.Values) { failed(q, "invalid_acr") }),
		back("server-error", func(_ *Simulator, q url.Values) { failed(q, "server_error") }),
		back("busy", func(_ *Simulator, q url.Values) { failed(q, "temporarily_unavailable") }),
		back("error-unknown", func(_ *Simulator, q url.Values) { failed(q, "erreur_inédite") }),
	}
}

// failed puts an error in the place of the code, with a description that is
// hard to read.
func failed(q url.Values, code string) {
	q.Del("code")
	q.Set("error", code)
	q.Set("error_description", "échec + « œuvre » à 100 %")
}

func idTokenLies() []lie {
	claim := func(name Fault, member string, value func(*Simulator) any) lie {
		return lie{name: name, idToken: func(s *Simulator, c map[string]any) { set(c, member, value(s)) }}
	}
	always := func(v any) func(*Simulator) any { return func(*Simulator) any { return v } }
	return []lie{
		claim("nonce-missing", "nonce", always(nil)),
		claim("nonce-other", "nonce", always(strings.Repeat("0", 64))),
		claim("id-iss-other", "iss", always(elsewhere)),
		claim("id-aud-other", "aud", always("other")),
		claim("id-sub-missing", "sub", always(nil)),
		claim("id-expired", "exp", func(s *Simulator) any { return s.options.Now().Add(-time.Minute).Unix() }),
		{name: "id-iat-future", idToken: func(s *Simulator, c map[string]any) {
			c["iat"], c["exp"] = s.options.Now().Add(time.Hour).Unix(), s.options.Now().Add(61*time.Minute).Unix()
		}},
		claim("acr-missing", "acr", always(nil)),
		claim("acr-lower", "acr", always("eidas1")), // on FranceConnect, which has no other, the truth
		claim("acr-unknown", "acr", always("eidas0")),
		{name: "id-alg-none", signID: unsigned},
		{name: "id-alg-hs256", signID: keyedByPublicKey},
		{name: "id-kid-unknown", signID: byUnknownKey},
		{name: "id-key-other", signID: byOtherKey},
	}
}

// set sets a member, or removes it when v is nil.
func set(m map[string]any, name string, v any) {
	m[name] = v
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
}

func userinfoLies() []lie {
	claim := func(name Fault, member string, v any) lie {
		return lie{name: name, userinfo: func(_ *Simulator, c map[string]any) { set(c, member, v) }}
	}
	at := func(name Fault, h func(*Simulator, http.ResponseWriter, *http.Request)) lie {
		return lie{name: name, instead: map[string]func(*Simulator, http.ResponseWriter, *http.Request){"userinfo": h}}
	}
	return []lie{
		at("info-json", func(_ *Simulator, w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, "application/json; charset=utf-8", map[string]any{"sub": "someone"})
		}),
		{name: "info-key-other", signInfo: byOtherKey},
		{name: "info-kid-unknown", signInfo: byUnknownKey},
		{name: "info-alg-none", signInfo: unsigned},
		claim("info-sub-other", "sub", strings.Repeat("0", 64)+"v1"),
		claim("info-sub-missing", "sub", nil),
		claim("info-iss-other", "iss", elsewhere),
		claim("info-aud-other", "aud", "other"),
		{name: "info-expired", userinfo: func(s *Simulator, c map[string]any) { c["exp"] = s.options.Now().Add(-time.Minute).Unix() }},
		at("info-oversized", enormous("application/jwt")),
		at("info-late", func(s *Simulator, w http.ResponseWriter, _ *http.Request) {
			s.refuseUserinfo(w, "invalid_token", http.StatusUnauthorized, "invalid token provided", "grant is expired")
		}),
		at("info-503", status(http.StatusServiceUnavailable)),
		claim("info-birthdate-malformed", "birthdate", "17/05/1984"),
	}
}

func tokenLies() []lie {
	at := func(name Fault, h func(*Simulator, http.ResponseWriter, *http.Request)) lie {
		return lie{name: name, instead: map[string]func(*Simulator, http.ResponseWriter, *http.Request){"token": h}}
	}
	return []lie{
		{name: "token-no-id", tokens: func(m map[string]any) { delete(m, "id_token") }},
		{name: "token-type-other", tokens: func(m map[string]any) { m["token_type"] = "mac" }},
		{name: "token-no-access", tokens: func(m map[string]any) { delete(m, "access_token") }},
		at("token-html-502", status(http.StatusBadGateway)),
		at("token-500", status(http.StatusInternalServerError)),
		at("token-html-200", status(http.StatusOK)),
		at("token-slow", slow),
		at("token-cut", cut),
		at("code-expired", func(_ *Simulator, w http.ResponseWriter, _ *http.Request) {
			jsonError(w, http.StatusBadRequest, "invalid_grant", "grant request is invalid", "authorization code not found")
		}),
	}
}
