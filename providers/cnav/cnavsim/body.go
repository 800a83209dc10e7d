package cnavsim

import (
	"cmp"
	"encoding/json"
)

// quotient is the hub's answer for the month of q.
func (h Household) quotient(q Quotient) []byte {
	answer := map[string]any{
		"allocataires": people(h.Allocataires, false), "adresse": h.Address.lines(),
		"quotientFamilial": q.Value, "annee": q.Year, "mois": q.Month,
	}
	if len(h.Enfants) > 0 {
		answer["enfants"] = people(h.Enfants, false)
	}
	return marshal(answer)
}

// nursery is the hub's answer for the family's share of a crèche's price.
func (h Household) nursery(thisYear int) []byte {
	answer := map[string]any{
		"allocataires": people(h.Allocataires, true), "adresse": h.Address.lines(),
		"nombreEnfantACharge": len(h.Enfants), "nombreBeneficiaireAEH": h.AEEH,
		"montantRessources": h.Base.Value, "annee": cmp.Or(h.Base.Year, thisYear-2),
	}
	if len(h.Enfants) > 0 {
		answer["enfants"] = people(h.Enfants, true)
	}
	return marshal(answer)
}

func marshal(answer map[string]any) []byte {
	b, err := json.Marshal(answer)
	if err != nil {
		return nil // not reached: texts, numbers, lists and objects only
	}
	return b
}

// people as the hub tells them; native: with the commune of birth, null when
// not known.
func people(list []Person, native bool) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, p := range list {
		one := map[string]any{"nomNaissance": p.BirthName, "listePrenoms": p.GivenNames, "dateNaissance": p.Birthdate, "genre": p.Sex}
		if p.UsageName != "" {
			one["nomUsage"] = p.UsageName
		}
		if native {
			one["cogNaissance"] = nil
		}
		if native && p.Birthplace != "" {
			one["cogNaissance"] = p.Birthplace
		}
		out = append(out, one)
	}
	return out
}

// lines leaves empty ones out, as the hub does.
func (a Address) lines() map[string]string {
	all := map[string]string{
		"identite": a.Addressee, "complementInformation": a.Complement, "complementInformationGeo": a.Building,
		"numeroLibelleVoie": a.Street, "lieuDit": a.Place, "codePostalVille": a.City, "pays": a.Country,
	}
	for name, line := range all {
		if line == "" {
			delete(all, name)
		}
	}
	return all
}
