package details

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
)

// Parse reads the parameter and takes nothing but what the schema describes:
// no unknown or doubled member, no other type. The error names the member,
// never its value.
func Parse(raw string) (Request, error) {
	if len(raw) > MaxBytes {
		return Request{}, fmt.Errorf("longer than %d bytes", MaxBytes)
	}
	v, err := decode(raw)
	if err != nil {
		return Request{}, err
	}
	list, ok := v.([]any)
	if !ok || len(list) != 1 {
		return Request{}, errors.New("must be an array of one object")
	}
	r := &reader{}
	request := r.request(list[0])
	if r.err != nil {
		return Request{}, r.err
	}
	return request, nil
}

// decode reads JSON as the standard library does, but refuses doubled names,
// which two readers may understand differently, and deep nesting.
func decode(raw string) (any, error) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	return v, nil
}

var errNotJSON = errors.New("is not one JSON value")

func value(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, errNotJSON
	}
	delimiter, nested := t.(json.Delim)
	switch {
	case !nested:
		return t, nil
	case depth == maxDepth:
		return nil, errors.New("is nested too deep")
	case delimiter == '[':
		return array(d, depth+1)
	}
	return members(d, depth+1)
}

func array(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := value(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, end(d)
}

func members(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errNotJSON
		}
		if _, twice := object[name]; twice {
			return nil, errors.New("a member stands there twice")
		}
		if object[name], err = value(d, depth); err != nil {
			return nil, err
		}
	}
	return object, end(d)
}

// end takes the closing bracket.
func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return errNotJSON
	}
	return nil
}

// A reader takes the members of an object by their types, and keeps the first
// mistake.
type reader struct{ err error }

func (r *reader) refuse(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// object gives an object none of whose members is unknown.
func (r *reader) object(at string, v any, known ...string) map[string]any {
	object, ok := v.(map[string]any)
	if !ok {
		r.refuse("%s: must be an object", at)
	}
	for name := range object {
		if !slices.Contains(known, name) {
			r.refuse("%s: a member is unknown", at)
		}
	}
	return object
}

func (r *reader) request(v any) Request {
	o := r.object("[0]", v, "type", "purpose", "recipient", "required", "optional", "answers", "period", "recurring")
	if o["type"] != Type {
		r.refuse("type: must be %s", Type)
	}
	q := Request{
		Type: Type, Purpose: r.text(o, "purpose", purpose), Recipient: r.text(o, "recipient", siret),
		Required: r.data(o, "required"), Optional: r.data(o, "optional"), Answers: r.data(o, "answers"),
	}
	if q.Required == nil && q.Optional == nil {
		r.refuse("required, optional: one of the two is needed")
	}
	if v, given := o["period"]; given {
		p := r.object("period", v, "annee", "mois", "annee_campagne", "annee_revenus")
		q.Period = &Period{
			Year: r.number(p, "annee", 1, 9999), Month: r.number(p, "mois", 1, 12),
			Campaign: r.number(p, "annee_campagne", 1, 9999), IncomeYear: r.text(p, "annee_revenus", selector),
		}
	}
	if v, given := o["recurring"]; given {
		p := r.object("recurring", v, "until", "fetches")
		q.Recurring = &Recurring{Until: r.text(p, "until", day), Fetches: r.number(p, "fetches", 2, 366)}
		if q.Recurring.Until == "" || q.Recurring.Fetches == 0 {
			r.refuse("recurring: until and fetches go together")
		}
	}
	return q
}

var (
	purpose  = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	siret    = regexp.MustCompile(`^[0-9]{14}$`)
	datum    = regexp.MustCompile(`^[a-z0-9_]{1,128}$`)
	selector = regexp.MustCompile(`^dgfip_annee_[a-z0-9_]{1,50}$`)
	day      = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

func (r *reader) text(o map[string]any, name string, form *regexp.Regexp) string {
	v, given := o[name]
	s, ok := v.(string)
	if given && (!ok || !form.MatchString(s)) {
		r.refuse("%s: must match %s", name, form)
	}
	return s
}

// number takes a whole number however it is written: 4.0 is one to every JSON
// Schema (validation §6.1.1), so a client that sends it kept what is published.
func (r *reader) number(o map[string]any, name string, least, most int) int {
	v, given := o[name]
	if !given {
		return 0
	}
	written, ok := v.(json.Number)
	n, err := written.Float64()
	if !ok || err != nil || n != math.Trunc(n) || n < float64(least) || n > float64(most) {
		r.refuse("%s: must be a whole number from %d to %d", name, least, most)
		return 0
	}
	return int(n)
}

func (r *reader) data(o map[string]any, name string) []string {
	v, given := o[name]
	if !given {
		return nil
	}
	list, ok := v.([]any)
	if !ok || len(list) == 0 || len(list) > maxData {
		r.refuse("%s: must list 1 to %d data", name, maxData)
	}
	var ids []string
	for n, v := range list {
		id, ok := v.(string)
		if !ok || !datum.MatchString(id) || slices.Contains(ids, id) {
			r.refuse("%s[%d]: must be a catalogue id, listed once", name, n)
		}
		ids = append(ids, id)
	}
	return ids
}
