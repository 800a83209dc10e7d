package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

const recipientPrefix = "siret:"

// encode is the payload: the members in their order, data or errors last and
// byte for byte, which encoding/json would rewrite.
func (d Delivery) encode() ([]byte, error) {
	name, body := "data", d.Data
	if d.Data == nil {
		name, body = "errors", d.Errors
	}
	d.Data, d.Errors = nil, nil
	head, err := encodePlain(d)
	if err != nil {
		return nil, fmt.Errorf("encoding delivery: %w", err)
	}
	return bytes.Join([][]byte{head[:len(head)-1], []byte(`,"` + name + `":`), body, []byte("}")}, nil), nil
}

// decodeDelivery reads what encode wrote and nothing else.
func decodeDelivery(payload []byte) (Delivery, error) {
	var d Delivery
	if !utf8.Valid(payload) || json.Unmarshal(payload, &d) != nil {
		return Delivery{}, fmt.Errorf("%w: payload: not the JSON expected", ErrDelivery)
	}
	again, err := d.encode()
	if err != nil || !bytes.Equal(again, payload) {
		return Delivery{}, fmt.Errorf("%w: payload: members unknown, doubled, missing or out of order", ErrDelivery)
	}
	return d, d.check()
}

func (d Delivery) check() error {
	_, errLog := ledger.ParsePosition(d.Log)
	_, errTime := time.Parse(TimeLayout, d.Retrieved)
	siret, isSIRET := strings.CutPrefix(d.Audience, recipientPrefix)
	for _, rule := range []struct {
		member string
		kept   bool
	}{
		{"iss", d.Issuer != ""},
		{"aud", isSIRET && len(siret) == 14 && strings.Trim(siret, "0123456789") == ""},
		{"sub", isBytes(d.Subject, 32)},
		{"iat", d.IssuedAt > 0},
		{"jti", isRelease(d.Release)},
		{"client_id", d.Client != ""},
		{"grant_id", d.Grant != ""},
		{"resource", d.Resource != ""},
		{"source", d.Source != ""},
		{"retrieved", errTime == nil},
		{"log", errLog == nil},
		{"release_key", isBytes(d.ReleaseKey, 32)},
		{"data", (d.Data == nil) != (d.Errors == nil)},
		{"data", d.Data == nil || isDocument(d.Data, '{')},
		{"errors", d.Errors == nil || isDocument(d.Errors, '[')},
	} {
		if !rule.kept {
			return fmt.Errorf("%w: member %s", ErrDelivery, rule.member)
		}
	}
	return nil
}

// isRelease wants a UUIDv7 in its canonical form. RFC 9562 §5.7.
func isRelease(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s && id.Version() == 7
}

// isDocument wants one JSON value that begins with opening, has no name twice
// in one object, and nothing around it.
func isDocument(b []byte, opening byte) bool {
	return len(b) > 1 && b[0] == opening && b[len(b)-1] == opening+2 && json.Valid(b) && !receipt.DoubledName(b)
}

// isBytes wants n bytes in base64url, in their one spelling.
func isBytes(s string, n int) bool {
	b, ok := decodeURL(s)
	return ok && len(b) == n
}

func decodeURL(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil && !strings.ContainsAny(s, "\r\n")
}

func encodeURL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
