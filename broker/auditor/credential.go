package auditor

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"accord/broker/failure"
	"accord/consent/audit"
)

// A Credential is one auditor's: what their bearer token must hash to.
type Credential struct {
	Name       string // as the operator's log tells who read
	SecretHash string // "sha-256:" and the base64url of SHA-256(secret)
}

// How much an auditor may read: an answer is made whole in memory, so only few
// at once.
const (
	mostAnswers   = 2 // being made at once, for all auditors
	answersPerSec = 5 // of one auditor
	answersBurst  = 20
)

// readers are the auditors and what each may still ask.
type readers struct {
	credentials []Credential
	limits      map[string]*rate.Limiter // by name
	places      chan struct{}            // one for each answer being made
}

func newReaders(all []Credential) *readers {
	r := &readers{all, map[string]*rate.Limiter{}, make(chan struct{}, mostAnswers)}
	for _, one := range all {
		r.limits[one.Name] = rate.NewLimiter(answersPerSec, answersBurst)
	}
	return r
}

// of is the auditor a request's bearer token belongs to (RFC 6750 §2.1), "" for
// any other. Every credential is compared, each in constant time.
func (r *readers) of(req *http.Request) (name string) {
	scheme, token, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return ""
	}
	digest := []byte(audit.Digest([]byte(token)))
	for _, one := range r.credentials {
		if subtle.ConstantTimeCompare(digest, []byte(one.SecretHash)) == 1 {
			name = one.Name
		}
	}
	return name
}

// forAuditors admits an auditor within bounds, and notes who read.
func (p *Pages) forAuditors(serve func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		c.Header("Cache-Control", "no-store")
		name := p.readers.of(c.Request)
		if name == "" {
			challenge(c)
			return nil
		}
		if !p.readers.limits[name].Allow() {
			return failure.Newf(failure.TooMany, "auditor %s asks too often", name)
		}
		select {
		case p.readers.places <- struct{}{}:
			defer func() { <-p.readers.places }()
		default:
			return failure.Newf(failure.TooMany, "auditors ask too much at once")
		}
		p.Log.InfoContext(c.Request.Context(), "openings read", "auditor", name, "address", c.FullPath())
		return serve(c)
	}
}

// challenge says how to authenticate (RFC 6750 §3), and nothing more.
func challenge(c *gin.Context) {
	value := `Bearer realm="accord-auditor"`
	if c.GetHeader("Authorization") != "" {
		value += `, error="invalid_token"`
	}
	c.Header("WWW-Authenticate", value)
	c.Data(http.StatusUnauthorized, text, []byte("Réservé aux auditeurs. For auditors only.\n"))
}
