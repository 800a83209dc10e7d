package apiparticuliersim

import (
	"fmt"
	"net/http"
	"strings"
)

func (p Person) firstName() string { return strings.Fields(p.GivenNames + " ?")[0] }

func studentOf(p Person, _ request, has func(string) bool) (map[string]any, *failure) {
	data := map[string]any{}
	put(data, has, "mesri_identite", "identite", map[string]any{"nom_naissance": p.BirthName, "prenom": p.firstName(), "date_naissance": p.Birthdate})
	admissions := make([]map[string]any, 0, len(p.Admissions))
	for _, a := range p.Admissions {
		one := map[string]any{"date_debut": a.From, "date_fin": a.To}
		put(one, has, "mesri_admission_inscrit", "est_inscrit", a.Enrolled)
		put(one, has, "mesri_admission_regime_formation", "regime_formation", map[string]any{"code": a.Regime, "libelle": a.RegimeLabel})
		put(one, has, "mesri_admission_commune_etudes", "code_cog_insee_commune", a.Commune)
		put(one, has, "mesri_admission_etablissement_etudes", "etablissement_etudes", map[string]any{"uai": a.School, "nom": a.SchoolName})
		admissions = append(admissions, one)
	}
	put(data, has, "mesri_admissions", "admissions", admissions)
	return data, nil
}

// grantOf answers the campaign asked, or the latest.
func grantOf(p Person, q request, has func(string) bool) (map[string]any, *failure) {
	asked := q.parameters.Get("campaignYear")
	for _, g := range p.Grants {
		if asked == "" || asked == fmt.Sprint(g.Campaign) {
			return p.grant(g, has), nil
		}
	}
	return nil, failFrom(http.StatusNotFound, "26003", "Entité non trouvée", "CNOUS")
}

func (p Person) grant(g Grant, has func(string) bool) map[string]any {
	data := map[string]any{}
	put(data, has, "cnous_identite", "identite", map[string]any{
		"nom": p.BirthName, "prenoms": strings.Fields(p.GivenNames), "date_naissance": p.Birthdate, "nom_commune_naissance": p.BirthplaceName, "sexe": p.Sex,
	})
	put(data, has, "cnous_email", "email", g.Email)
	put(data, has, "cnous_statut_boursier", "statut_boursier", map[string]any{
		"est_boursier": g.Holder, "est_radie": g.Removed, "date_radiation": some(g.RemovedOn),
	})
	put(data, has, "cnous_echelon_bourse", "echelon_bourse", map[string]any{"echelon": g.Step, "echelon_bourse_regionale_provisoire": g.Regional})
	put(data, has, "cnous_periode_versement", "periode_versement_bourse", map[string]any{"date_rentree": g.From, "duree": g.Months})
	put(data, has, "cnous_ville_etudes", "etablissement_etudes", map[string]any{"nom_commune": g.City, "nom_etablissement": g.SchoolName})
	return data
}

// pupilOf answers the school year and school asked.
func pupilOf(p Person, q request, has func(string) bool) (map[string]any, *failure) {
	for _, y := range p.Schooling {
		if !strings.HasPrefix(q.parameters.Get("anneeScolaire"), fmt.Sprint(y.Year)) || !strings.EqualFold(q.parameters.Get("codeEtablissement"), y.School) {
			continue
		}
		if y.Absent {
			return nil, failFrom(http.StatusNotFound, "30004", "Élève non scolarisé", "MEN")
		}
		return p.schooling(y, has), nil
	}
	return nil, failFrom(http.StatusNotFound, "30003", "Entité non trouvée", "MEN")
}

func (p Person) schooling(y Schooling, has func(string) bool) map[string]any {
	data := map[string]any{}
	put(data, has, "men_statut_identite", "identite", map[string]any{
		"nom": p.BirthName, "prenom": p.firstName(), "sexe": p.Sex, "date_naissance": p.Birthdate,
	})
	put(data, has, "men_statut_scolarite", "annee_scolaire", fmt.Sprintf("%d-%d", y.Year, y.Year+1))
	put(data, has, "men_statut_scolarite", "est_scolarise", true)
	put(data, has, "men_statut_scolarite", "statut_eleve", map[string]any{"code": y.Status, "libelle": y.StatusLabel})
	put(data, has, "men_statut_etablissement", "etablissement", map[string]any{"code_uai": y.School, "code_ministere_tutelle": "06"})
	put(data, has, "men_statut_module_elementaire_formation", "module_elementaire_formation", map[string]any{"code_mef_stat": y.Training, "libelle": y.TrainingLabel})
	put(data, has, "men_statut_boursier", "est_boursier", y.Holder)
	var step any
	if y.Step > 0 {
		step = y.Step
	}
	put(data, has, "men_echelon_bourse", "echelon_bourse", step)
	var boarding any
	if y.Boarding != "" {
		boarding = map[string]any{"code": y.Boarding, "libelle": y.BoardingLabel}
	}
	put(data, has, "men_regime_pensionnat", "regime_pensionnat", boarding)
	return data
}
