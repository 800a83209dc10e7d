package boltstore

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"accord/consent/audit"
)

// An erased event leaves its leaf and a row of index/erased that says which
// erasure.done names it. "Erased" is never "missing": an opening that is not
// there and that no erasure names is damage.
//
//	leaf ─ sealed rows ─▶ opening
//	  └─── erased row ──▶ erasure.done ─ names ─▶ leaf

// erasedBy is the place of the erasure.done of an event whose opening is not
// there. It lies later in the log, so that no row leads in a circle.
func (r *entryReader) erasedBy(at place) (place, error) {
	by, found, err := getPlace(r.tx, erasedBucket, at[:])
	if err == nil && (!found || bytes.Compare(by[:], at[:]) <= 0) {
		err = fmt.Errorf("the opening of event %d is missing and was not erased: %w", at.index(), ErrDamaged)
	}
	return by, err
}

// checkErased refuses an absence that no erasure.done names.
func (r *entryReader) checkErased(at place) error {
	by, err := r.erasedBy(at)
	if err != nil {
		return err
	}
	indices, ok := r.named[by]
	if !ok {
		if indices, err = r.names(by); err != nil {
			return err
		}
		r.named[by] = indices
	}
	if _, named := slices.BinarySearch(indices, at.index()); !named {
		return fmt.Errorf("event %d is missing and event %d does not name it: %w", at.index(), by.index(), ErrDamaged)
	}
	return nil
}

// names are the indices an erasure.done erased.
func (r *entryReader) names(by place) ([]int64, error) {
	e, found, err := r.s.readerOf(r.tx, by.log()).entry(by.index())
	if err != nil {
		return nil, err
	}
	ev, kind, err := audit.Decode(e.Event)
	if err != nil || !found || kind != audit.ErasureDone {
		return nil, fmt.Errorf("event %d is no erasure: %w", by.index(), ErrDamaged)
	}
	return ev.Erased, nil
}

// verifyOpenings holds each leaf from index from on against what must lie
// beside it: the wraps of its opening, or the erasure that names it. It opens
// nothing: that an erasure names just these leaves is checked when they are
// read, and by whoever replays the log.
func (s *Store) verifyOpenings(r *entryReader, size, from int64) error {
	rows := r.tx.Bucket([]byte(wrapBucket)).Cursor()
	first := placeOf(s.number, from)
	next := from
	for k, _ := rows.Seek(first[:]); next < size; k, _ = rows.Next() {
		at, ok := parsePlace(k)
		until := size
		if ok && at.log() == s.number {
			until = min(at.index(), size)
		}
		for ; next < until; next++ {
			if err := r.checkErasure(placeOf(s.number, next)); err != nil {
				return err
			}
		}
		next = until + 1
	}
	return nil
}

// checkErasure is checkErased without opening the erasure.
func (r *entryReader) checkErasure(at place) error {
	by, err := r.erasedBy(at)
	if err != nil {
		return err
	}
	in := r // its leaves are at hand
	if by.log() != r.log {
		in = r.s.readerOf(r.tx, by.log())
	}
	leaf, found, err := in.leaf(by.index())
	if err != nil {
		return err
	}
	if !found || audit.Kind(leaf.Kind()) != audit.ErasureDone {
		return fmt.Errorf("leaf %d, said to erase leaf %d, is no erasure: %w", by.index(), at.index(), ErrDamaged)
	}
	return nil
}

// earlierOrigin is the name of an earlier log of the same file.
func earlierOrigin(origin string, log uint32) string {
	return fmt.Sprintf("%s%d", origin[:strings.LastIndex(origin, "/")+1], log)
}
