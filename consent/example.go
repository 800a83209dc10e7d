package consent

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Example gives an invented document of one resource, holding what the paths of
// data open: for previews, where nobody is known. It is no answer of a source.
func Example(data []Datum) (json.RawMessage, error) {
	root := map[string]any{}
	for _, d := range data {
		for _, path := range d.Paths {
			plant(root, strings.Split(path, "."), exampleOf(path, d.Unit))
		}
	}
	doc, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("making an example: %w", err)
	}
	return doc, nil
}

// plant puts a value at a path, making what lies above; each array has one
// element.
func plant(at map[string]any, path []string, value any) {
	name := strings.TrimRight(path[0], "[]")
	depth := (len(path[0]) - len(name)) / len("[]")
	if len(path) == 1 {
		at[name] = within(value, depth)
		return
	}
	inner, ok := innermost(at[name]).(map[string]any)
	if !ok {
		inner = map[string]any{}
		at[name] = within(inner, depth)
	}
	plant(inner, path[1:], value)
}

// within wraps a value into so many arrays.
func within(value any, depth int) any {
	for range depth {
		value = []any{value}
	}
	return value
}

func innermost(value any) any {
	for {
		list, ok := value.([]any)
		if !ok || len(list) == 0 {
			return value
		}
		value = list[0]
	}
}

// exampleOf invents a scalar after the name of its leaf, and, where that says
// nothing, after the datum's unit.
func exampleOf(path, unit string) any {
	leaf := strings.TrimRight(path[strings.LastIndexByte(path, '.')+1:], "[]")
	if v, ok := exampleLeaves()[leaf]; ok {
		return v
	}
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(leaf, p) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(leaf, "est_"), strings.HasPrefix(leaf, "a_"), strings.HasPrefix(leaf, "is_"):
		return true
	case strings.HasPrefix(leaf, "nombre_"):
		if unit == "shares" {
			return 2.5
		}
		return 2
	case leaf == "annee_revenus":
		return 2025
	case has("annee", "year"):
		return 2026
	case has("mois", "jour"):
		return 10
	case has("date", "debut", "fin"):
		return "2026-09-01"
	case has("montant", "valeur", "revenu", "base_"), strings.HasPrefix(unit, "EUR/"):
		return 872
	case has("prenom", "given"):
		return "CAMILLE"
	case has("nom", "name"):
		return "EXEMPLE"
	case has("sexe"):
		return "F"
	case has("code"):
		return "X1"
	case unit == "count":
		return 2
	case unit == "enum:any":
		return true
	}
	return "Exemple"
}

func exampleLeaves() map[string]any {
	return map[string]any{
		"fournisseur": "CNAF", "revenu_fiscal_reference": 24500, "date_naissance": "2017-05-03", "birthdate": "1984-03-09",
		"gender": "female", "birthplace": "00000", "birthcountry": "99100", "email": "camille@exemple.example",
		"numero_libelle_voie": "1 RUE DE L'EXEMPLE", "code_postal_ville": "00000 EXEMPLE", "pays": "FRANCE", "situation_famille": "C",
		"numero_immatriculation": "AA-000-AA", "taux_co2": 99, "cylindree": 1200, "masse_charge_maximale": 1500, "echelon_bourse": 3,
	}
}
