package apiparticuliersim

import (
	"fmt"
	"net/http"
	"time"
)

// some is a text, or null when empty.
func some(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func quotientOf(p Person, q request, has func(string) bool) (map[string]any, *failure) {
	h := p.Household
	year, month, _ := monthAsked(q.parameters, q.now)
	right, ok := h.quotient(year, month)
	if !ok || h.Operator == "CNAF" && (q.now.Year()-year)*12+int(q.now.Month())-month > 24 {
		code := map[string]string{"CNAF": "23003", "MSA": "10003"}[h.Operator]
		return nil, failFrom(http.StatusNotFound, code, "Dossier allocataire absent "+h.Operator, h.Operator)
	}
	if h.Operator == "MSA" {
		right.Year, right.Month = q.now.Year(), int(q.now.Month())
	}
	value := map[string]any{
		"fournisseur": h.Operator, "valeur": right.Value, "annee": year, "mois": month, "annee_calcul": right.Year, "mois_calcul": right.Month,
	}
	data := map[string]any{}
	put(data, has, "cnaf_quotient_familial", "quotient_familial", value)
	put(data, has, "cnaf_allocataires", "allocataires", relatives(h.Claimants, false))
	put(data, has, "cnaf_enfants", "enfants", relatives(h.Children, false))
	put(data, has, "cnaf_adresse", "adresse", h.Address.lines())
	return data, nil
}

// put sets a member that a scope opens.
func put(into map[string]any, has func(string) bool, scope, name string, value any) {
	if has(scope) {
		into[name] = value
	}
}

// quotient is the one in force in that month.
func (h Household) quotient(year, month int) (Quotient, bool) {
	var found Quotient
	ok := false
	for _, q := range h.Quotients {
		if q.Year*12+q.Month <= year*12+month {
			found, ok = q, true
		}
	}
	found.Year, found.Month = year, month
	return found, ok
}

func relatives(people []Relative, places bool) []map[string]any {
	all := make([]map[string]any, 0, len(people))
	for _, p := range people {
		one := map[string]any{
			"nom_naissance": p.BirthName, "nom_usage": some(p.UsageName), "prenoms": p.GivenNames, "date_naissance": p.Birthdate, "sexe": p.Sex,
		}
		if places {
			one["code_cog_insee_commune_naissance"] = some(p.Birthplace)
		}
		all = append(all, one)
	}
	return all
}

func (a Address) lines() map[string]any {
	return map[string]any{
		"destinataire": a.Addressee, "complement_information": some(a.Complement), "complement_information_geographique": some(a.Building),
		"numero_libelle_voie": some(a.Street), "lieu_dit": some(a.Place), "code_postal_ville": a.City, "pays": a.Country,
	}
}

// childcareOf answers families with a child under seven only.
func childcareOf(p Person, q request, has func(string) bool) (map[string]any, *failure) {
	h := p.Household
	if h.Childcare == nil || !h.young(q.now) {
		return nil, failFrom(http.StatusNotFound, "37003", "Allocataire non éligible", "CNAV")
	}
	data := map[string]any{}
	const scope = "cnav_participation_familiale_eaje_"
	put(data, has, scope+"allocataires", "allocataires", relatives(h.Claimants, true))
	put(data, has, scope+"enfants", "enfants", relatives(h.Children, true))
	put(data, has, scope+"adresse", "adresse", h.Address.lines())
	put(data, has, scope+"parametres_calcul", "parametres_calcul_participation_familiale", map[string]any{
		"nombre_enfants_a_charge": len(h.Children), "nombre_enfants_beneficiaire_aeeh": h.Childcare.Disabled,
		"base_ressources_annuelles": map[string]any{"valeur": h.Childcare.Income, "annee_calcul": h.Childcare.Year},
	})
	return data, nil
}

func (h Household) young(now time.Time) bool {
	limit := fmt.Sprintf("%04d-%02d-%02d", now.Year()-7, now.Month(), now.Day())
	for _, c := range h.Children {
		if c.Birthdate > limit {
			return true
		}
	}
	return false
}

func status(r *Right) map[string]any {
	if r == nil {
		return map[string]any{"est_beneficiaire": false, "date_debut_droit": nil}
	}
	return map[string]any{"est_beneficiaire": true, "date_debut_droit": r.Since}
}

func benefitOf(right func(Benefits) *Right) func(Person, request, func(string) bool) (map[string]any, *failure) {
	return func(p Person, _ request, _ func(string) bool) (map[string]any, *failure) {
		return status(right(p.Benefits)), nil
	}
}

func increasedBenefit(scope string, right func(Benefits) *Right) func(Person, request, func(string) bool) (map[string]any, *failure) {
	return func(p Person, _ request, has func(string) bool) (map[string]any, *failure) {
		r := right(p.Benefits)
		data := map[string]any{}
		if has(scope) {
			data = status(r)
		}
		var increase any
		if r != nil {
			increase = r.Increased
		}
		put(data, has, scope+"_majoration", "avec_majoration", increase)
		return data, nil
	}
}

// healthOf leaves the participation null for who has no right.
func healthOf(p Person, _ request, _ func(string) bool) (map[string]any, *failure) {
	data := status(p.Benefits.Health)
	data["avec_participation"] = nil
	if p.Benefits.Health != nil {
		data["avec_participation"] = p.Benefits.Health.Increased
	}
	return data, nil
}

func disabledChildOf(p Person, _ request, _ func(string) bool) (map[string]any, *failure) {
	switch r := p.Benefits.DisabledChild; {
	case r == nil:
		return map[string]any{"status": "non_beneficiaire", "date_debut_droit": nil}, nil
	case r.Increased:
		return map[string]any{"status": "ouvrant_droit", "date_debut_droit": r.Since}, nil
	default:
		return map[string]any{"status": "allocataire", "date_debut_droit": r.Since}, nil
	}
}
