package consent

// childcareData lists what the nursery's family share is worked out from
// (participation familiale EAJE), one scope a part. The source answers only for
// a family with a child under seven.
func childcareData() []Datum {
	const scope = "cnav_participation_familiale_eaje_"
	person := func(list string) []string {
		return []string{
			list + "[].nom_naissance", list + "[].nom_usage", list + "[].prenoms",
			list + "[].date_naissance", list + "[].sexe", list + "[].code_cog_insee_commune_naissance",
		}
	}
	datum := func(part, subject, unit string, paths ...string) Datum {
		d := familyDatum(scope+part, subject, PeriodCurrent, unit, paths...)
		d.Resource = ResourceEAJE
		return d
	}
	const parameters = "parametres_calcul_participation_familiale."
	return []Datum{
		datum("parametres_calcul", SubjectHousehold, "record",
			parameters+"nombre_enfants_a_charge", parameters+"nombre_enfants_beneficiaire_aeeh",
			parameters+"base_ressources_annuelles.valeur", parameters+"base_ressources_annuelles.annee_calcul"),
		datum("allocataires", SubjectPartner, "persons", person("allocataires")...),
		datum("enfants", SubjectChild, "persons", person("enfants")...),
		datum("adresse", SubjectHousehold, "address",
			"adresse.destinataire", "adresse.complement_information",
			"adresse.complement_information_geographique", "adresse.numero_libelle_voie",
			"adresse.lieu_dit", "adresse.code_postal_ville", "adresse.pays"),
	}
}
