package configuration

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
)

var auditorName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// checkAuditors wants each auditor named once, with a digest no other has: two
// with one secret could not be told apart.
func (d *document) checkAuditors(all []Auditor) {
	names, digests := map[string]bool{}, map[string]bool{}
	for i, one := range all {
		path := index("$.auditors", i)
		switch {
		case !auditorName.MatchString(one.Name):
			d.problem(path+".name", "write a short name of a-z, 0-9, dots and hyphens, as cnil")
		case names[one.Name]:
			d.problem(path+".name", "stands twice: name each auditor once")
		}
		switch {
		case !isDigest(one.SecretHash):
			d.problem(path+".secret_hash", "write sha-256: and the base64url of the secret's SHA-256, 43 characters without =; never the secret itself")
		case digests[one.SecretHash]:
			d.problem(path+".secret_hash", "is another auditor's too: each has a secret of their own")
		}
		names[one.Name], digests[one.SecretHash] = true, true
	}
}

func isDigest(s string) bool {
	text, ok := strings.CutPrefix(s, "sha-256:")
	sum, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return ok && err == nil && len(sum) == sha256.Size
}
