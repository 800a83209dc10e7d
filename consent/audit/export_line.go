package audit

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The members of a line, as they stand between its values. None of the values
// holds a character that JSON escapes, so that a line needs no JSON reader: it
// is cut here, written again, and must be the same.
const (
	memberIndex = `{"i":`
	memberKind  = `,"kind":`
	memberSalt  = `,"salt":"`
	memberEvent = `,"event":`
	memberLeaf  = `,"leaf":"`
	memberJWS   = `,"jws":"`
)

// append writes the line's one spelling: what encoding/json gives too.
func (l ExportLine) append(b []byte) []byte {
	b = strconv.AppendInt(append(b, memberIndex...), l.I, 10)
	b = strconv.AppendInt(append(b, memberKind...), int64(l.Kind), 10)
	b = appendText(b, memberSalt, l.Salt)
	if len(l.Event) > 0 {
		b = append(append(b, memberEvent...), l.Event...)
	}
	b = appendText(b, memberLeaf, l.Leaf)
	b = appendText(b, memberJWS, l.JWS)
	return append(b, '}')
}

func appendText(b []byte, member, text string) []byte {
	if text == "" {
		return b
	}
	return append(append(append(b, member...), text...), '"')
}

// cutLine takes a line apart without judging it. A member it does not find
// stays empty, and the line then is not what append writes.
func cutLine(line string) (l ExportLine) {
	rest := strings.TrimPrefix(line, memberIndex)
	number, rest, _ := strings.Cut(rest, memberKind)
	l.I, _ = strconv.ParseInt(number, 10, 64)
	end := strings.IndexAny(rest, ",}")
	if end < 0 {
		return l
	}
	l.Kind, _ = strconv.Atoi(rest[:end])
	rest = rest[end:]
	if text, ok := strings.CutPrefix(rest, memberSalt); ok {
		l.Salt, rest, _ = strings.Cut(text, `"`)
	}
	if text, ok := strings.CutPrefix(rest, memberLeaf); ok {
		l.Leaf, _, _ = strings.Cut(text, `"`)
	}
	if text, ok := strings.CutPrefix(rest, memberEvent); ok {
		l.cutEvent(strings.TrimSuffix(text, "}"))
	}
	return l
}

// cutEvent parts the event from the receipt, which stands last.
func (l *ExportLine) cutEvent(text string) {
	if at := strings.LastIndex(text, memberJWS); at >= 0 && strings.HasSuffix(text, `"`) && !strings.HasSuffix(text, `}`) {
		l.JWS = text[at+len(memberJWS) : len(text)-1]
		text = text[:at]
	}
	l.Event = json.RawMessage(text)
}

// notCompact tells what no compact JWS holds. RFC 7515 §7.1.
func notCompact(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && r != '-' && r != '_' && r != '.'
}
