package audit

import (
	"encoding/json"
	"strings"
	"testing"

	"accord/consent/ledger"
)

// deliveryVectors: the signed statement, its key, and the log's event of it.
func deliveryVectors(t testing.TB) []vector {
	w := newWorld(t)
	keys := must2(w.keys().JWKS())(t)
	var all []vector
	add := func(id, about, jws, want, check string, proof []byte) {
		v := vector{ID: "delivery-" + id, Kind: "delivery", About: about, Input: jws, Keys: json.RawMessage(keys), Want: verdictWanted{want, check}}
		if proof != nil {
			v.Policy, v.Proof = string(w.policy), string(proof)
		}
		all = append(all, v)
	}
	header, payload, signature := jwsParts(w.delivery)
	key, good, proof := w.signer.Key.(repeatable), string(w.delivery), w.deliveryProof()
	add("good", "as issued, with its opening", good, Genuine, "", proof)
	add("good-signature-only", "as issued, without opening", good, Genuine, "", nil)
	for _, c := range []struct{ id, about, header string }{
		{"alg-none", "alg none", strings.Replace(header, `"ES256"`, `"none"`, 1)},
		{"hs256", "alg HS256", strings.Replace(header, `"ES256"`, `"HS256"`, 1)},
		{"crit-unknown", "an unknown critical header", strings.Replace(header, `"iat"`, `"crit":["exp"],"iat"`, 1)},
		{"header-doubled-name", "kid twice", strings.Replace(header, `"kid"`, `"kid":"x","kid"`, 1)},
		{"typ-receipt", "the type of a receipt", strings.Replace(header, deliveryType, "accord-receipt+jws", 1)},
		{"typ-jwt", "typ JWT", strings.Replace(header, deliveryType, "JWT", 1)},
		{"no-iat", "no iat in the header", strings.Replace(header, `"iat":`, `"xat":`, 1)},
	} {
		add(c.id, c.about, w.forged(c.header, payload, key), False, "form", nil)
	}
	add("is-a-receipt", "a receipt passed off as a delivery", string(w.jws), False, "form", nil)
	add("signature-bit", "one bit of the signature", b64(header)+"."+b64(payload)+"."+flipped(signature, 40), False, "signature", nil)
	add("signature-empty", "no signature", b64(header)+"."+b64(payload)+".", False, "form", nil)
	add("value-changed", "a value changed after the signature", b64(header)+"."+b64(strings.Replace(payload, "2550", "255", 1))+"."+signature, False, "signature", nil)
	add("kid-unknown", "a key not in the history", w.forged(strings.Replace(header, w.signer.KeyID, "AAAAAAAAAAAAAAAA", 1), payload, key), Undecided, "key", nil)
	add("x5t-other", "x5t#S256 of another certificate", w.forged(strings.Replace(header, encodeURL(w.signer.CertificateDigest[:]), encodeURL(w.old.CertificateDigest[:]), 1), payload, key), False, "key_time", nil)
	add("key-retired", "signed with a retired key", string(must2(SignDelivery(w.deliveryStatement(), w.old, fixtureTime))(t)), False, "key_time", nil)
	for _, c := range []struct{ id, about, payload string }{
		{"payload-doubled-name", "data twice", strings.Replace(payload, `"data":`, `"data":{},"data":`, 1)},
		{"payload-doubled-in-data", "a name twice within data", strings.Replace(payload, `"valeur":2550`, `"valeur":1,"valeur":2550`, 1)},
		{"payload-unknown-member", "a member no rule knows", strings.Replace(payload, `"data":`, `"extra":1,"data":`, 1)},
		{"payload-data-and-errors", "data and errors", strings.Replace(payload, `"data":`, `"errors":[],"data":`, 1)},
		{"payload-iat-other", "another iat than the header's", strings.Replace(payload, `"iat":17`, `"iat":16`, 1)},
		{"payload-aud-list", "a list of audiences", strings.Replace(payload, `"aud":"siret:99900010200015"`, `"aud":["siret:99900010200015"]`, 1)},
		{"payload-log-nowhere", "no position in a log", strings.Replace(payload, "#7", "", 1)},
		{"payload-release-key-short", "a release key of 31 bytes", strings.Replace(payload, encodeURL(w.releaseKey[:]), encodeURL(w.releaseKey[:31]), 1)},
	} {
		add(c.id, c.about, w.forged(header, c.payload, key), False, "content", nil)
	}
	for _, c := range []struct{ id, about, payload, check string }{
		{"not-what-was-logged", "other data than the log's digest, truly signed", strings.Replace(payload, "2550", "255", 1), "digest"},
		{"spelt-otherwise", "the same data in other bytes than the log's digest", strings.Replace(payload, `"valeur":2550`, `"valeur": 2550`, 1), "digest"},
		{"release-key-other", "another release key", strings.Replace(payload, encodeURL(w.releaseKey[:]), encodeURL(w.salt[:]), 1), "digest"},
		{"recipient-other", "another recipient than the log's", strings.Replace(payload, "siret:99900010200015", "siret:99900020100015", 1), "digest"},
		{"release-other", "another release than the log's", strings.Replace(payload, fixtureRelease, fixtureRecord, 1), "digest"},
		{"grant-other", "another grant than the log's", strings.Replace(payload, fixtureGrant, "g_AAAAAAAAAAAAAAAAAAAAAA", 1), "digest"},
	} {
		add(c.id, c.about, w.forged(header, c.payload, key), False, c.check, proof)
	}
	elsewhere := w.forged(header, strings.Replace(payload, "#7", "#8", 1), key)
	add("opening-of-another-leaf", "the opening of another leaf than the delivery names: says nothing of it", elsewhere, Undecided, "opening", proof)
	receiptProof := must2(ParseBundle(w.bundle(w.parts())))(t).TlogProof
	add("opening-of-the-consent", "the consent's opening instead of the delivery's", strings.Clone(w.forged(header, strings.Replace(payload, "#7", "#6", 1), key)), False, "digest", []byte(receiptProof))
	spoilt := must2(ledger.ParseProof(proof))(t)
	spoilt.Hashes[0][0] ^= 1
	add("proof-bit", "one bit of the proof", good, False, "inclusion", ledger.FormatProof(spoilt))
	return all
}

func policyVectors(t testing.TB) []vector {
	w := newWorld(t)
	line := string(w.policy)
	var all []vector
	for _, c := range []struct{ id, about, input, want string }{
		{"good", "as published", line, Genuine},
		{"good-comments", "comments, an empty line, witnesses, which are named as not checked", "# log\n\n" + line + "witness w1 witness.example/w1+ab28769d+BPZTY01jCpJgCfvsCS7thUb6ES5Hh1uaqaxpRiEwEgDB\nquorum w1\n", Genuine},
		{"good-url", "a log with its address", strings.TrimSuffix(line, "\n") + " https://accord.example/log/1\n", Genuine},
		{"empty", "nothing", "", False},
		{"two-logs", "two logs", line + line, False},
		{"unknown-word", "a word no policy knows", line + "trust everybody\n", False},
		{"key-bit", "a key that does not give its hash", strings.Replace(line, "+A", "+B", 1), False},
		{"no-key", "a log without key", "log accord.example/log/1\n", False},
		{"quorum-only", "witnesses without a log", "quorum none\n", False},
	} {
		v := vector{ID: "policy-" + c.id, Kind: "policy", About: c.about, Input: c.input, Want: verdictWanted{Outcome: c.want}}
		if c.want == False {
			v.Want.Check = "form"
		}
		all = append(all, v)
	}
	return all
}
