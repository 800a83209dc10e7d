package consent

import (
	"encoding/json"
	"fmt"
	"time"
)

// among tells whether one of the dates of birth is of that age on a day.
//
// A day or month written 00 or left out is unknown. Somebody surely of that age
// makes it yes; nobody who could be makes it no, an empty list too; otherwise
// it is not known.
func (a Ages) among(births reading, day time.Time) (yes, known bool) {
	perhaps := !births.whole
	for _, raw := range births.found {
		youngest, oldest, ok := ageOn(raw, day)
		switch {
		case !ok:
			perhaps = true
		case a.From <= youngest && oldest <= a.To:
			return true, true
		case youngest <= a.To && a.From <= oldest:
			perhaps = true
		}
	}
	return false, !perhaps
}

// ageOn gives the completed years a date of birth (YYYY-MM-DD, YYYY-MM, YYYY;
// unknown parts 00) can mean on a day. Who is born on 29 February completes a
// year on 1 March where there is no 29th.
func ageOn(raw json.RawMessage, day time.Time) (youngest, oldest int, ok bool) {
	var written string
	if json.Unmarshal(raw, &written) != nil {
		return 0, 0, false
	}
	y, m, d, ok := partsOf(written)
	if !ok {
		return 0, 0, false
	}
	first, last := [2]int{m, d}, [2]int{m, d}
	switch {
	case m == 0:
		first, last = [2]int{1, 1}, [2]int{12, 31}
	case d == 0:
		first[1], last[1] = 1, 31
	}
	return years(day, y, last), years(day, y, first), true
}

// partsOf reads a date of birth; a month or day of 0 is unknown.
func partsOf(written string) (y, m, d int, ok bool) {
	for _, form := range []struct {
		scan, write string
		into        []any
	}{
		{"%4d-%2d-%2d", "%04d-%02d-%02d", []any{&y, &m, &d}},
		{"%4d-%2d", "%04d-%02d", []any{&y, &m}},
		{"%4d", "%04d", []any{&y}},
	} {
		y, m, d = 0, 0, 0
		n, err := fmt.Sscanf(written, form.scan, form.into...)
		if err != nil || n != len(form.into) {
			continue
		}
		values := []any{y, m, d}[:n]
		if fmt.Sprintf(form.write, values...) == written {
			return y, m, d, y > 0 && realDay(y, m, d)
		}
	}
	return 0, 0, 0, false
}

func realDay(y, m, d int) bool {
	switch {
	case m == 0:
		return d == 0
	case d == 0:
		return 1 <= m && m <= 12
	}
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return 1 <= m && m <= 12 && int(day.Month()) == m && day.Day() == d
}

// years counts the birthdays passed on a day, that day included.
func years(day time.Time, y int, birthday [2]int) int {
	age := day.Year() - y
	if int(day.Month()) < birthday[0] || int(day.Month()) == birthday[0] && day.Day() < birthday[1] {
		age--
	}
	return age
}
