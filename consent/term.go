package consent

import (
	"fmt"
	"time"
)

// Term gives the approval's dates as instants, UTC: in force from the first,
// no longer from the second on. Both are zero when a date does not parse,
// which Validate reports.
func (a *Approval) Term() (from, until time.Time) {
	first, err1 := parseDay(a.Dates.From)
	last, err2 := parseDay(a.Dates.Until)
	if err1 != nil || err2 != nil {
		return time.Time{}, time.Time{}
	}
	return first, last.AddDate(0, 0, 1)
}

// InForce tells whether requests and deliveries under the approval may take
// place at a time: within its dates and not suspended.
func (a *Approval) InForce(at time.Time) bool {
	from, until := a.Term()
	return !a.Suspended && !at.Before(from) && at.Before(until)
}

// parseDay reads a day of a plausible century, so that Term's instants can be
// written down anywhere.
func parseDay(s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading a date: %w", err)
	}
	if day.Year() < 2000 || day.Year() > 2199 {
		return time.Time{}, fmt.Errorf("reading a date: year %d is outside 2000 to 2199", day.Year())
	}
	return day, nil
}
