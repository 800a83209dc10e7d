package journey

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Cookie names (design §4). On an http loopback issuer browsers would refuse
// the __Host- prefix, so it is dropped there together with Secure.
const (
	hostPrefix   = "__Host-"
	cookiePrefix = "accord-i-"
	mostCookies  = 5
	secretSize   = 32
)

var handleShape = regexp.MustCompile(`^[A-Za-z0-9_-]{8}$`)

// A ticket is what an interaction's cookie carries: its id, which is public,
// and the secret that opens it.
type ticket struct {
	handle string
	id     uuid.UUID
	secret []byte
}

func newTicket(id uuid.UUID) ticket {
	raw := make([]byte, 6+secretSize)
	rand.Read(raw)
	return ticket{base64.RawURLEncoding.EncodeToString(raw[:6]), id, raw[6:]}
}

// renewed is the same interaction under a new secret: what a page planted in
// the browser before the login opens nothing after it.
func (t ticket) renewed() ticket {
	fresh := newTicket(t.id)
	fresh.handle = t.handle
	return fresh
}

func (t ticket) value() string {
	return base64.RawURLEncoding.EncodeToString(slices.Concat(t.id[:], t.secret))
}

func parseTicket(handle, value string) (ticket, error) {
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(raw) != 16+secretSize || !handleShape.MatchString(handle) {
		return ticket{}, fmt.Errorf("cookie of another shape")
	}
	return ticket{handle, uuid.UUID(raw[:16]), raw[16:]}, nil
}

func (j *Journey) cookieName(handle string) string {
	if j.Loopback {
		return cookiePrefix + handle
	}
	return hostPrefix + cookiePrefix + handle
}

func (j *Journey) setTicket(w http.ResponseWriter, t ticket) {
	http.SetCookie(w, &http.Cookie{
		Name: j.cookieName(t.handle), Value: t.value(), Path: "/",
		Secure: !j.Loopback, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (j *Journey) dropTicket(w http.ResponseWriter, t ticket) {
	http.SetCookie(w, &http.Cookie{
		Name: j.cookieName(t.handle), Path: "/", MaxAge: -1,
		Secure: !j.Loopback, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// ticketOf finds the ticket a page's parameter i names.
func (j *Journey) ticketOf(r *http.Request, handle string) (ticket, error) {
	if !handleShape.MatchString(handle) {
		return ticket{}, fmt.Errorf("parameter i of another shape")
	}
	c, err := r.Cookie(j.cookieName(handle))
	if err != nil {
		return ticket{}, fmt.Errorf("no cookie for this interaction")
	}
	return parseTicket(handle, c.Value)
}

// tickets lists the browser's interactions, oldest first: their ids are
// UUIDv7, which sort by time.
func (j *Journey) tickets(r *http.Request) []ticket {
	var all []ticket
	prefix := j.cookieName("")
	for _, c := range r.Cookies() {
		handle, ok := strings.CutPrefix(c.Name, prefix)
		if !ok {
			continue
		}
		if t, err := parseTicket(handle, c.Value); err == nil {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b ticket) int { return bytes.Compare(a.id[:], b.id[:]) })
	return all
}

// makeRoom drops the oldest interactions of this browser beyond the cap.
func (j *Journey) makeRoom(w http.ResponseWriter, r *http.Request) {
	all := j.tickets(r)
	for len(all) >= mostCookies {
		j.forget(r.Context(), all[0].secret)
		j.dropTicket(w, all[0])
		all = all[1:]
	}
}
