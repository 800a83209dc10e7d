package cnav_test

import (
	"errors"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/upstream"
)

const rsa = `{"indicateur":"BENEFICIAIRE","dateIndicateur":"2026-01-01","listePrestation":[{"cd":"FA3101","libelle":"RSA","dtOuvertureDroit":"2026-01-01",` +
	`"etat":{"cd":10,"libelle":"Actif","dtEffet":"2026-02-01"},"organismeRattachement":{"cd":99,"libelle":"X"},"organismeGestionnaire":{"cd":9901,"libelle":"Y"}}]}`

func TestBenefitsThatAreNotWholeAreUnavailable(t *testing.T) {
	right := rsa[strings.Index(rsa, `{"cd":"FA`) : len(rsa)-2]
	list := `,"listePrestation":[` + right + `]`
	edited(t, of(cnav.RevenuSolidariteActive, camille()), rsa, map[string]edit{
		"whole":                       {"", "", providers.Found, nil},
		"date left out":               {`"dateIndicateur":"2026-01-01",`, "", providers.Found, nil},
		"date null":                   {`"dateIndicateur":"2026-01-01"`, `"dateIndicateur":null`, providers.Found, nil},
		"date empty":                  {`"dateIndicateur":"2026-01-01"`, `"dateIndicateur":""`, providers.Found, nil},
		"date of no calendar":         {`"dateIndicateur":"2026-01-01"`, `"dateIndicateur":"2026-02-30"`, providers.Unavailable, upstream.ErrShape},
		"date with a time":            {`"dateIndicateur":"2026-01-01"`, `"dateIndicateur":"2026-01-01T00:00:00Z"`, providers.Unavailable, upstream.ErrShape},
		"date a number":               {`"dateIndicateur":"2026-01-01"`, `"dateIndicateur":20260101`, providers.Unavailable, upstream.ErrShape},
		"no indicator":                {`"indicateur":"BENEFICIAIRE",`, "", providers.Unavailable, upstream.ErrIncomplete},
		"indicator null":              {`"BENEFICIAIRE"`, `null`, providers.Unavailable, upstream.ErrIncomplete},
		"no rights":                   {list, "", providers.Unavailable, upstream.ErrIncomplete},
		"rights null":                 {list, `,"listePrestation":null`, providers.Unavailable, upstream.ErrIncomplete},
		"right of no code":            {`"cd":"FA3101",`, "", providers.Unavailable, upstream.ErrIncomplete},
		"right of no state":           {`"etat":{"cd":10,"libelle":"Actif","dtEffet":"2026-02-01"},`, "", providers.Unavailable, upstream.ErrIncomplete},
		"state of no code":            {`"cd":10,`, "", providers.Unavailable, upstream.ErrIncomplete},
		"state a text":                {`"cd":10,`, `"cd":"10",`, providers.Unavailable, upstream.ErrShape},
		"a member added":              {`"indicateur"`, `"nom":"X","indicateur"`, providers.Found, nil},
		"a member under another name": {`"dateIndicateur"`, `"dateEffet"`, providers.Unavailable, upstream.ErrShape},
		"a right null":                {`"listePrestation":[`, `"listePrestation":[null,`, providers.Unavailable, upstream.ErrIncomplete},
		"another benefit beside":      {`"listePrestation":[`, `"listePrestation":[` + strings.Replace(right, "FA3101", "FA1001", 1) + `,`, providers.Found, nil},
		"increased before, now not":   {`"listePrestation":[`, `"listePrestation":[` + strings.NewReplacer("FA3101", "FA3102", ":10,", ":20,").Replace(right) + `,`, providers.Found, nil},
		"twice the same":              {`"listePrestation":[`, `"listePrestation":[` + right + `,`, providers.Found, nil},
		"draws nothing":               {rsa, `{"indicateur":"NON_BENEFICIAIRE"}`, providers.Found, nil},
		"draws nothing, ended before": {rsa, strings.NewReplacer("BENEFICIAIRE", "NON_BENEFICIAIRE", ":10,", ":20,").Replace(rsa), providers.Found, nil},
	})
}

