package configuration

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"accord/consent/audit"
)

// A Decision is a registrar's no to an application: <id>.decision.yaml beside
// the approval's file, signed like one. A yes is the approval's own signature.
type Decision struct {
	Approval  string `yaml:"approval"`  // id
	Digest    string `yaml:"digest"`    // of the exact bytes that were judged
	Decision  string `yaml:"decision"`  // refused
	Reason    string `yaml:"reason"`    // a sentence for the applicant, at most 500 characters
	Registrar string `yaml:"registrar"` // name of the key
	Date      string `yaml:"date"`      // YYYY-MM-DD
}

const (
	decisionSuffix = ".decision.yaml"
	refused        = "refused"
	maxReason      = 500 // characters
)

// ErrReason is wrapped for a reason that cannot stand in a decision.
var ErrReason = errors.New("the reason is one sentence on one line, at most 500 characters")

// DecisionFile is where the decision on an approval's file stands.
func DecisionFile(file string) string { return strings.TrimSuffix(file, ".yaml") + decisionSuffix }

// Refuse writes the decision on an approval's file, signed and dated, and takes
// away a signature the file may bear.
func Refuse(registrar note.Signer, file, reason string, at time.Time) (Decision, error) {
	data, err := readBounded(file)
	if err != nil {
		return Decision{}, fmt.Errorf("refusing %s: %w", file, err)
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > maxReason || !utf8.ValidString(reason) || strings.ContainsAny(reason, "\r\n\x00") {
		return Decision{}, fmt.Errorf("refusing %s: %w", file, ErrReason)
	}
	d := Decision{stem(file), audit.Digest(data), refused, reason, registrar.Name(), at.UTC().Format(time.DateOnly)}
	if err := os.Remove(file + signatureSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Decision{}, fmt.Errorf("refusing %s: %w", file, err)
	}
	if err := replaceFile(DecisionFile(file), d.text()); err != nil {
		return Decision{}, err
	}
	return d, SignApproval(registrar, DecisionFile(file))
}

// text is the decision's file. A JSON string is a YAML string.
func (d Decision) text() []byte {
	var b strings.Builder
	b.WriteString("# Décision sur une demande d'habilitation / decision on an application\n")
	for _, pair := range [][2]string{
		{"approval", d.Approval},
		{"digest", d.Digest},
		{"decision", d.Decision},
		{"reason", d.Reason},
		{"registrar", d.Registrar},
		{"date", d.Date},
	} {
		value, err := json.Marshal(pair[1])
		if err != nil {
			continue // a string in UTF-8: cannot happen
		}
		fmt.Fprintf(&b, "%s: %s\n", pair[0], value)
	}
	return []byte(b.String())
}

// Refusal finds a decision that refused the very bytes of an approval's file;
// nil when there is none.
func Refusal(file string) *Decision {
	data, err := readBounded(file)
	if err != nil {
		return nil
	}
	var made Decision
	if d := load(DecisionFile(file), &made); len(d.mistakes) > 0 || made.Decision != refused || made.Digest != audit.Digest(data) {
		return nil
	}
	return &made
}
