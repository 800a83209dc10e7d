// Package configuration reads what an operator writes: accord.yaml, one file a
// client, one signed file an approval. It reports every mistake of every file
// at once, each with its line and what to write, and touches no network.
//
//	accord.yaml ─┬ read (strict: unknown, double and mistyped keys) ┐
//	clients/*.yaml ─ read ─ issuer.Client.Validate ─────────────────┤
//	approvals/*.yaml ─ signature ─ read ─ consent.Approval.Validate ┼→ across files → Configuration, []Mistake
//	secret files ─ mode, content ───────────────────────────────────┘
//
// A secret never stands in these files, only the path of the file that holds
// it; a mistake never quotes a value.
package configuration
