package faults

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Token is next, the token endpoint, under the switch's faults.
func (s *Switch) Token(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seeToken()
		switch s.take(true) {
		case TokenDown:
			page(w, http.StatusServiceUnavailable)
		case TokenGarbage:
			page(w, http.StatusOK)
		case TokenRefused:
			JSON(w, http.StatusUnauthorized, `{"error":"invalid_client"}`)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// Person is next, which answers about a person, under the switch's faults.
func (s *Switch) Person(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.see(r.Header.Get("X-Correlation-ID"))
		r.Header.Del(otherPerson)
		if s.Concerns != nil && !s.Concerns(r) {
			next.ServeHTTP(w, r)
			return
		}
		kind := s.take(false)
		if answerInstead(kind, w, r) {
			return
		}
		switch kind {
		case Slow:
			s.wait(r)
		case OtherPerson:
			r.Header.Set(otherPerson, "1")
		}
		s.relay(kind, next, w, r)
	})
}

// answerInstead writes the answers that need nothing of the simulator.
func answerInstead(kind Kind, w http.ResponseWriter, r *http.Request) bool {
	switch kind {
	case Down:
		page(w, http.StatusServiceUnavailable)
	case HangUp:
		panic(http.ErrAbortHandler)
	case Garbage:
		page(w, http.StatusOK)
	case WrongShape:
		JSON(w, http.StatusOK, `{"status":"ok","results":[{"id":7}]}`)
	case Empty:
		w.WriteHeader(http.StatusOK)
	case TooMany:
		w.Header().Set("Retry-After", "1")
		JSON(w, http.StatusTooManyRequests, `{"error":"too many requests"}`)
	case Redirect:
		http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
	case Huge:
		JSON(w, http.StatusOK, `{"text":"`+strings.Repeat("x", 1<<20)+`"}`)
	case Unlisted:
		JSON(w, http.StatusNotFound, `{"errorCode":49999,"error":"imprévu"}`)
	case NotFoundPage:
		page(w, http.StatusNotFound)
	case Forbidden:
		page(w, http.StatusForbidden)
	case Expired:
		JSON(w, http.StatusUnauthorized, `{"error":"invalid_token"}`)
	default:
		return false
	}
	return true
}

// relay sends what the simulator answers, mutated or cut.
func (s *Switch) relay(kind Kind, next http.Handler, w http.ResponseWriter, r *http.Request) {
	mutate := s.mutation()
	if kind != Truncated && kind != Swapped && mutate == nil {
		next.ServeHTTP(w, r)
		return
	}
	recorded := &recorder{header: make(http.Header), status: http.StatusOK}
	next.ServeHTTP(recorded, r)
	if kind == Swapped {
		var met bool
		if recorded, met = s.swap(recorded, r); !met {
			panic(http.ErrAbortHandler)
		}
	}
	body := recorded.body.Bytes()
	if mutate != nil {
		body = mutate(body)
	}
	for name, values := range recorded.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(recorded.status)
	if kind == Truncated {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body) // the caller may be gone
}

// A recorder keeps an answer to be changed before it leaves.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// wait reads the body first: only then does net/http notice that the caller
// leaves.
func (s *Switch) wait(r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		return // the caller left already
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	delay := s.Delay
	if delay == 0 {
		delay = 30 * time.Second
	}
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
	}
}

// JSON answers body with status.
func JSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><body><h1>Page du répartiteur</h1></body></html>")
}
