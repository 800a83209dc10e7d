package consent

// serviceData lists national service (DSNJ), civic service (GIP-MDS) and
// high-level sport (Sport Data Hub).
func serviceData() []Datum {
	const organisme = ".organisme_accueil."
	return []Datum{
		engagement("dsnj_statut_service_national", ResourceNationalService, SourceDSNJ, "record", "statut_service_national", "commentaires"),
		engagement("gip_mds_service_civique_statut_actuel", ResourceCivicService, SourceGIPMDS, "record", "statut_actuel.contrat_trouve"),
		engagement("gip_mds_service_civique_statut_passe", ResourceCivicService, SourceGIPMDS, "record", "statut_passe.contrat_trouve"),
		engagement("gip_mds_service_civique_organisme_accueil", ResourceCivicService, SourceGIPMDS, "record",
			"statut_actuel"+organisme+"siret", "statut_actuel"+organisme+"raison_sociale",
			"statut_passe"+organisme+"siret", "statut_passe"+organisme+"raison_sociale"),
		engagement("gip_mds_service_civique_dates", ResourceCivicService, SourceGIPMDS, "record",
			"statut_actuel.date_debut_contrat", "statut_actuel.date_fin_contrat",
			"statut_passe.date_debut_contrat", "statut_passe.date_fin_contrat"),
		athlete("est_sportif_de_haut_niveau", "enum:any", "est_sportif_de_haut_niveau"),
		athlete("a_ete_sportif_de_haut_niveau", "enum:any", "a_ete_sportif_de_haut_niveau"),
		athlete("informations_statut", "record", athleteStatus("informations_statut.")...),
		athlete("informations_statuts_precedents", "list",
			append([]string{"informations_statuts_precedents[].fiche"}, athleteStatus("informations_statuts_precedents[].")...)...),
		athlete("identite", "record", "identite.nom_naissance", "identite.nom_usage", "identite.prenoms",
			"identite.date_naissance", "identite.sexe"),
	}
}

func engagement(id, resource, source, unit string, paths ...string) Datum {
	return Datum{
		ID: id, Scope: id, Resource: resource, Paths: paths, Type: TypeEngagement, Source: source, Subject: SubjectSelf,
		Period: PeriodCurrent, Unit: unit, Sensitivity: SensitivityOrdinary, Preview: PreviewShown,
	}
}

func athlete(part, unit string, paths ...string) Datum {
	d := engagement("sdh_statut_sportif_"+part, ResourceAthlete, SourceSDH, unit, paths...)
	d.Inputs = []string{InputAthleteID}
	return d
}

func athleteStatus(prefix string) []string {
	return below(prefix,
		"periode.date_debut_statut", "periode.date_fin_statut",
		"federation.code_federation", "federation.nom_federation", "federation.nom_court_federation",
		"etablissement.code_etablissement", "etablissement.nom_etablissement",
		"region.code_region", "region.nom_region",
		"categorie.code_categorie", "categorie.nom_categorie", "categorie.valeur", "sportif_de_haut_niveau",
	)
}
