package admin

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// A copy's speed in MiB/s: an unthrottled one takes the disk from the writers.
const (
	BackupRate    = 32
	MaxBackupRate = 4096
)

const (
	throttleStep = 256 << 10 // bytes written at once
	stepTimeout  = time.Minute
)

// backup answers POST /backup?rate=MIB with copy's bytes, throttled. An answer
// cut short is a copy that failed; it is never ended cleanly.
func backup(copy func(context.Context, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		mib, err := strconv.Atoi(r.URL.Query().Get("rate"))
		if err != nil || mib < 1 || mib > MaxBackupRate {
			answer(w, http.StatusBadRequest, "rate: 1 to "+strconv.Itoa(MaxBackupRate)+" MiB/s\n")
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		out := Throttle(r.Context(), patient{w, http.NewResponseController(w)}, mib)
		if err := copy(r.Context(), out); err != nil {
			panic(http.ErrAbortHandler) // the only way to end an answer that is not whole
		}
	}
}

// patient gives each step its own time: the server's bound is for a whole answer.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Time{}) // not every writer has one
	_ = p.control.SetWriteDeadline(time.Now().Add(stepTimeout))
	return p.w.Write(b)
}

// Throttle writes to w at most mib MiB a second, and ends with ctx.
func Throttle(ctx context.Context, w io.Writer, mib int) io.Writer {
	return &throttled{ctx, w, rate.NewLimiter(rate.Limit(mib<<20), throttleStep)}
}

type throttled struct {
	ctx   context.Context
	w     io.Writer
	limit *rate.Limiter
}

func (t *throttled) Write(b []byte) (n int, err error) {
	for n < len(b) {
		step := b[n:min(n+throttleStep, len(b))]
		if err := t.limit.WaitN(t.ctx, len(step)); err != nil {
			return n, err
		}
		m, err := t.w.Write(step)
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
