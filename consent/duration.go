package consent

import (
	"regexp"
	"strconv"
	"time"
)

// addPeriod adds an ISO 8601 duration in years, months, weeks and days, in
// that order; false when it is none, or lasts no time.
func addPeriod(t time.Time, period string) (time.Time, bool) {
	m := regexp.MustCompile(`\AP(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?\z`).FindStringSubmatch(period)
	if m == nil {
		return t, false
	}
	var n [5]int
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // at most four digits; none is 0
	}
	end := t.AddDate(n[1], n[2], 7*n[3]+n[4])
	return end, end.After(t)
}
