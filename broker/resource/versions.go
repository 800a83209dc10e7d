package resource

import (
	"encoding/json"
	"fmt"
)

// A shape writes an earlier version of a resource's document from the newest:
// fewer members, or the same under other names, never more than was agreed.
type shape func(json.RawMessage) (json.RawMessage, error)

// withoutBoarding is men/scolarites before v5, which knew no regime_pensionnat.
func withoutBoarding(doc json.RawMessage) (json.RawMessage, error) {
	return reshape(doc, func(members map[string]json.RawMessage) error {
		delete(members, "regime_pensionnat")
		return nil
	})
}

// flatGrantStatus is cnous/etudiant_boursier v3, where est_boursier stood for
// the whole status.
func flatGrantStatus(doc json.RawMessage) (json.RawMessage, error) {
	return reshape(doc, func(members map[string]json.RawMessage) error {
		nested, ok := members["statut_boursier"]
		if !ok {
			return nil
		}
		var status struct {
			EstBoursier json.RawMessage `json:"est_boursier"`
		}
		if err := json.Unmarshal(nested, &status); err != nil {
			return err
		}
		delete(members, "statut_boursier")
		if status.EstBoursier != nil {
			members["est_boursier"] = status.EstBoursier
		}
		return nil
	})
}

func reshape(doc json.RawMessage, change func(map[string]json.RawMessage) error) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(doc, &members); err != nil {
		return nil, fmt.Errorf("writing an earlier version: %w", err)
	}
	if err := change(members); err != nil {
		return nil, fmt.Errorf("writing an earlier version: %w", err)
	}
	return json.Marshal(members)
}
