package consent

import (
	"slices"
	"time"
)

// A Later is access after today: what a service provider asks with the
// parameters until and fetches, and a citizen may add to an agreement.
type Later struct {
	Until   time.Time // the end, no longer in it
	Fetches int       // in all, today's included: at least 2
}

// maxFetches bounds a recurring grant, whatever its approval says: once a day
// of its longest year.
const maxFetches = 366

// WithLater adds the access after today that a service provider asks: until,
// its last day (YYYY-MM-DD), and fetches, how many in all. Without either the
// request is for today alone. The error is a *Refusal: a mode, a number or a
// day beyond the approval's ceilings, a day that is not after today, or data
// none of which can be fetched without the citizen.
func (r Request) WithLater(until string, fetches int, now time.Time) (Request, error) {
	if until == "" && fetches == 0 {
		return r, nil
	}
	day, err := parseDay(until)
	switch c := r.Approval.Ceilings; {
	case until == "" || fetches == 0:
		return Request{}, refuseRequest(ReasonLater, "until and fetches go together: send both, or neither")
	case c.Mode != ModeRepeated:
		return Request{}, refuseRequest(ReasonLater, "until, fetches: the approval %s allows one fetch: send neither", r.Approval.ID)
	case fetches < 2 || fetches > c.Fetches:
		return Request{}, refuseRequest(ReasonLater, "fetches: the approval %s allows 2 to %d, today's included", r.Approval.ID, c.Fetches)
	case err != nil:
		return Request{}, refuseRequest(ReasonLater, "until is no date: send the last day as YYYY-MM-DD")
	case !slices.ContainsFunc(r.Data(), Datum.FetchedLater):
		return Request{}, refuseRequest(ReasonLater, "until, fetches: none of these data can be fetched without the citizen: send neither")
	}
	if refusal := r.Approval.reaches(day, now); refusal != nil {
		return Request{}, refusal
	}
	r.Later = &Later{Until: endOf(day), Fetches: fetches}
	return r, nil
}

// reaches holds the last day of a recurring grant to the approval's ceiling
// and its own end.
func (a *Approval) reaches(day, now time.Time) *Refusal {
	switch last := a.LastDay(now); {
	case !day.After(today(now)):
		return refuseRequest(ReasonLater, "until: send a day after today")
	case day.After(last):
		return refuseRequest(ReasonLater, "until: the approval %s allows %s: send %s at the latest", a.ID, a.Ceilings.Duration, last.Format(time.DateOnly))
	}
	return nil
}

// LastDay is the last day until which a recurring grant may be asked now: by
// the ceiling, and no later than the approval's own end.
func (a *Approval) LastDay(now time.Time) time.Time {
	last, ok := addPeriod(today(now), a.Ceilings.Duration)
	_, end := a.Term()
	own := end.AddDate(0, 0, -1)
	switch {
	case !ok:
		return today(now) // no ceiling, no later access
	case last.After(own):
		return own
	}
	return last
}

// endOf is the last second of a day in metropolitan France's summer: no time
// zone database is needed, and no grant outlives the day its citizen was told.
func endOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 21, 59, 59, 0, time.UTC)
}

func today(now time.Time) time.Time {
	n := now.UTC()
	return time.Date(n.Year(), n.Month(), n.Day(), 0, 0, 0, 0, time.UTC)
}

// FetchedLater tells whether a datum can be fetched again without its citizen
// at Accord: not the identity of the login, nor what the citizen must supply
// or tick before each look-up, nor an answer worked out with a datum they did
// not agree to. One that needs FranceConnect's token can, where
// the service provider presents one that opens it.
func (d Datum) FetchedLater() bool {
	alone := d.Answered == nil || len(d.Answered.Reads) == 0
	return d.Source != SourceFranceConnect && !needsInput(d) && d.Preview != PreviewTicked && alone
}

// NotLater lists the data asked that a later fetch cannot cover.
func (r Request) NotLater() []Datum {
	return slices.DeleteFunc(r.Data(), Datum.FetchedLater)
}

// Fetch is the mode of an agreement and how many fetches it allows, the first
// included. What was only offered allows nothing.
func (r Request) Fetch(a Agreed) (mode string, fetches int) {
	if r.Later == nil || !a.Later {
		return ModeOnce, 1
	}
	return ModeRepeated, r.Later.Fetches
}

// Until gives the end of the grant that a decision opens.
func (r Request) Until(a Agreed, decision time.Time) time.Time {
	if r.Later == nil || !a.Later {
		return r.ValidUntil(decision)
	}
	return r.Later.Until
}

// FetchAgain is the request of a later fetch of agreed data of one resource,
// for a service provider that presents FranceConnect's token of these scopes:
// the data that can be fetched so, with the income year the scopes name. What
// needs the citizen is left out; without any left, ok is false.
func (a *Approval) FetchAgain(data []Datum, scopes []string) (r Request, ok bool) {
	held := func(scope string) bool { return slices.Contains(scopes, scope) }
	kept := slices.DeleteFunc(slices.Clone(data), func(d Datum) bool {
		missing := func(scope string) bool { return !held(scope) }
		return !d.FetchedLater() || slices.ContainsFunc(d.FranceConnectScopes, missing)
	})
	r = Request{Approval: a, Required: kept}
	if slices.ContainsFunc(kept, needsYear) {
		r.Selectors = slices.DeleteFunc(slices.Clone(a.Data.Years), func(s string) bool { return !held(s) })
	}
	if checkYears(kept, r.Selectors, a.Data.Years) != nil {
		r.Required, r.Selectors = slices.DeleteFunc(kept, needsYear), nil
	}
	return r, len(r.Required) > 0
}
