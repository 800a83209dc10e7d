package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrCheckpoint is returned for a checkpoint that is malformed, of another
// log, or not signed by the log's key.
var ErrCheckpoint = errors.New("checkpoint not accepted")

// maxCheckpoint bounds a signed note: the body, the log's signature and room
// for the lines of witnesses, ML-DSA included.
const maxCheckpoint = 64 << 10

// A Checkpoint is the head of a log at one size. Its body is
//
//	accord.example/log/1
//	7
//	CvRi934v3IVbbtTWrL/P8++88Kod/8zI5zM3/63GQoE=
//
// C2SP tlog-checkpoint; Accord writes and accepts no extension lines.
type Checkpoint struct {
	Origin string    // "<host>/log/<n>", also the name of the log's key
	Size   int64     // leaves
	Root   tlog.Hash // RFC 6962 root hash
}

// Body is the note text that is signed.
func (c Checkpoint) Body() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// SignCheckpoint signs c as a C2SP signed note. The key's name must be c.Origin.
func SignCheckpoint(c Checkpoint, s note.Signer) ([]byte, error) {
	if err := checkOrigin(c.Origin); err != nil {
		return nil, fmt.Errorf("signing checkpoint: %w", err)
	}
	if s.Name() != c.Origin || c.Size < 0 {
		return nil, fmt.Errorf("signing checkpoint: key %q, origin %q, size %d", s.Name(), c.Origin, c.Size)
	}
	signed, err := note.Sign(&note.Note{Text: c.Body()}, s)
	if err != nil {
		return nil, fmt.Errorf("signing checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint returns the checkpoint of the log named origin if v's
// signature stands under it; errors wrap ErrCheckpoint. Signatures of others
// (witnesses) are allowed and say nothing here.
func OpenCheckpoint(data []byte, origin string, v note.Verifier) (Checkpoint, error) {
	if len(data) > maxCheckpoint {
		return Checkpoint{}, fmt.Errorf("opening checkpoint: %d bytes: %w", len(data), ErrCheckpoint)
	}
	if v.Name() != origin {
		return Checkpoint{}, fmt.Errorf("opening checkpoint: key %q is not of log %q: %w", v.Name(), origin, ErrCheckpoint)
	}
	opened, err := note.Open(data, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("opening checkpoint: %w: %w", ErrCheckpoint, err)
	}
	if !canonical(opened.Sigs) {
		return Checkpoint{}, fmt.Errorf("opening checkpoint: signature in another spelling: %w", ErrCheckpoint)
	}
	c, err := ParseCheckpointBody(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != origin {
		return Checkpoint{}, fmt.Errorf("opening checkpoint: of log %q, not %q: %w", c.Origin, origin, ErrCheckpoint)
	}
	return c, nil
}

// canonical wants the one base64 spelling of each signature, which the note
// library does not, so that no bit of an accepted line can be flipped.
func canonical(signatures []note.Signature) bool {
	for _, s := range signatures {
		b, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil || base64.StdEncoding.EncodeToString(b) != s.Base64 {
			return false
		}
	}
	return true
}

// ParseCheckpointBody reads a note text without judging any signature.
// What it accepts has exactly that text as Body.
func ParseCheckpointBody(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: not three lines: %w", ErrCheckpoint)
	}
	if err := checkOrigin(lines[0]); err != nil {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: %w", ErrCheckpoint, err)
	}
	size, err := parseSize(lines[1])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: %w: %w", ErrCheckpoint, err)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize || len(lines[2]) != 44 {
		return Checkpoint{}, fmt.Errorf("parsing checkpoint: root hash: %w", ErrCheckpoint)
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: tlog.Hash(root)}, nil
}

// checkOrigin allows what may also name a signed note's key, and no '#',
// which ends the origin in a Position.
func checkOrigin(origin string) error {
	bad := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' || r == '#' }
	if origin == "" || len(origin) > 255 || !utf8.ValidString(origin) || strings.ContainsFunc(origin, bad) {
		return fmt.Errorf("%q is no log origin", origin)
	}
	return nil
}
