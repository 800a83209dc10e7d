package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// Causes of an answer other than Found, for the log.
var (
	ErrQuota         = errors.New("source quota used up for the time left")
	ErrQueue         = errors.New("too many queries wait for the source")
	ErrOpen          = errors.New("source failing, not asked for a while")
	ErrTimeout       = errors.New("source too slow")
	ErrConnection    = errors.New("connection to the source broken or refused")
	ErrName          = errors.New("source's host name not resolved")
	ErrTLS           = errors.New("source's certificate or TLS refused")
	ErrTooLarge      = errors.New("source's answer over the size limit")
	ErrShape         = errors.New("source's answer not of the expected shape")
	ErrIncomplete    = errors.New("source's answer incomplete")
	ErrAnotherPerson = errors.New("another person's answer")
	// ErrAnothersIdentifier: what the citizen typed leads to another person. It
	// is no alarm: people mistype.
	ErrAnothersIdentifier = errors.New("identifier of another person")
	ErrCredentials        = errors.New("source refuses our credentials")
	ErrToken              = errors.New("source's token endpoint unusable")
	ErrAttempt            = errors.New("attempt not recorded, source not called")
	ErrRecipient          = errors.New("recipient without a SIRET of 14 digits")
	ErrPanic              = errors.New("connector panicked")
)

// An Unlisted is an answer no row of a connector's table foresees. It is an
// alarm: the source has changed, or something else answered in its place.
type Unlisted struct {
	Status int // HTTP status
	Code   int // the source's own error code; 0 when it gave none
}

func (u *Unlisted) Error() string {
	return fmt.Sprintf("unlisted answer of the source: status %d, code %d", u.Status, u.Code)
}

// classify keeps of a transport error its class only: *url.Error holds the
// query, hence the person, and net/http quotes what it could not read.
func classify(err error) error {
	var timeout net.Error
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, ErrTooLarge):
		return ErrTooLarge
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ErrTimeout
	case errors.As(err, &certificate), errors.As(err, &record):
		return ErrTLS
	case errors.As(err, &name):
		return ErrName
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w: refused", ErrConnection)
	}
	return ErrConnection
}
