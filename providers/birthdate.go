package providers

import (
	"strings"
	"time"
)

// ValidBirthdate says whether s is YYYY-MM-DD, a day of the calendar or one
// with its day, or its month and day, unknown (00). The year must be known.
func ValidBirthdate(s string) bool {
	if len(s) != len(time.DateOnly) || strings.HasPrefix(s, "0000") {
		return false
	}
	if s[5:7] == "00" && s[8:] != "00" {
		return false
	}
	_, err := time.Parse(time.DateOnly, completed(s))
	return err == nil
}

// completed puts 01 for an unknown month or day, as FranceConnect does.
func completed(s string) string {
	if len(s) != len(time.DateOnly) {
		return s
	}
	part := func(v string) string {
		if v == "00" {
			return "01"
		}
		return v
	}
	return s[:5] + part(s[5:7]) + s[7:8] + part(s[8:])
}

// CompletedDate is a birth date with its unknown parts as 01, "" for none.
func CompletedDate(s string) string {
	if !ValidBirthdate(s) {
		return ""
	}
	return completed(s)
}

// EnteredBirthdate joins the parts of a form: an unknown day, or month and day,
// may be left empty. "" when they make no birth date.
func EnteredBirthdate(year, month, day string) string {
	part := func(v string) string {
		if v = strings.TrimSpace(v); len(v) < 2 {
			return strings.Repeat("0", 2-len(v)) + v
		}
		return v
	}
	s := strings.TrimSpace(year) + "-" + part(month) + "-" + part(day)
	if !ValidBirthdate(s) {
		return ""
	}
	return s
}
