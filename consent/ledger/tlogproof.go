package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProofFormat is returned for bytes that are no tlog-proof in its one form.
var ErrProofFormat = errors.New("not a tlog-proof")

// MaxProof bounds a tlog-proof in bytes.
const MaxProof = 256 << 10

const (
	proofTitle  = "c2sp.org/tlog-proof@v1"
	proofExtra  = "extra "
	proofIndex  = "index "
	proofHashes = 63 // more than any tree of int64 leaves needs
)

// A Proof shows, offline, that a leaf stands in the log under a checkpoint:
//
//	c2sp.org/tlog-proof@v1
//	extra <base64>              what the leaf commits to; may be absent
//	index <n>
//	<base64 of one hash>        from the leaf's sibling upwards
//
//	<checkpoint, a signed note>
//
// C2SP tlog-proof. Nothing of Extra is authenticated but by the leaf made of it.
type Proof struct {
	Extra      []byte // nil: no such line
	Index      int64
	Hashes     []tlog.Hash
	Checkpoint []byte
}

// FormatProof writes p. It judges nothing.
func FormatProof(p Proof) []byte {
	var out bytes.Buffer
	out.WriteString(proofTitle + "\n")
	if len(p.Extra) > 0 {
		out.WriteString(proofExtra + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	fmt.Fprintf(&out, "%s%d\n", proofIndex, p.Index)
	for _, h := range p.Hashes {
		out.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	out.WriteString("\n")
	out.Write(p.Checkpoint)
	return out.Bytes()
}

// ParseProof reads a proof and judges neither its hashes nor its checkpoint.
// What it accepts, FormatProof writes to the same bytes. Errors wrap
// ErrProofFormat.
func ParseProof(data []byte) (Proof, error) {
	if len(data) > MaxProof {
		return Proof{}, fmt.Errorf("parsing proof: %d bytes: %w", len(data), ErrProofFormat)
	}
	head, checkpoint, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || checkpoint == "" || lines[0] != proofTitle {
		return Proof{}, fmt.Errorf("parsing proof: no title or no checkpoint: %w", ErrProofFormat)
	}
	p := Proof{Checkpoint: []byte(checkpoint)}
	lines, err := p.parseExtra(lines[1:])
	if err == nil {
		lines, err = p.parseIndex(lines)
	}
	if err == nil {
		err = p.parseHashes(lines)
	}
	if err != nil {
		return Proof{}, fmt.Errorf("parsing proof: %w: %w", ErrProofFormat, err)
	}
	return p, nil
}

func (p *Proof) parseExtra(lines []string) ([]string, error) {
	if len(lines) == 0 || !strings.HasPrefix(lines[0], proofExtra) {
		return lines, nil
	}
	extra, err := decodeStandard(lines[0][len(proofExtra):])
	if err != nil || len(extra) == 0 {
		return nil, errors.New("extra line")
	}
	p.Extra = extra
	return lines[1:], nil
}

func (p *Proof) parseIndex(lines []string) ([]string, error) {
	if len(lines) == 0 || !strings.HasPrefix(lines[0], proofIndex) {
		return nil, errors.New("no index line")
	}
	index, err := parseSize(lines[0][len(proofIndex):])
	p.Index = index
	return lines[1:], err
}

func (p *Proof) parseHashes(lines []string) error {
	if len(lines) > proofHashes {
		return fmt.Errorf("%d hashes", len(lines))
	}
	for i, line := range lines {
		h, err := decodeStandard(line)
		if err != nil || len(h) != tlog.HashSize {
			return fmt.Errorf("hash %d", i+1)
		}
		p.Hashes = append(p.Hashes, tlog.Hash(h))
	}
	return nil
}

// decodeStandard accepts the one spelling of its bytes: the library's decoder
// skips carriage returns.
func decodeStandard(s string) ([]byte, error) {
	if strings.Contains(s, "\r") {
		return nil, errors.New("carriage return")
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}
