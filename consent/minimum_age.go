package consent

import (
	"encoding/json"
	"time"
)

const (
	adult    = 18 // Code civil, art. 388
	youngest = 15 // loi Informatique et Libertés, art. 45
)

// TooYoung tells whether somebody born on a date (YYYY-MM-DD, unknown parts 00)
// is surely not old enough, on a day, to answer alone under the approval. A date
// that is none tells nothing.
func (a *Approval) TooYoung(born string, day time.Time) bool {
	return younger(born, day, a.minimumAge())
}

// Minor tells whether somebody born on a date is surely a minor on a day, in the
// sense of TooYoung.
func Minor(born string, day time.Time) bool { return younger(born, day, adult) }

func younger(born string, day time.Time, than int) bool {
	raw, err := json.Marshal(born)
	if err != nil {
		return false
	}
	_, oldest, ok := ageOn(raw, day)
	return ok && oldest < than
}

func (a *Approval) minimumAge() int {
	if a.MinimumAge == 0 {
		return adult
	}
	return a.MinimumAge
}

func checkMinimumAge(p *problems, age int) {
	if age != 0 && (age < youngest || age > adult) {
		p.add("$.minimum_age", "%d is no age of 15 to 18: write one, or leave the key out for 18", age)
	}
}
