package boltstore

import (
	"errors"
	"strings"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// A deskRow counts one agent's look-ups at one recipient on one day.
type deskRow struct{ Asked int }

// keepDesk is how long a day's count is kept after its end.
const keepDesk = 24 * time.Hour

// countDesk counts a look-up asked at a desk, in the transaction that logs it:
// a restart between two forgets nothing. Days are the stamp's, in UTC.
func (b *batch) countDesk(cmd store.LookupCmd) error {
	ev := cmd.Event
	if (ev.Mode == audit.ModeDesk) != (ev.Agent != "") || ev.Agent != "" && cmd.Cap < 1 {
		return errIncomplete
	}
	if ev.Agent == "" {
		return nil
	}
	day := b.now.UTC().Truncate(24 * time.Hour)
	key := []byte(strings.Join([]string{ev.Recipient, ev.Agent, day.Format(time.DateOnly)}, "\x00"))
	row, _, err := getJSON[deskRow](b.tx, deskBucket, key)
	if err != nil {
		return err
	}
	if row.Asked >= cmd.Cap {
		return store.ErrCapped
	}
	row.Asked++
	return errors.Join(b.putJSON(deskBucket, key, row), b.expire(deskBucket, key, day.Add(24*time.Hour+keepDesk)))
}
