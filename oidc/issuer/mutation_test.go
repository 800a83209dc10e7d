package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// Mutants are a good compact JWS of ES256 spelt otherwise, by whoever holds no
// key: each must be refused, and cost the good one nothing.

// signText signs header and payload as they are written, with ES256.
func signText(t testing.TB, header, payload string, key *ecdsa.PrivateKey) string {
	t.Helper()
	input := bytesOf([]byte(header)) + "." + bytesOf([]byte(payload))
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + bytesOf(fixed(r, s))
}

// fixed is a signature of ES256 (RFC 7518 §3.4).
func fixed(r, s *big.Int) []byte {
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// A jws is a compact JWS in its three parts.
type jws [3]string

func partsOf(t testing.TB, compact string) jws {
	t.Helper()
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	return jws(parts)
}

func (j jws) String() string { return strings.Join(j[:], ".") }

// with is the JWS with one part changed.
func (j jws) with(part int, to string) string {
	j[part] = to
	return j.String()
}

func (j jws) bytes(part int) []byte {
	b, err := base64.RawURLEncoding.DecodeString(j[part])
	if err != nil {
		panic(err)
	}
	return b
}

// texts are all mutants of a compact JWS.
func texts(t testing.TB, compact string) map[string]string {
	t.Helper()
	j := partsOf(t, compact)
	all := map[string]string{
		"without signature":  j.with(2, ""),
		"two parts":          j[0] + "." + j[1],
		"a fourth part":      compact + ".AAAA",
		"an empty one":       compact + ".",
		"nothing before":     "." + compact,
		"parts in disorder":  jws{j[1], j[0], j[2]}.String(),
		"in JSON":            fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, j[1], j[0], j[2]),
		"in general JSON":    fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q}]}`, j[1], j[0], j[2]),
		"twice":              compact + compact,
		"with a NUL":         compact + "\x00",
		"dots in full width": strings.ReplaceAll(compact, ".", "．"),
	}
	for at := range compact {
		all[fmt.Sprint("changed at ", at)] = flipped(compact, at)
	}
	for part := range j {
		for what, to := range spellings(j[part]) {
			all[fmt.Sprintf("part %d %s", part, what)] = j.with(part, to)
		}
	}
	for what, signature := range signatures(j.bytes(2)) {
		all["signature "+what] = j.with(2, bytesOf(signature))
	}
	return all
}

// flipped changes one character; of a part's last one that is more than the
// bits that say nothing.
func flipped(compact string, at int) string {
	other := byte('A')
	if compact[at] == 'A' {
		other = 'h'
	}
	return compact[:at] + string(other) + compact[at+1:]
}

const urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// spellings are other texts that a lenient decoder reads as the same part.
func spellings(part string) map[string]string {
	half, last := len(part)/2, len(part)-1
	all := map[string]string{
		"padded": part + strings.Repeat("=", 3-(len(part)+3)%4), "padded once": part + "=",
		"after a space": " " + part, "before a space": part + " ", "with a tab": part[:half] + "\t" + part[half:],
		"with a line break": part[:half] + "\n" + part[half:], "with CRLF": part[:half] + "\r\n" + part[half:],
		"escaped": part[:half] + fmt.Sprintf("%%%02X", part[half]) + part[half+1:],
		"empty":   "", "cut short": part[:last], "longer": part + "A", "in the standard alphabet": strings.NewReplacer("-", "+", "_", "/").Replace(part),
	}
	if rest := len(part) % 4; rest > 1 {
		for bit := range map[int]int{2: 4, 3: 2}[rest] {
			all[fmt.Sprint("with spare bit ", bit)] = part[:last] + string(urlAlphabet[strings.IndexByte(urlAlphabet, part[last])^1<<bit])
		}
	}
	for what, text := range all {
		if text == part {
			delete(all, what) // nothing to spell otherwise
		}
	}
	return all
}

// signatures are others made of a good one of ES256 without its key.
func signatures(good []byte) map[string][]byte {
	r, s := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])
	n := elliptic.P256().Params().N
	der, err := asn1.Marshal([]*big.Int{r, s})
	if err != nil {
		panic(err)
	}
	return map[string][]byte{
		"of zeros": make([]byte, 64), "with r of zero": fixed(new(big.Int), s), "with s of zero": fixed(r, new(big.Int)),
		"with r of n": fixed(n, s), "with s of n": fixed(r, n), "with r and s of one": fixed(big.NewInt(1), big.NewInt(1)),
		"in DER": der, "with r and s in disorder": fixed(s, r), "with r mirrored": fixed(new(big.Int).Sub(n, r), s),
		"after a zero": append([]byte{0}, good...), "before a zero": append(good[:64:64], 0), "of 96 bytes": append(good[:64:64], make([]byte, 32)...),
		"of one byte": {1}, "of 63 bytes": good[:63],
	}
}
