package boltstore

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// erase logs first, so that nothing is erased that the log does not name.
func (b *batch) erase(e erasing, cmd store.EraseCmd) (done store.Erasure, err error) {
	for first := 0; first < len(e.events); {
		part := sameLog(e.events[first:])
		logged, err := b.logErasure(part, cmd)
		if err != nil {
			return done, err
		}
		done.Logged = logged
		by := b.place(logged.Position.Index)
		for _, ev := range part {
			epoch, err := b.eraseEvent(ev, by)
			if err != nil {
				return done, err
			}
			done.Indices = append(done.Indices, ev.at.index())
			if !slices.Contains(done.Epochs, epoch) {
				done.Epochs = append(done.Epochs, epoch)
			}
		}
		first += len(part)
	}
	epochs, err := b.eraseRequests(e.grant)
	for _, epoch := range epochs {
		if !slices.Contains(done.Epochs, epoch) {
			done.Epochs = append(done.Epochs, epoch)
		}
	}
	return done, errors.Join(err, b.noteErased(done.Epochs), b.forget(e))
}

// sameLog is as many of the first events as one erasure.done can name.
func sameLog(events []erasedEvent) []erasedEvent {
	n := min(len(events), maxErased)
	for i := range n {
		if events[i].at.log() != events[0].at.log() {
			return events[:i]
		}
	}
	return events[:n]
}

// logErasure names the events. ID is there for those of an earlier log only,
// whose indices are not this log's.
func (b *batch) logErasure(events []erasedEvent, cmd store.EraseCmd) (store.Logged, error) {
	ev := audit.Event{Reason: cmd.Reason, Request: cmd.Request}
	if log := events[0].at.log(); log != b.number {
		ev.ID = earlierOrigin(b.log.origin, log)
	}
	for _, e := range events {
		ev.Erased = append(ev.Erased, e.at.index())
		ev.ErasedKinds = append(ev.ErasedKinds, e.entry.Kind.String())
	}
	return b.append(entry{kind: audit.ErasureDone, event: ev})
}

// eraseEvent deletes what was sealed at a place, its keys and its index rows;
// it answers the epoch that wrapped them.
func (b *batch) eraseEvent(e erasedEvent, by place) (epoch string, err error) {
	wraps, err := getRow(b.tx, wrapBucket, e.at[:])
	if err != nil {
		return "", err
	}
	epoch, _, _ = findWrap(wraps, eventPart)
	err = errors.Join(
		b.eraseReceipt(e), b.put(erasedBucket, e.at[:], by[:]), b.delete(wrapBucket, e.at[:]),
		b.delete(sealedBucket, eventPart.key(e.at)), b.delete(sealedBucket, saltPart.key(e.at)),
	)
	if id := e.event.RequestID; id != "" {
		err = errors.Join(err, b.delete(requestBucket, []byte(id)))
	}
	if id := e.event.Release; id != "" {
		err = errors.Join(err, b.delete(releaseBucket, []byte(id)))
	}
	return epoch, err
}

func (b *batch) eraseReceipt(e erasedEvent) error {
	if e.entry.Receipt == "" {
		return nil
	}
	body, err := b.sealer.open(b.tx, receiptPart, e.at)
	if err != nil {
		return err
	}
	head, _, _, err := parseReceiptBody(body)
	if err != nil {
		return err
	}
	return errors.Join(
		b.delete(ridBucket, []byte(head.ID)), b.delete(citizenBucket, citizenKey(head.Citizen, e.at)),
		b.delete(sealedBucket, receiptPart.key(e.at)),
	)
}

// forget deletes the rows of the state and of the indexes that are the grant's
// or the interaction's as a whole.
func (b *batch) forget(e erasing) error {
	id := []byte(e.interaction)
	gone := []stateKey{{interactBucket, id}, {answerBucket, id}, {actsBucket, id}}
	if g := e.grant; g != nil {
		gone = append(gone, stateKey{grantBucket, e.at[:]}, stateKey{gidBucket, []byte(g.Grant.ID)})
		for _, h := range g.codes() {
			gone = append(gone, stateKey{codeBucket, h})
		}
		for _, h := range g.Tokens {
			gone = append(gone, stateKey{tokenBucket, h})
		}
		refreshes, err := b.refreshesOf(*g)
		if err != nil {
			return err
		}
		gone = append(gone, refreshes...)
		for _, sn := range append(slices.Clone(g.Grant.Snapshots), g.Snapshot) {
			gone = append(gone, stateKey{snapshotBucket, []byte(sn)})
		}
	}
	for _, k := range gone {
		if err := b.delete(k.bucket, k.key); err != nil {
			return err
		}
	}
	last, err := time.Parse(audit.TimeLayout, e.events[len(e.events)-1].event.Time)
	if err != nil || b.now.Sub(last) > 2*keepInteraction {
		return err // Sweep was there
	}
	return b.forgetExpiry(gone)
}

type stateKey struct {
	bucket bucketName
	key    []byte
}

// forgetExpiry deletes the rows that say when these would be forgotten: their
// keys hold the same ids.
func (b *batch) forgetExpiry(gone []stateKey) error {
	ours := make(map[string]bool, len(gone))
	for _, k := range gone {
		ours[string(expiryName(k.bucket, k.key))] = true
	}
	rows, prefix := expiryBucket.rows(b.tx, nil)
	var due [][]byte
	c := rows.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix) && k != nil; k, _ = c.Next() {
		if at := len(prefix) + 8; len(k) > at && ours[string(k[at:])] {
			due = append(due, bytes.Clone(k[len(prefix):]))
		}
	}
	for _, k := range due {
		if err := b.delete(expiryBucket, k); err != nil {
			return err
		}
	}
	return nil
}
