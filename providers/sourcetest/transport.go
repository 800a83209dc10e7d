package sourcetest

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"syscall"

	"accord/providers"
)

// CommonReference are the rows of §4 that every source can meet.
func CommonReference() []string {
	return []string{
		"4 XX000", "4 XX001", "4 XX002", "4 XX004", "4 XX006", "4 XX008", "4 XX009", "4 XX011", "4 XX020", "4 XX999",
	}
}

// Common are the answers those rows stand for, and the same for every source.
func Common() []Refusal {
	const page = "<html>"
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	down := func(reference, name string, status int, cause string, attempts int) Refusal {
		return Refusal{Reference: reference, Name: name, Status: status, Body: page, Outcome: providers.Unavailable, Cause: cause, Attempts: attempts}
	}
	none := func(reference, name string, err error, cause string, attempts int) Refusal {
		return Refusal{Reference: reference, Name: name, Transport: err, Outcome: providers.Unavailable, Cause: cause, Attempts: attempts}
	}
	refused := Refusal{Reference: "4 XX006", Name: "401", Status: http.StatusUnauthorized, Body: page, Outcome: providers.Refused, Cause: "credentials", Attempts: 2}
	moved := func(status int) Refusal {
		return Refusal{Reference: "4 XX000", Name: http.StatusText(status), Status: status, Header: http.Header{"Location": {"https://other.example/"}}, Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true}
	}
	return []Refusal{
		down("4 XX000", "500", 500, "in error", 1),
		moved(301), moved(302), moved(303), moved(307), moved(308),
		down("4 XX001", "502", 502, "in error", 2),
		down("4 XX001", "503", 503, "in error", 2),
		none("4 XX001", "refused", dial(syscall.ECONNREFUSED), "refused", 2),
		none("4 XX001", "reset", dial(syscall.ECONNRESET), "broken", 2),
		down("4 XX002", "504", 504, "in error", 2),
		none("4 XX002", "timeout", dial(os.ErrDeadlineExceeded), "too slow", 1),
		none("4 XX004", "DNS", dial(&net.DNSError{Err: "no such host", Name: "hub.example", IsNotFound: true}), "not resolved", 1),
		refused,
		down("4 XX008", "429", 429, "limit", 1),
		none("4 XX009", "certificate", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "TLS", 1),
		down("4 XX011", "temporary", 503, "in error", 2),
		down("4 XX020", "maintenance", 503, "in error", 2),
		{Reference: "4 XX999", Name: "teapot", Status: 418, Body: `{"errorCode":1}`, Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true},
		{Name: "no status of HTTP's", Status: 999, Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true},
		{Name: "accepted", Status: 202, Body: "{}", Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true},
		{Name: "partial content", Status: 206, Body: "{}", Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true},
	}
}
