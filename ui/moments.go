package ui

import (
	"html/template"
	"strconv"
	"strings"
	"time"
)

// date writes a day in words, Paris time: "9 mars 2026".
func (s *speech) date(t time.Time) string {
	t = t.In(s.paris)
	return s.day(t.Year(), int(t.Month()), t.Day())
}

// day writes a calendar day in words; the first of a month is "1er" in French.
func (s *speech) day(year, month, day int) string {
	number := strconv.Itoa(day)
	if day == 1 {
		number = s.text("rule.first_day")
	}
	return number + " " + s.month(month) + " " + strconv.Itoa(year)
}

func (s *speech) month(month int) string { return s.text("month.m" + strconv.Itoa(month)) }

// clock writes an hour, Paris time: "14 h 32" or "2.32 pm".
func (s *speech) clock(t time.Time) string {
	t = t.In(s.paris)
	return s.text("rule.clock", "h24", strconv.Itoa(t.Hour()), "h12", t.Format("3"), "minute", t.Format("04"), "half", t.Format("pm"))
}

// when writes day and hour: "22 novembre 2026 à 14 h 32".
func (s *speech) when(t time.Time) string {
	return s.text("moment.day_hour", "day", s.date(t), "hour", s.clock(t))
}

// timeElement wraps words in <time>, machine-readable.
func timeElement(t time.Time, words string) template.HTML {
	stamp := t.UTC().Format(time.RFC3339)
	return template.HTML(`<time datetime="` + stamp + `">` + template.HTMLEscapeString(words) + `</time>`) // #nosec G203 -- digits and escaped words
}

func (s *speech) timeDate(t time.Time) template.HTML  { return timeElement(t, s.date(t)) }
func (s *speech) timeClock(t time.Time) template.HTML { return timeElement(t, s.clock(t)) }
func (s *speech) timeWhen(t time.Time) template.HTML  { return timeElement(t, s.when(t)) }

// period writes "2026-10" as "octobre 2026" and "2025" as "revenus 2025".
// What is neither is shown as it is.
func (s *speech) period(p string) string {
	year, rest, monthly := strings.Cut(p, "-")
	if _, err := strconv.Atoi(year); err != nil || len(year) != 4 {
		return p
	}
	if !monthly {
		return s.text("moment.income_year", "year", year)
	}
	month, err := strconv.Atoi(rest)
	if err != nil || month < 1 || month > 12 {
		return p
	}
	return s.month(month) + " " + year
}

// span writes an ISO 8601 duration of whole years, months or days in words:
// "P1Y" is "1 an". What is none of these is shown as it is.
func (s *speech) span(iso string) string {
	if len(iso) < 3 || iso[0] != 'P' {
		return iso
	}
	n, err := strconv.Atoi(iso[1 : len(iso)-1])
	if err != nil {
		return iso
	}
	unit := map[byte]string{'Y': "year", 'M': "month", 'D': "day"}[iso[len(iso)-1]]
	if unit == "" {
		return iso
	}
	return s.count(n, "span."+unit)
}

func (s *speech) zeroIsOne() bool { return s.text("rule.zero") == "one" }

// count writes a number with its noun, key.one or key.many. Some
// languages count 0 as one.
func (s *speech) count(n int, key string) string {
	form := ".many"
	if n == 1 || n == 0 && s.zeroIsOne() {
		form = ".one"
	}
	return s.text(key+form, "n", strconv.Itoa(n))
}

// birth writes a date of birth that may lack day or month (00 or absent):
// "9 mars 1984", "mars 1984 (jour inconnu)". ok is false when even the year is
// unknown or p is no date.
func (s *speech) birth(p string) (words string, ok bool) {
	parts := strings.Split(p, "-")
	number := func(i, max int) int {
		if i >= len(parts) {
			return 0
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 || n > max {
			return -1
		}
		return n
	}
	year, month, day := number(0, 9999), number(1, 12), number(2, 31)
	switch {
	case year <= 0 || month < 0 || day < 0 || len(parts) > 3 || month == 0 && day > 0:
		return p, false
	case month == 0:
		return s.text("moment.year_only", "year", strconv.Itoa(year)), true
	case day == 0:
		return s.text("moment.month_only", "month", s.month(month), "year", strconv.Itoa(year)), true
	}
	return s.day(year, month, day), true
}
