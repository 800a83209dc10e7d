package audit

import "iter"

// A Reconciliation compares a log with the list of one who took part: a
// source's request ids, or a service provider's release ids. It is the only
// way to see what was never logged.
type Reconciliation struct {
	Logged      int64    `json:"logged"`           // ids in the log
	Listed      int64    `json:"listed"`           // ids in their list
	Hidden      []string `json:"hidden,omitempty"` // in their list, without an event of their own in the log
	Unconfirmed int64    `json:"unconfirmed"`      // events absent from their list: calls that never arrived, or a shorter list
	Erased      int64    `json:"erased"`           // leaves of the kind whose opening was erased: each may be one of Hidden
}

// Reconcile pairs the ids off one by one, so that an id listed twice needs two
// events. It keeps 16 bytes of each logged id and streams the list.
func Reconcile(logged, listed iter.Seq[string]) Reconciliation {
	var r Reconciliation
	events := map[tag]int32{}
	for id := range logged {
		events[tagOf(id)]++
		r.Logged++
	}
	r.Unconfirmed = r.Logged
	for id := range listed {
		r.Listed++
		t := tagOf(id)
		if events[t] == 0 {
			r.Hidden = append(r.Hidden, id)
			continue
		}
		events[t]--
		r.Unconfirmed--
	}
	return r
}

// Outcome is genuine when nothing is hidden; false when more is hidden than was
// erased; else undecided, as an erased event may be the one that seems missing.
func (r Reconciliation) Outcome() string {
	switch {
	case len(r.Hidden) == 0:
		return Genuine
	case int64(len(r.Hidden)) > r.Erased:
		return False
	}
	return Undecided
}
