package audit

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"accord/consent/receipt"
)

// evidenceVectors: FranceConnect's ID token. Where the token is not the one
// issued, the receipt names it, so that nothing but its own defect stops it.
func evidenceVectors(t testing.TB) []vector {
	w := newWorld(t)
	var all []vector
	add := func(id, about string, bundle []byte, want string) {
		all = append(all, w.bundleVector("evidence-"+id, about, bundle, want, "evidence"))
	}
	changed := func(change func(*Evidence)) []byte {
		return w.with(func(p *BundleParts) { change(p.Evidence) })
	}
	other := sha256.Sum256([]byte("other"))
	add("r-other", "r that opens the nonce to another request", changed(func(v *Evidence) { v.R = encodeURL(other[:]) }), False)
	add("r-short", "r of 31 bytes", changed(func(v *Evidence) { v.R = encodeURL(other[:31]) }), False)
	add("salt-other", "another salt", changed(func(v *Evidence) { v.Salt = encodeURL(other[:]) }), False)
	add("token-swapped", "another true token than the receipt names", changed(func(v *Evidence) {
		claims := w.claims()
		claims["sub"] = "other"
		v.IDToken = w.token(claims)
	}), False)
	add("key-not-in-log", "FranceConnect's key without proof that it was logged", changed(func(v *Evidence) { v.Keys[0].Proof = nil }), Undecided)
	add("key-missing", "no key of FranceConnect", changed(func(v *Evidence) { v.Keys = []KeyEvent{} }), Undecided)
	add("key-of-accord", "Accord's own key as FranceConnect's", changed(func(v *Evidence) { v.Keys = []KeyEvent{w.keyEvent(w.keyAt)} }), Undecided)
	add("key-proof-bit", "one bit of the key event's proof", changed(func(v *Evidence) { v.Keys[0].Proof[0][0] ^= 1 }), False)
	named := func(id, about, token string) { add(id, about, w.namingToken(token), False) }
	for id, value := range map[string]any{"nonce": strings.Repeat("0", 64), "iss": "https://evil.example", "acr": "eidas3", "auth_time": 1795353641} {
		claims := w.claims()
		claims[id] = value
		named("claim-"+id, "FranceConnect vouched for another "+id, w.token(claims))
	}
	header, payload, _ := jwsParts([]byte(w.idToken))
	named("doubled-claim", "the nonce twice", w.forged(header, strings.Replace(payload, `"nonce":`, `"nonce":"x","nonce":`, 1), w.fc))
	named("alg-none", "a token without signature", b64(`{"alg":"none","kid":"`+fcKeyID+`"}`)+"."+b64(payload)+".")
	named("hs256", "a token under a MAC", b64(`{"alg":"HS256","kid":"`+fcKeyID+`"}`)+"."+b64(payload)+"."+encodeURL(other[:]))
	named("other-signer", "a token signed by another under FranceConnect's kid", w.forged(header, payload, w.signer.Key.(repeatable)))
	named("crit-unknown", "a token with an unknown critical header", w.forged(strings.Replace(header, `{`, `{"crit":["x"],"x":1,`, 1), payload, w.fc))
	nobody := w.signed(func(r *receipt.Receipt) { r.RequestDigest = Digest(nil) })
	add("of-another-request", "the receipt names another request", w.logged(nobody, nil), False)
	slices.SortFunc(all, func(a, b vector) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// namingToken is the bundle of a receipt whose evidence is that token.
func (w *world) namingToken(token string) []byte {
	cut := *w
	cut.idToken = token
	return cut.logged(w.signed(func(r *receipt.Receipt) { r.Subject.Auth.Evidence = w.evidenceDigest(token) }), nil)
}
