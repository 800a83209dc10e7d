package issuer

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"
)

// nonceWindow is how long one nonce is given out; it is taken for as long
// again, so that a client never finds its newest nonce too old.
const nonceWindow = 2 * time.Minute

// nonces are DPoP nonces (RFC 9449 §8) that need no memory: each is the HMAC
// of a window of time. The secret is drawn at each start, so that no proof
// made before it counts after it: the jti of proofs need not outlive a start
// (design §7).
type nonces struct {
	secret [sha256.Size]byte
	now    func() time.Time
}

func newNonces(now func() time.Time) nonces {
	n := nonces{now: now}
	_, _ = rand.Read(n.secret[:]) // never fails (crypto/rand)
	return n
}

// current is the nonce to give out now: 43 base64url characters.
func (n *nonces) current() string { return n.of(n.window()) }

// good reports whether a nonce was given out in this window or the one before.
func (n *nonces) good(nonce string) bool {
	now := n.window()
	same := func(window int64) bool { return hmac.Equal([]byte(nonce), []byte(n.of(window))) }
	return same(now) || same(now-1)
}

func (n *nonces) window() int64 { return n.now().Unix() / int64(nonceWindow/time.Second) }

func (n *nonces) of(window int64) string {
	mac := hmac.New(sha256.New, n.secret[:])
	mac.Write(binary.BigEndian.AppendUint64([]byte("accord-dpop-nonce-v1"), uint64(window)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Nonce is what the next DPoP proof must hold: the value of the header
// DPoP-Nonce, on every answer of an address that reads proofs.
func (i *Issuer) Nonce() string { return i.nonces.current() }

// proving begins every answer of an endpoint that reads DPoP proofs.
func (i *Issuer) proving(h http.Header) {
	noStore(h)
	h.Set("DPoP-Nonce", i.Nonce())
}
