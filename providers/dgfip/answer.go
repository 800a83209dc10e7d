package dgfip

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// The notice as DGFiP gives it; what its scopes do not allow is absent.
type notice struct {
	RFR       *figure `json:"rfr"`
	Parts     *figure `json:"nbPart"`
	Situation *string `json:"sitFam"`
	PAC       *pac    `json:"pac"`
	NbPAC     *figure `json:"nbPac"`
	Address   *string `json:"aft"`
	Year      *figure `json:"annRevenu"`

	BirthName1  *string `json:"nmNaiDec1"`
	GivenNames1 *string `json:"prnmDec1"`
	Birthdate1  *date   `json:"dateNaisDec1"`
	BirthName2  *string `json:"nmNaiDec2"`
	GivenNames2 *string `json:"prnmDec2"`
	Birthdate2  *date   `json:"dateNaisDec2"`

	unread
}

// unread are members of a notice that Accord does not ask for. Naming them lets
// the reader refuse what it does not know, so that a member renamed or broken
// on the way is not taken for one left out.
type unread struct {
	UsageName1   json.RawMessage `json:"nmUsaDec1"`
	UsageName2   json.RawMessage `json:"nmUsaDec2"`
	DatRec       json.RawMessage `json:"datRec"`
	DatEtab      json.RawMessage `json:"datEtab"`
	GrossIncome  json.RawMessage `json:"revenuBrutGlobal"`
	Taxable      json.RawMessage `json:"revImposable"`
	TaxBefore    json.RawMessage `json:"impAvImput"`
	Tax          json.RawMessage `json:"montTotIr"`
	LoneParent   json.RawMessage `json:"pariso"`
	Deficit      json.RawMessage `json:"inddeficit"`
	WealthTax    json.RawMessage `json:"indiIFI"`
	ScaleIncome  json.RawMessage `json:"mntRevbareme"`
	Declarations json.RawMessage `json:"decl"`
}

type pac struct {
	Total *figure `json:"nbPac"`
	F     *figure `json:"nbPacF"`
	H     *figure `json:"nbPacH"`
	R     *figure `json:"nbPacR"`
	J     *figure `json:"nbPacJ"`
	N     *figure `json:"nbPacN"`
	P     *figure `json:"nbPacP"`
}

type date struct {
	Day   *figure `json:"jour"`
	Month *figure `json:"mois"`
	Year  *figure `json:"annee"`
}

// A figure is a number that DGFiP writes as a number or as a string; it keeps
// the digits.
type figure string

// UnmarshalJSON takes the digits of a JSON number or string.
func (f *figure) UnmarshalJSON(b []byte) error {
	text := string(bytes.Trim(b, `"`))
	whole, part, dotted := strings.Cut(text, ".")
	if !digits(whole, 13) || dotted && !digits(part, 2) {
		return upstream.ErrShape
	}
	*f = figure(text)
	return nil
}

func digits(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// whole is f as an integer of at most most.
func (f *figure) whole(most int) (int, error) {
	if f == nil {
		return 0, upstream.ErrIncomplete
	}
	n, err := strconv.Atoi(string(*f))
	if err != nil || n > most {
		return 0, upstream.ErrShape
	}
	return n, nil
}

// read turns the body of a 200 into an answer: whose notice, of which year,
// then whether all that was asked is there.
func read(body []byte, q providers.Query, year int) providers.Answer {
	var n notice
	if err := upstream.DecodeWanted(body, &n); err != nil {
		return upstream.Unavailable(err)
	}
	if err := n.belongs(q.Identity, year); err != nil {
		return upstream.Unavailable(err)
	}
	d, err := n.document(year, q.Data)
	if err != nil {
		return upstream.Unavailable(err)
	}
	encoded, err := encode(d)
	if err != nil {
		return upstream.Unavailable(upstream.ErrShape)
	}
	return providers.Answer{Outcome: providers.Found, Document: encoded}
}

// belongs wants one of the declarants to be i, and the year, when told, to be
// the one asked.
func (n notice) belongs(i providers.Identity, year int) error {
	first := declarant(i, n.BirthName1, n.GivenNames1, n.Birthdate1)
	second := declarant(i, n.BirthName2, n.GivenNames2, n.Birthdate2)
	if !slices.Contains([]bool{first, second}, true) {
		return upstream.ErrAnotherPerson
	}
	if n.Year != nil && string(*n.Year) != strconv.Itoa(year) {
		return errAnotherYear
	}
	return nil
}

// declarant says whether one declarant is i. DGFiP may leave first names out,
// name and birth date it may not: an answer tied to nobody is nobody's.
func declarant(i providers.Identity, name, given *string, born *date) bool {
	if name == nil || born == nil {
		return false
	}
	c := providers.Civil{BirthName: *name, GivenNames: i.GivenName, Birthdate: born.String()}
	if given != nil {
		c.GivenNames = *given
	}
	return i.Is(c)
}

// String is YYYY-MM-DD, unknown parts as 00; "" when a part is missing.
func (d date) String() string {
	day, err1 := d.Day.whole(31)
	month, err2 := d.Month.whole(12)
	year, err3 := d.Year.whole(9999)
	if err1 != nil || err2 != nil || err3 != nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
