package ui

import (
	"strconv"
	"time"
)

// The chart of /stats is an SVG element of the page itself: it then follows
// the theme, forced colours and print, which an image of its own would not,
// and needs no style of its own, which the Content-Security-Policy forbids. It
// says nothing that the table beside it does not. Its units are not pixels: it
// is stretched to the page.
const (
	chartWidth  = 640
	chartHeight = 160
	chartGap    = 4 // between bars
)

// A Bar is one told day of the chart.
type Bar struct{ X, Y, Width, Height int }

// Bars are those of the told days: one that is not told has none, whatever it
// counts.
func (s Stats) Bars() (bars []Bar) {
	most := s.most().count()
	for i, d := range s.Days {
		if d.Papers == nil || most == 0 {
			continue
		}
		x, next := i*chartWidth/len(s.Days), (i+1)*chartWidth/len(s.Days)
		height := int(*d.Papers * chartHeight / most)
		bars = append(bars, Bar{X: x, Y: chartHeight - height, Width: next - x - chartGap, Height: height})
	}
	return bars
}

// Told are the days whose count may be told.
func (s Stats) Told() (days []DayFigure) {
	for _, d := range s.Days {
		if d.Papers != nil {
			days = append(days, d)
		}
	}
	return days
}

// Best is the told day that counts most.
func (s Stats) Best() DayFigure { return s.most() }

func (s Stats) most() (best DayFigure) {
	for _, d := range s.Days {
		if d.count() > best.count() {
			best = d
		}
	}
	return best
}

// FirstDay and LastDay are the ends of the chart; zero without a day.
func (s Stats) FirstDay() time.Time {
	if len(s.Days) == 0 {
		return time.Time{}
	}
	return s.Days[0].At()
}

// LastDay is the newest whole day.
func (s Stats) LastDay() time.Time {
	if len(s.Days) == 0 {
		return time.Time{}
	}
	return s.Days[len(s.Days)-1].At()
}

// At is noon of the day, the same day in Paris.
func (d DayFigure) At() time.Time {
	day, err := time.Parse(time.DateOnly, d.Day)
	if err != nil {
		return time.Time{}
	}
	return day.Add(12 * time.Hour)
}

func (d DayFigure) count() int64 {
	if d.Papers == nil {
		return 0
	}
	return *d.Papers
}

// band writes a rounded count as what it stands for: "10 à 14".
func (s *speech) band(fewest int, d DayFigure) string {
	n := d.count()
	return s.text("stats.band", "n", s.digits(strconv.FormatInt(n, 10)), "m", s.digits(strconv.FormatInt(n+int64(fewest)-1, 10)))
}
