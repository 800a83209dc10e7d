package journey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/broker/clocks"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/oidc/issuer"
	"accord/providers"
)

// Purposes of what rests sealed under a code or a token. broker/resource
// opens those of the token.
const (
	codePurpose         = "accord-code-v1"
	codeSnapshotPurpose = "accord-code-snapshot-v1"
	// TokenPurpose seals Bound under the access token.
	TokenPurpose = "accord-token-v1"
	// TokenSnapshotPurpose seals the snapshot's key under the access token.
	TokenSnapshotPurpose = "accord-token-snapshot-v1"
	// SnapshotPurpose seals the snapshot under its own key.
	SnapshotPurpose = "accord-snapshot-v1"
	refreshPurpose  = "accord-refresh-v1"
	handedPurpose   = "accord-refresh-handed-v1"
)

// TokenPrefix marks Accord's own access tokens; on /v3 a bearer without it is
// FranceConnect's.
const TokenPrefix = "acc_"

const refreshPrefix = "acr_"

// Bound is what a code, then a token, stands for. It rests sealed under them.
type Bound struct {
	Binding  issuer.Binding
	Subject  string
	ACR      string
	AMR      []string
	AuthTime time.Time
	Scopes   []string
	Grant    string
	Receipt  string
	Issued   time.Time
	// Identity is whom later fetches ask about, and Approval under which: in the
	// code of a recurring grant, its refresh token, and the access tokens that
	// one gives. The first access token reads what the citizen saw: it has none.
	Identity *providers.Identity `json:",omitempty"`
	Approval string              `json:",omitempty"`
}

// Redeem consumes a code and makes its access token, in one transaction that
// also re-wraps the snapshot's key (issuer.Hooks).
func (j *Journey) Redeem(ctx context.Context, client *issuer.Client, rd issuer.Redemption) (*issuer.Issued, *issuer.Error) {
	token, refresh := newToken(), newRefresh()
	var b Bound
	redeemed, err := j.Store.Redeem(ctx, store.RedeemCmd{
		Code: hashOf([]byte(rd.Code)), Client: client.ID,
		Open: func(sealed, wrapped []byte) (t store.Token, err error) {
			if b, t, err = rebind(client, rd, token, sealed, wrapped, j.Now()); err != nil || b.Identity == nil || !client.Renews() {
				refresh = ""
				return t, err
			}
			t.Refresh, err = b.refreshable(refresh)
			return t, err
		},
	})
	if err != nil {
		return nil, redeemError(err)
	}
	if b, err = b.left(redeemed.Grant); err != nil {
		return nil, issuer.NewError("server_error", "").WithCause(err)
	}
	stored, err := j.Store.Receipt(ctx, redeemed.Grant.Receipt) // the latest, if the choice was changed since
	if err != nil {
		return nil, issuer.NewError("server_error", "").WithCause(err)
	}
	return &issuer.Issued{
		Binding: b.Binding, AccessToken: token, RefreshToken: refresh, ExpiresIn: redeemed.ExpiresAt.Sub(j.Now()).Round(time.Second),
		Subject: b.Subject, ACR: b.ACR, AMR: b.AMR, AuthTime: b.AuthTime, Scopes: b.Scopes, GrantID: b.Grant,
		ReceiptJWS: string(stored.JWS), ReceiptURI: j.IssuerURL + "/recu/" + stored.ID,
	}, nil
}

// rebind checks the code's binding and moves what it holds under the token.
func rebind(client *issuer.Client, rd issuer.Redemption, token string, sealed, wrapped []byte, now time.Time) (Bound, store.Token, error) {
	return rewrap(rd.Code, token, sealed, wrapped, now, func(b *Bound) error {
		if e := b.Binding.Check(rd, client); e != nil {
			return e
		}
		b.Binding.DPoPJKT = rd.DPoPJKT // the code's, or one where the code had none: from here on the token's
		return nil
	})
}

// rewrap moves what a code holds under the token, once check is content.
func rewrap(code, token string, sealed, wrapped []byte, now time.Time, check func(*Bound) error) (Bound, store.Token, error) {
	var b Bound
	plain, err := seal.Open([]byte(code), codePurpose, sealed)
	if err != nil {
		return b, store.Token{}, err
	}
	if err := json.Unmarshal(plain, &b); err != nil {
		return b, store.Token{}, fmt.Errorf("decoding what a code is bound to: %w", err)
	}
	if err := check(&b); err != nil {
		return b, store.Token{}, err
	}
	key, err := seal.Open([]byte(code), codeSnapshotPurpose, wrapped)
	if err != nil {
		return b, store.Token{}, err
	}
	b.Issued = now
	first := b
	first.Identity, first.Approval = nil, ""
	t, err := first.sealed(token)
	t.Wrapped = seal.Seal([]byte(token), TokenSnapshotPurpose, key)
	return b, t, err
}

// sealed is the row of an access token.
func (b Bound) sealed(token string) (store.Token, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return store.Token{}, fmt.Errorf("encoding what a token is bound to: %w", err)
	}
	return store.Token{
		Hash: hashOf([]byte(token)), Expires: clocks.AccessToken, Bound: seal.Seal([]byte(token), TokenPurpose, plain),
	}, nil
}

func newToken() string { return TokenPrefix + base64url(randomBytes(32)) }

// redeemError tells the service provider no more than RFC 6749 §5.2 allows.
func redeemError(err error) *issuer.Error {
	var bad *issuer.Error
	switch {
	case errors.As(err, &bad):
		return bad
	case errors.Is(err, store.ErrOverloaded), errors.Is(err, store.ErrUnavailable):
		return issuer.NewError("temporarily_unavailable", "").WithCause(err)
	case errors.Is(err, store.ErrNotCovered):
		return issuer.NewError("invalid_grant", "the approval is not in force").WithCause(err)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrUsed), errors.Is(err, store.ErrExpired),
		errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrBinding):
		return issuer.NewError("invalid_grant", "the code is unknown, expired, used or bound otherwise").WithCause(err)
	}
	return issuer.NewError("server_error", "").WithCause(err)
}
