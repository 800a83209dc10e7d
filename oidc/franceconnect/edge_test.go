package franceconnect_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

// registered is the day the edge personas are of.
func registered() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func edgePersonas() []fcsim.Persona { return fcsim.EdgePersonas(registered()) }

// An edge is what must come of an edge persona: a page of FranceConnect's with
// this code, from which leaving gives this error, or a login with the ordinary
// identity so changed.
type edge struct {
	page   string
	leaves franceconnect.Kind
	change func(*franceconnect.Identity)
}

func edges() map[string]edge {
	const denied, no, away = franceconnect.Cancelled, franceconnect.Refused, franceconnect.Unavailable
	is := func(change func(*franceconnect.Identity)) edge { return edge{change: change} }
	first := func(all string, names ...string) edge {
		return is(func(i *franceconnect.Identity) { i.GivenName, i.GivenNames = all, names })
	}
	place := func(place, country string) edge {
		return is(func(i *franceconnect.Identity) { i.Birthplace, i.Birthcountry = place, country })
	}
	date := func(date, raw string) edge {
		return is(func(i *franceconnect.Identity) { i.Birthdate, i.IDPBirthdate = date, raw })
	}
	malformed := edge{page: "Y600006", leaves: no}
	return map[string]edge{
		"first-names-three":   first("Odile Renée Apolline", "Odile", "Renée", "Apolline"),
		"first-name-composed": first("Anne-Odile Renée", "Anne-Odile", "Renée"),
		"first-name-spaced":   first("Anne Odile Renée", "Anne Odile", "Renée"),
		"used-name":           is(func(i *franceconnect.Identity) { i.PreferredUsername = "SAINT-ESTRAN" }),
		"hyphen-apostrophe":   is(func(i *franceconnect.Identity) { i.FamilyName, i.PreferredUsername = "L'HERMEREL-D’AUZON", "D'AUZON" }),
		"accents": is(func(i *franceconnect.Identity) {
			i.FamilyName, i.GivenName, i.GivenNames = "LEBŒUF-ÆGIDIUS ÇÉLÈÑE", "Anaïs Œdipa Zoë Ælis Ÿse", []string{"Anaïs", "Œdipa", "Zoë", "Ælis", "Ÿse"}
		}),
		"name-long": is(func(i *franceconnect.Identity) {
			i.FamilyName = strings.Repeat("VALEMBOIS-", 6) + "DE-LA-HAUTE-FUTAIE"
			i.GivenName = strings.Repeat("Odile-", 9) + "Renée"
			i.GivenNames = []string{i.GivenName}
		}),
		"gender-unspecified": is(func(i *franceconnect.Identity) { i.Gender = "unspecified" }),
		"european": is(func(i *franceconnect.Identity) {
			i.GivenName, i.GivenNames, i.Birthplace, i.Birthcountry = "Odile Renée", nil, "", "99109"
		}),
		"corsica-2a": place("2A247", "99100"),
		"corsica-2b": place("2B096", "99100"),
		"polynesia":  place("98729", "99100"),
		"wallis":     place("98611", "99100"),
		"mayotte":    place("97601", "99100"),
		"algeria": is(func(i *franceconnect.Identity) {
			i.Birthplace, i.Birthdate, i.IDPBirthdate = "91352", "1951-02-03", "1951-02-03"
		}),
		"abroad":      place("", "99139"),
		"abroad-code": place("", "99139"),
		"abroad-text": is(func(i *franceconnect.Identity) {
			i.Birthplace, i.Birthcountry, i.PreferredUsername = "", "99139", "DA VALE"
		}),
		"under-16":         date("2010-11-24", "2010-11-24"),
		"under-18":         date("2008-11-24", "2008-11-24"),
		"day-presumed":     date("1962-03-01", "1962-03-00"),
		"month-presumed":   date("1962-01-01", "1962-00-00"),
		"born-1815":        date("1815-12-10", "1815-12-10"),
		"month-00":         malformed,
		"no-first-name":    malformed,
		"no-family-name":   malformed,
		"no-email":         malformed,
		"no-gender":        malformed,
		"no-birthplace":    malformed,
		"cog-invalid":      malformed,
		"deceased":         {page: "Y010015", leaves: denied},
		"not-found":        {page: "Y010008", leaves: denied},
		"registry-away":    {page: "Y010011", leaves: away},
		"blocked":          {page: "Y180001", leaves: denied},
		"provider-level":   {page: "Y100001", leaves: no},
		"provider-refused": {page: "Y100018", leaves: no},
	}
}

func edgeRows(t *testing.T) []row {
	t.Helper()
	people := func(o *fcsim.Options) { o.Personas = edgePersonas() }
	low := start(t, "ES256", people)
	high := start(t, "ES256", people, func(o *fcsim.Options) { o.Plus = &fcsim.Plus{} }).fresh(t, func(c *franceconnect.Config) { c.ACR = "eidas2" })
	var out []row
	for _, p := range edgePersonas() {
		want, ok := edges()[p.ID]
		if !ok {
			t.Errorf("nothing is said of %s", p.ID)
		}
		out = append(out, row{"E-" + p.ID, func(t *testing.T) {
			if want.page != "" {
				low.isRefused(t, p.ID, want)
				return
			}
			low.isIdentified(t, p.ID, "idp_birthdate", want.identity(p.ID))
			high.isIdentified(t, p.ID, "", onPlus(want.identity(p.ID)))
		}})
	}
	return out
}

func (e edge) identity(id string) franceconnect.Identity {
	i := franceconnect.Identity{
		FamilyName: "VALEMBOIS", GivenName: "Odile", GivenNames: []string{"Odile"}, Birthdate: "1984-05-17", IDPBirthdate: "1984-05-17",
		Gender: "female", Birthplace: "35238", Birthcountry: "99100", Email: id + "@courriel.example",
	}
	e.change(&i)
	return i
}

// onPlus is the same person by FranceConnect+, which has no list of first
// names and tells a raw birth only where it is presumed.
func onPlus(i franceconnect.Identity) franceconnect.Identity {
	i.GivenNames = nil
	if i.IDPBirthdate == i.Birthdate {
		i.IDPBirthdate = ""
	}
	return i
}

func (c country) isIdentified(t *testing.T, persona, more string, want franceconnect.Identity) {
	t.Helper()
	scopes := append(strings.Fields(more), "identite_pivot", "preferred_username", "email")
	code, err := c.rp.Callback(c.walk(t, persona, scopes...), stateMark)
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.rp.Exchange(context.Background(), code, nonceMark, "")
	if err != nil {
		t.Fatal(err)
	}
	if !sameIdentity(l.Identity, want) || !slices.Equal(l.Identity.GivenNames, want.GivenNames) {
		t.Errorf("identity %+v, want %+v", l.Identity, want)
	}
}

// isRefused meets the page, then leaves it for the service.
func (c country) isRefused(t *testing.T, persona string, want edge) {
	t.Helper()
	at, err := c.rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	picker := get(t, c.browser, at).Request.URL.String()
	if met := post(t, c.browser, picker, url.Values{"persona": {persona}}); met.StatusCode < http.StatusBadRequest {
		t.Errorf("HTTP %d", met.StatusCode)
	}
	_, err = c.rp.Callback(location(t, get(t, c.browser, picker+"/leave/"+want.page)), stateMark)
	refused(t, err, want.leaves)
}
