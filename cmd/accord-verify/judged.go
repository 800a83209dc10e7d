package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// judged is all that is said of one bundle or delivery.
type judged struct {
	File     string           `json:"file"`
	Outcome  outcome          `json:"outcome"`
	Checks   []audit.Check    `json:"checks"`
	Log      *place           `json:"log,omitempty"` // of a genuine bundle
	Receipt  *receipt.Receipt `json:"receipt,omitempty"`
	Delivery *audit.Delivery  `json:"delivery,omitempty"`
	Proves   []string         `json:"proves,omitempty"`
	names    []string         // of the checks
}

// place is where an act stands in the log.
type place struct {
	Origin string `json:"origin"`
	Index  int64  `json:"index"`
	Size   int64  `json:"size"` // leaves under the checkpoint
}

// stopped is the verdict on a file whose form already ends the examination.
func (j judged) stopped(result string, out outcome, cause error) judged {
	j.Outcome, j.Checks = out, []audit.Check{{Name: j.names[0], Result: result, Reason: cause.Error()}}
	for _, name := range j.names[1:] {
		j.Checks = append(j.Checks, audit.Check{Name: name, Result: audit.NotMade})
	}
	return j
}

// verdicts are a whole run.
type verdicts struct{ files []judged }

func (v verdicts) outcome() outcome {
	all := genuine
	for _, j := range v.files {
		if j.Outcome == notTrue || all == genuine {
			all = j.Outcome
		}
	}
	return all
}

func (v verdicts) count(o outcome) int {
	n := 0
	for _, j := range v.files {
		if j.Outcome == o {
			n++
		}
	}
	return n
}

// shown are the files the report goes into: all of a few, of many those that
// are not genuine.
func (v verdicts) shown() []judged {
	if len(v.files) <= details {
		return v.files
	}
	var shown []judged
	for _, j := range v.files {
		if j.Outcome != genuine {
			shown = append(shown, j)
		}
	}
	return shown
}

// report writes the verdicts and gives the exit status.
func (v verdicts) report(stdout, stderr io.Writer, asJSON bool, t judgedTexts) int {
	write := v.writeText
	if asJSON {
		write = v.writeJSON
	}
	if err := write(stdout, t); err != nil {
		fmt.Fprintf(stderr, "accord-verify: writing the result: %v\n", err)
		return exitUndecided
	}
	return v.outcome().status()
}

func (v verdicts) writeJSON(w io.Writer, t judgedTexts) error {
	document := struct {
		Outcome      outcome           `json:"outcome"`
		Genuine      int               `json:"genuine"`
		False        int               `json:"false"`
		Undecided    int               `json:"undecided"`
		Files        []judged          `json:"files"`
		Proves       map[string]string `json:"proves,omitempty"`
		DoesNotProve string            `json:"does_not_prove,omitempty"`
	}{
		Outcome: v.outcome(), Genuine: v.count(genuine), False: v.count(notTrue), Undecided: v.count(undecided),
		Files: v.shown(), Proves: map[string]string{},
	}
	for _, j := range v.shown() {
		for _, code := range j.Proves {
			document.Proves[code], document.DoesNotProve = t.proves[code], t.provesNo(j)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

func (v verdicts) writeText(w io.Writer, t judgedTexts) error {
	var out strings.Builder
	for _, j := range v.shown() {
		j.write(&out, t)
	}
	if len(v.files) > 1 {
		fmt.Fprintf(&out, t.summary+"\n", v.count(genuine), v.count(notTrue), v.count(undecided))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (j judged) write(out *strings.Builder, t judgedTexts) {
	fmt.Fprintf(out, "%s%s%s\n", plain(j.File), t.colon, t.verdicts[j.Outcome])
	for _, c := range j.Checks {
		fmt.Fprintf(out, "  [%s] %s", t.marks[c.Result], t.checks[c.Name])
		if c.Reason != "" {
			fmt.Fprintf(out, " (%s)", plain(c.Reason))
		}
		out.WriteString("\n")
	}
	if j.Receipt != nil {
		writeAct(out, *j.Receipt, t.texts)
	}
	if j.Log != nil {
		fmt.Fprintf(out, "  "+t.place+"\n", j.Log.Index, plain(j.Log.Origin), j.Log.Size)
	}
	if j.Delivery != nil {
		writeDelivery(out, *j.Delivery, t)
	}
	for _, code := range j.Proves {
		fmt.Fprintf(out, "  %s\n", t.proves[code])
	}
	if len(j.Proves) > 0 {
		fmt.Fprintf(out, "  %s\n", t.provesNo(j))
	}
	out.WriteString("\n")
}

// writeDelivery says what was delivered to whom, without a value: the file
// itself has them.
func writeDelivery(out *strings.Builder, d audit.Delivery, t judgedTexts) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "  %s%s%s\n", name, t.colon, plain(value))
		}
	}
	line(t.to, d.Audience)
	line(t.resource, d.Resource)
	line(t.source, d.Source)
	line(t.period, d.Period)
	line(t.retrieved, d.Retrieved)
	line(t.release, d.Release)
	line(t.logged, d.Log)
}
