package keyring

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// Citizen is the pseudonym of a citizen within Accord: base64url of
// HMAC-SHA-256(K_citizen, p.Canonical()), 43 characters. It leaves Accord in
// no message to a service provider; in the log it stands only under a salt.
func (r *Ring) Citizen(p Pivot) string {
	return base64.RawURLEncoding.EncodeToString(mac(r.citizen, p.Canonical()))
}

// Subject is the pairwise subject identifier of a citizen at one recipient
// (OpenID Connect Core §8.1), by SIRET and not by client, so that two towns of
// one editor cannot join their files: base64url of HMAC-SHA-256(K_pair,
// siret ‖ 0x1F ‖ citizen), 43 characters.
func (r *Ring) Subject(siret, citizen string) string {
	return base64.RawURLEncoding.EncodeToString(mac(r.pairwise, []byte(siret+separator+citizen)))
}

// FCSubHash is a receipt's fc_sub_hash: "hm_" and base64url of HMAC-SHA-256
// over receipt id ‖ sub, under a key derived from K_citizen. The receipt id
// makes two receipts of one person unlinkable by it.
func (r *Ring) FCSubHash(receiptID, sub string) string {
	return "hm_" + base64.RawURLEncoding.EncodeToString(mac(r.fcSub, []byte(receiptID+sub)))
}

// Agent is the pseudonym of an agent at a desk, whose caps and samples go by
// it: base64url of HMAC-SHA-256 over issuer ‖ 0x1F ‖ sub, under a key derived
// from K_citizen.
func (r *Ring) Agent(issuer, sub string) string {
	return base64.RawURLEncoding.EncodeToString(mac(r.agent, []byte(issuer+separator+sub)))
}

// EvidenceDigest is a receipt's auth.evidence: "hmac-sha-256:" and base64url
// of HMAC-SHA-256(salt, FranceConnect's ID token). The salt, 32 random bytes,
// is sealed with the token beside the receipt and erased with it. Over a signed
// paper's SHA-256 it is auth.paper.
func EvidenceDigest(salt [32]byte, idToken string) string {
	return "hmac-sha-256:" + base64.RawURLEncoding.EncodeToString(mac(salt, []byte(idToken)))
}

func mac(key [32]byte, message []byte) []byte {
	h := hmac.New(sha256.New, key[:])
	h.Write(message)
	return h.Sum(nil)
}

// derive gives one purpose its own key, so that no two uses of K_citizen can
// be played against each other (HKDF-SHA-256, RFC 5869).
func derive(key [32]byte, purpose string) [32]byte {
	out, err := hkdf.Key(sha256.New, key[:], nil, purpose, len(key))
	if err != nil {
		panic(err) // only for a length beyond HKDF's bound, which 32 is not
	}
	return [32]byte(out)
}
