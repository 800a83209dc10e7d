package apiparticulier_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"accord/providers"
	"accord/providers/apiparticulier"
)

// verify is the oracle of the mutations. It reads the answer sent as loosely
// as it can and shares no code with the connector: what is given is what was
// sent, about the person asked, with every member the resource has.
func verify(sent []byte, q providers.Query, a providers.Answer) error {
	var envelope struct {
		Data map[string]any `json:"data"`
		Meta any            `json:"meta"`
	}
	err := loosely(sent, &envelope)
	switch a.Outcome {
	case providers.Unavailable:
		return nil
	case providers.Refused:
		if errors.Is(a.Cause, apiparticulier.ErrAnothersIdentifier) {
			return mistyped(q)
		}
		if err != nil || whole(q.Resource, envelope.Data) == nil {
			return errors.New("refused although nothing lacks")
		}
		return nil
	case providers.NoFile:
		qf, ok := envelope.Data["quotient_familial"].(map[string]any)
		if err != nil || !ok || qf["valeur"] != nil {
			return errors.New("no file although a quotient was sent")
		}
		return nil
	case providers.Found:
	default:
		return errors.New("a 200 can only be found, without a quotient, lacking, or unavailable")
	}
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	meta, _ := envelope.Meta.(map[string]any)
	return faithful(envelope.Data, meta, q, a)
}

// mistyped wants an identifier in the question: found without one, another's
// answer is nobody's mistake.
func mistyped(q providers.Query) error {
	if q.Resource == "men/scolarites" || len(q.Inputs) == 0 {
		return errors.New("another's identifier although none was typed")
	}
	return nil
}

func faithful(sent, meta map[string]any, q providers.Query, a providers.Answer) error {
	if err := whole(q.Resource, sent); err != nil {
		return err
	}
	var given map[string]any
	if err := loosely(a.Document, &given); err != nil {
		return err
	}
	if err := same("data", given, sent); err != nil {
		return err
	}
	if err := whole(q.Resource, given); err != nil {
		return fmt.Errorf("of the document: %w", err)
	}
	if q.Resource == "ants/extrait_immatriculation_vehicule" {
		if m, _ := meta["identity_matching"].(map[string]any); m["overall_match"] != true {
			return errors.New("ANTS did not say that the holder is the citizen")
		}
	}
	return named(sent, q)
}

