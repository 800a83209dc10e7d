package consent

// schoolData lists what the ministry of education tells of one pupil: the child
// the citizen chooses, at the school they name.
func schoolData() []Datum {
	pupil := func(id, unit string, paths ...string) Datum {
		d := education(id, ResourceSchooling, SourceMEN, SubjectChild, PeriodSchoolYear, unit, paths...)
		d.Inputs = []string{InputChild, InputSchool, InputSchoolYear}
		return d
	}
	return []Datum{
		pupil("men_statut_scolarite", "record", "annee_scolaire", "est_scolarise", "statut_eleve.code", "statut_eleve.libelle"),
		pupil("men_statut_identite", "record", "identite.nom", "identite.prenom", "identite.sexe", "identite.date_naissance"),
		pupil("men_statut_etablissement", "record", "etablissement.code_uai", "etablissement.code_ministere_tutelle"),
		pupil("men_statut_module_elementaire_formation", "record",
			"module_elementaire_formation.code_mef_stat", "module_elementaire_formation.libelle"),
		pupil("men_statut_boursier", "enum:any", "est_boursier"),
		pupil("men_echelon_bourse", "count", "echelon_bourse"),
		pupil("men_regime_pensionnat", "record", "regime_pensionnat.code", "regime_pensionnat.libelle"),
	}
}
