package consent

import (
	"encoding/json"
	"testing"

	"accord/consent/receipt"
	"accord/consent/receipt/schematest"
)

func TestEveryReceiptBuiltKeepsThePublishedSchema(t *testing.T) {
	schema, err := schematest.Compile(receipt.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests(t) {
		for act, built := range everyAct(t, r) {
			payload, err := json.Marshal(built)
			if err != nil {
				t.Fatal(err)
			}
			if breaches, err := schema.Check(payload); err != nil || len(breaches) > 0 {
				t.Errorf("%s of %s: %v %v", act, r.Approval.ID, breaches, err)
			}
		}
	}
}
