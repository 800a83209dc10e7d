package dgfipsim

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// members are what each scope opens.
func (n Notice) members() map[string]map[string]any {
	pac := map[string]any{"pac": map[string]any{"nbPac": strconv.Itoa(n.Dependants)}}
	return map[string]map[string]any{
		"dgfip_rfr":       {"rfr": strconv.Itoa(n.RFR)},
		"dgfip_nbpart":    {"nbPart": strconv.FormatFloat(n.Parts, 'f', -1, 64)},
		"dgfip_sitfam":    {"sitFam": n.Situation},
		"dgfip_nbpac":     pac,
		"dgfip_pac_nbPac": pac,
		"dgfip_aft":       {"aft": n.Address},
	}
}

func anyDatum(scopes []string) bool {
	for scope := range (Notice{}).members() {
		if slices.Contains(scopes, scope) {
			return true
		}
	}
	return false
}

// body is DGFiP's answer, cut to the scopes.
func (n Notice) body(scopes []string) []byte {
	answer := map[string]any{"annRevenu": strconv.Itoa(n.Year)}
	for i, d := range n.Declarants {
		d.into(answer, strconv.Itoa(i+1))
	}
	members := n.members()
	for _, scope := range scopes {
		for name, value := range members[scope] {
			answer[name] = value
		}
	}
	b, err := json.Marshal(answer)
	if err != nil {
		return nil // not reached: strings only
	}
	return b
}

// into writes the declarant's members, of rank 1 or 2.
func (d Declarant) into(answer map[string]any, rank string) {
	answer["nmNaiDec"+rank], answer["prnmDec"+rank] = d.BirthName, d.GivenNames
	if d.UsageName != "" {
		answer["nmUsaDec"+rank] = d.UsageName
	}
	parts := strings.Split(d.Birthdate+"--", "-")
	answer["dateNaisDec"+rank] = map[string]string{"annee": parts[0], "mois": parts[1], "jour": parts[2]}
}
