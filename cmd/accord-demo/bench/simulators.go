package main

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/oidc/franceconnect/fcsim"
	"accord/providers"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
)

// simulators are FranceConnect and the sources, in the client's process and
// without any quota.
type simulators struct {
	franceConnect *fcsim.Simulator
	listeners     []net.Listener
	fcURL         string // issuer
	sourcesURL    string
	fcAddress     string // host:port
	fcSecret      string
	sourceSecret  string

	cnavDelay, dgfipDelay atomic.Int64 // nanoseconds before each answer about a person
}

// citizens have both a family file and a tax notice.
func citizens() []string {
	return []string{"camille", "hugo", "nadia", "sabine", "aminata", "helene", "marie-ange", "thibaut"}
}

func startSimulators(accord string) (*simulators, error) {
	s := &simulators{fcSecret: rand.Text() + rand.Text(), sourceSecret: rand.Text()}
	for range 2 {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("listening: %w", err)
		}
		s.listeners = append(s.listeners, l)
	}
	s.fcAddress = s.listeners[0].Addr().String()
	s.fcURL, s.sourcesURL = "http://"+s.fcAddress+"/api/v2", "http://"+s.listeners[1].Addr().String()
	people := slices.DeleteFunc(country.Personas(), func(p country.Persona) bool { return !slices.Contains(citizens(), p.ID) })
	s.franceConnect = fcsim.New(fcsim.Options{
		Issuer: s.fcURL, ClientID: rpID, ClientSecret: s.fcSecret, ServiceName: "Accord",
		RedirectURIs: []string{accord + "/callback"}, ProviderScopes: entitled(), Personas: atFranceConnect(people),
	})
	go func() { _ = http.Serve(s.listeners[0], s.franceConnect) }()   // ends with its listener
	go func() { _ = http.Serve(s.listeners[1], s.sources(people)) }() // the same
	return s, nil
}

func (s *simulators) close() {
	for _, l := range s.listeners {
		_ = l.Close() // nothing waits for it
	}
}

func (s *simulators) sources(people []country.Persona) http.Handler {
	now := time.Now()
	m := http.NewServeMux()
	m.Handle("/cnav/", http.StripPrefix("/cnav", late(&s.cnavDelay, cnavsim.New(cnavsim.Options{
		ClientID: sourceID, ClientSecret: s.sourceSecret,
		Households: country.Households(people, now), Registered: country.Registered(people),
	}))))
	m.Handle("/dgfip/", http.StripPrefix("/dgfip", late(&s.dgfipDelay, dgfipsim.New(dgfipsim.Options{
		ClientID: sourceID, ClientSecret: s.sourceSecret,
		Notices: country.Notices(people, now), Introspect: s.introspect,
	}))))
	return m
}

// late answers a question about a person after a while.
func late(delay *atomic.Int64, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			time.Sleep(time.Duration(delay.Load()))
		}
		h.ServeHTTP(w, r)
	})
}

// introspect is FranceConnect's checktoken, for DGFiP.
func (s *simulators) introspect(token string) (providers.Identity, []string, bool) {
	i, scopes, ok := s.franceConnect.Introspect(token)
	return providers.Identity{
		FamilyName: i.FamilyName, GivenName: i.GivenName, GivenNames: i.GivenNames,
		PreferredUsername: i.PreferredUsername, Birthdate: i.Birthdate, IDPBirthdate: i.IDPBirthdate, Gender: i.Gender,
		Birthplace: i.Birthplace, Birthcountry: i.Birthcountry,
	}, scopes, ok
}

func atFranceConnect(people []country.Persona) []fcsim.Persona {
	var all []fcsim.Persona
	for _, p := range people {
		i := p.Identity
		all = append(all, fcsim.Persona{ID: p.ID, Identity: fcsim.Identity{
			FamilyName: i.FamilyName, GivenName: i.GivenName,
			GivenNames: i.GivenNames, PreferredUsername: i.PreferredUsername, Birthdate: i.Birthdate, IDPBirthdate: i.IDPBirthdate,
			Gender: i.Gender, Birthplace: i.Birthplace, Birthcountry: i.Birthcountry, Email: p.Email,
		}})
	}
	return all
}
