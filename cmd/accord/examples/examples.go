// Package examples holds the documented registrations that accord init copies
// and the demonstration uses: approvals of invented bodies.
package examples

import "embed"

// Approvals are approvals/*.yaml, unsigned: a registrar signs them.
//
//go:embed approvals/*.yaml
var Approvals embed.FS
