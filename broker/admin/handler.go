package admin

import "net/http"

// Handler serves the socket's three addresses.
func Handler(h *Health, m *Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", h.Live)
	mux.HandleFunc("GET /readyz", h.Detailed)
	mux.Handle("GET /metrics", m.Handler())
	return mux
}
