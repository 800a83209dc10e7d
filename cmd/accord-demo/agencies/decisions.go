package agencies

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// TransportCard is the région's rule: free for grant holders, half price for
// students.
func TransportCard(a Answers) Decision {
	var grant struct {
		Status struct {
			Holder bool `json:"est_boursier"`
		} `json:"statut_boursier"`
		Level struct {
			Echelon string `json:"echelon"`
		} `json:"echelon_bourse"`
	}
	var studies struct {
		Admissions []struct {
			Enrolled bool `json:"est_inscrit"`
		} `json:"admissions"`
	}
	holder := decoded(a, "cnous/etudiant_boursier", &grant) && grant.Status.Holder
	enrolled := decoded(a, "mesri/statut_etudiant", &studies)
	enrolled = enrolled && len(studies.Admissions) > 0 && studies.Admissions[0].Enrolled
	facts := []string{"Étudiant inscrit : " + yes(enrolled), "Boursier : " + yes(holder)}
	if grant.Level.Echelon != "" {
		facts = append(facts, "Échelon : "+grant.Level.Echelon)
	}
	switch {
	case holder:
		return Decision{"Votre carte de transport est gratuite", facts}
	case enrolled:
		return Decision{"Votre carte de transport est à moitié prix", facts}
	}
	return Decision{"Votre carte de transport est au plein tarif", facts}
}

// mostPerShare is the ministry's ceiling, in euros a year and share.
const mostPerShare = 14_000

// ReturnGrant is the ministry's rule: registered jobseekers whose income per
// share is below the ceiling.
func ReturnGrant(a Answers) Decision {
	var notice struct {
		Income *int        `json:"revenu_fiscal_reference"`
		Shares json.Number `json:"nombre_parts"`
		Year   string      `json:"annee_revenus"`
	}
	var job struct {
		Registration struct {
			Since string `json:"date_debut"`
			End   string `json:"date_fin"`
		} `json:"inscription"`
	}
	registered := decoded(a, "france_travail/statut", &job) && job.Registration.Since != "" && job.Registration.End == ""
	if !decoded(a, "dgfip/situation_ir", &notice) || notice.Income == nil {
		return Decision{"Sans avis d’impôt, votre demande sera étudiée sur pièces", []string{"Inscrit à France Travail : " + yes(registered)}}
	}
	shares, err := strconv.ParseFloat(notice.Shares.String(), 64)
	modest := err == nil && shares > 0 && float64(*notice.Income)/shares < mostPerShare
	facts := []string{
		fmt.Sprintf("Revenu fiscal de référence %s : %d €, pour %s parts", notice.Year, *notice.Income, notice.Shares),
		"Inscrit à France Travail : " + yes(registered),
	}
	if modest && registered {
		return Decision{"L’aide de 400 € vous est accordée", facts}
	}
	return Decision{"Vous n’avez pas droit à l’aide", facts}
}

// BackToSchool is the commune's rule: so much for a child at school, more for
// who draws RSA and chose to say so.
func BackToSchool(a Answers) Decision {
	var pupil struct {
		Year   string `json:"annee_scolaire"`
		School bool   `json:"est_scolarise"`
	}
	var benefit struct {
		Drawn bool `json:"est_beneficiaire"`
	}
	if !decoded(a, "men/scolarites", &pupil) || !pupil.School {
		return Decision{"Sans certificat de scolarité, l’aide ne peut pas être versée", []string{"Enfant scolarisé : non"}}
	}
	facts := []string{"Enfant scolarisé en " + pupil.Year}
	if _, told := a["dss/revenu_solidarite_active"]; !told {
		return Decision{"Une aide de 60 € vous est accordée", append(facts, "RSA : vous n’avez pas souhaité le dire")}
	}
	drawn := decoded(a, "dss/revenu_solidarite_active", &benefit) && benefit.Drawn
	facts = append(facts, "RSA : "+yes(drawn))
	if drawn {
		return Decision{"Une aide de 100 € vous est accordée", facts}
	}
	return Decision{"Une aide de 60 € vous est accordée", facts}
}

// decoded reads a resource; false when it was not delivered or is an absence.
func decoded(a Answers, resource string, into any) bool {
	answer, ok := a[resource]
	return ok && answer.Data != nil && json.Unmarshal(answer.Data, into) == nil
}

func yes(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}
