package verification

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
	"unicode"

	"accord/broker/failure"
	"accord/consent/audit"
	"accord/ui"
)

// The kinds of what may be given.
const (
	aReceipt  = "receipt"
	aBundle   = "bundle"
	aDelivery = "delivery"
)

// judge recognises what was given and judges it. An error is ours, never the
// document's.
func (p *Pages) judge(ctx context.Context, g given) (ui.Verdict, error) {
	document := g.document()
	if !g.whole {
		return unreadable("large_photo"), nil
	}
	pictured := isPicture(document)
	if pictured {
		text, err := p.look(ctx, document)
		switch {
		case errors.Is(err, errLarge):
			return unreadable("large_photo"), nil
		case errors.Is(err, errNoCode):
			return unreadable("no_code"), nil
		case err != nil:
			return ui.Verdict{}, err
		}
		document = []byte(text)
	}
	v, err := p.recognised(ctx, document, g.notice)
	v.Pictured = pictured
	return v, err
}

func (p *Pages) recognised(ctx context.Context, document, notice []byte) (ui.Verdict, error) {
	if len(document) > maxDocument {
		return unreadable("large"), nil
	}
	if first := bytes.TrimSpace(document); bytes.HasPrefix(document, []byte{0x1f, 0x8b}) || bytes.HasPrefix(first, []byte("{")) {
		return p.bundle(ctx, document, notice)
	}
	jws := joined(document)
	switch typeOf(jws) {
	case "accord-receipt+jws":
		return p.receipt(ctx, jws, notice)
	case "accord-delivery+jwt":
		return p.delivery(ctx, jws)
	}
	return unreadable(""), nil
}

// look waits for its turn: one photograph is decoded at a time.
func (p *Pages) look(ctx context.Context, picture []byte) (string, error) {
	turn := time.NewTimer(2 * patience)
	defer turn.Stop()
	select {
	case p.lens <- struct{}{}:
		defer func() { <-p.lens }()
		return codeOn(ctx, picture)
	case <-turn.C:
		return "", failure.Newf(failure.TooMany, "too many photographs are waiting")
	case <-ctx.Done():
		return "", failure.New(failure.Busy, ctx.Err())
	}
}

// joined drops what a hand scanner, a mail or an editor puts between the
// characters: no JWS in compact form holds a space (RFC 7515 §3.1).
func joined(document []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' {
			return -1
		}
		return r
	}, document)
}

// typeOf reads the typ of a compact JWS, believing nothing.
func typeOf(jws []byte) string {
	head, _, _ := bytes.Cut(jws[:min(len(jws), 4<<10)], []byte("."))
	var header struct {
		Type string `json:"typ"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(head))
	if err != nil || json.Unmarshal(raw, &header) != nil {
		return ""
	}
	return header.Type
}

// unreadable is V01: no conclusion either way.
func unreadable(reason string) ui.Verdict {
	about := "unreadable"
	if reason == "no_code" {
		about = "photo"
	}
	v := ui.Verdict{Result: "V01", About: about}
	note(&v, "form", audit.Failed, reason)
	return v
}

// note adds one check.
func note(v *ui.Verdict, name, result, reason string) {
	v.Checks = append(v.Checks, ui.VerdictCheck{Name: name, Result: result, Reason: reason})
}

// worst is how several checks of consent/audit ended together.
func worst(checks []audit.Check, names ...string) string {
	rank := map[string]int{audit.Passed: 0, audit.NotMade: 1, audit.Open: 2, audit.Failed: 3}
	result := audit.Passed
	for _, c := range checks {
		for _, name := range names {
			if c.Name == name && rank[c.Result] > rank[result] {
				result = c.Result
			}
		}
	}
	return result
}

// stoppedAt is the check an examination ended at, "" when it ended well.
func stoppedAt(checks []audit.Check) string {
	for _, c := range checks {
		if c.Result == audit.Failed || c.Result == audit.Open {
			return c.Name
		}
	}
	return ""
}

// signed notes the checks of the signature, those of a receipt and of a
// delivery being the same, and gives what they come to: "" when all passed.
func signed(v *ui.Verdict, checks []audit.Check) (result, about string) {
	at, reason := stoppedAt(checks), map[string]string{"key": "key_unknown", "key_time": "key_time"}
	note(v, "form", worst(checks, "form"), "")
	note(v, "key", worst(checks, "key", "key_time"), reason[at])
	note(v, "signature", worst(checks, "signature"), "")
	note(v, "content", worst(checks, "content"), "")
	switch at {
	case "":
		v.Signed = true
		return "", ""
	case "signature":
		return "V02", kindWord(v.Kind)
	case "key":
		return "V03", kindWord(v.Kind)
	case "key_time":
		return "V03", "time"
	}
	return "V01", "unreadable"
}

func kindWord(kind string) string {
	if kind == aDelivery {
		return aDelivery
	}
	return aReceipt
}

// stop notes the checks that were not reached.
func stop(v *ui.Verdict, names ...string) {
	for _, name := range names {
		note(v, name, audit.NotMade, "stopped")
	}
}
