package country

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip"
	"accord/providers/dgfip/dgfipsim"

	"github.com/google/uuid"
)

// A told is what each source must say of a persona: as the story tells it.
type told struct {
	family providers.Outcome
	people int // on the file
	fiscal providers.Outcome
	year   string
}

func stories() map[string]told {
	now := time.Now()
	last, before := now.AddDate(-1, 0, 1-now.YearDay()).Format("2006"), now.AddDate(-2, 0, 1-now.YearDay()).Format("2006")
	return map[string]told{
		"camille": {providers.Found, 2, providers.Found, last}, "hugo": {providers.Found, 2, providers.Found, last},
		"nadia": {providers.Found, 2, providers.Found, last}, "sabine": {providers.Found, 3, providers.Found, last},
		"aminata": {providers.Found, 4, providers.Found, last}, "lucas": {providers.Found, 4, providers.Unknown, last},
		"yann": {providers.Unknown, 0, providers.Found, last}, "helene": {providers.Found, 4, providers.Found, last},
		"marie-ange": {providers.Found, 2, providers.Found, last}, "claire": {providers.Ambiguous, 0, providers.Found, last},
		"thibaut": {providers.Found, 4, providers.Found, last}, "simon": {providers.Found, 1, providers.Found, before},
	}
}

func TestEachPersonaIsAnsweredAsTheStoryTells(t *testing.T) {
	personas := Personas()
	family, fiscal := simulated(t, personas)
	for _, p := range personas {
		want, ok := stories()[p.ID]
		if !ok {
			t.Errorf("%s: no story in the test", p.ID)
		}
		q := question(p)
		q.Resource = cnav.QuotientFamilial
		a := family.Query(context.Background(), q)
		if a.Outcome != want.family || people(a.Document) != want.people {
			t.Errorf("%s: cnav %s (%v), %d people; want %s, %d", p.ID, a.Outcome, a.Cause, people(a.Document), want.family, want.people)
		}
		b := fiscal.Query(context.Background(), question(p))
		if b.Outcome != want.fiscal || b.Provenance.Period != want.year {
			t.Errorf("%s: dgfip %s (%v) for %s; want %s for %s", p.ID, b.Outcome, b.Cause, b.Provenance.Period, want.fiscal, want.year)
		}
	}
}

func question(p Persona) providers.Query {
	year := time.Now().UTC().Add(time.Hour).Year()
	return providers.Query{
		Identity: p.Identity, Recipient: "99900010900017", FranceConnectToken: p.ID, Teleservice: "demo", Year: 0, FallbackYear: year - 2,
		Attempt: func(context.Context) (providers.Attempt, error) {
			return providers.Attempt{RequestID: uuid.NewString()}, nil
		},
	}
}

// simulated starts both sources about the personas; a token is a persona's id.
func simulated(t *testing.T, personas []Persona) (family, fiscal providers.Source) {
	t.Helper()
	now := time.Now()
	hub := httptest.NewServer(cnavsim.New(cnavsim.Options{
		ClientID: "a", ClientSecret: "b", Households: Households(personas, now), Registered: Registered(personas),
	}))
	tax := httptest.NewServer(dgfipsim.New(dgfipsim.Options{
		ClientID: "a", ClientSecret: "b", Notices: Notices(personas, now),
		Introspect: func(token string) (providers.Identity, []string, bool) {
			for _, p := range personas {
				if p.ID == token {
					return p.Identity, []string{"dgfip_rfr", "dgfip_nbpart", "dgfip_sitfam", "dgfip_nbpac", "dgfip_aft", "dgfip_annee_n_moins_2_si_indispo_n_moins_1"}, true
				}
			}
			return providers.Identity{}, nil, false
		},
	}))
	t.Cleanup(hub.Close)
	t.Cleanup(tax.Close)
	family, err := cnav.New(cnav.Config{TokenURL: hub.URL + cnavsim.TokenPath, ClientID: "a", ClientSecret: "b", Resources: HubResources(hub.URL)})
	if err != nil {
		t.Fatal(err)
	}
	fiscal, err = dgfip.New(dgfip.Config{URL: tax.URL, TokenURL: tax.URL + dgfipsim.TokenPath, ClientID: "a", ClientSecret: "b"})
	if err != nil {
		t.Fatal(err)
	}
	return family, fiscal
}

func people(document json.RawMessage) int {
	var d struct{ Allocataires, Enfants []any }
	if document == nil || json.Unmarshal(document, &d) != nil {
		return 0
	}
	return len(d.Allocataires) + len(d.Enfants)
}

func TestPersonasAreTwelveDistinctAndSixFeatured(t *testing.T) {
	ids, featured := map[string]bool{}, 0
	commune := regexp.MustCompile(`^(2A|2B|[0-9]{2})99[0-9]$`)
	for _, p := range Personas() {
		if ids[p.ID] || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(p.ID) {
			t.Errorf("id %s", p.ID)
		}
		ids[p.ID] = true
		if p.Featured {
			featured++
		}
		for _, story := range []string{p.Story.FR, p.Story.EN} {
			if n := strings.Count(story, "."); n < 2 || n > 3 || !strings.HasSuffix(story, ".") {
				t.Errorf("%s: a story has two or three sentences", p.ID)
			}
		}
		if i := p.Identity; i.Check() != nil || i.Birthplace != "" && !commune.MatchString(i.Birthplace) || (i.Birthplace == "") != (i.Birthcountry != france) {
			t.Errorf("%s: identity incomplete, or a birth place that may exist", p.ID)
		}
	}
	if len(ids) != 12 || featured != 6 {
		t.Errorf("%d personas, %d featured; want 12 and 6", len(ids), featured)
	}
}
