package receipt

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// A baselineRule is one rule for the protected header of a JAdES B-B
// signature, as the EU's DSS checks it (JAdESBaselineRequirementsChecker,
// DSSJsonUtils; ETSI TS 119 182-1). The rules stand here on their own, so that
// the reader is judged by them and not by itself.
type baselineRule struct {
	id, says string
	keeps    func(header map[string]any) bool
}

// etsiHeaders must be named in crit when they are used. ETSI TS 119 182-1.
func etsiHeaders() []string {
	return []string{"sigD", "sigPId", "srCms", "sigPl", "srAts", "adoTst", "x5t#o", "sigX5ts", "sigT"}
}

// rfcHeaders may never be named in crit. RFC 7515 §4.1.11.
func rfcHeaders() []string {
	return []string{"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}
}

func baselineRules() []baselineRule {
	return []baselineRule{
		{"BB-ALG", "alg is present", func(h map[string]any) bool { return present(h, "alg") == 1 }},
		{"BB-CERT", "exactly one of x5t#S256, x5t#o, sigX5ts", func(h map[string]any) bool { return present(h, "x5t#S256", "x5t#o", "sigX5ts") == 1 }},
		{"BB-IAT", "iat is present, as a number (obligatory since 2025-05-15)", func(h map[string]any) bool { _, number := h["iat"].(float64); return number }},
		{"BB-SIGT", "no sigT, alone or beside iat", func(h map[string]any) bool { return present(h, "sigT") == 0 }},
		{"BB-CRIT-ETSI", "crit names each ETSI header used", func(h map[string]any) bool {
			return !slices.ContainsFunc(etsiHeaders(), func(name string) bool { return present(h, name) == 1 && !slices.Contains(critical(h), name) })
		}},
		{"BB-CRIT-RFC", "crit names no header of RFC 7515", func(h map[string]any) bool {
			return !slices.ContainsFunc(critical(h), func(name string) bool { return slices.Contains(rfcHeaders(), name) })
		}},
		{"BB-CRIT-USED", "crit, if present, names headers that are there, at least one", func(h map[string]any) bool {
			absent := func(name string) bool { return present(h, name) == 0 }
			return present(h, "crit") == 0 || len(critical(h)) > 0 && !slices.ContainsFunc(critical(h), absent)
		}},
		{"BB-ETSIU", "no etsiU in what is signed", func(h map[string]any) bool { return present(h, "etsiU") == 0 }},
	}
}

func present(header map[string]any, names ...string) (n int) {
	for _, name := range names {
		if _, has := header[name]; has {
			n++
		}
	}
	return n
}

func critical(header map[string]any) []string {
	list, _ := header["crit"].([]any)
	var names []string
	for _, name := range list {
		s, _ := name.(string)
		names = append(names, s)
	}
	return names
}

// brokenRules are the ids of the rules a header breaks.
func brokenRules(t testing.TB, header []byte) []string {
	t.Helper()
	var h map[string]any
	if err := json.Unmarshal(header, &h); err != nil {
		t.Fatal(err)
	}
	var broken []string
	for _, r := range baselineRules() {
		if !r.keeps(h) {
			broken = append(broken, r.id)
		}
	}
	return broken
}

func TestEverySignedReceiptKeepsTheRulesOfJAdESBaselineB(t *testing.T) {
	signer, _ := testKeys(t)
	for name, r := range allShapes(t) {
		jws, _ := signed(t, r)
		env, err := openEnvelope(jws)
		if err != nil {
			t.Fatal(err)
		}
		header, err := encode(env.header)
		if err != nil {
			t.Fatal(err)
		}
		if broken := brokenRules(t, header); broken != nil {
			t.Errorf("%s: %v", name, broken)
		}
		if env.header.CertificateDigest != b64(signer.CertificateDigest[:]) {
			t.Errorf("%s: the certificate is not named by its digest", name)
		}
	}
}

// Each row changes members of a good header (nil removes one), names the rules
// that breaks, and is then signed with the real key: no such receipt verifies.
// Rows without a rule are good JAdES in a form that is not ours.
func TestHeadersThatBreakARuleOfJAdESNeverVerify(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	other := map[string]any{"digAlg": "S512", "digVal": "AA"}
	type h = map[string]any
	unbroken := map[string]bool{}
	for _, r := range baselineRules() {
		unbroken[r.id] = true
	}
	for _, c := range []struct {
		name   string
		change h
		breaks []string
	}{
		{"no alg", h{"alg": nil}, []string{"BB-ALG"}},
		{"no certificate digest", h{"x5t#S256": nil}, []string{"BB-CERT"}},
		{"two certificate digests", h{"x5t#o": other, "crit": []string{"x5t#o"}}, []string{"BB-CERT"}},
		{"digests of several", h{"sigX5ts": []h{other}, "crit": []string{"sigX5ts"}}, []string{"BB-CERT"}},
		{"three certificate digests", h{"x5t#o": other, "sigX5ts": []h{other}, "crit": []string{"x5t#o", "sigX5ts"}}, []string{"BB-CERT"}},
		{"another digest, not critical", h{"x5t#S256": nil, "x5t#o": other}, []string{"BB-CRIT-ETSI"}},
		{"another digest", h{"x5t#S256": nil, "x5t#o": other, "crit": []string{"x5t#o"}}, nil},
		{"no iat", h{"iat": nil}, []string{"BB-IAT"}},
		{"iat as text", h{"iat": "1795353667"}, []string{"BB-IAT"}},
		{"iat and sigT", h{"sigT": "2026-11-22T13:21:07Z", "crit": []string{"sigT"}}, []string{"BB-SIGT"}},
		{"sigT for iat", h{"iat": nil, "sigT": "2026-11-22T13:21:07Z", "crit": []string{"sigT"}}, []string{"BB-IAT", "BB-SIGT"}},
		{"sigT, not critical", h{"sigT": "2026-11-22T13:21:07Z"}, []string{"BB-SIGT", "BB-CRIT-ETSI"}},
		{"signature policy, not critical", h{"sigPId": h{}}, []string{"BB-CRIT-ETSI"}},
		{"signature policy", h{"sigPId": h{}, "crit": []string{"sigPId"}}, nil},
		{"commitments, not critical", h{"srCms": []h{}}, []string{"BB-CRIT-ETSI"}},
		{"place, not critical", h{"sigPl": h{}}, []string{"BB-CRIT-ETSI"}},
		{"attributes, not critical", h{"srAts": []h{}}, []string{"BB-CRIT-ETSI"}},
		{"time-stamp, not critical", h{"adoTst": h{}}, []string{"BB-CRIT-ETSI"}},
		{"detached, not critical", h{"sigD": h{}}, []string{"BB-CRIT-ETSI"}},
		{"detached", h{"sigD": h{"mId": "http://uri.etsi.org/19182/HttpHeaders"}, "crit": []string{"sigD"}}, nil},
		{"crit names alg", h{"crit": []string{"alg"}}, []string{"BB-CRIT-RFC"}},
		{"crit names x5t#S256", h{"crit": []string{"x5t#S256"}}, []string{"BB-CRIT-RFC"}},
		{"crit names what is not there", h{"crit": []string{"sigPl"}}, []string{"BB-CRIT-USED"}},
		{"crit names nothing", h{"crit": []string{}}, []string{"BB-CRIT-USED"}},
		{"crit names iat", h{"crit": []string{"iat"}}, nil},
		{"crit names b64", h{"b64": true, "crit": []string{"b64"}}, nil},
		{"etsiU", h{"etsiU": []string{}}, []string{"BB-ETSIU"}},
		{"chain within", h{"x5c": []string{"AA=="}}, nil},
		{"address of the chain", h{"x5u": "https://accord.example/chain"}, nil},
	} {
		evil := changed(t, header, c.change)
		if got := brokenRules(t, evil); !slices.Equal(got, c.breaks) {
			t.Errorf("%s: breaks %v, not %v", c.name, got, c.breaks)
		}
		if _, err := Verify([]byte(forge(t, signer, string(evil), payload)), keys); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, id := range c.breaks {
			delete(unbroken, id)
		}
	}
	for id := range unbroken {
		t.Errorf("no row breaks %s", id)
	}
}

// changed gives a header with members replaced, in Go's order of names, which
// is the one order receipts have.
func changed(t testing.TB, header string, change map[string]any) []byte {
	t.Helper()
	var h map[string]any
	if err := json.Unmarshal([]byte(header), &h); err != nil {
		t.Fatal(err)
	}
	for name, value := range change {
		if h[name] = value; value == nil {
			delete(h, name)
		}
	}
	if iat, ok := h["iat"].(float64); ok {
		h["iat"] = int64(iat)
	}
	out, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Without a change, what changed gives is the good header: else each row above
// would be refused for its order of members alone.
func TestOrderIsNotWhatTheEvilHeadersBreak(t *testing.T) {
	header, _ := goodParts(t)
	if got := changed(t, header, nil); string(got) != header {
		t.Errorf("%s became %s", header, got)
	}
}
