package dgfip

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"accord/providers/upstream"
)

var errAnotherYear = errors.New("another year's notice")

const (
	maxIncome  = 1_000_000_000_000 // euros a year
	maxParts   = 100
	maxPersons = 60
)

// A document is the member data of /v3/dgfip/situation_ir: API Particulier's
// words of old for the figures of today's scopes.
type document struct {
	Annee     string   `json:"annee_revenus"`
	RFR       *int     `json:"revenu_fiscal_reference,omitempty"` // euros a year
	Parts     *float64 `json:"nombre_parts,omitempty"`            // quarters
	Situation string   `json:"situation_famille,omitempty"`
	PAC       *int     `json:"nombre_personnes_a_charge,omitempty"`
	Adresse   string   `json:"adresse_taxation,omitempty"`
}

// A part is one datum of the notice: its id in the catalogue, which is its
// scope's name, and how it is read into the document.
type part struct {
	id   string
	read func(notice, *document) error // upstream.ErrIncomplete when absent
}

func parts() []part {
	return []part{
		{"dgfip_rfr", func(n notice, d *document) (err error) { d.RFR, err = n.income(); return }},
		{"dgfip_nbpart", func(n notice, d *document) (err error) { d.Parts, err = n.shares(); return }},
		{"dgfip_sitfam", func(n notice, d *document) (err error) { d.Situation, err = n.situation(); return }},
		{"dgfip_nbpac", func(n notice, d *document) (err error) { d.PAC, err = n.dependants(); return }},
		{"dgfip_aft", func(n notice, d *document) (err error) { d.Adresse, err = n.address(); return }},
	}
}

// document reads every part. A part asked for (data; none = all) must be there;
// one not asked for may be absent, but never wrong.
func (n notice) document(year int, data []string) (document, error) {
	d := document{Annee: strconv.Itoa(year)}
	for _, p := range parts() {
		err := p.read(n, &d)
		absent := errors.Is(err, upstream.ErrIncomplete)
		if err != nil && !(absent && !wanted(p.id, data)) {
			return document{}, err
		}
	}
	return d, nil
}

// wanted says whether id is asked for. With an id unknown here among data,
// all are: better unavailable than partial.
func wanted(id string, data []string) bool {
	known := func(asked string) bool {
		return slices.ContainsFunc(parts(), func(p part) bool { return p.id == asked })
	}
	for _, asked := range data {
		if !known(asked) {
			return true
		}
	}
	return len(data) == 0 || slices.Contains(data, id)
}

func (n notice) income() (*int, error) { return pointer(n.RFR.whole(maxIncome)) }

func pointer(n int, err error) (*int, error) {
	if err != nil {
		return nil, err
	}
	return &n, nil
}

// shares come in quarters.
func (n notice) shares() (*float64, error) {
	if n.Parts == nil {
		return nil, upstream.ErrIncomplete
	}
	v, err := strconv.ParseFloat(string(*n.Parts), 64)
	if err != nil || v <= 0 || v > maxParts || math.Mod(v*4, 1) != 0 {
		return nil, upstream.ErrShape
	}
	return &v, nil
}

func (n notice) situation() (string, error) {
	if n.Situation == nil {
		return "", upstream.ErrIncomplete
	}
	switch *n.Situation {
	case "C":
		return "Célibataire", nil
	case "M":
		return "Marié(e)s", nil
	case "O":
		return "Pacsé(e)s", nil
	case "D":
		return "Divorcé(e)", nil
	case "V":
		return "Veuf(ve)", nil
	}
	return "", upstream.ErrShape
}

// dependants stand alone or in pac, according to the scope; told twice, they
// must agree.
func (n notice) dependants() (*int, error) {
	var inner *figure
	if n.PAC != nil {
		inner = n.PAC.Total
	}
	if n.NbPAC != nil && inner != nil && *n.NbPAC != *inner {
		return nil, upstream.ErrShape
	}
	if inner == nil {
		inner = n.NbPAC
	}
	return pointer(inner.whole(maxPersons))
}

func (n notice) address() (string, error) {
	switch {
	case n.Address == nil:
		return "", upstream.ErrIncomplete
	case strings.TrimSpace(*n.Address) == "" || !upstream.Text(*n.Address):
		return "", upstream.ErrShape
	}
	return strings.TrimSpace(*n.Address), nil
}

// encode keeps &, < and > as they are: the document's bytes are digested later
// and should be those anyone would write.
func encode(d document) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(d)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
