package apidoc

import (
	"slices"
	"strings"
	"testing"

	"accord/consent"
)

// leafSchema gives the type of a scalar. A source may say null of any of them.
func leafSchema(t *testing.T, resource, path string) string {
	t.Helper()
	leaf := strings.TrimSuffix(path[strings.LastIndex(path, ".")+1:], "[]")
	switch {
	case resource == consent.ResourceIdentity:
		return "type: string"
	case slices.Contains(booleans(), leaf):
		return `type: [boolean, "null"]`
	case slices.Contains(integers(), leaf) || leaf == "valeur" && resource != consent.ResourceAthlete || path == "inscription.categorie.code":
		return `type: [integer, "null"]`
	case slices.Contains(numbers(), leaf):
		return `type: [number, "null"]`
	}
	return `type: [string, "null"]`
}

func booleans() []string {
	return strings.Fields(`est_beneficiaire avec_majoration avec_participation est_boursier est_radie est_inscrit est_scolarise contrat_trouve
		est_sportif_de_haut_niveau a_ete_sportif_de_haut_niveau sportif_de_haut_niveau echelon_bourse_regionale_provisoire`)
}

func integers() []string {
	return strings.Fields(`annee mois annee_calcul mois_calcul nombre_enfants_a_charge nombre_enfants_beneficiaire_aeeh
		revenu_fiscal_reference nombre_personnes_a_charge echelon_bourse fiche annee_date_naissance mois_date_naissance jour_date_naissance`)
}

func numbers() []string {
	return strings.Fields(`nombre_parts duree montant_total montant_allocations montant_aides montant_autres masse_charge_maximale cylindree taux_co2`)
}
