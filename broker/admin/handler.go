package admin

import (
	"context"
	"io"
	"net/http"
)

// Config is what the socket serves. Health and Metrics are needed; what is nil
// of the rest answers 404.
type Config struct {
	Health  *Health
	Metrics *Metrics
	Backup  func(context.Context, io.Writer) error // POST /backup: the store's bytes
	Export  http.Handler                           // GET /export: the opened log, NDJSON
	Acts    http.Handler                           // POST and GET below /keys/, /erase, /approvals/ and /extract: acts of operators
}

// Handler serves the socket's addresses.
func Handler(c Config) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", c.Health.Live)
	mux.HandleFunc("GET /readyz", c.Health.Detailed)
	mux.Handle("GET /metrics", c.Metrics.Handler())
	if c.Backup != nil {
		mux.HandleFunc("POST /backup", backup(c.Backup))
	}
	if c.Export != nil {
		mux.Handle("GET /export", c.Export)
	}
	if c.Acts != nil {
		for _, path := range []string{"/keys/", "/erase", "/erase/", "/extract", "/approvals/", "/desk/", "/requests", "/requests/"} {
			mux.Handle(path, c.Acts)
		}
	}
	return mux
}
