package journey

import (
	"encoding/json"
	"fmt"

	"accord/broker/clocks"
	"accord/broker/seal"
	"accord/broker/store"
)

// code is derived, not drawn: the same POST gives the same code, also after a
// restart (design §4).
func code(t ticket) string {
	return base64url(seal.Key(t.secret, "code"+t.id.String()))
}

// codeOf binds the code of a decision to its request.
func (j *Journey) codeOf(in *interaction, code string, g *store.Grant, receipt string, snapshotKey []byte) (*store.Code, error) {
	b := Bound{
		Binding: in.Request.Binding(), Subject: in.Subject, ACR: in.Login.ACR, AMR: in.Login.AMR, AuthTime: in.Login.AuthTime,
		Scopes: g.Scopes, Grant: g.ID, Receipt: receipt,
	}
	if in.Request.Details != nil {
		b.Binding.Details = g.Details
	}
	if j.renews(g) {
		identity := identityOf(in.Login.Identity)
		b.Identity, b.Approval = &identity, g.Approval
	}
	return b.coded(code, snapshotKey)
}

// coded is the row of a code; without the code it tells nothing.
func (b Bound) coded(code string, snapshotKey []byte) (*store.Code, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding what a code is bound to: %w", err)
	}
	secret := []byte(code)
	return &store.Code{
		Hash: hashOf(secret), Client: b.Binding.ClientID, Expires: clocks.Code,
		Bound: seal.Seal(secret, codePurpose, plain), Wrapped: seal.Seal(secret, codeSnapshotPurpose, snapshotKey),
	}, nil
}
