package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// checkTimeout bounds one readiness check.
const checkTimeout = 2 * time.Second

// A Check is one condition of readiness. Run returns nil when it holds; its
// error is shown on the socket only.
type Check struct {
	Name string // a word: store, keys, clock
	Run  func(ctx context.Context) error
}

// Health answers /livez and /readyz. The zero value is not ready and has no
// checks.
type Health struct {
	Checks []Check
	// Warn tells, on the socket only, what will need someone without making
	// Accord unready: a sentence each. May be nil.
	Warn func() []string

	ready atomic.Bool
}

// Ready opens or drains: a draining Accord answers unready, while requests
// already on their way are still served.
func (h *Health) Ready(ready bool) { h.ready.Store(ready) }

// Live answers 200 as long as the process can answer at all.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "live\n") }

// Public answers 200 or 503 and nothing about why.
func (h *Health) Public(w http.ResponseWriter, r *http.Request) {
	if h.ready.Load() && len(h.failing(r.Context())) == 0 {
		answer(w, http.StatusOK, "ready\n")
		return
	}
	answer(w, http.StatusServiceUnavailable, "not ready\n")
}

// Detailed answers 200 or 503 and, as JSON, which check fails and why; for the
// socket.
func (h *Health) Detailed(w http.ResponseWriter, r *http.Request) {
	failing := h.failing(r.Context())
	status := http.StatusOK
	if len(failing) > 0 || !h.ready.Load() {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	warnings := []string{}
	if h.Warn != nil {
		warnings = append(warnings, h.Warn()...)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "draining": !h.ready.Load(), "failing": failing, "warnings": warnings})
}

func (h *Health) failing(ctx context.Context) map[string]string {
	failing := map[string]string{}
	for _, c := range h.Checks {
		if err := run(ctx, c); err != nil {
			failing[c.Name] = err.Error()
		}
	}
	return failing
}

func run(ctx context.Context, c Check) (err error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("checking %s: panic", c.Name)
		}
	}()
	return c.Run(ctx)
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
