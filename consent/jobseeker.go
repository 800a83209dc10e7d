package consent

// jobseekerData lists what France Travail tells of a jobseeker. Its scopes kept
// the name of the time before, pole_emploi_*: they stay accepted.
func jobseekerData() []Datum {
	return []Datum{
		jobseeker("inscription", ResourceJobseeker, "record",
			"inscription.date_debut", "inscription.date_fin", "inscription.categorie.code",
			"inscription.categorie.libelle", "inscription.code_certification_cnav"),
		jobseeker("identite", ResourceJobseeker, "record",
			"identite.civilite", "identite.nom_naissance", "identite.nom_usage", "identite.prenom",
			"identite.sexe", "identite.date_naissance"),
		jobseeker("contact", ResourceJobseeker, "record", "contact.telephone", "contact.telephone2", "contact.email"),
		jobseeker("adresse", ResourceJobseeker, "address",
			"adresse.code_postal", "adresse.code_cog_insee_commune", "adresse.localite", "adresse.ligne_voie",
			"adresse.ligne_complement_destinataire", "adresse.ligne_complement_adresse",
			"adresse.ligne_complement_distribution", "adresse.ligne_nom"),
		jobseeker("identifiant", ResourceJobseeker, "text", "identifiant"),
		jobseeker("paiements", ResourceJobseekerBenefit, "list",
			"paiements[].date_versement", "paiements[].montant_total", "paiements[].montant_allocations",
			"paiements[].montant_aides", "paiements[].montant_autres"),
	}
}

func jobseeker(part, resource, unit string, paths ...string) Datum {
	return Datum{
		ID: "france_travail_" + part, Scope: "france_travail_" + part, Aliases: []string{"pole_emploi_" + part},
		Resource: resource, Paths: paths, Type: TypeSocial, Source: SourceFranceTravail, Subject: SubjectSelf,
		Period: PeriodCurrent, Unit: unit, Sensitivity: SensitivityHigh, Preview: PreviewShown,
		Inputs: []string{InputJobseekerID},
	}
}
