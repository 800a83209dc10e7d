package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// eraseRequests deletes what a citizen asked about a grant that is erased. It
// answers the epochs that must be emptied before their bytes are really gone.
func (b *batch) eraseRequests(g *grantRow) (epochs []string, err error) {
	if g == nil {
		return nil, nil
	}
	var gone []store.CitizenRequest
	err = b.sealer.eachRequest(b.tx, g.Grant.Citizen, func(r store.CitizenRequest, epoch string) bool {
		if r.Grant == g.Grant.ID {
			gone = append(gone, r)
			if !slices.Contains(epochs, epoch) {
				epochs = append(epochs, epoch)
			}
		}
		return true
	})
	for _, r := range gone {
		key := askedKey(r.Citizen, r.ID)
		err = errors.Join(err, b.delete(askedBucket, key), b.delete(expiryBucket, expiryKey(askedBucket, key, r.Until)))
	}
	return epochs, err
}

// moveRequests seals anew what is sealed under an epoch that is being emptied,
// some in each transaction.
func (s *Store) moveRequests(ctx context.Context, epoch string) error {
	for {
		keys, err := s.requestsUnder(ctx, epoch)
		if err != nil || len(keys) == 0 {
			return err
		}
		if err := s.do(ctx, "moving requests", func(b *batch) error { return b.resealRequests(epoch, keys) }); err != nil {
			return err
		}
	}
}

func (s *Store) requestsUnder(ctx context.Context, epoch string) (keys [][]byte, err error) {
	err = s.view(ctx, "reading requests", func(tx *bbolt.Tx) error {
		rows, prefix := askedBucket.rows(tx, nil)
		c := rows.Cursor()
		for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix) && len(keys) < sweepStep; k, v = c.Next() {
			if id, _, ok := epochOf(v); ok && id == epoch {
				keys = append(keys, bytes.Clone(k[len(prefix):]))
			}
		}
		return nil
	})
	return keys, err
}

func (b *batch) resealRequests(epoch string, keys [][]byte) error {
	now, err := b.sealer.current(b.now)
	if err != nil {
		return err
	}
	if now.id == epoch {
		return fmt.Errorf("epoch is the current one: %w", store.ErrConflict)
	}
	for _, key := range keys {
		row, err := getRow(b.tx, askedBucket, key)
		if err != nil {
			return err
		}
		if id, _, ok := epochOf(row); !ok || id != epoch { // erased or moved meanwhile
			continue
		}
		plain, _, err := b.sealer.openRequest(key, row)
		if err == nil {
			err = b.put(askedBucket, key, now.whole(plain, askedContext(key, now.id)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
