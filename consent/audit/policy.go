package audit

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"accord/consent/ledger"
)

// ErrPolicy is returned for a policy that cannot be used.
var ErrPolicy = errors.New("policy not usable")

// MaxPolicy bounds a policy in bytes.
const MaxPolicy = 64 << 10

// A Policy says which log, signed by which key, the verifier trusts. It must
// come from a place of the verifier's choosing.
type Policy struct {
	Origin     string        // "<host>/log/<n>"
	Verifier   note.Verifier // of the log's checkpoints (Ed25519)
	NotChecked []string      // lines on witnesses, which nothing here checks yet
}

// ParsePolicy reads a C2SP tlog-policy: one "log <vkey> [<url>]"; witness,
// group and quorum lines are accepted, and named in NotChecked. Empty lines
// and those beginning with # are passed over. Errors wrap ErrPolicy.
func ParsePolicy(data []byte) (Policy, error) {
	if len(data) > MaxPolicy {
		return Policy{}, fmt.Errorf("reading policy: %w: %d bytes", ErrPolicy, len(data))
	}
	var p Policy
	for n, line := range strings.Split(string(data), "\n") {
		if err := p.read(strings.TrimSuffix(line, "\r")); err != nil {
			return Policy{}, fmt.Errorf("reading policy: line %d: %w: %w", n+1, ErrPolicy, err)
		}
	}
	if p.Verifier == nil {
		return Policy{}, fmt.Errorf("reading policy: %w: no log line", ErrPolicy)
	}
	return p, nil
}

func (p *Policy) read(line string) error {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	switch words[0] {
	case "log":
		return p.readLog(words[1:])
	case "witness", "group", "quorum":
		if line != "quorum none" {
			p.NotChecked = append(p.NotChecked, line)
		}
		return nil
	}
	return errors.New("unknown word")
}

func (p *Policy) readLog(words []string) error {
	if p.Verifier != nil || len(words) < 1 || len(words) > 2 {
		return errors.New("one log, with its verifier key, is needed")
	}
	v, err := note.NewVerifier(words[0])
	if err != nil {
		return fmt.Errorf("verifier key: %w", err)
	}
	p.Origin, p.Verifier = v.Name(), v
	return nil
}

// Open returns the checkpoint if the policy's log signed it.
func (p Policy) Open(checkpoint []byte) (ledger.Checkpoint, error) {
	return ledger.OpenCheckpoint(checkpoint, p.Origin, p.Verifier)
}
