package apiparticulier

import (
	"errors"
	"time"

	"accord/providers"
)

// The ages the service national concerns, both included.
const (
	youngest = 16
	oldest   = 25
)

var errAge = errors.New("service national concerns ages 16 to 25")

// nationalService is the Direction du service national et de la jeunesse's.
func nationalService() *resource {
	return &resource{
		operator: "DSNJ", codes: []int{39}, ask: askNationalService,
		data: object(masked("statut_service_national", oneOf("en_regle", "pas_en_regle", "indetermine", "non_concerne")),
			masked("commentaires", remark().orNull())),
		scopes: map[string][]string{"dsnj_statut_service_national": {"statut_service_national", "commentaires"}},
	}
}

// askNationalService refuses, as API Particulier would (39400), those whom the
// service does not concern: their identity goes nowhere.
func askNationalService(q providers.Query, today day) (question, error) {
	if age := ageOn(time.Time(today), q.Identity.CompletedBirthdate()); age < youngest || age > oldest {
		return question{}, errAge
	}
	return ofPerson("/v3/dsnj/service_national/identite", q.Identity, q.Recipient, sex, country, commune)
}

// ageOn is in whole years; -1 for no date.
func ageOn(today time.Time, birthdate string) int {
	born, err := time.Parse(time.DateOnly, birthdate)
	if err != nil {
		return -1
	}
	age := today.Year() - born.Year()
	if today.Month() < born.Month() || today.Month() == born.Month() && today.Day() < born.Day() {
		age--
	}
	return age
}

// civicService is the GIP-MDS's, from the employers' declarations.
func civicService() *resource {
	host := object(is("siret", text().orNull()), is("raison_sociale", text().orNull()))
	contract := object(is("contrat_trouve", flag()), masked("organisme_accueil", host),
		masked("date_debut_contrat", date().orNull()), masked("date_fin_contrat", date().orNull()))
	const scope = "gip_mds_service_civique_"
	return &resource{
		operator: "GIP-MDS", codes: []int{31}, ask: civil("/v3/gip_mds/service_civique/identite"),
		data: object(masked("statut_actuel", contract), masked("statut_passe", contract)),
		scopes: map[string][]string{
			scope + "statut_actuel": {"statut_actuel"}, scope + "statut_passe": {"statut_passe"},
			scope + "organisme_accueil": {"statut_actuel.organisme_accueil", "statut_passe.organisme_accueil"},
			scope + "dates": {
				"statut_actuel.date_debut_contrat", "statut_actuel.date_fin_contrat", "statut_passe.date_debut_contrat", "statut_passe.date_fin_contrat",
			},
		},
	}
}
