package consent

// identityData lists what FranceConnect's signed userinfo tells about the
// citizen. They are data like any other: shown, agreed, delivered; no ID token
// carries them. The pivot's claims come with every login, so they ask for no
// scope of their own at FranceConnect.
func identityData() []Datum {
	return []Datum{
		identityDatum("family_name", "text", "family_name"),
		identityDatum("given_name", "text", "given_name", "given_name_array[]"),
		identityDatum("preferred_username", "text", "preferred_username"),
		identityDatum("birthdate", "date", "birthdate"),
		identityDatum("gender", "enum:gender", "gender"),
		identityDatum("birthplace", "commune", "birthplace"),
		identityDatum("birthcountry", "country", "birthcountry"),
		identityDatum("email", "text", "email"),
	}
}

func identityDatum(id, unit string, paths ...string) Datum {
	d := Datum{
		ID: id, Scope: id, Resource: ResourceIdentity, Paths: paths,
		Type: TypeIdentity, Source: SourceFranceConnect, Subject: SubjectSelf,
		Period: PeriodNone, Unit: unit,
		Sensitivity: SensitivityOrdinary, Preview: PreviewShown,
	}
	if id == "preferred_username" || id == "email" { // not in identite_pivot
		d.FranceConnectScopes = []string{id}
	}
	return d
}

// identityAlias expands FranceConnect's collective identity scopes. The
// pivot's seven claims are six data: given_name_array comes with given_name,
// as in FranceConnect's own table.
func identityAlias(scope string) (ids []string, ok bool) {
	switch scope {
	case "identite_pivot":
		return []string{"family_name", "given_name", "birthdate", "gender", "birthplace", "birthcountry"}, true
	case "profile":
		return []string{"family_name", "given_name", "preferred_username", "birthdate", "gender"}, true
	case "birth":
		return []string{"birthplace", "birthcountry"}, true
	}
	return nil, false
}
