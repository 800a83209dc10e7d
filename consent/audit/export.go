package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// ExportFormat is the member format of every export's header.
const ExportFormat = "accord-export@1"

// MaxExportLine bounds one line of an export in bytes: an event, a receipt and
// the names around them.
const MaxExportLine = MaxEvent + receipt.MaxSize + 1<<10

// ErrExport is returned for bytes that are no line of an export.
var ErrExport = errors.New("not a line of an export")

// An ExportHeader is the first line of an export: which leaves follow, one to
// a line and in order.
type ExportHeader struct {
	Format     string `json:"format"`               // ExportFormat
	Origin     string `json:"origin"`               // "<host>/log/<n>"
	From       int64  `json:"from"`                 // first leaf
	To         int64  `json:"to"`                   // one beyond the last
	Checkpoint string `json:"checkpoint,omitempty"` // base64 of the signed note of size To; absent of a partial range
}

// An ExportLine is one leaf of the log with what opens it, or, once its
// opening was destroyed, the bare leaf.
type ExportLine struct {
	I     int64           `json:"i"` // leaf index
	Kind  int             `json:"kind"`
	Salt  string          `json:"salt,omitempty"`  // base64url of 32 bytes; absent for public kinds
	Event json.RawMessage `json:"event,omitempty"` // the event's exact bytes, see Encode
	Leaf  string          `json:"leaf,omitempty"`  // hex of the 34 bytes, only when there is no event
	JWS   string          `json:"jws,omitempty"`   // the receipt, when the event carries one
}

// NewExportLine gives the line of an opened leaf. The salt of a public kind is
// zeros and not written; jws is nil for an event without receipt.
func NewExportLine(index int64, kind Kind, salt [32]byte, event, jws []byte) ExportLine {
	l := ExportLine{I: index, Kind: int(kind), Event: event, JWS: string(jws)}
	if !kind.Public() {
		l.Salt = base64.RawURLEncoding.EncodeToString(salt[:])
	}
	return l
}

// NewErasedLine gives the line of a leaf whose opening was destroyed.
func NewErasedLine(index int64, leaf ledger.Leaf) ExportLine {
	return ExportLine{I: index, Kind: int(leaf.Kind()), Leaf: hex.EncodeToString(leaf[:])}
}

// EncodeExportHeader gives the first line, without line end; ErrExport when it
// is none.
func EncodeExportHeader(h ExportHeader) ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("encoding export header: %w", err)
	}
	return encodeLine(h)
}

// DecodeExportHeader reads what EncodeExportHeader wrote, and nothing else.
func DecodeExportHeader(line []byte) (ExportHeader, error) {
	var h ExportHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return ExportHeader{}, fmt.Errorf("decoding export header: %w: %w", ErrExport, err)
	}
	if err := h.check(); err != nil {
		return ExportHeader{}, fmt.Errorf("decoding export header: %w", err)
	}
	if again, err := encodeLine(h); err != nil || !bytes.Equal(again, line) {
		return ExportHeader{}, fmt.Errorf("decoding export header: another spelling: %w", ErrExport)
	}
	return h, nil
}

// EncodeExportLine gives the line of one leaf, without line end; ErrExport when
// its members do not fit together. It does not judge the event's content.
func EncodeExportLine(l ExportLine) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("encoding line of leaf %d: %w", l.I, err)
	}
	return l.append(make([]byte, 0, len(l.Event)+len(l.JWS)+128)), nil
}

// DecodeExportLine reads what EncodeExportLine wrote, and nothing else.
func DecodeExportLine(line []byte) (ExportLine, error) { return decodeLine(string(line)) }

func decodeLine(line string) (ExportLine, error) {
	if len(line) > MaxExportLine {
		return ExportLine{}, fmt.Errorf("decoding line of export: %d bytes: %w", len(line), ErrExport)
	}
	l := cutLine(line)
	if err := l.check(); err != nil {
		return ExportLine{}, fmt.Errorf("decoding line of leaf %d: %w", l.I, err)
	}
	if string(l.append(make([]byte, 0, len(line)))) != line {
		return ExportLine{}, fmt.Errorf("decoding line of leaf %d: another spelling: %w", l.I, ErrExport)
	}
	return l, nil
}

// SignedNote is the checkpoint as the log signed it; nil when there is none.
func (h ExportHeader) SignedNote() ([]byte, error) {
	note, err := base64.StdEncoding.Strict().DecodeString(h.Checkpoint)
	if err != nil {
		return nil, fmt.Errorf("reading export header: checkpoint: %w: %w", ErrExport, err)
	}
	return note, nil
}

func (h ExportHeader) check() error {
	if h.Format != ExportFormat || h.Origin == "" || h.From < 0 || h.To < h.From || h.To > maxInteger {
		return fmt.Errorf("format %q, leaves %d to %d: %w", h.Format, h.From, h.To, ErrExport)
	}
	_, err := h.SignedNote()
	return err
}

// check: an opened line has an event and, but for public kinds, a salt; a bare
// one has its leaf and nothing else.
func (l ExportLine) check() error {
	if l.I < 0 || l.I > maxInteger || l.Kind < 0 || l.Kind > 255 {
		return fmt.Errorf("index or kind out of bounds: %w", ErrExport)
	}
	if l.Leaf != "" {
		return l.checkBare()
	}
	if len(l.Event) == 0 || len(l.Event) > MaxEvent || !json.Valid(l.Event) || bytes.ContainsAny(l.Event, "\n\r") {
		return fmt.Errorf("neither an event nor a leaf: %w", ErrExport)
	}
	if len(l.JWS) > receipt.MaxSize || strings.ContainsFunc(l.JWS, notCompact) {
		return fmt.Errorf("jws: %w", ErrExport)
	}
	if Kind(l.Kind).Public() != (l.Salt == "") {
		return fmt.Errorf("salt does not fit the kind: %w", ErrExport)
	}
	_, err := l.salt()
	return err
}

func (l ExportLine) checkBare() error {
	leaf, err := l.bareLeaf()
	if err != nil {
		return err
	}
	if int(leaf.Kind()) != l.Kind || len(l.Event) > 0 || l.Salt != "" || l.JWS != "" {
		return fmt.Errorf("a bare leaf has nothing else: %w", ErrExport)
	}
	return nil
}

func (l ExportLine) salt() (salt [32]byte, err error) {
	if l.Salt == "" {
		return salt, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(l.Salt)
	if err != nil || len(b) != len(salt) {
		return salt, fmt.Errorf("salt: %w", ErrExport)
	}
	return [32]byte(b), nil
}

func (l ExportLine) bareLeaf() (ledger.Leaf, error) {
	b, err := hex.DecodeString(l.Leaf)
	if err != nil {
		return ledger.Leaf{}, fmt.Errorf("leaf: %w", ErrExport)
	}
	leaf, err := ledger.ParseLeaf(b)
	if err != nil || hex.EncodeToString(b) != l.Leaf {
		return ledger.Leaf{}, fmt.Errorf("leaf: %w", ErrExport)
	}
	return leaf, nil
}

// LeafOf is the leaf the line stands for: the one its opening commits to, or
// the bare one.
func (l ExportLine) LeafOf() (ledger.Leaf, error) {
	if l.Leaf != "" {
		return l.bareLeaf()
	}
	salt, err := l.salt()
	if err != nil {
		return ledger.Leaf{}, err
	}
	return ledger.NewLeaf(byte(l.Kind), salt, l.Event), nil
}

func encodeLine(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding line of export: %w: %w", ErrExport, err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
