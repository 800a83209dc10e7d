package francetravail_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/providers"
)

// The oracles of the mutations read the answer sent as loosely as they can and
// share no code with the connector.

func verifyStatus(sent []byte, q providers.Query, a providers.Answer) error {
	raw, err := tree(sent)
	switch {
	case a.Outcome == providers.Unavailable:
		return nil
	case err != nil:
		return err
	case a.Outcome == providers.Refused:
		// Loosely the same may still be another's: CAMILLEX, TREM BLIN.
		if plainly(raw, "nom") && plainly(raw, "prenom") && theirs(q.Identity, raw) && letters(at(raw, "prenom")) == letters(strings.Fields(q.Identity.GivenName)[0]) {
			return errors.New("the person's own answer refused as another's")
		}
		return nil
	case a.Outcome != providers.Found:
		return errors.New("a 200 can only be found, another's, or unavailable")
	case !theirs(q.Identity, raw):
		return errors.New("the answer is another's")
	}
	d, err := tree(a.Document)
	if err != nil {
		return err
	}
	return sameStatus(raw, d, q.Inputs["identifiant"])
}

// sameStatus wants each member sent in the document, under its name there, and
// no more.
func sameStatus(raw, d map[string]any, identifier string) error {
	if len(d) != 5 || d["identifiant"] != identifier {
		return errors.New("document of another make, or of another identifier")
	}
	for path, name := range map[string]string{
		"identite.civilite": "civilite", "identite.nom_naissance": "nom", "identite.nom_usage": "nomusage", "identite.prenom": "prenom",
		"identite.sexe": "sexe", "identite.date_naissance": "datenaissance", "contact.telephone": "telephone", "contact.telephone2": "telephone2",
		"contact.email": "email", "inscription.date_debut": "dateinscription", "inscription.date_fin": "datecessationinscription",
		"inscription.code_certification_cnav": "codecertificationcnav", "inscription.categorie.code": "categorieinscription",
		"inscription.categorie.libelle": "libellecategorieinscription", "adresse.code_postal": "adresse.codepostal",
		"adresse.code_cog_insee_commune": "adresse.inseecommune", "adresse.localite": "adresse.localite", "adresse.ligne_voie": "adresse.lignevoie",
		"adresse.ligne_complement_destinataire": "adresse.lignecomplementdestinataire", "adresse.ligne_nom": "adresse.lignenom",
		"adresse.ligne_complement_adresse":      "adresse.lignecomplementadresse",
		"adresse.ligne_complement_distribution": "adresse.lignecomplementdistribution",
	} {
		given, sent := at(d, path), at(raw, name)
		if strings.Contains(name, "date") && sent != "" {
			sent = sent[:10]
		}
		if given != sent {
			return fmt.Errorf("%s is not what was sent", path)
		}
	}
	if n := leaves(d); n != 23 {
		return fmt.Errorf("%d values in the document, want 23", n)
	}
	return nil
}

func verifyPayments(sent []byte, q providers.Query, a providers.Answer) error {
	raw, err := tree(sent)
	list, _ := raw["listepaiement"].([]any)
	switch {
	case a.Outcome == providers.Unavailable:
		return nil
	case err != nil:
		return err
	case a.Outcome == providers.NoFile:
		if list == nil || len(list) != 0 {
			return errors.New("payments were sent and not given")
		}
		return nil
	case a.Outcome != providers.Found:
		return errors.New("a 200 can only be found, without payments, or unavailable")
	}
	d, err := tree(a.Document)
	if err != nil {
		return err
	}
	given, _ := d["paiements"].([]any)
	if len(d) != 2 || d["identifiant"] != q.Inputs["identifiant"] || len(given) != len(list) || len(given) == 0 {
		return errors.New("document of another make, or not of all payments")
	}
	for n := range given {
		if err := samePayment(list[n], given[n]); err != nil {
			return fmt.Errorf("payment %d: %w", n, err)
		}
	}
	return nil
}

func samePayment(sent, given any) error {
	s, _ := sent.(map[string]any)
	g, _ := given.(map[string]any)
	for path, name := range map[string]string{
		"montant_total": "montantpaiement", "montant_allocations": "allocations", "montant_aides": "aides", "montant_autres": "autrespaiements",
	} {
		number, ok := g[path].(json.Number)
		if !ok || number != s[name] {
			return fmt.Errorf("%s is not the number sent, digit by digit", path)
		}
	}
	if len(g) != 5 || at(g, "date_versement") != at(s, "datepaiement")[:10] {
		return errors.New("not of the day sent")
	}
	return nil
}

// tree reads an object, numbers as written, names in small letters:
// encoding/json does not tell them apart by case.
func tree(b []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v map[string]any
	err := d.Decode(&v)
	lower, _ := small(v).(map[string]any)
	return lower, err
}

func small(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[strings.ToLower(name)] = small(member)
		}
		return out
	case []any:
		for i := range v {
			v[i] = small(v[i])
		}
	}
	return v
}

// at is the value at a path as text, "" when absent, null or blank.
func at(v any, path string) string {
	for _, name := range strings.Split(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	if v == nil {
		return ""
	}
	s := fmt.Sprint(v)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return s
}

func leaves(v any) int {
	m, ok := v.(map[string]any)
	if !ok {
		return 1
	}
	n := 0
	for _, member := range m {
		n += leaves(member)
	}
	return n
}

func theirs(i providers.Identity, raw map[string]any) bool {
	born, first := at(raw, "datenaissance"), strings.Fields(i.GivenName)[0]
	return len(born) > 10 && born[:10] == i.Birthdate && letters(at(raw, "nom")) == letters(i.FamilyName) &&
		strings.HasPrefix(letters(at(raw, "prenom")), letters(first))
}

// plainly says that a name is written in nothing but letters.
func plainly(raw map[string]any, name string) bool {
	return strings.Trim(at(raw, name), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func letters(s string) string {
	s = strings.NewReplacer("é", "e", "É", "e").Replace(s)
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s))
}
