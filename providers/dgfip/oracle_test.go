package dgfip_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/providers"
)

// verify is the oracle of the mutations. It reads the answer sent as loosely
// as it can and shares no code with the connector.
func verify(sent []byte, q providers.Query, a providers.Answer) error {
	switch a.Outcome {
	case providers.Unavailable:
		return nil
	case providers.Found:
	default:
		return errors.New("a 200 can only be found or unavailable")
	}
	var tree any
	if err := json.Unmarshal(sent, &tree); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	raw, _ := lower(tree).(map[string]any)
	if !declares(q.Identity, raw, "1") && !declares(q.Identity, raw, "2") {
		return errors.New("the person asked is no declarant of the answer")
	}
	return complete(raw, a)
}

// lower writes member names in small letters: encoding/json does not tell them
// apart by case.
func lower(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(m))
	for name, member := range m {
		out[strings.ToLower(name)] = lower(member)
	}
	return out
}

func declares(i providers.Identity, raw map[string]any, rank string) bool {
	born, _ := raw["datenaisdec"+rank].(map[string]any)
	number := func(v any) int {
		n := -1
		_, _ = fmt.Sscan(strings.TrimLeft(fmt.Sprint(v), "0")+" ", &n)
		if n < 0 {
			n = 0
		}
		return n
	}
	var year, month, day int
	_, _ = fmt.Sscanf(i.Birthdate, "%d-%d-%d", &year, &month, &day)
	dated := number(born["annee"]) == year && max(number(born["mois"]), 1) == month && max(number(born["jour"]), 1) == day
	first := strings.ToUpper(strings.Fields(i.GivenName)[0])
	given, told := raw["prnmdec"+rank].(string)
	return dated && letters(raw["nmnaidec"+rank]) == letters(i.FamilyName) && (!told || strings.Contains(letters(given), first))
}

func letters(v any) string {
	s, _ := v.(string)
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s))
}

// complete wants all six members, as they were sent, of the year asked.
func complete(raw map[string]any, a providers.Answer) error {
	var d map[string]any
	if err := json.Unmarshal(a.Document, &d); err != nil {
		return err
	}
	if len(d) != 6 {
		return fmt.Errorf("document of %d members, want 6", len(d))
	}
	if year := raw["annrevenu"]; d["annee_revenus"] != "2025" || year != nil && fmt.Sprint(year) != "2025" {
		return errors.New("another year's notice")
	}
	pac, _ := raw["pac"].(map[string]any)
	persons := pac["nbpac"]
	if persons == nil {
		persons = raw["nbpac"]
	}
	for name, value := range map[string]any{"revenu_fiscal_reference": raw["rfr"], "nombre_parts": raw["nbpart"], "nombre_personnes_a_charge": persons} {
		var sent, given float64
		_, _ = fmt.Sscan(fmt.Sprint(value), &sent)
		_, _ = fmt.Sscan(fmt.Sprint(d[name]), &given)
		if sent != given || value == nil {
			return fmt.Errorf("%s is not the one sent", name)
		}
	}
	if sent, _ := raw["aft"].(string); strings.TrimSpace(sent) != d["adresse_taxation"] {
		return errors.New("address is not the one sent")
	}
	return nil
}
