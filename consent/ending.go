package consent

import "time"

// The days before its end at which an approval is spoken of: time to renew it,
// then little time.
const (
	FirstNotice = 90
	LastNotice  = 30
)

// DaysLeft counts the days an approval is still in force at a time, the last
// one included: 1 on its last day, 0 or less once it has ended.
func (a *Approval) DaysLeft(at time.Time) int {
	_, until := a.Term()
	const day = 24 * time.Hour
	left := until.Sub(at)
	if left <= 0 {
		return int(left / day)
	}
	return int((left + day - 1) / day)
}

// EndNotice is the notice an approval stands under: LastNotice, FirstNotice, or
// 0 while its end is far or has passed.
func (a *Approval) EndNotice(at time.Time) int {
	switch left := a.DaysLeft(at); {
	case left <= 0 || left > FirstNotice:
		return 0
	case left > LastNotice:
		return FirstNotice
	}
	return LastNotice
}
