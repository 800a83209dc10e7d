package receipt

import _ "embed" // the schema

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of a receipt's payload, published
// at the address that SchemaVersion ends with. It says what can be said of the
// shape; Parse and Validate refuse all that it refuses, and more.
func Schema() []byte { return []byte(schema) }
