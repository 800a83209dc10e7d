package audit

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"accord/consent/receipt"
)

// branch is the same world with a log cut off before a leaf.
func (w *world) branch(size int64) *world {
	cut := *w
	cut.fixtureLog = &fixtureLog{t: w.t, origin: w.origin, signer: w.fixtureLog.signer, policy: w.policy}
	for _, o := range w.openings[:size] {
		_, leaf, _ := o.Open()
		cut.openings = append(cut.openings, o)
		cut.store(leaf.Hash())
	}
	return &cut
}

// logged is the bundle of a receipt that the log really names, whatever it is;
// spoil may change the event.
func (w *world) logged(jws []byte, spoil func(*Event)) []byte {
	w.t.Helper()
	cut := w.branch(w.granted)
	cut.jws = jws
	e := w.grantedEvent(jws)
	if spoil != nil {
		spoil(&e)
	}
	cut.add(e)
	cut.fill(12)
	return cut.bundle(cut.parts())
}

func (w *world) signed(spoil func(*receipt.Receipt)) []byte {
	w.t.Helper()
	r := w.receipt
	r.Parties, r.Purposes = append([]receipt.Party{}, r.Parties...), append([]receipt.Purpose{}, r.Purposes...)
	subject := *r.Subject
	r.Subject = &subject
	spoil(&r)
	return must2(receipt.Sign(r, w.signer, r.Event.Time.Time()))(w.t)
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func unb64(s string) string {
	b, _ := base64.RawURLEncoding.DecodeString(s)
	return string(b)
}

// forged is a compact JWS over any header and payload, truly signed.
func (w *world) forged(header, payload string, key repeatable) string {
	input := b64(header) + "." + b64(payload)
	digest := sha256.Sum256([]byte(input))
	der := must2(key.Sign(nil, digest[:], crypto.SHA256))(w.t)
	return input + "." + b64(string(rawSignature(w.t, der)))
}

func (w *world) bundleVector(id, about string, input []byte, want, check string) vector {
	return vector{ID: id, Kind: "bundle", About: about, Input: string(input), Policy: string(w.policy), Want: verdictWanted{want, check}}
}

// jwsParts are header and payload as text, and the signature as it stands.
func jwsParts(jws []byte) (header, payload, signature string) {
	p := strings.Split(string(jws), ".")
	return unb64(p[0]), unb64(p[1]), p[2]
}

// bundleVectors: the receipt, its envelope, its key, its form. In each the log
// names the spoilt receipt, so that nothing but its own defect stops it.
func bundleVectors(t testing.TB) []vector {
	w := newWorld(t)
	header, payload, signature := jwsParts(w.jws)
	key := w.signer.Key.(repeatable)
	var all []vector
	add := func(id, about string, input []byte, want, check string) {
		all = append(all, w.bundleVector(id, about, input, want, check))
	}
	add("good-bundle-citizen", "as issued, with FranceConnect's evidence", w.bundle(w.parts()), Genuine, "")
	add("good-bundle-provider", "as issued, without evidence and without the inclusion of the key's event", w.bundle(w.withoutEvidence()), Genuine, "")
	for _, c := range []struct{ id, about, header string }{
		{"jws-alg-none", "alg none", strings.Replace(header, `"ES256"`, `"none"`, 1)},
		{"jws-alg-es384", "alg ES384 over a P-256 signature", strings.Replace(header, `"ES256"`, `"ES384"`, 1)},
		{"jws-crit-unknown", "an unknown critical header", strings.Replace(header, `"cty"`, `"crit":["exp"],"cty"`, 1)},
		{"jws-b64-false", "RFC 7797 unencoded payload", strings.Replace(header, `"cty"`, `"b64":false,"crit":["b64"],"cty"`, 1)},
		{"jws-sigt-and-iat", "sigT beside iat (ETSI TS 119 182-1)", strings.Replace(header, `"typ"`, `"sigT":"2026-11-22T13:21:07Z","typ"`, 1)},
		{"jws-header-doubled-name", "alg twice in the header", strings.Replace(header, `{"alg"`, `{"alg":"none","alg"`, 1)},
		{"jws-header-doubled-case", "Alg beside alg", strings.Replace(header, `{"alg"`, `{"Alg":"none","alg"`, 1)},
		{"jws-header-jwk", "the key brought along in the header", strings.Replace(header, `"kid"`, `"jwk":{"kty":"EC"},"kid"`, 1)},
		{"jws-header-jku", "a key address in the header", strings.Replace(header, `"kid"`, `"jku":"https://evil.example/k","kid"`, 1)},
		{"jws-no-iat", "no iat", strings.Replace(header, `"iat":`, `"xat":`, 1)},
		{"jws-iat-float", "iat with a fraction", strings.Replace(header, `,"kid"`, `.0,"kid"`, 1)},
		{"jws-typ-jwt", "typ JWT", strings.Replace(header, "accord-receipt+jws", "JWT", 1)},
		{"jws-typ-delivery", "the type of a delivery", strings.Replace(header, "accord-receipt+jws", deliveryType, 1)},
		{"jws-header-space", "a space in the header", strings.Replace(header, `,"kid"`, `, "kid"`, 1)},
	} {
		add(c.id, c.about, w.logged([]byte(w.forged(c.header, payload, key)), nil), False, "signature")
	}
	hs := strings.Replace(header, "ES256", "HS256", 1)
	mac := hmac.New(sha256.New, must2(key.PublicKey.Bytes())(t))
	mac.Write([]byte(b64(hs) + "." + b64(payload)))
	zero := strings.Repeat("A", 86)
	for _, c := range []struct{ id, about, jws string }{
		{"jws-hs256-public-key", "HS256 with the public key as secret", b64(hs) + "." + b64(payload) + "." + b64(string(mac.Sum(nil)))},
		{"jws-signature-empty", "no signature", b64(header) + "." + b64(payload) + "."},
		{"jws-signature-zero", "r = s = 0", b64(header) + "." + b64(payload) + "." + zero},
		{"jws-signature-bit", "one bit of the signature", b64(header) + "." + b64(payload) + "." + flipped(signature, 7)},
		{"jws-signature-trailing-bits", "the signature in another spelling", string(w.jws[:len(w.jws)-1]) + otherSpelling(w.jws[len(w.jws)-1])},
		{"jws-payload-changed", "the data agreed, changed after the signature", b64(header) + "." + b64(strings.Replace(payload, `"granted":false`, `"granted":true`, 1)) + "." + signature},
		{"jws-line-end", "a line end after it", string(w.jws) + "\n"},
		{"jws-flattened", "flattened JSON serialisation", `{"payload":"` + b64(payload) + `","protected":"` + b64(header) + `","signature":"` + signature + `"}`},
		{"jws-four-parts", "a fourth part", string(w.jws) + ".AA"},
		{"jws-other-signer", "signed by another key under this kid", w.forged(header, payload, w.old.Key.(repeatable))},
	} {
		want, check := False, "signature"
		if c.id == "jws-flattened" { // no header is found in it, so no key
			want, check = Undecided, "key_logged"
		}
		add(c.id, c.about, w.logged([]byte(c.jws), nil), want, check)
	}
	add("jws-kid-unknown", "kid of a key not among the key events", w.logged([]byte(w.forged(strings.Replace(header, w.signer.KeyID, w.old.KeyID, 1), payload, key)), nil), Undecided, "key_logged")
	add("jws-x5t-other", "x5t#S256 of another certificate", w.logged([]byte(w.forged(strings.Replace(header, encodeURL(w.signer.CertificateDigest[:]), encodeURL(w.old.CertificateDigest[:]), 1), payload, key)), nil), False, "certificate")
	for _, c := range []struct{ id, about, payload, want string }{
		{"payload-doubled-name", "language twice", strings.Replace(payload, `"language":"fr"`, `"language":"en","language":"fr"`, 1), False},
		{"payload-doubled-escaped", "language twice, once by an escape", strings.Replace(payload, `"language":"fr"`, `"language":"fr","\u006canguage":"en"`, 1), False},
		{"payload-unknown-member", "a member no rule knows", strings.Replace(payload, `"language"`, `"extra":1,"language"`, 1), False},
		{"payload-null", "null for a member", strings.Replace(payload, `"language":"fr"`, `"language":null`, 1), False},
		{"payload-space", "a space between members", strings.Replace(payload, `,"language"`, `, "language"`, 1), False},
		{"payload-schema-unknown", "a newer schema_version: not judged", strings.Replace(payload, "receipt/1", "receipt/9", 1), Undecided},
		{"payload-siret-check-digit", "a SIRET whose check digit is wrong", strings.Replace(payload, "99900010200015", "99900010200016", 1), False},
		{"payload-basis-passed-off", "public task passed off as consent", strings.Replace(payload, `"gdpr:6-1-e"`, `"gdpr:6-1-a"`, 1), False},
		{"payload-back-dated", "the act a day before its signature", strings.Replace(payload, `"time":"2026-11-22`, `"time":"2026-11-21`, 1), False},
	} {
		add(c.id, c.about, w.logged([]byte(w.forged(header, c.payload, key)), nil), c.want, "content")
	}
	good := string(w.bundle(w.parts()))
	for _, c := range []struct{ id, about, bundle string }{
		{"bundle-doubled-name", "jws twice", strings.Replace(good, `"jws":`, `"jws":"","jws":`, 1)},
		{"bundle-doubled-case", "JWS beside jws", strings.Replace(good, `"jws":`, `"JWS":"","jws":`, 1)},
		{"bundle-unknown-member", "a member no rule knows", strings.Replace(good, `{"format"`, `{"extra":1,"format"`, 1)},
		{"bundle-format-other", "another format", strings.Replace(good, BundleFormat, "accord-bundle@2", 1)},
		{"bundle-member-order", "policy before keys", reordered(t, good)},
		{"bundle-keys-null", "null for the key events", nulled(t, good)},
		{"bundle-second-value", "a second JSON value after it", good + "{}"},
		{"bundle-space", "spaces between members", strings.Replace(good, `,"tlog_proof"`, `, "tlog_proof"`, 1)},
		{"bundle-cut", "cut short", good[:len(good)/2]},
	} {
		add(c.id, c.about, []byte(c.bundle), False, "form")
	}
	return all
}

func reordered(t testing.TB, good string) string {
	var members map[string]json.RawMessage // written back in sorted order
	if err := json.Unmarshal([]byte(good), &members); err != nil {
		t.Fatal(err)
	}
	return string(must2(encodePlain(members))(t))
}

func nulled(t testing.TB, good string) string {
	b := must2(ParseBundle([]byte(good)))(t)
	b.Keys = nil
	return string(must2(encodePlain(b))(t))
}

// flipped turns one bit of a base64url text's bytes.
func flipped(s string, at int) string {
	b, _ := base64.RawURLEncoding.DecodeString(s)
	b[at] ^= 1
	return encodeURL(b)
}

// otherSpelling is a last character with other unused bits: 64 bytes leave
// four of them.
func otherSpelling(last byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, last)^1:][:1]
}

// byRetiredKey is the receipt signed with a retired key, dated back into its time.
func (w *world) byRetiredKey() []byte {
	w.t.Helper()
	r := w.receipt
	at := fixtureTime.Add(-18 * time.Second) // between the old key's two events
	r.Event.Time, r.Event.ValidFrom = receipt.NewTime(at), receipt.NewTime(at)
	return must2(receipt.Sign(r, w.old, at))(w.t)
}
