package ui

import (
	"fmt"
	"strconv"
	"time"
)

// Stats is "/stats": the public figures of thirty days. A count that may not be
// told is nil.
type Stats struct {
	From, Until string // RFC 3339
	Origin      string // of the log the figures are derived from
	Fewest      int    // smaller counts are not told
	Needless    *int64 // papers made needless
	Agreements  *int64
	Refusals    *int64
	Withdrawals *int64
	Papers      []PaperFigure
	Sources     []SourceFigure
	Days        []DayFigure // every whole day of the window, oldest first
}

// A PaperFigure counts one kind of paper; its words are paper.<Kind>.
type PaperFigure struct {
	Kind  string // resource with _ for /: dss_quotient_familial
	Count int64
}

// A DayFigure counts the papers of one whole day, rounded down to a multiple of
// Fewest.
type DayFigure struct {
	Day    string // YYYY-MM-DD, from midnight to midnight UTC
	Papers *int64 // nil: fewer than Fewest
}

// A SourceFigure is how one source answered.
type SourceFigure struct {
	Source    string // catalogue source id
	Attempts  int64
	Available int   // tenths of a percent
	P95       int64 // milliseconds
}

func (Stats) template() string { return "stats" }

// Start and End are the window's ends.
func (s Stats) Start() time.Time { return instant(s.From) }

// End is the first instant no longer counted.
func (s Stats) End() time.Time { return instant(s.Until) }

// instant reads what the figures wrote themselves; zero otherwise.
func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return at
}

// told writes a number, or that it is too small to be told.
func (s *speech) told(fewest int, n *int64) string {
	if n == nil {
		return s.text("stats.fewer", "n", strconv.Itoa(fewest))
	}
	return s.digits(strconv.FormatInt(*n, 10))
}

// percent writes tenths of a percent.
func (s *speech) percent(tenths int) string {
	return s.text("stats.percent", "n", s.digits(fmt.Sprintf("%d.%d", tenths/10, tenths%10)))
}

// seconds writes milliseconds as seconds with two decimals.
func (s *speech) seconds(millis int64) string {
	return s.text("stats.seconds", "n", s.digits(fmt.Sprintf("%d.%02d", millis/1000, millis%1000/10)))
}
