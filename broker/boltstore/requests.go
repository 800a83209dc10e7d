package boltstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// A citizen's request is sealed as a whole under the month's epoch key, since
// it holds their own words:
//
//	citizen ‖ 0 ‖ id → len(1) ‖ epoch id ‖ AES-256-GCM(epoch key, request as JSON)
//
// Emptying an epoch (MoveWraps) seals it anew; an erased grant takes its
// requests along.

func askedKey(citizen, id string) []byte { return []byte(citizen + "\x00" + id) }

func askedContext(key []byte, epoch string) []byte {
	return append([]byte(string(askedBucket)+"\x00"+epoch+"\x00"), key...)
}

func (b *batch) putRequest(r store.CitizenRequest) error {
	e, err := b.sealer.current(b.now)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encoding a request: %w", err)
	}
	key := askedKey(r.Citizen, r.ID)
	return b.put(askedBucket, key, e.whole(plain, askedContext(key, e.id)))
}

// whole seals a row under the epoch key itself.
func (e epoch) whole(plain, context []byte) []byte {
	row := append([]byte{byte(len(e.id))}, e.id...)
	return e.aead.Seal(row, nil, plain, context)
}

// epochOf parts a row into the epoch it is sealed under and what is sealed.
func epochOf(row []byte) (id string, sealed []byte, ok bool) {
	if len(row) == 0 || len(row) < 1+int(row[0]) {
		return "", nil, false
	}
	return string(row[1 : 1+int(row[0])]), row[1+int(row[0]):], true
}

func (s *sealer) openRequest(key, row []byte) (plain []byte, epoch string, err error) {
	id, sealed, ok := epochOf(row)
	if !ok {
		return nil, "", fmt.Errorf("row of %s: %w", askedBucket, ErrDamaged)
	}
	e, err := s.byID(id)
	if err != nil {
		return nil, id, err
	}
	if plain, err = e.aead.Open(nil, nil, sealed, askedContext(key, id)); err != nil {
		return nil, id, fmt.Errorf("opening a request: %w", ErrDamaged)
	}
	return plain, id, nil
}

// eachRequest visits the requests of one citizen, or all of them with "", by
// citizen and reference, until visit says false.
func (s *sealer) eachRequest(tx *bbolt.Tx, citizen string, visit func(r store.CitizenRequest, epoch string) bool) error {
	prefix := []byte{}
	if citizen != "" {
		prefix = askedKey(citizen, "")
	}
	rows, at := askedBucket.rows(tx, prefix)
	home := len(at) - len(prefix)
	c := rows.Cursor()
	for k, _ := c.Seek(at); bytes.HasPrefix(k, at); k, _ = c.Next() {
		key := bytes.Clone(k[home:])
		row, err := getRow(tx, askedBucket, key)
		if err != nil {
			return err
		}
		plain, epoch, err := s.openRequest(key, row)
		if err != nil {
			return err
		}
		var r store.CitizenRequest
		if err := json.Unmarshal(plain, &r); err != nil {
			return fmt.Errorf("row of %s: %w", askedBucket, ErrDamaged)
		}
		if !visit(r, epoch) {
			return nil
		}
	}
	return nil
}

// MakeRequest implements store.Store.
func (s *Store) MakeRequest(ctx context.Context, r store.CitizenRequest, keep time.Duration) (made store.CitizenRequest, err error) {
	err = s.do(ctx, "keeping a request", func(b *batch) error {
		made, err = b.makeRequest(r, keep)
		return err
	})
	return made, err
}

func (b *batch) makeRequest(r store.CitizenRequest, keep time.Duration) (store.CitizenRequest, error) {
	if !r.Sound() {
		return r, errIncomplete
	}
	_, g, err := b.grantByID(r.Grant)
	if err != nil {
		return r, err
	}
	if g.Grant.Citizen != r.Citizen {
		return r, store.ErrNotFound
	}
	pending, earlier := 0, store.CitizenRequest{}
	err = b.sealer.eachRequest(b.tx, r.Citizen, func(other store.CitizenRequest, _ string) bool {
		if other.State != store.RequestClosed {
			pending++
		}
		if other.ID == r.ID || r.Kind == store.RequestErasure && other.Kind == r.Kind && other.Grant == r.Grant && other.State != store.RequestClosed {
			earlier = other
		}
		return earlier.ID == ""
	})
	switch {
	case err != nil:
		return r, err
	case earlier.ID != "":
		return earlier, fmt.Errorf("request: %w", store.ErrConflict)
	case pending >= store.MostRequests:
		return r, fmt.Errorf("requests: %w", store.ErrCapped)
	}
	r.Recipient, r.Made, r.Until, r.State, r.Answers = g.Grant.Recipient, b.now, b.now.Add(keep), store.RequestOpen, nil
	return r, errors.Join(b.putRequest(r), b.expire(askedBucket, askedKey(r.Citizen, r.ID), r.Until))
}

// AnswerRequest implements store.Store.
func (s *Store) AnswerRequest(ctx context.Context, id string, a store.RequestAnswer) (answered store.CitizenRequest, err error) {
	err = s.do(ctx, "answering a request", func(b *batch) error {
		answered, err = b.answerRequest(id, a)
		return err
	})
	return answered, err
}

func (b *batch) answerRequest(id string, a store.RequestAnswer) (r store.CitizenRequest, err error) {
	if !a.Sound() {
		return r, errIncomplete
	}
	err = b.sealer.eachRequest(b.tx, "", func(one store.CitizenRequest, _ string) bool {
		if one.ID == id {
			r = one
		}
		return r.ID == ""
	})
	switch {
	case err != nil:
		return r, err
	case r.ID == "":
		return r, store.ErrNotFound
	case r.State == store.RequestClosed:
		return r, fmt.Errorf("request is closed: %w", store.ErrConflict)
	case len(r.Answers) >= store.MostAnswers:
		return r, fmt.Errorf("answers: %w", store.ErrCapped)
	}
	a.Time = b.now
	r.State, r.Answers = a.State, append(r.Answers, a)
	return r, b.putRequest(r)
}

// RequestsOf implements store.Store.
func (s *Store) RequestsOf(ctx context.Context, citizen string) (list []store.CitizenRequest, err error) {
	if citizen == "" {
		return nil, nil
	}
	return s.requests(ctx, citizen, func(store.CitizenRequest) bool { return true })
}

// Requests implements store.Store.
func (s *Store) Requests(ctx context.Context, closed bool) ([]store.CitizenRequest, error) {
	list, err := s.requests(ctx, "", func(r store.CitizenRequest) bool { return closed || r.State != store.RequestClosed })
	slices.Reverse(list)
	return list[:min(len(list), store.RequestsAtOnce)], err
}

// requests are those wanted, newest first.
func (s *Store) requests(ctx context.Context, citizen string, wanted func(store.CitizenRequest) bool) (list []store.CitizenRequest, err error) {
	err = s.view(ctx, "reading requests", func(tx *bbolt.Tx) error {
		return s.sealer.eachRequest(tx, citizen, func(r store.CitizenRequest, _ string) bool {
			if wanted(r) {
				list = append(list, r)
			}
			return true
		})
	})
	slices.SortStableFunc(list, func(a, b store.CitizenRequest) int { return b.Made.Compare(a.Made) })
	return list, err
}
