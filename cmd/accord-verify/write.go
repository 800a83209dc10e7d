package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"accord/consent/receipt"
)

// writeJSON gives one JSON document for the whole run.
func writeJSON(w io.Writer, r result, t texts) error {
	document := struct {
		result
		Proves       string `json:"proves,omitempty"`
		DoesNotProve string `json:"does_not_prove,omitempty"`
	}{result: r}
	if r.anyGenuine() {
		document.Proves, document.DoesNotProve = t.proves, t.provesNo
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

// writeText gives a line a check, then the verdict, then what was done.
func writeText(w io.Writer, r result, t texts) error {
	var out strings.Builder
	for _, f := range r.Receipts {
		writeFinding(&out, f, t)
	}
	if r.anyGenuine() {
		fmt.Fprintf(&out, "%s\n%s\n", t.proves, t.provesNo)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func writeFinding(out *strings.Builder, f finding, t texts) {
	fmt.Fprintf(out, "%s%s%s\n", plain(f.File), t.colon, t.verdicts[f.Outcome])
	for _, c := range f.Checks {
		fmt.Fprintf(out, "  [%s] %s", t.marks[c.Result], t.steps[c.Step])
		if c.Reason != "" {
			fmt.Fprintf(out, " (%s)", plain(c.Reason))
		}
		out.WriteString("\n")
	}
	if f.Receipt != nil {
		writeAct(out, *f.Receipt, t)
	}
	out.WriteString("\n")
}

func writeAct(out *strings.Builder, r receipt.Receipt, t texts) {
	line := func(name, value string) { fmt.Fprintf(out, "  %s%s%s\n", name, t.colon, plain(value)) }
	act := t.acts[string(r.Event.Type)]
	if stage := t.stages[string(r.Event.Stage)]; stage != "" {
		act += " " + stage
	}
	line(t.act, fmt.Sprintf("%s, %s; %s", act, r.Event.Time, t.bases[string(r.Event.BasisAct)]))
	for _, p := range r.Parties {
		if p.Type == "recipient" {
			line(t.to, p.Name+", "+p.ID)
		}
	}
	for _, p := range r.Purposes {
		line(t.purpose, p.Label)
	}
	if r.Event.ValidUntil != "" {
		line(t.agreed, strings.Join(grantedData(r), ", "))
		line(t.until, string(r.Event.ValidUntil))
	}
	line(t.logged, r.Log.Origin)
}

func grantedData(r receipt.Receipt) []string {
	var ids []string
	for _, p := range r.Purposes {
		for _, d := range p.Data {
			if d.Granted {
				ids = append(ids, d.ID)
			}
		}
	}
	return ids
}

func (r result) anyGenuine() bool {
	for _, f := range r.Receipts {
		if f.Outcome == genuine {
			return true
		}
	}
	return false
}

// plain drops what could steer a terminal: names come from other people's files.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
