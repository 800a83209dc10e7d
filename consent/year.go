package consent

import (
	"slices"
	"sync"
	"time"
)

// The year selectors: scopes of FranceConnect that are no data but say which
// income year is asked of DGFiP. N is the calendar year of the fetch in
// metropolitan France.
const (
	YearNMinus1 = "dgfip_annee_n_moins_1"
	YearNMinus2 = "dgfip_annee_n_moins_2"
	YearNMinus3 = "dgfip_annee_n_moins_3"
	// YearNMinus2Fallback asks for N-1 and, while that notice does not exist
	// yet, for N-2.
	YearNMinus2Fallback = "dgfip_annee_n_moins_2_si_indispo_n_moins_1"
)

func yearSelectors() []string {
	return []string{YearNMinus1, YearNMinus2, YearNMinus3, YearNMinus2Fallback}
}

func isYearSelector(scope string) bool { return slices.Contains(yearSelectors(), scope) }

// Years resolves the request's year selector at a time: the income year to ask
// and the one to ask when the first has no notice yet (0: none). Both are 0
// when no fiscal datum is asked.
func (r Request) Years(at time.Time) (year, fallback int) {
	if len(r.Selectors) == 0 {
		return 0, 0
	}
	n := frenchYear(at)
	switch r.Selectors[0] {
	case YearNMinus1:
		return n - 1, 0
	case YearNMinus2:
		return n - 2, 0
	case YearNMinus3:
		return n - 3, 0
	case YearNMinus2Fallback:
		return n - 1, n - 2
	}
	return 0, 0
}

func frenchYear(at time.Time) int { return at.In(frenchZone()).Year() }

// frenchZone needs no time zone database: at New Year, France is always one
// hour ahead of UTC. In summer it is one hour behind the French day, never
// ahead of it.
var frenchZone = sync.OnceValue(func() *time.Location { return time.FixedZone("CET", int(time.Hour/time.Second)) })

// FrenchDay gives the calendar day of a time in metropolitan France, without a
// time zone database: summer time runs from the last Sunday of March to that of
// October, each at 01:00 UTC (directive 2000/84/EC).
func FrenchDay(at time.Time) time.Time {
	at = at.UTC()
	hours := 1
	if !at.Before(lastSunday(at.Year(), time.March)) && at.Before(lastSunday(at.Year(), time.October)) {
		hours = 2
	}
	y, m, d := at.Add(time.Duration(hours) * time.Hour).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// lastSunday is 01:00 UTC on the last Sunday of a month of 31 days.
func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month, 31, 1, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

// checkYears applies DataPass's rules to the selectors of one request: fiscal
// data need a year; N-1 excludes its own fallback; and, because one request
// fetches one notice, only one year may be asked. approved are those the
// approval lets a request name.
func checkYears(data []Datum, selectors, approved []string) *Refusal {
	fiscal := slices.ContainsFunc(data, needsYear)
	both := slices.Contains(selectors, YearNMinus1) && slices.Contains(selectors, YearNMinus2Fallback)
	switch {
	case fiscal && len(selectors) == 0:
		return refuseScope(ReasonYearMissing, "tax data need a year: send one of %s, in scope or as period.annee_revenus", quoted(approved))
	case !fiscal && len(selectors) > 0:
		return refuseScope(ReasonYearUnused, "a year is asked but no tax datum: remove %s", quoted(selectors))
	case both:
		return refuseScope(ReasonYearConflict, "%s already asks for N-1 first: remove %s", YearNMinus2Fallback, YearNMinus1)
	case len(selectors) > 1:
		return refuseScope(ReasonYearConflict, "one request reads one tax notice: keep one of %s", quoted(selectors))
	}
	return nil
}

func needsYear(d Datum) bool { return len(d.Selectors) > 0 }
