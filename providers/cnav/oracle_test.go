package cnav_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/providers"
)

// verify is the oracle of the mutations. It reads the answer sent as loosely
// as it can and shares no code with the connector: letters only, upper case.
func verify(sent []byte, q providers.Query, a providers.Answer) error {
	switch a.Outcome {
	case providers.Unavailable:
		return nil
	case providers.Found, providers.NoFile:
	default:
		return errors.New("a 200 can only be found, without a quotient, or unavailable")
	}
	var tree any
	if err := json.Unmarshal(sent, &tree); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	raw, _ := lower(tree).(map[string]any)
	adults, children := list(raw["allocataires"]), list(raw["enfants"])
	if !stands(q.Identity, adults) && !stands(q.Identity, children) {
		return errors.New("the person asked is not in the answer")
	}
	if a.Outcome == providers.NoFile {
		if raw["quotientfamilial"] != nil {
			return errors.New("a quotient was sent and not given")
		}
		return nil
	}
	return complete(raw, adults, children, a.Document)
}

// lower writes member names in small letters: encoding/json does not tell them
// apart by case.
func lower(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[strings.ToLower(name)] = lower(member)
		}
		return out
	case []any:
		for i := range v {
			v[i] = lower(v[i])
		}
	}
	return v
}

func list(v any) []map[string]any {
	out := []map[string]any{}
	all, _ := v.([]any)
	for _, one := range all {
		m, _ := one.(map[string]any)
		out = append(out, m)
	}
	return out
}

func letters(v any) string {
	s, _ := v.(string)
	s = strings.NewReplacer("é", "e", "É", "e").Replace(s)
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s))
}

func stands(i providers.Identity, people []map[string]any) bool {
	dates := map[any]bool{i.Birthdate: true, strings.TrimSuffix(i.Birthdate, "-01") + "-00": true, strings.TrimSuffix(i.Birthdate, "-01-01") + "-00-00": true}
	for _, p := range people {
		first := letters(strings.Fields(i.GivenName)[0])
		if letters(p["nomnaissance"]) == letters(i.FamilyName) && dates[p["datenaissance"]] && strings.Contains(letters(p["listeprenoms"]), first) {
			return true
		}
	}
	return false
}

// complete wants everybody and everything sent in the document, and no more.
func complete(raw map[string]any, adults, children []map[string]any, document []byte) error {
	var d map[string]any
	if err := json.Unmarshal(document, &d); err != nil {
		return err
	}
	if len(d) != 4 {
		return fmt.Errorf("document of %d members, want 4", len(d))
	}
	for name, sent := range map[string][]map[string]any{"allocataires": adults, "enfants": children} {
		if err := everybody(sent, list(d[name])); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	q, _ := d["quotient_familial"].(map[string]any)
	if len(q) != 6 || q["valeur"] != raw["quotientfamilial"] || q["annee_calcul"] != raw["annee"] || q["mois_calcul"] != raw["mois"] {
		return errors.New("quotient is not the one sent")
	}
	sentAddress, _ := raw["adresse"].(map[string]any)
	given, _ := d["adresse"].(map[string]any)
	if len(given) != 7 || filled(sentAddress) != filled(given) {
		return errors.New("address is not the one sent")
	}
	return nil
}

func filled(m map[string]any) int {
	n := 0
	for _, v := range m {
		if v != nil {
			n++
		}
	}
	return n
}

func everybody(sent, given []map[string]any) error {
	if len(sent) != len(given) {
		return fmt.Errorf("%d persons sent, %d given", len(sent), len(given))
	}
	for n, s := range sent {
		g := given[n]
		usage := s["nomusage"]
		if usage == "" {
			usage = nil
		}
		if len(g) != 5 || g["nom_naissance"] != s["nomnaissance"] || g["prenoms"] != s["listeprenoms"] || g["nom_usage"] != usage || g["sexe"] != s["genre"] {
			return fmt.Errorf("person %d is not the one sent", n)
		}
	}
	return nil
}
