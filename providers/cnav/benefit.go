package cnav

import (
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

const (
	maxRights = 40
	openRight = 10 // etat.cd of a right that is open
)

// What the hub sends of a benefit.
type (
	benefit struct {
		Indicator *string  `json:"indicateur"`
		Since     *string  `json:"dateIndicateur"`  // absent, null and "" are not told
		Rights    *[]right `json:"listePrestation"` // absent or null only of one who draws nothing
	}
	right struct {
		Code    *string `json:"cd"`
		Label   *string `json:"libelle"`
		Quality *string `json:"qualiteBeneficiaire"` // of the AEEH
		Opened  *string `json:"dtOuvertureDroit"`
		State   *state  `json:"etat"`
		Fund    *body   `json:"organismeRattachement"`
		Manager *body   `json:"organismeGestionnaire"`
	}
	state struct {
		Code  *int    `json:"cd"`
		Label *string `json:"libelle"`
		Since *string `json:"dtEffet"`
	}
	body struct {
		Code  *int    `json:"cd"`
		Label *string `json:"libelle"`
	}
)

const (
	draws    = "BENEFICIAIRE"
	drawsNot = "NON_BENEFICIAIRE"
)

// readBenefit decodes a benefit and keeps, of its rights, those that are open.
func readBenefit(raw []byte) (indicator string, since *string, open []right, err error) {
	var b benefit
	if err := upstream.Decode(raw, &b); err != nil {
		return "", nil, nil, err
	}
	if b.Indicator == nil {
		return "", nil, nil, upstream.ErrIncomplete
	}
	if since, err = day(b.Since); err != nil {
		return "", nil, nil, err
	}
	if b.Rights == nil && *b.Indicator != drawsNot {
		return "", nil, nil, upstream.ErrIncomplete
	}
	open, err = b.open()
	return *b.Indicator, since, open, err
}

func (b benefit) open() ([]right, error) {
	if b.Rights == nil {
		return nil, nil
	}
	if len(*b.Rights) > maxRights {
		return nil, upstream.ErrShape
	}
	var open []right
	for _, r := range *b.Rights {
		if r.Code == nil || r.State == nil || r.State.Code == nil {
			return nil, upstream.ErrIncomplete
		}
		if *r.State.Code == openRight {
			open = append(open, r)
		}
	}
	return open, nil
}

// day checks a date of the calendar; nil when it is not told.
func day(s *string) (*string, error) {
	s = orNull(s)
	if s == nil {
		return nil, nil
	}
	date, err := time.Parse(time.DateOnly, *s)
	if err != nil || date.Year() < 1900 || date.Year() > 2100 {
		return nil, upstream.ErrShape
	}
	return s, nil
}

// A plain benefit is drawn or not; it lists the codes of its rights. The codes
// show that an answer is about this benefit and no other, as its indicator does
// not; funds write one code with FA or MA.
type plain []string

type plainDocument struct {
	EstBeneficiaire bool    `json:"est_beneficiaire"`
	DateDebutDroit  *string `json:"date_debut_droit"`
}

func (p plain) read(raw []byte, _ asked) providers.Answer {
	indicator, since, open, err := readBenefit(raw)
	if err != nil {
		return upstream.Unavailable(err)
	}
	of := ofCodes(open, p...)
	switch {
	case indicator == draws && len(of) > 0:
		return found(plainDocument{true, since})
	case indicator == drawsNot && len(of) == 0:
		return found(plainDocument{false, nil})
	}
	return contradicted(indicator, draws, drawsNot)
}

// An increasable benefit may be drawn with majoration, which the code of the
// open right tells.
type increasable map[string]bool

type increasableDocument struct {
	EstBeneficiaire bool    `json:"est_beneficiaire"`
	AvecMajoration  *bool   `json:"avec_majoration"`
	DateDebutDroit  *string `json:"date_debut_droit"`
}

func (m increasable) read(raw []byte, _ asked) providers.Answer {
	indicator, since, open, err := readBenefit(raw)
	if err != nil {
		return upstream.Unavailable(err)
	}
	increased, known := m.increased(open)
	switch {
	case indicator == draws && known:
		return found(increasableDocument{true, &increased, since})
	case indicator == drawsNot && len(m.among(open)) == 0:
		return found(increasableDocument{})
	}
	return contradicted(indicator, draws, drawsNot)
}

// increased tells the majoration of the open rights; not known when there is
// none of this benefit, or some say yes and some no.
func (m increasable) increased(open []right) (increased, known bool) {
	for n, code := range m.among(open) {
		if n > 0 && m[code] != increased {
			return false, false
		}
		increased, known = m[code], true
	}
	return increased, known
}

func (m increasable) among(open []right) []string {
	var codes []string
	for _, r := range open {
		if _, ok := m[*r.Code]; ok {
			codes = append(codes, *r.Code)
		}
	}
	return codes
}
