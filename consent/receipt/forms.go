package receipt

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// isUUIDv7 wants the canonical form, as ids are compared as text. RFC 9562 §5.7.
func isUUIDv7(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s && id.Version() == 7 && id.Variant() == uuid.RFC4122
}

// isDigest wants prefix and 32 bytes in base64url, in its one spelling.
func isDigest(prefix, s string) bool {
	encoded, found := strings.CutPrefix(s, prefix)
	return found && isBase64URL(encoded, 32)
}

func isGrantID(s string) bool {
	encoded, found := strings.CutPrefix(s, "g_")
	return found && isBase64URL(encoded, 16)
}

func isBase64URL(s string, length int) bool {
	b, ok := decodeBase64URL(s)
	return ok && len(b) == length
}

// decodeBase64URL accepts the one spelling of its bytes: the library's decoder
// skips line ends, and trailing bits could otherwise be anything.
func decodeBase64URL(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil && !strings.ContainsAny(s, "\r\n")
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// isLanguage checks the shape of a BCP 47 tag, not that the language exists.
func isLanguage(tag string) bool {
	subtags := strings.Split(tag, "-")
	if len(subtags[0]) < 2 || len(subtags[0]) > 3 {
		return false
	}
	for _, subtag := range subtags {
		if len(subtag) < 1 || len(subtag) > 8 || strings.ContainsFunc(subtag, notAlphanumeric) {
			return false
		}
	}
	return true
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// laPoste is the one SIREN whose establishments do not keep Luhn's rule: the
// digits of their SIRET sum to a multiple of five.
const laPoste = "356000000"

func validSIRET(s string) bool {
	if len(s) != 14 {
		return false
	}
	luhn, sum := 0, 0
	for i := range len(s) {
		digit := int(s[i] - '0')
		if digit > 9 {
			return false
		}
		sum += digit
		if i%2 == 0 { // 14 digits: the doubled ones are the 1st, 3rd …
			digit = digit*2 - 9*(digit/5)
		}
		luhn += digit
	}
	return luhn%10 == 0 || (strings.HasPrefix(s, laPoste) && sum%5 == 0)
}