// What contradicts itself, or an indicator nobody foresaw, is no answer and an
// alarm: the hub has changed, or another resource answered.
func TestIndicatorsThatTheRightsDoNotBearOutAreUnavailable(t *testing.T) {
	coded := func(code string) string { return strings.Replace(rsa, "FA3101", code, 1) }
	quality := func(indicator, code string) string {
		return strings.NewReplacer(`"BENEFICIAIRE"`, `"`+indicator+`"`, `"FA3101"`, `"FA1510","qualiteBeneficiaire":"`+code+`"`).Replace(rsa)
	}
	for name, c := range map[string]struct{ resource, body string }{
		"unknown indicator":                 {cnav.RevenuSolidariteActive, strings.Replace(rsa, "BENEFICIAIRE", "EN_COURS", 1)},
		"in small letters":                  {cnav.RevenuSolidariteActive, strings.Replace(rsa, "BENEFICIAIRE", "beneficiaire", 1)},
		"of the AEEH":                       {cnav.RevenuSolidariteActive, strings.Replace(rsa, "BENEFICIAIRE", "ALLOCATAIRE", 1)},
		"drawn, no right open":              {cnav.RevenuSolidariteActive, strings.Replace(rsa, ":10,", ":20,", 1)},
		"drawn, no right at all":            {cnav.RevenuSolidariteActive, `{"indicateur":"BENEFICIAIRE","listePrestation":[]}`},
		"not drawn, a right open":           {cnav.RevenuSolidariteActive, strings.Replace(rsa, "BENEFICIAIRE", "NON_BENEFICIAIRE", 1)},
		"increased and not":                 {cnav.RevenuSolidariteActive, strings.Replace(rsa, "]}", ","+strings.Replace(rsa[strings.Index(rsa, `{"cd":"FA`):], "FA3101", "FA3102", 1), 1)},
		"RSA for the prime d'activité":      {cnav.PrimeActivite, rsa},
		"RSA for the AAH":                   {cnav.AllocationAdulteHandicape, rsa},
		"AAH for the ASF":                   {cnav.AllocationSoutienFamilial, coded("FA1001")},
		"ASF for the AAH":                   {cnav.AllocationAdulteHandicape, coded("FA0115")},
		"AAH not drawn and open":            {cnav.AllocationAdulteHandicape, strings.Replace(coded("FA1001"), "BENEFICIAIRE", "NON_BENEFICIAIRE", 1)},
		"AEEH drawn by whom it is for":      {cnav.AllocationEnfantHandicape, quality("ALLOCATAIRE", "205")},
		"AEEH for whom draws it":            {cnav.AllocationEnfantHandicape, quality("OUVRANT_DROIT", "105")},
		"AEEH of another quality":           {cnav.AllocationEnfantHandicape, quality("ALLOCATAIRE", "106")},
		"AEEH not drawn and open":           {cnav.AllocationEnfantHandicape, quality("NON_BENEFICIAIRE", "105")},
		"AEEH of the family funds' word":    {cnav.AllocationEnfantHandicape, quality("BENEFICIAIRE", "105")},
		"C2S of a family fund's word":       {cnav.ComplementaireSanteSolidaire, `{"indicateur":"BENEFICIAIRE"}`},
		"C2S not drawn, of a family fund's": {cnav.ComplementaireSanteSolidaire, `{"indicateur":"NON_BENEFICIAIRE"}`},
	} {
		a := answered(t, of(c.resource, camille()), c.body)
		var unlisted *upstream.Unlisted
		if a.Outcome != providers.Unavailable || !errors.As(a.Cause, &unlisted) {
			t.Errorf("%s: outcome %s (%v), want unavailable and an alarm", name, a.Outcome, a.Cause)
		}
	}
}

func TestHealthThatIsNotWholeIsUnavailable(t *testing.T) {
	const health = `{"indicateur":"BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE","dateIndicateur":"2026-01-01"}`
	edited(t, of(cnav.ComplementaireSanteSolidaire, camille()), health, map[string]edit{
		"whole":          {"", "", providers.Found, nil},
		"date left out":  {`,"dateIndicateur":"2026-01-01"`, "", providers.Found, nil},
		"no such day":    {"2026-01-01", "2026-13-01", providers.Unavailable, upstream.ErrShape},
		"no indicator":   {`"indicateur":"BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE",`, "", providers.Unavailable, upstream.ErrIncomplete},
		"with rights":    {`"2026-01-01"`, `"2026-01-01","listePrestation":[]`, providers.Found, nil},
		"null":           {health, "null", providers.Unavailable, upstream.ErrIncomplete},
		"indicator list": {`"BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE"`, `["BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE"]`, providers.Unavailable, upstream.ErrShape},
	})
}
