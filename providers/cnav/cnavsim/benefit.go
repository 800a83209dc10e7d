package cnavsim

import "slices"

// A row says how the hub tells a benefit: by which resource, indicator, code
// and quality.
type row struct{ resource, indicator, code, quality string }

func rows() map[Benefit]row {
	const draws = "BENEFICIAIRE"
	return map[Benefit]row{
		RSA:                    {RevenuSolidariteActive, draws, "FA3101", ""},
		RSAIncreased:           {RevenuSolidariteActive, draws, "FA3102", ""},
		PrimeActivity:          {PrimeActivite, draws, "FA3105", ""},
		PrimeActivityIncreased: {PrimeActivite, draws, "FA3106", ""},
		AAH:                    {AllocationAdulteHandicape, draws, "FA1001", ""},
		ASF:                    {AllocationSoutienFamilial, draws, "FA0115", ""},
		AEEH:                   {AllocationEnfantHandicape, "ALLOCATAIRE", "FA1510", "105"},
		AEEHOpened:             {AllocationEnfantHandicape, "OUVRANT_DROIT", "FA1510", "205"},
		C2S:                    {ComplementaireSanteSolidaire, "BENEFICIAIRE_SANS_PARTICIPATION_FINANCIERE", "", ""},
		C2SPaid:                {ComplementaireSanteSolidaire, "BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE", "", ""},
	}
}

// benefit is the hub's answer about p: every right of the resource is listed,
// the first that is open gives indicator and date.
func (s *Simulator) benefit(resource string, p Person) []byte {
	var list []Right
	for _, r := range p.Rights {
		if rows()[r.Benefit].resource == resource {
			list = append(list, r)
		}
	}
	answer := map[string]any{"indicateur": "NON_BENEFICIAIRE", "dateIndicateur": s.options.Now().Format("2006-01-02")}
	if resource == ComplementaireSanteSolidaire {
		answer["indicateur"] = "NON_BENEFICIAIRE_CSS"
	} else {
		answer["listePrestation"] = told(list)
	}
	if open := slices.IndexFunc(list, func(r Right) bool { return !r.Ended }); open >= 0 {
		answer["indicateur"], answer["dateIndicateur"] = rows()[list[open].Benefit].indicator, list[open].Since
	}
	if answer["dateIndicateur"] == "" {
		delete(answer, "dateIndicateur")
	}
	return marshal(answer)
}

func told(list []Right) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, r := range list {
		code, label := 10, "Actif"
		if r.Ended {
			code, label = 20, "Terminé"
		}
		one := map[string]any{
			"cd": rows()[r.Benefit].code, "libelle": string(r.Benefit), "dtOuvertureDroit": r.Since,
			"etat":                  map[string]any{"cd": code, "libelle": label, "dtEffet": r.Since},
			"organismeRattachement": map[string]any{"cd": 99, "libelle": "CAISSE INVENTEE"},
			"organismeGestionnaire": map[string]any{"cd": 9901, "libelle": "CAISSE INVENTEE DE VALBRUME"},
		}
		if quality := rows()[r.Benefit].quality; quality != "" {
			one["qualiteBeneficiaire"] = quality
		}
		out = append(out, one)
	}
	return out
}
