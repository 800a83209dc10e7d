package country

import (
	"context"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/consent"
	"accord/providers"
	"accord/providers/apiparticulier"
	"accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/francetravail"
	"accord/providers/francetravail/francetravailsim"
)

// inputsTold are what the stories tell, by resource.
func inputsTold(now time.Time) map[string]map[string]string {
	return map[string]map[string]string{
		consent.ResourceJobseeker:        {consent.InputJobseekerID: SabineJobseeker},
		consent.ResourceJobseekerBenefit: {consent.InputJobseekerID: SabineJobseeker},
		consent.ResourceStudent:          {},
		consent.ResourceGrantHolder:      {consent.InputINE: LucasINE},
		consent.ResourceAthlete:          {consent.InputAthleteID: ThibautAthlete},
		consent.ResourceVehicle:          {consent.InputPlate: ThibautPlate},
		consent.ResourceNationalService:  {},
		consent.ResourceCivicService:     {},
		consent.ResourceSchooling: {
			consent.InputSchool: LeoSchool, consent.InputSchoolYear: strconv.Itoa(schoolYear(now)),
			"enfant_nom": "OSTERVAL", "enfant_prenoms": leo, "enfant_date_naissance": "2017-06-02", "enfant_sexe": "M",
		},
	}
}

// foundOf are the personas of whom a resource tells something; all for a
// child's school, which is found whoever asks.
func foundOf() map[string][]string {
	return map[string][]string{
		consent.ResourceJobseeker: {"sabine"}, consent.ResourceJobseekerBenefit: {"sabine"}, consent.ResourceStudent: {"lucas", "claire"},
		consent.ResourceGrantHolder: {"lucas"}, consent.ResourceAthlete: {"thibaut"}, consent.ResourceVehicle: {"thibaut"},
		consent.ResourceNationalService: {"lucas"}, consent.ResourceCivicService: {"simon"},
	}
}

// day is a fixed one: the service national knows ages, not personas.
func day() time.Time { return time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC) }

func TestEachResourceIsFoundForThoseWhoseStoryTellsIt(t *testing.T) {
	sources := known(t)
	for resource, inputs := range inputsTold(day()) {
		var found []string
		for _, p := range Personas() {
			a := asked(sources, resource, p, inputs)
			if a.Outcome == providers.Found {
				found = append(found, p.ID)
			}
		}
		slices.Sort(found)
		want := slices.Sorted(slices.Values(foundOf()[resource]))
		if resource == consent.ResourceSchooling {
			if len(found) != len(Personas()) {
				t.Errorf("Léo's school is found for %v only", found)
			}
		} else if !slices.Equal(found, want) {
			t.Errorf("%s is found for %v, want %v", resource, found, want)
		}
	}
}

// TestFormerJobseekersAreNoJobseekers: known to France Travail, not registered.
func TestFormerJobseekersAreNoJobseekers(t *testing.T) {
	for identifier, p := range map[string]Persona{YannJobseeker: yann(), SimonJobseeker: simon(), LucasJobseeker: lucas()} {
		if a := asked(known(t), consent.ResourceJobseeker, p, map[string]string{consent.InputJobseekerID: identifier}); a.Outcome != providers.NoFile {
			t.Errorf("%s: %s %v", p.ID, a.Outcome, a.Cause)
		}
	}
}

// TestOnePersonHasOneCivilStatusEverywhere: what the administrations hold is
// about the persona, or about a child on a persona's file, name for name.
func TestOnePersonHasOneCivilStatusEverywhere(t *testing.T) {
	var everybody []providers.Civil
	for _, h := range Households(Personas(), day()) {
		for _, c := range h.Enfants {
			everybody = append(everybody, providers.Civil{BirthName: c.BirthName, GivenNames: c.GivenNames, Birthdate: c.Birthdate})
		}
	}
	is := func(c providers.Civil) bool {
		return slices.Contains(everybody, c) || slices.ContainsFunc(Personas(), func(p Persona) bool { return p.Identity.Is(c) })
	}
	for _, p := range Known(Personas(), day()) {
		if !is(providers.Civil{BirthName: p.BirthName, GivenNames: p.GivenNames, Birthdate: p.Birthdate}) {
			t.Errorf("nobody is %s %s", p.GivenNames, p.BirthName)
		}
	}
	for _, j := range Jobseekers(Personas(), day()) {
		if !is(providers.Civil{BirthName: j.BirthName, GivenNames: j.GivenName, Birthdate: j.Birthdate}) {
			t.Errorf("nobody is %s", j.Identifier)
		}
	}
	if len(Known(Personas(), day())) != len(facts(day()))+1 || len(Jobseekers(Personas(), day())) != 4 {
		t.Error("somebody with facts is no persona, or Léo goes to no school")
	}
}

// TestStoriesTellWhatMustBeTyped: visitors know nothing else.
func TestStoriesTellWhatMustBeTyped(t *testing.T) {
	for typed, of := range map[string][]Persona{
		LucasINE: {lucas()}, SabineJobseeker: {sabine()}, YannJobseeker: {yann()}, SimonJobseeker: {simon()}, LucasJobseeker: {lucas()}, ThibautPlate: {thibaut()}, ThibautAthlete: {thibaut()},
		LeoSchool: {camille(), hugo()},
	} {
		for _, p := range of {
			if !strings.Contains(p.Story.FR, typed) || !strings.Contains(p.Story.EN, typed) {
				t.Errorf("%s: the story does not tell %s", p.ID, typed)
			}
		}
	}
}

func asked(sources map[string]providers.Source, resource string, p Persona, inputs map[string]string) providers.Answer {
	for _, d := range consent.DefaultCatalogue().Data() {
		if d.Resource == resource {
			q := question(p)
			q.Resource, q.Inputs, q.TokenExpires, q.Recipient = resource, inputs, day().Add(time.Minute), "99900010200015"
			return sources[d.Source].Query(context.Background(), q)
		}
	}
	return providers.Answer{}
}

// known starts France Travail's and API Particulier's simulators about the
// personas; a token is a persona's id.
func known(t *testing.T) map[string]providers.Source {
	t.Helper()
	employment := httptest.NewServer(francetravailsim.New(francetravailsim.Options{
		ClientID: "a", ClientSecret: "b", Jobseekers: Jobseekers(Personas(), day()), Now: day,
	}))
	hub := httptest.NewServer(apiparticuliersim.New(apiparticuliersim.Options{
		Tokens: map[string][]string{"c": apiparticuliersim.Scopes()}, People: Known(Personas(), day()), Now: day,
		Introspect: func(token string) (providers.Identity, []string, bool) {
			for _, p := range Personas() {
				if p.ID == token {
					return p.Identity, entitled(), true
				}
			}
			return providers.Identity{}, nil, false
		},
	}))
	t.Cleanup(employment.Close)
	t.Cleanup(hub.Close)
	account, err := apiparticulier.New(apiparticulier.Config{URL: hub.URL, Token: "c", Rate: 1000, Burst: 100, Now: day})
	if err != nil {
		t.Fatal(err)
	}
	work, err := francetravail.New(francetravail.Config{
		StatusURL: employment.URL + francetravailsim.StatusPath, PaymentsURL: employment.URL + francetravailsim.PaymentsPath,
		TokenURL: employment.URL + francetravailsim.TokenPath, ClientID: "a", ClientSecret: "b", Now: day,
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]providers.Source{consent.SourceFranceTravail: work}
	for _, id := range hubSources() {
		all[id] = account.Source(id)
	}
	return all
}
