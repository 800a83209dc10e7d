package franceconnect

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// idClaims is FranceConnect's ID token: eight claims, and amr when asked for.
// It holds no at_hash and no azp (OpenID Connect Core §2 and §3.1.3.6 make both
// optional in the code flow); where one stands nevertheless it must be right.
type idClaims struct {
	registered
	AZP      string   `json:"azp"`
	ATHash   string   `json:"at_hash"`
	Nonce    string   `json:"nonce"`
	ACR      string   `json:"acr"`
	AuthTime *seconds `json:"auth_time"`
	AMR      []string `json:"amr"`
}

// levels orders the eIDAS levels of assurance (implementing regulation
// (EU) 2015/1502: low, substantial, high).
var levels = map[string]int{"eidas1": 1, "eidas2": 2, "eidas3": 3}

// verifyIDToken applies OpenID Connect Core §3.1.3.7, and FranceConnect's acr
// rule: exactly eidas1 where eidas1 was asked, else at least what was asked.
func (rp *RelyingParty) verifyIDToken(ctx context.Context, compact, nonce string) (idClaims, string, error) {
	payload, kid, err := rp.open(ctx, "ID token", compact)
	if err != nil {
		return idClaims{}, "", err
	}
	var c idClaims
	if json.Unmarshal(payload, &c) != nil {
		return idClaims{}, "", invalid("ID token: malformed claims")
	}
	if err := c.check("ID token", rp.config, rp.now()); err != nil {
		return idClaims{}, "", err
	}
	if rp.plain() {
		err = c.checkPlain(nonce, rp.config.ACR, rp.now())
	} else {
		err = c.checkLogin(nonce, rp.config.ACR, rp.now())
	}
	return c, kid, err
}

func (c idClaims) checkFresh(nonce string, now time.Time) error {
	switch {
	case c.Nonce == "":
		return invalid("ID token: without nonce")
	case nonce == "" || !same(c.Nonce, nonce):
		return invalid("ID token: another nonce")
	case c.AuthTime != nil && (!c.AuthTime.plausible() || c.AuthTime.time().After(now.Add(skew))):
		return invalid("ID token: malformed auth_time")
	}
	return nil
}

func (c idClaims) checkLogin(nonce, asked string, now time.Time) error {
	if err := c.checkFresh(nonce, now); err != nil {
		return err
	}
	switch {
	case c.ACR == "":
		return invalid("ID token: without acr")
	case levels[c.ACR] == 0:
		return invalid("ID token: unknown acr")
	case levels[c.ACR] < levels[asked]:
		return &Error{Kind: LevelTooLow, Reason: "ID token: acr below the one asked"}
	case asked == "eidas1" && c.ACR != asked:
		return invalid("ID token: acr above what this FranceConnect has")
	}
	return nil
}

// checkParty refuses a token that says it was issued to another client, or for
// another access token: the left half of its SHA-256, base64url (both signing
// algorithms hash with SHA-256).
func (c idClaims) checkParty(clientID, accessToken string) error {
	sum := sha256.Sum256([]byte(accessToken))
	switch {
	case c.AZP != "" && c.AZP != clientID:
		return invalid("ID token: another azp")
	case c.ATHash != "" && !same(c.ATHash, base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])):
		return invalid("ID token: another at_hash")
	}
	return nil
}

// authTime gives the zero time when there is no auth_time.
func (c idClaims) authTime() time.Time {
	if c.AuthTime == nil {
		return time.Time{}
	}
	return c.AuthTime.time().UTC()
}
