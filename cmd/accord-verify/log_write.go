package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"accord/consent/audit"
)

func (o *logOptions) encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeReport says the verdict on a log: what was read, then each finding with
// its leaf and its rule.
func (o *logOptions) writeReport(w io.Writer, r audit.Report) error {
	if o.json {
		return o.encode(w, struct {
			File string `json:"file"`
			audit.Report
		}{o.export, r})
	}
	t := o.texts
	var out strings.Builder
	fmt.Fprintf(&out, "%s%s%s\n", plain(o.export), t.colon, t.verdicts[outcome(r.Outcome)])
	fmt.Fprintf(&out, t.read+"\n", plain(r.Origin), r.Size, r.Receipts, r.Erased, r.Older, r.Root)
	for _, kind := range slices.Sorted(keysOf(r.Counts)) {
		fmt.Fprintf(&out, "  %-20s %d\n", kind, r.Counts[kind])
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "  [%s] %s %s%s%s (%s)\n", t.marks[f.Rule == audit.RuleCompromised], t.place(f.Index), f.Rule, t.colon, t.rules[f.Rule], plain(f.Detail))
	}
	if more := r.Broken + r.Doubtful - int64(len(r.Findings)); more > 0 {
		fmt.Fprintf(&out, "  "+t.more+"\n", more)
	}
	if r.Outcome == audit.Genuine {
		fmt.Fprintln(&out, t.provesLog)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func keysOf(counts map[string]int64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range counts {
			if !yield(k) {
				return
			}
		}
	}
}

// maxShown bounds the hidden ids a text lists; JSON lists all.
const maxShown = 100

func (o *logOptions) writeReconciliation(w io.Writer, path string, r audit.Reconciliation) error {
	if o.json {
		return o.encode(w, struct {
			File    string `json:"file"`
			List    string `json:"list"`
			Outcome string `json:"outcome"`
			audit.Reconciliation
		}{o.export, path, r.Outcome(), r})
	}
	t := o.texts
	var out strings.Builder
	fmt.Fprintf(&out, "%s%s%s\n", plain(path), t.colon, t.verdicts[outcome(r.Outcome())])
	fmt.Fprintf(&out, t.compared+"\n", r.Listed, r.Logged, len(r.Hidden), r.Unconfirmed, r.Erased)
	for _, id := range r.Hidden[:min(len(r.Hidden), maxShown)] {
		fmt.Fprintf(&out, "  [%s] %s%s%s\n", t.marks[false], t.hidden, t.colon, plain(id))
	}
	if more := len(r.Hidden) - maxShown; more > 0 {
		fmt.Fprintf(&out, "  "+t.more+"\n", more)
	}
	_, err := io.WriteString(w, out.String())
	return err
}
