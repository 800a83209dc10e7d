package cnav_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"accord/providers"
	"accord/providers/cnav"
)

// verifyBenefit is the oracle of the benefits: what is told must be what was
// sent. Whose it is, nothing in it could show.
func verifyBenefit(sent []byte, q providers.Query, a providers.Answer) error {
	if a.Outcome == providers.Unavailable {
		return nil
	}
	if a.Outcome != providers.Found {
		return errors.New("a 200 can only be found or unavailable")
	}
	raw, err := loosely(sent)
	if err != nil {
		return err
	}
	var d map[string]any
	if err := json.Unmarshal(a.Document, &d); err != nil {
		return err
	}
	return told(q.Resource, raw, d)
}

func told(resource string, raw, d map[string]any) error {
	indicator, _ := raw["indicateur"].(string)
	drawn := indicator != "NON_BENEFICIAIRE" && indicator != "NON_BENEFICIAIRE_CSS"
	var date any
	if drawn && raw["dateindicateur"] != "" {
		date = raw["dateindicateur"]
	}
	want := map[string]any{"est_beneficiaire": drawn, "date_debut_droit": date}
	codes := openCodes(raw)
	switch resource {
	case cnav.RevenuSolidariteActive:
		want["avec_majoration"] = increased(drawn, codes, "FA3101", "FA3102")
	case cnav.PrimeActivite:
		want["avec_majoration"] = increased(drawn, codes, "FA3105", "FA3106")
	case cnav.ComplementaireSanteSolidaire:
		want["avec_participation"] = increased(drawn, []string{indicator}, "BENEFICIAIRE_SANS_PARTICIPATION_FINANCIERE", "BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE")
	case cnav.AllocationEnfantHandicape:
		status := map[string]string{"ALLOCATAIRE": "allocataire", "OUVRANT_DROIT": "ouvrant_droit", "NON_BENEFICIAIRE": "non_beneficiaire"}[indicator]
		want = map[string]any{"status": status, "date_debut_droit": date}
	}
	if got, expected := text(d), text(want); got != expected {
		return fmt.Errorf("told %s, sent %s", got, expected)
	}
	return nil
}

// increased is null of one who draws nothing, and a contradiction otherwise
// unless just one of the two codes is there.
func increased(drawn bool, codes []string, no, yes string) any {
	switch {
	case !drawn:
		return nil
	case slices.Contains(codes, yes) == slices.Contains(codes, no):
		return "neither or both were sent"
	}
	return slices.Contains(codes, yes)
}

func openCodes(raw map[string]any) []string {
	var codes []string
	for _, right := range list(raw["listeprestation"]) {
		state, _ := right["etat"].(map[string]any)
		if code, ok := right["cd"].(string); ok && state["cd"] == float64(10) {
			codes = append(codes, code)
		}
	}
	return codes
}

func text(d map[string]any) string {
	b, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
