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
