package issuer

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// responseParameters may not stand in a registered redirect URI: a client
// could not tell ours from its own (RFC 6749 §4.1.2, RFC 9207).
func responseParameters() []string {
	return []string{"code", "state", "iss", "error", "error_description", "error_uri", "id_token", "access_token", "response"}
}

func checkURIs(p *problems, path string, uris []string) {
	seen := map[string]bool{}
	for n, uri := range uris {
		at := fmt.Sprintf("%s[%d]", path, n)
		if message := badURI(uri); message != "" {
			p.add(at, "%s", message)
		}
		if seen[uri] {
			p.add(at, "stands there twice: remove one")
		}
		seen[uri] = true
	}
}

// badURI says what is wrong with a registered address; "" for a good one.
func badURI(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || uri == "" || len(uri) > 2048 || !printable(uri) || strings.ContainsAny(uri, " \\"):
		return "write an absolute address of at most 2048 ASCII characters, without spaces or backslashes"
	case strings.Contains(uri, "#"):
		return "remove the fragment (#…)"
	case strings.Contains(uri, "*"):
		return "wildcards are not allowed: write each address whole"
	case u.User != nil:
		return "remove the user name before the host"
	case u.Hostname() == "" || u.Opaque != "":
		return "write an absolute address, https://host/path"
	case !secureOrLoopback(u):
		return "write https (http is for loopback hosts: localhost, 127.0.0.1, [::1])"
	}
	return badQuery(u)
}

func badQuery(u *url.URL) string {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "the query cannot be read: write name=value pairs"
	}
	for _, name := range responseParameters() {
		if q.Has(name) {
			return "remove the parameter " + name + ": it is one of the answer's own"
		}
	}
	return ""
}

// secureOrLoopback allows https anywhere and http on loopback hosts (RFC 8252
// §8.3).
func secureOrLoopback(u *url.URL) bool {
	switch u.Scheme {
	case "https":
		return true
	case "http":
		return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	}
	return false
}

// printable reports whether s has ASCII characters from space to tilde only.
func printable(s string) bool {
	for _, b := range []byte(s) {
		if b < 0x20 || b > 0x7e {
			return false
		}
	}
	return true
}

// only reports whether s has characters of the alphabet only.
func only(s, alphabet string) bool {
	for _, r := range s {
		if !strings.ContainsRune(alphabet, r) {
			return false
		}
	}
	return true
}
