package consent

// fiscalData lists what DGFiP's tax notice tells, under FranceConnect's scope
// names. Each carries the income year: a figure without its year says nothing.
// DGFiP reads the scopes on FranceConnect's token, hence FranceConnectScopes.
func fiscalData() []Datum {
	return []Datum{
		fiscalDatum("dgfip_rfr", SubjectHousehold, "EUR/year", "revenu_fiscal_reference"),
		fiscalDatum("dgfip_nbpart", SubjectHousehold, "shares", "nombre_parts"),
		fiscalDatum("dgfip_sitfam", SubjectHousehold, "enum:situation_famille", "situation_famille"),
		fiscalDatum("dgfip_nbpac", SubjectHousehold, "count", "nombre_personnes_a_charge"),
		fiscalDatum("dgfip_aft", SubjectSelf, "address", "adresse_taxation"),
	}
}

func fiscalDatum(id, subject, unit, path string) Datum {
	return Datum{
		ID: id, Scope: id, Resource: ResourceSituationIR, Paths: []string{"annee_revenus", path},
		Type: TypeFiscal, Source: SourceDGFiP, Subject: subject,
		Period: PeriodIncomeYear, Unit: unit,
		Sensitivity: SensitivityHigh, Preview: PreviewShown,
		Selectors: yearSelectors(), FranceConnectScopes: []string{id},
	}
}
