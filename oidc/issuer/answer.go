package issuer

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// noStore is set before anything else on every answer but keys and discovery
// (RFC 6749 §5.1): an error may tell a cache as much as a token.
func noStore(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
}

// allowed answers 405 with Allow when the method is not one of those given.
// The library takes any verb on any endpoint (design note 0001, B2).
func allowed(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	writeJSON(w, http.StatusMethodNotAllowed, errorBody{Code: "invalid_request", Description: "the method is not allowed here"})
	return false
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that left is not ours to mourn
}

// errorBody is RFC 6749 §5.2.
type errorBody struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// refuse answers with a JSON error and logs it.
func (i *Issuer) refuse(w http.ResponseWriter, r *http.Request, e *Error) {
	i.logRefusal(r.Context(), r.URL.Path, e)
	status := e.HTTPStatus()
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+i.config.Issuer+`", charset="UTF-8"`)
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "2")
	}
	writeJSON(w, status, e.body())
}

func (e *Error) body() errorBody {
	code := e.Code
	if code == "" {
		code = "invalid_request"
	}
	return errorBody{Code: errorCode(code).Code, Description: describe(e.Description)}
}

// quotedText is what of a description the request itself said, such as a scope.
var quotedText = regexp.MustCompile(`"[^"]*"`)

// logRefusal writes no parameter of the request, nor what its address names:
// they may be secrets.
func (i *Issuer) logRefusal(ctx context.Context, path string, e *Error) {
	level := slog.LevelInfo
	if e.HTTPStatus() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if strings.HasPrefix(path, pathGrants) {
		path = pathGrants
	}
	told := quotedText.ReplaceAllLiteralString(e.Description, `"…"`)
	attrs := []slog.Attr{slog.String("path", path), slog.String("code", e.Code), slog.String("description", told)}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	i.config.Log.LogAttrs(ctx, level, "refused", attrs...)
}
