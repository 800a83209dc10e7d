package cnav_test

import (
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/upstream"
)

const nursery = `{"allocataires":[{"nomNaissance":"TREMBLIN","listePrenoms":"CAMILLE","dateNaissance":"1988-03-14","genre":"F","cogNaissance":"72999"}],` +
	`"enfants":[{"nomNaissance":"OSTERVAL","listePrenoms":"LEO","dateNaissance":"2021-06-02","genre":"M","cogNaissance":null}],` +
	`"adresse":{"identite":"X","pays":null},"nombreBeneficiaireAEH":0,"nombreEnfantACharge":1,"montantRessources":0,"annee":2024}`

func TestChildcareThatIsNotWholeIsUnavailable(t *testing.T) {
	child := `,"enfants":[{"nomNaissance":"OSTERVAL","listePrenoms":"LEO","dateNaissance":"2021-06-02","genre":"M","cogNaissance":null}]`
	edited(t, of(cnav.ParticipationFamilialeEAJE, camille()), nursery, map[string]edit{
		"whole":                        {"", "", providers.Found, nil},
		"commune left out":             {`,"cogNaissance":null`, "", providers.Found, nil},
		"commune empty":                {`"cogNaissance":null`, `"cogNaissance":""`, providers.Found, nil},
		"commune of Corsica":           {`"cogNaissance":null`, `"cogNaissance":"2A999"`, providers.Found, nil},
		"commune no code":              {`"cogNaissance":null`, `"cogNaissance":"VALBRUME"`, providers.Unavailable, upstream.ErrShape},
		"commune a number":             {`"cogNaissance":null`, `"cogNaissance":72999`, providers.Unavailable, upstream.ErrShape},
		"no address":                   {`"adresse":{"identite":"X","pays":null},`, "", providers.Unavailable, upstream.ErrIncomplete},
		"no number of children":        {`"nombreEnfantACharge":1,`, "", providers.Unavailable, upstream.ErrIncomplete},
		"no number of AEEH":            {`"nombreBeneficiaireAEH":0,`, "", providers.Unavailable, upstream.ErrIncomplete},
		"no resources":                 {`"montantRessources":0,`, "", providers.Unavailable, upstream.ErrIncomplete},
		"resources null":               {`"montantRessources":0`, `"montantRessources":null`, providers.Unavailable, upstream.ErrIncomplete},
		"no year":                      {`,"annee":2024`, "", providers.Unavailable, upstream.ErrIncomplete},
		"year a text":                  {`"annee":2024`, `"annee":"2024"`, providers.Unavailable, upstream.ErrShape},
		"year of no resources":         {`"annee":2024`, `"annee":24`, providers.Unavailable, upstream.ErrShape},
		"children by halves":           {`"nombreEnfantACharge":1`, `"nombreEnfantACharge":0.5`, providers.Unavailable, upstream.ErrShape},
		"negative resources":           {`"montantRessources":0`, `"montantRessources":-1`, providers.Unavailable, upstream.ErrShape},
		"a member added":               {`"annee":2024`, `"annee":2024,"mois":9`, providers.Found, nil},
		"a member under another name":  {`"annee":2024`, `"exercice":2024`, providers.Unavailable, upstream.ErrShape},
		"another person":               {"1988-03-14", "1988-03-15", providers.Unavailable, upstream.ErrAnotherPerson},
		"no children":                  {child, "", providers.NoFile, nil},
		"another person, no children":  {`1988-03-14","genre":"F","cogNaissance":"72999"}]` + child, `1988-03-15","genre":"F","cogNaissance":"72999"}]`, providers.Unavailable, upstream.ErrAnotherPerson},
		"child's age unknown":          {`"2021-06-02"`, `""`, providers.Unavailable, nil},
		"born in 2019, day unknown":    {"2021-06-02", "2019-00-00", providers.Unavailable, nil},
		"born that month, day unknown": {"2021-06-02", "2019-10-00", providers.Unavailable, nil},
		"seven tomorrow":               {"2021-06-02", "2019-10-15", providers.Found, nil},
		"seven today":                  {"2021-06-02", "2019-10-14", providers.NoFile, nil},
		"born in 2018, day unknown":    {"2021-06-02", "2018-00-00", providers.NoFile, nil},
		"born in 2020, day unknown":    {"2021-06-02", "2020-00-00", providers.Found, nil},
	})
}

// In France the day begins before UTC's.
func TestUnderSevenEndsOnTheSeventhBirthday(t *testing.T) {
	for clock, want := range map[string]providers.Outcome{
		"2028-06-01T22:59:00Z": providers.Found, "2028-06-01T23:00:00Z": providers.NoFile, "2028-06-02T12:00:00Z": providers.NoFile,
	} {
		at, err := time.Parse(time.RFC3339, clock)
		if err != nil {
			t.Fatal(err)
		}
		if a := answeredAt(t, at, of(cnav.ParticipationFamilialeEAJE, camille()), nursery); a.Outcome != want {
			t.Errorf("%s: outcome %s (%v), want %s", clock, a.Outcome, a.Cause, want)
		}
	}
}
