package consent

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync"
)

// A Catalogue is the list of data Accord can carry. It is immutable and safe
// for concurrent use.
type Catalogue struct {
	data    []Datum
	byID    map[string]int
	byScope map[string]string // id by scope and alias
	encoded []byte
	digest  string
}

// DefaultCatalogue gives the data this version knows, in the order of pages:
// identity from FranceConnect, the family file of CAF and MSA and their
// benefits, the tax notice, then work, studies, service, sport and vehicles.
func DefaultCatalogue() *Catalogue { return defaultCatalogue() }

var defaultCatalogue = sync.OnceValue(func() *Catalogue {
	return newCatalogue(slices.Concat(
		identityData(), familyData(), childcareData(), benefitData(), fiscalData(),
		jobseekerData(), studentData(), schoolData(), serviceData(), vehicleData(),
	))
})

func newCatalogue(data []Datum) *Catalogue {
	c := &Catalogue{data: data, byID: make(map[string]int, len(data)), byScope: make(map[string]string, len(data))}
	for i, d := range data {
		c.byID[d.ID] = i
		for _, scope := range append([]string{d.Scope}, d.Aliases...) {
			c.byScope[scope] = d.ID
		}
	}
	encoded, err := json.Marshal(data)
	if err != nil { // a slice of strings and booleans always encodes
		panic("encoding the catalogue: " + err.Error())
	}
	c.encoded, c.digest = encoded, digest(encoded)
	return c
}

// Datum finds an entry by its id.
func (c *Catalogue) Datum(id string) (Datum, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Datum{}, false
	}
	return c.data[i], true
}

// Data gives every entry, in the order in which pages and notices show them.
// The caller may keep the slice but must not write into its entries' slices.
func (c *Catalogue) Data() []Datum { return slices.Clone(c.data) }

// Digest names this very catalogue, "sha-256:" + base64url: receipts carry it,
// so that an auditor knows which paths a catalogue id meant.
func (c *Catalogue) Digest() string { return c.digest }

// Bytes are what Digest is derived from, as JSON: a copy for the caller.
func (c *Catalogue) Bytes() []byte { return slices.Clone(c.encoded) }

// Select sorts the scopes of a request into data (each once, in the
// catalogue's order), year selectors (each once, as asked) and unknown names.
// openid is neither; an alias counts as the scope it stands for;
// identite_pivot, profile and birth stand for the claims
// FranceConnect gives under these names.
func (c *Catalogue) Select(scopes []string) (data []Datum, selectors, unknown []string) {
	var wanted []int // places in c.data
	for _, scope := range scopes {
		switch claims, alias := identityAlias(scope); {
		case scope == "openid":
		case alias:
			for _, id := range claims {
				wanted = append(wanted, c.byID[id])
			}
		case isYearSelector(scope):
			selectors = appendOnce(selectors, scope)
		default:
			id, known := c.byScope[scope]
			if !known {
				unknown = appendOnce(unknown, scope)
				continue
			}
			wanted = append(wanted, c.byID[id])
		}
	}
	slices.Sort(wanted)
	for _, at := range slices.Compact(wanted) {
		data = append(data, c.data[at])
	}
	return data, selectors, unknown
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// digest names exact bytes as receipts and events do.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
}
