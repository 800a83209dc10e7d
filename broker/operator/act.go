package operator

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"accord/broker/admin"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
)

const maxBody = 64 << 10 // bytes of one act's JSON

// An act is one request of an operator. log must be called, and succeed,
// before anything is done or told.
type act struct {
	*http.Request
	name string
	uid  int
	log  func(detail string) error
}

// errRequest marks what the caller must write otherwise.
var errRequest = errors.New("not understood")

var errNobody = errors.New("nobody can tell which user this is")

// act serves one kind of act: it answers JSON, or an error as text.
func (o *Operators) act(name string, do func(act) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		uid, known := admin.Peer(r.Context())
		if !known {
			fail(w, http.StatusForbidden, errNobody)
			return
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // an erasure may take longer than an answer
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		a := act{Request: r, name: name, uid: uid}
		a.log = func(detail string) error { return o.record(a, detail) }
		answer, err := do(a)
		if err != nil {
			o.Log.WarnContext(r.Context(), "operator's act failed", slog.String("act", name), slog.Int("uid", uid), slog.Any("cause", err))
			fail(w, statusOf(err), err)
			return
		}
		reply(w, answer)
	}
}

// Logged serves next, which reads and changes nothing, as an act of its own.
func (o *Operators) Logged(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uid, known := admin.Peer(r.Context())
		if !known {
			fail(w, http.StatusForbidden, errNobody)
			return
		}
		if err := o.record(act{Request: r, name: name, uid: uid}, ""); err != nil {
			fail(w, statusOf(err), err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// record logs admin.act (21). detail names no person.
func (o *Operators) record(a act, detail string) error {
	reason := "uid " + strconv.Itoa(a.uid)
	if detail != "" {
		reason += ", " + detail
	}
	if _, err := o.Store.LogAdmin(a.Context(), audit.Event{ID: a.name, Reason: reason}); err != nil {
		return fmt.Errorf("logging the act %s: %w", a.name, err)
	}
	o.Log.InfoContext(a.Context(), "operator's act", slog.String("act", a.name), slog.Int("uid", a.uid))
	return nil
}

// read decodes the act's JSON, strictly.
func (a act) read(into any) error {
	d := json.NewDecoder(a.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("reading the request: %w", errRequest) // the cause could quote a name
	}
	if d.More() {
		return fmt.Errorf("reading the request: more than one value: %w", errRequest)
	}
	return nil
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, errRequest):
		return http.StatusBadRequest
	case errors.Is(err, ErrSameOperator):
		return http.StatusForbidden
	case errors.Is(err, store.ErrNotFound), errors.Is(err, ErrNoProposal), errors.Is(err, keyring.ErrNoSuchKey):
		return http.StatusNotFound
	case errors.Is(err, store.ErrConflict), errors.Is(err, keyring.ErrBought), errors.Is(err, ErrMistakes):
		return http.StatusConflict
	case errors.Is(err, store.ErrOverloaded), errors.Is(err, store.ErrUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func reply(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(answer) // the caller is gone
}

func fail(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, err) // the caller is gone
}
