package consent

// vehicleData lists the registration certificate (carte grise) of the vehicle
// whose plate the citizen gives. ANTS reads the scopes on FranceConnect's
// token, hence FranceConnectScopes.
func vehicleData() []Datum {
	return []Datum{
		vehicle("statut_rattachement", "enum:rattachement", "statut_rattachement"),
		vehicle("donnees_immatriculation_vehicule", "record", below("donnees_immatriculation_vehicule.",
			"numero_immatriculation", "date_premiere_immatriculation", "statut_location.code", "statut_location.label")...),
		vehicle("caracteristiques_techniques_vehicule", "record", below("caracteristiques_techniques_vehicule.",
			"marque", "type_variante_version", "denomination_commerciale", "masse_charge_maximale",
			"categorie_vehicule.code", "categorie_vehicule.label", "genre_national.code", "genre_national.label", "cylindree",
			"type_carburant.code", "type_carburant.label", "taux_co2", "classe_environnementale.code", "classe_environnementale.label")...),
		vehicle("identite_particulier", "record", below("identite_particulier.",
			"nom", "prenom", "sexe_etat_civil", "annee_date_naissance", "mois_date_naissance", "jour_date_naissance", "code_departement_naissance")...),
		vehicle("adresse_particulier", "address", below("adresse_particulier.",
			"complement_information", "num_voie", "type_voie", "libelle_voie", "code_postal_ville", "libelle_commune",
			"lieu_dit", "etage_escalier_appartement", "extension", "pays")...),
	}
}

func vehicle(part, unit string, paths ...string) Datum {
	id := "ants_extrait_immatriculation_vehicule_" + part
	return Datum{
		ID: id, Scope: id, Resource: ResourceVehicle, Paths: paths, Type: TypeVehicle, Source: SourceANTS, Subject: SubjectSelf,
		Period: PeriodCurrent, Unit: unit, Sensitivity: SensitivityOrdinary, Preview: PreviewShown,
		Inputs: []string{InputPlate}, FranceConnectScopes: []string{id},
	}
}
