package consent

// familyData lists the four parts of API Particulier's quotient familial v3,
// one scope each. The composition is always today's, also beside the quotient
// of a past month.
func familyData() []Datum {
	person := func(list string) []string {
		return []string{
			list + "[].nom_naissance", list + "[].nom_usage", list + "[].prenoms",
			list + "[].date_naissance", list + "[].sexe",
		}
	}
	return []Datum{
		familyDatum("cnaf_quotient_familial", SubjectHousehold, PeriodMonth, "EUR/month",
			"quotient_familial.fournisseur", "quotient_familial.valeur",
			"quotient_familial.annee", "quotient_familial.mois",
			"quotient_familial.annee_calcul", "quotient_familial.mois_calcul"),
		familyDatum("cnaf_allocataires", SubjectPartner, PeriodCurrent, "persons", person("allocataires")...),
		familyDatum("cnaf_enfants", SubjectChild, PeriodCurrent, "persons", person("enfants")...),
		familyDatum("cnaf_adresse", SubjectHousehold, PeriodCurrent, "address",
			"adresse.destinataire", "adresse.complement_information",
			"adresse.complement_information_geographique", "adresse.numero_libelle_voie",
			"adresse.lieu_dit", "adresse.code_postal_ville", "adresse.pays"),
	}
}

func familyDatum(id, subject, period, unit string, paths ...string) Datum {
	return Datum{
		ID: id, Scope: id, Resource: ResourceQuotientFamilial, Paths: paths,
		Type: TypeFamily, Source: SourceCNAV, Subject: subject,
		Period: period, Unit: unit,
		Sensitivity: SensitivityHigh, Preview: PreviewShown,
	}
}
