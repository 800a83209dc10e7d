package cnav_test

import (
	"flag"
	"os"
	"path"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/sourcetest"
)

const recipient = "99900010900017"

var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

func now() time.Time { return today }

// TestMain lets more tests run at once than there are cores: they wait for a
// slow source most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func person(name, given, born, gender, place string) providers.Identity {
	return providers.Identity{
		FamilyName: name, GivenName: given, Birthdate: born, Gender: gender, Birthplace: place, Birthcountry: "99100",
	}
}

func ask(i providers.Identity) providers.Query {
	return providers.Query{Identity: i, Recipient: recipient, Resource: cnav.QuotientFamilial}
}

func camille() providers.Query {
	return ask(person("Tremblin", "Camille Élodie", "1988-03-14", "female", "72999"))
}

func hugo() providers.Query { return ask(person("OSTERVAL", "Hugo", "1986-11-30", "male", "72999")) }

func marieAnge() providers.Query {
	q := ask(providers.Identity{
		FamilyName: "Brévan-d’Auroy", GivenName: "Marie Ange Rose Lucienne", Birthdate: "1979-05-01", IDPBirthdate: "1979-05-00",
		Gender: "female", Birthcountry: "99341",
	})
	return q
}

func month(q providers.Query, year, month int) providers.Query {
	q.Year, q.Month = year, month
	return q
}

func of(resource string, q providers.Query) providers.Query {
	q.Resource = resource
	return q
}

// at are the accounts for all resources at a simulator, or at addresses alike.
func at(base string) map[string]cnav.Resource {
	all := map[string]cnav.Resource{}
	for _, name := range cnav.Names() {
		all[name] = cnav.Resource{URL: base + cnavsim.Path(name), Scope: cnavsim.Scope(name)}
	}
	return all
}

func simulator() *cnavsim.Simulator {
	return cnavsim.New(cnavsim.Options{
		ClientID: "accord?>", ClientSecret: "secret~~?? of the hub", Households: households(), Now: now,
		Registered: []cnavsim.Person{{BirthName: "KERBRIDOU", GivenNames: "YANN", Birthdate: "1971-10-27", Sex: "M"}},
	})
}

// rig is the suite's, for one resource.
func rig(t *testing.T, resource string) *sourcetest.Rig {
	t.Helper()
	sim := simulator()
	server := sourcetest.Serve(t, sim)
	source, err := cnav.New(cnav.Config{
		TokenURL: server.URL + cnavsim.TokenPath, ClientID: "accord?>", ClientSecret: "secret~~?? of the hub",
		Resources: at(server.URL), Timeout: sourcetest.AttemptTime, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &sourcetest.Rig{
		Source: source, Switch: sim.Switch, Server: server, Cases: cases(resource),
		Found: of(resource, camille()), Second: of(resource, marieAnge()), Bound: sourcetest.ByRequest, Verify: verifyBenefit, Mutations: 500,
	}
	switch resource {
	case cnav.QuotientFamilial:
		r.Bound, r.Verify, r.Mutations = sourcetest.ByPerson|sourcetest.ByRequest, verifyQuotient, 0
	case cnav.ParticipationFamilialeEAJE:
		r.Bound, r.Verify, r.Mutations = sourcetest.ByPerson|sourcetest.ByRequest, verifyChildcare, 0
	}
	return r
}

func TestEachResourceKeepsEveryPromiseOfASource(t *testing.T) {
	for _, name := range cnav.Names() {
		t.Run(path.Base(name), func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) *sourcetest.Rig { return rig(t, name) })
		})
	}
}
