package configuration

import (
	"slices"
	"strings"

	"accord/consent"
)

// CrossCheck compares clients with approvals: every approval a client names
// exists, no two of one client answer the same recipient and purpose (a
// request could not choose), and none lies unused.
func CrossCheck(clients Clients, approvals Approvals) []Mistake {
	var mistakes []Mistake
	used := map[string]bool{}
	for _, id := range clients.IDs() {
		d := clients.docs[id].fresh()
		d.checkApprovalsOf(clients.byID[id].Approvals, approvals, used)
		mistakes = append(mistakes, d.mistakes...)
	}
	for _, id := range approvals.IDs() {
		if d := approvals.docs[id].fresh(); !used[id] && !clients.left && approvals.byID[id].Desk == nil {
			d.warn("$.id", "no client names this approval: add it to the approvals of a client")
			mistakes = append(mistakes, d.mistakes...)
		}
	}
	return mistakes
}

// fresh is the same document without its mistakes, which were given before.
func (d *document) fresh() *document {
	return &document{file: d.file, lines: d.lines, told: d.told, last: d.last}
}

func (d *document) checkApprovalsOf(ids []string, approvals Approvals, used map[string]bool) {
	type choice struct{ recipient, purpose string }
	seen := map[choice]string{}
	for i, id := range ids {
		path := index("$.approvals", i)
		a, ok := approvals.byID[id]
		if !ok {
			d.problem(path, "there is no usable approval %q: write its file, or remove it here", cut(id))
			continue
		}
		if used[id] = true; slices.Contains(ids[:i], id) {
			d.problem(path, "stands twice: keep one")
			continue
		}
		c := choice{a.ServiceProvider.SIRET, a.Purpose.ID}
		if other, double := seen[c]; double {
			d.problem(path, "%s has the recipient and purpose of %s: a request could not choose; remove one", id, other)
		}
		seen[c] = id
	}
}

// connected compares approvals with the sources and FranceConnect's scopes of
// accord.yaml.
func connected(s Settings, approvals Approvals, c *consent.Catalogue) []Mistake {
	var mistakes []Mistake
	for _, id := range approvals.IDs() {
		d := approvals.docs[id].fresh()
		a := approvals.byID[id]
		data := a.Approved(c) // all of them are known: the approval was accepted
		d.checkConnected("$.data.required", s, data[:len(a.Data.Required)])
		d.checkConnected("$.data.optional", s, data[len(a.Data.Required):])
		d.checkNamed(s.Sources, a.Credentials)
		if a.FranceConnectClient != "" && s.FranceConnect.DataProvider == nil {
			d.warn("$.franceconnect_client", "its tokens are refused while accord.yaml has no franceconnect.data_provider")
		}
		if a.Desk != nil && s.ProConnect == nil {
			d.problem("$.desk", "accord.yaml has no proconnect, so no agent can log in: add it there, or remove desk")
		}
		if a.FranceConnect != "" {
			d.problem("$.franceconnect", "accord.yaml has no further FranceConnect registration: remove it, the broker's own is used")
		}
		mistakes = append(mistakes, d.mistakes...)
	}
	return mistakes
}

// publishedKeys refuses keys published where an issuer of the Internet does not
// look: on http, which is for demonstrations on one machine.
func publishedKeys(s Settings, clients Clients) []Mistake {
	var mistakes []Mistake
	for _, id := range clients.IDs() {
		d := clients.docs[id].fresh()
		if strings.HasPrefix(clients.byID[id].JWKSURI, "http:") && strings.HasPrefix(s.Issuer, "https:") {
			d.problem("$.jwks_uri", "write https: http is for an issuer on this machine, and this issuer is https")
			mistakes = append(mistakes, d.mistakes...)
		}
	}
	return mistakes
}

func (d *document) checkConnected(path string, s Settings, data []consent.Datum) {
	for i, datum := range data {
		at := index(path, i) + ".id"
		if datum.Source != consent.SourceFranceConnect && !s.Sources.connected(datum.Source) {
			d.problem(at, "%s comes from a source accord.yaml does not connect: add %s there", datum.ID, toConnect(datum.Source))
		} else if name := missingResource(s.Sources.CNAV, datum); name != "" {
			d.problem(at, "%s is of a resource accord.yaml does not connect: add sources.cnav.resources.%s there", datum.ID, name)
		}
		for _, scope := range datum.FranceConnectScopes {
			if datum.Source != consent.SourceFranceConnect && !slices.Contains(s.FranceConnect.Scopes, scope) {
				d.warn(at, "needs FranceConnect's scope %s, which franceconnect.scopes does not list: the source will refuse", scope)
			}
		}
	}
}
