package consent

// benefitData lists the benefits whose status the CNAV hub tells. Not being a
// beneficiary is a value, not an absence. Those that tell of a disability are
// data concerning health (GDPR 9) and, with the two that tell of poverty, are
// looked up only if the citizen ticks them first.
func benefitData() []Datum {
	return []Datum{
		benefit("prime_activite", ResourcePPA, SubjectHousehold, "est_beneficiaire", "date_debut_droit"),
		benefit("prime_activite_majoration", ResourcePPA, SubjectHousehold, "avec_majoration"),
		benefit("allocation_soutien_familial", ResourceASF, SubjectHousehold, "est_beneficiaire", "date_debut_droit"),
		ticked(benefit("revenu_solidarite_active", ResourceRSA, SubjectHousehold, "est_beneficiaire", "date_debut_droit")),
		ticked(benefit("revenu_solidarite_active_majoration", ResourceRSA, SubjectHousehold, "avec_majoration")),
		ticked(benefit("complementaire_sante_solidaire", ResourceC2S, SubjectSelf, "est_beneficiaire", "avec_participation", "date_debut_droit")),
		ticked(health(benefit("allocation_adulte_handicape", ResourceAAH, SubjectSelf, "est_beneficiaire", "date_debut_droit"))),
		ticked(health(benefit("cnav_allocation_enfant_handicape", ResourceAEEH, SubjectChild, "status", "date_debut_droit"))),
	}
}

func benefit(id, resource, subject string, paths ...string) Datum {
	return Datum{
		ID: id, Scope: id, Resource: resource, Paths: paths,
		Type: TypeSocial, Source: SourceCNAV, Subject: subject,
		Period: PeriodCurrent, Unit: "benefit",
		Sensitivity: SensitivityHigh, Preview: PreviewShown,
	}
}

func ticked(d Datum) Datum {
	d.Preview = PreviewTicked
	return d
}

// health marks data concerning health, a special category (GDPR 9).
func health(d Datum) Datum {
	d.Special = true
	return d
}