func loosely(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

// whole wants every top member of the resource.
func whole(resource string, data map[string]any) error {
	for _, name := range strings.Fields(topMembers()[resource]) {
		if _, ok := data[name]; !ok {
			return fmt.Errorf("member %s missing", name)
		}
	}
	return nested(resource, data)
}

func topMembers() map[string]string {
	return map[string]string{
		"dss/quotient_familial":              "quotient_familial allocataires enfants adresse",
		"dss/participation_familiale_eaje":   "allocataires enfants adresse parametres_calcul_participation_familiale",
		"dss/revenu_solidarite_active":       "est_beneficiaire date_debut_droit avec_majoration",
		"dss/prime_activite":                 "est_beneficiaire date_debut_droit avec_majoration",
		"dss/allocation_adulte_handicape":    "est_beneficiaire date_debut_droit",
		"dss/allocation_soutien_familial":    "est_beneficiaire date_debut_droit",
		"dss/allocation_enfant_handicape":    "status date_debut_droit",
		"dss/complementaire_sante_solidaire": "est_beneficiaire date_debut_droit avec_participation",
		"mesri/statut_etudiant":              "identite admissions",
		"cnous/etudiant_boursier":            "identite email statut_boursier echelon_bourse periode_versement_bourse etablissement_etudes",
		"men/scolarites": "identite annee_scolaire est_scolarise statut_eleve etablissement module_elementaire_formation est_boursier " +
			"echelon_bourse regime_pensionnat",
		"france_travail/statut":     "identifiant identite contact adresse inscription",
		"france_travail/indemnites": "identifiant paiements",
		"dsnj/service_national":     "statut_service_national commentaires",
		"gip_mds/service_civique":   "statut_actuel statut_passe",
		"sdh/statut_sportif": "identite est_sportif_de_haut_niveau a_ete_sportif_de_haut_niveau informations_statut " +
			"informations_statuts_precedents",
		"ants/extrait_immatriculation_vehicule": "identite_particulier adresse_particulier statut_rattachement donnees_immatriculation_vehicule " +
			"caracteristiques_techniques_vehicule",
	}
}

// nested wants what scopes of their own open below a member.
func nested(resource string, data map[string]any) error {
	var parents []any
	var names string
	switch resource {
	case "mesri/statut_etudiant":
		parents, _ = data["admissions"].([]any)
		names = "est_inscrit regime_formation code_cog_insee_commune etablissement_etudes"
	case "gip_mds/service_civique":
		parents = []any{data["statut_actuel"], data["statut_passe"]}
		names = "organisme_accueil date_debut_contrat date_fin_contrat"
	}
	for _, parent := range parents {
		m, _ := parent.(map[string]any)
		for _, name := range strings.Fields(names) {
			if _, ok := m[name]; !ok {
				return fmt.Errorf("member %s missing", name)
			}
		}
	}
	return nil
}

// same wants every value given to be the one sent in its place, and no element
// of a list lost.
func same(path string, given, sent any) error {
	switch given := given.(type) {
	case map[string]any:
		s, ok := sent.(map[string]any)
		for name, v := range given {
			w, has := s[name]
			if !ok || !has {
				return fmt.Errorf("%s.%s was not sent", path, name)
			}
			if err := same(path+"."+name, v, w); err != nil {
				return err
			}
		}
		return nil
	case []any:
		s, ok := sent.([]any)
		if !ok || len(s) != len(given) {
			return fmt.Errorf("%s: %d elements given", path, len(given))
		}
		for n := range given {
			if err := same(path+"[]", given[n], s[n]); err != nil {
				return err
			}
		}
		return nil
	}
	if given != sent {
		return fmt.Errorf("%s is not what was sent", path)
	}
	return nil
}

// named wants the person asked among those the answer names, where it names
// anybody.
func named(sent map[string]any, q providers.Query) error {
	name, given, born := q.Identity.FamilyName, q.Identity.GivenName, q.Identity.Birthdate
	if q.Inputs["enfant_nom"] != "" {
		name, given, born = q.Inputs["enfant_nom"], q.Inputs["enfant_prenoms"], q.Inputs["enfant_date_naissance"]
	}
	var people []any
	for _, at := range []string{"identite", "identite_particulier"} {
		if v, ok := sent[at]; ok {
			people = append(people, v)
		}
	}
	for _, at := range []string{"allocataires", "enfants"} {
		all, _ := sent[at].([]any)
		people = append(people, all...)
	}
	for _, p := range people {
		text := letters(fmt.Sprint(p))
		m, _ := p.(map[string]any)
		if strings.Contains(text, letters(name)) && strings.Contains(text, letters(strings.Fields(given)[0])) && bornOn(m, born) {
			return nil
		}
	}
	if len(people) == 0 {
		return nil
	}
	return errors.New("the person asked is not in the answer")
}

// bornOn compares the date, of which ANTS may leave parts null.
func bornOn(m map[string]any, born string) bool {
	if _, ok := m["prenom"]; !ok || m["date_naissance"] != nil {
		return m["date_naissance"] == born
	}
	for n, name := range []string{"annee_date_naissance", "mois_date_naissance", "jour_date_naissance"} {
		if m[name] != nil && fmt.Sprintf("%02s", m[name]) != strings.Split(born, "-")[n] {
			return false
		}
	}
	return true
}

func letters(s string) string {
	s = strings.NewReplacer("é", "e", "è", "e", "ë", "e", "É", "e").Replace(s)
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s))
}
