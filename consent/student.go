package consent

// studentData lists what the ministry of higher education (MESR) and the grant
// administration (CNOUS) tell of a student. Documents are in the newest
// version's shape; broker/resource writes the earlier ones.
func studentData() []Datum {
	enrolment := func(part, unit string, paths ...string) Datum {
		return byINE(education("mesri_"+part, ResourceStudent, SourceMESR, SubjectSelf, PeriodCurrent, unit, paths...))
	}
	grant := func(part, unit string, paths ...string) Datum {
		return byINE(education("cnous_"+part, ResourceGrantHolder, SourceCNOUS, SubjectSelf, PeriodSchoolYear, unit, paths...))
	}
	return []Datum{
		enrolment("admissions", "list", "admissions[].date_debut", "admissions[].date_fin"),
		enrolment("admission_inscrit", "list", "admissions[].est_inscrit"),
		enrolment("admission_regime_formation", "list", "admissions[].regime_formation.libelle", "admissions[].regime_formation.code"),
		enrolment("admission_commune_etudes", "list", "admissions[].code_cog_insee_commune"),
		enrolment("admission_etablissement_etudes", "list", "admissions[].etablissement_etudes.uai", "admissions[].etablissement_etudes.nom"),
		enrolment("identite", "record", "identite.nom_naissance", "identite.prenom", "identite.date_naissance"),
		grant("statut_boursier", "record", "statut_boursier.est_boursier", "statut_boursier.est_radie", "statut_boursier.date_radiation"),
		grant("echelon_bourse", "record", "echelon_bourse.echelon", "echelon_bourse.echelon_bourse_regionale_provisoire"),
		grant("periode_versement", "record", "periode_versement_bourse.date_rentree", "periode_versement_bourse.duree"),
		grant("ville_etudes", "record", "etablissement_etudes.nom_commune", "etablissement_etudes.nom_etablissement"),
		grant("email", "text", "email"),
		grant("identite", "record", "identite.nom", "identite.prenoms[]", "identite.date_naissance",
			"identite.nom_commune_naissance", "identite.sexe"),
	}
}

// byINE marks data that a student's national number finds too, where the civil
// identity does not.
func byINE(d Datum) Datum {
	d.Inputs = []string{InputINE}
	return d
}

func education(id, resource, source, subject, period, unit string, paths ...string) Datum {
	return Datum{
		ID: id, Scope: id, Resource: resource, Paths: paths, Type: TypeEducation, Source: source, Subject: subject,
		Period: period, Unit: unit, Sensitivity: SensitivityHigh, Preview: PreviewShown,
	}
}
