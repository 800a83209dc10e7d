package apiparticulier

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"accord/providers"
	"accord/providers/upstream"
)

// unknownDate is how API Particulier writes a birth date the source left blank.
const unknownDate = "0000-00-00"

const maxRemark = 2000 // bytes

var (
	wholeNumber = regexp.MustCompile(`^-?[0-9]{1,9}$`)
	anyNumber   = regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{1,6})?$`)
)

// copyInto writes raw, of this shape, to out: known members in the table's
// order, nothing else. ErrIncomplete when an unmasked member is absent,
// ErrShape when one cannot be what it says. raw went through upstream.Decode.
func (s shape) copyInto(out *bytes.Buffer, raw json.RawMessage) error {
	if string(raw) == "null" {
		if !s.null {
			return upstream.ErrShape
		}
		out.WriteString("null")
		return nil
	}
	switch s.kind {
	case objectKind:
		return s.copyObject(out, raw)
	case listKind:
		return s.copyList(out, raw)
	case integerKind, numberKind, flagKind:
		return s.copyPlain(out, raw)
	}
	return s.copyText(out, raw)
}

func (s shape) copyObject(out *bytes.Buffer, raw json.RawMessage) error {
	var sent map[string]json.RawMessage
	if json.Unmarshal(raw, &sent) != nil {
		return upstream.ErrShape
	}
	separator := byte('{')
	for _, m := range s.members {
		value, ok := sent[m.name]
		if !ok && m.masked {
			continue
		}
		if !ok {
			return upstream.ErrIncomplete
		}
		out.WriteByte(separator)
		out.WriteString(`"` + m.name + `":`)
		if err := m.shape.copyInto(out, value); err != nil {
			return err
		}
		separator = ','
	}
	if separator == '{' {
		out.WriteByte('{')
	}
	out.WriteByte('}')
	return nil
}

func (s shape) copyList(out *bytes.Buffer, raw json.RawMessage) error {
	var sent []json.RawMessage
	if json.Unmarshal(raw, &sent) != nil || len(sent) > s.most {
		return upstream.ErrShape
	}
	out.WriteByte('[')
	for n, value := range sent {
		if n > 0 {
			out.WriteByte(',')
		}
		if err := s.element.copyInto(out, value); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

// copyPlain keeps the digits of a number as they were sent.
func (s shape) copyPlain(out *bytes.Buffer, raw json.RawMessage) error {
	ok := false
	switch s.kind {
	case integerKind:
		ok = wholeNumber.Match(raw)
	case numberKind:
		ok = anyNumber.Match(raw)
	case flagKind:
		ok = string(raw) == "true" || string(raw) == "false"
	}
	if !ok {
		return upstream.ErrShape
	}
	out.Write(raw)
	return nil
}

// copyText keeps &, < and > as they are: the document's bytes are digested
// later and should be those anyone would write.
func (s shape) copyText(out *bytes.Buffer, raw json.RawMessage) error {
	var sent string
	if json.Unmarshal(raw, &sent) != nil || !s.holds(sent) {
		return upstream.ErrShape
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(sent) != nil {
		return upstream.ErrShape
	}
	out.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return nil
}

func (s shape) holds(sent string) bool {
	switch s.kind {
	case dateKind:
		_, err := time.Parse(time.DateOnly, sent)
		return err == nil
	case birthKind:
		return sent == unknownDate || providers.ValidBirthdate(sent)
	case remarkKind:
		return len(sent) <= maxRemark && strings.IndexFunc(sent, controls) < 0
	}
	return upstream.Text(sent) && (len(s.allowed) == 0 || slices.Contains(s.allowed, sent))
}

func controls(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }
