package cnav_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/providers"
)

// The oracles of the mutations read the answer sent as loosely as they can and
// share no code with the connector: letters only, upper case.
func verifyQuotient(sent []byte, q providers.Query, a providers.Answer) error {
	return verifyFamily(sent, q, a, func(raw map[string]any) error {
		if raw["quotientfamilial"] != nil {
			return errors.New("a quotient was sent and not given")
		}
		return nil
	}, quotientComplete)
}

func verifyChildcare(sent []byte, q providers.Query, a providers.Answer) error {
	return verifyFamily(sent, q, a, noneUnderSeven, childcareComplete)
}

func verifyFamily(sent []byte, q providers.Query, a providers.Answer, absent func(raw map[string]any) error, complete func(raw, d map[string]any) error) error {
	switch a.Outcome {
	case providers.Unavailable:
		return nil
	case providers.Found, providers.NoFile:
	default:
		return errors.New("a 200 can only be found, no file, or unavailable")
	}
	raw, err := loosely(sent)
	if err != nil {
		return err
	}
	adults, children := list(raw["allocataires"]), list(raw["enfants"])
	if !stands(q.Identity, adults) && !stands(q.Identity, children) {
		return errors.New("the person asked is not in the answer")
	}
	if a.Outcome == providers.NoFile {
		return absent(raw)
	}
	var d map[string]any
	if err := json.Unmarshal(a.Document, &d); err != nil {
		return err
	}
	return errors.Join(familyComplete(raw, d), complete(raw, d))
}

func loosely(sent []byte) (map[string]any, error) {
	var tree any
	if err := json.Unmarshal(sent, &tree); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	raw, _ := lower(tree).(map[string]any)
	return raw, nil
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

// familyComplete wants everybody sent in the document, and the address, and no
// more.
func familyComplete(raw, d map[string]any) error {
	if len(d) != 4 {
		return fmt.Errorf("document of %d members, want 4", len(d))
	}
	for _, name := range []string{"allocataires", "enfants"} {
		if err := everybody(list(raw[name]), list(d[name])); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	sentAddress, _ := raw["adresse"].(map[string]any)
	given, _ := d["adresse"].(map[string]any)
	if len(given) != 7 || filled(sentAddress) != filled(given) {
		return errors.New("address is not the one sent")
	}
	return nil
}

func quotientComplete(raw, d map[string]any) error {
	q, _ := d["quotient_familial"].(map[string]any)
	if len(q) != 6 || q["valeur"] != raw["quotientfamilial"] || q["annee_calcul"] != raw["annee"] || q["mois_calcul"] != raw["mois"] {
		return errors.New("quotient is not the one sent")
	}
	return nil
}

func childcareComplete(raw, d map[string]any) error {
	p, _ := d["parametres_calcul_participation_familiale"].(map[string]any)
	base, _ := p["base_ressources_annuelles"].(map[string]any)
	if len(p) != 3 || p["nombre_enfants_a_charge"] != raw["nombreenfantacharge"] || p["nombre_enfants_beneficiaire_aeeh"] != raw["nombrebeneficiaireaeh"] {
		return errors.New("numbers of children are not those sent")
	}
	if len(base) != 2 || base["valeur"] != raw["montantressources"] || base["annee_calcul"] != raw["annee"] {
		return errors.New("resources are not those sent")
	}
	for _, child := range list(raw["enfants"]) {
		if born, _ := child["datenaissance"].(string); born > sevenYearsAgo {
			return nil
		}
	}
	return errors.New("given without a child under seven")
}

const sevenYearsAgo = "2019-10-14" // before today, as today is in these tests

func noneUnderSeven(raw map[string]any) error {
	for _, child := range list(raw["enfants"]) {
		born, _ := child["datenaissance"].(string)
		if latest := strings.ReplaceAll(born, "-00", "-99"); latest > sevenYearsAgo || born == "" || strings.HasPrefix(born, "0000") {
			return errors.New("a child may be under seven, and nothing was given")
		}
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
		if commune, ok := g["code_cog_insee_commune_naissance"]; ok {
			delete(g, "code_cog_insee_commune_naissance")
			if commune != s["cognaissance"] && s["cognaissance"] != "" {
				return fmt.Errorf("person %d was not born where sent", n)
			}
		}
		if len(g) != 5 || g["nom_naissance"] != s["nomnaissance"] || g["prenoms"] != s["listeprenoms"] || g["nom_usage"] != usage || g["sexe"] != s["genre"] {
			return fmt.Errorf("person %d is not the one sent", n)
		}
	}
	return nil
}
