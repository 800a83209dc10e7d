package boltstore

import (
	"context"

	"go.etcd.io/bbolt"
)

// erasedKey marks, in meta, an epoch that wrapped something erased.
const erasedKey = "erased/"

func (b *batch) noteErased(epochs []string) error {
	for _, id := range epochs {
		if err := b.put(metaBucket, []byte(erasedKey+id), []byte{1}); err != nil {
			return err
		}
	}
	return nil
}

// NotYetErased lists the epochs under which something erased was wrapped and
// whose key is still there: until MoveWraps has emptied each and its key is
// destroyed, an old copy of a page opens. It is how an erasure that a crash cut
// short is taken up again.
func (s *Store) NotYetErased(ctx context.Context) (epochs []string, err error) {
	err = s.view(ctx, "listing epochs to destroy", func(tx *bbolt.Tx) error {
		for _, k := range keysUnder(tx.Bucket([]byte(metaBucket)), []byte(erasedKey)) {
			id := string(k[len(erasedKey):])
			if _, err := s.cfg.Epochs.EpochKey(id); err == nil {
				epochs = append(epochs, id)
			}
		}
		return nil
	})
	return epochs, err
}
