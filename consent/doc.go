// Package consent holds the rules of Accord: which data exist, who may ask for
// them, what a citizen agreed to, and what may therefore leave.
//
//	approvals ─ Choose ─┐
//	scopes ─ Catalogue ─┴─ NewRequest ─ Request ─ Decide ─ Agreed ─ Fields, ValidUntil ─ the grant
//	                          │ Refusal              │        └───── Mask ─ what is delivered
//	approval ─ Notice ────────┴── BuildReceipt ──────┘
//
// It is pure: no store, no network, no clock; times come as arguments. How
// data are fetched is providers' matter, how an act is made durable the
// store's. Its sub-packages hold the formats an auditor needs: receipt (signed
// receipts), ledger (the log's tree), audit (the log's events).
//
// Three acts are told apart and never passed off as one another (Act): the
// usual accord under a public task (GDPR 6-1-e, CRPA L114-8), consent where it
// really is the legal basis (GDPR 6-1-a), and information only, at a desk.
package consent
