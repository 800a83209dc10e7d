package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

// maxText bounds one kept text in bytes.
const maxText = 64 << 10

// checkText refuses a text that is not what its digest says.
func checkText(p store.Public) error {
	switch {
	case len(p.Text) == 0 && p.Address == "":
		return nil
	case len(p.Text) == 0 || len(p.Text) > maxText || audit.Digest(p.Text) != p.Digest:
		return fmt.Errorf("text of %s: %w", p.ID, errIncomplete)
	case p.Address != "" && (p.Address[0] != '/' || len(p.Address) > 1<<10):
		return fmt.Errorf("address of %s: %w", p.ID, errIncomplete)
	}
	return nil
}

// keepText writes what is not there yet, also for what the log already says:
// a store from before texts were kept fills up at its next start. A text, once
// kept, is never replaced, as its key is its digest.
func (b *batch) keepText(p store.Public) error {
	if len(p.Text) == 0 {
		return nil
	}
	if !b.exists(textBucket, []byte(p.Digest)) {
		if err := b.put(textBucket, []byte(p.Digest), p.Text); err != nil {
			return err
		}
	}
	if p.Address == "" {
		return nil
	}
	newest, err := getRow(b.tx, textBucket, []byte(p.Address))
	if err != nil || string(newest) == p.Digest {
		return err
	}
	return b.put(textBucket, []byte(p.Address), []byte(p.Digest))
}

// PublicText implements store.Store.
func (s *Store) PublicText(ctx context.Context, name string) (text []byte, err error) {
	err = s.view(ctx, "reading a published text", func(tx *bbolt.Tx) error {
		text, err = publicText(tx, name)
		return err
	})
	return text, err
}

func publicText(tx *bbolt.Tx, name string) ([]byte, error) {
	digest := []byte(name)
	if strings.HasPrefix(name, "/") {
		var err error
		if digest, err = getRow(tx, textBucket, digest); err != nil {
			return nil, err
		}
	}
	if len(digest) == 0 {
		return nil, store.ErrNotFound
	}
	text, err := getRow(tx, textBucket, digest)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, store.ErrNotFound
	}
	if audit.Digest(text) != string(digest) {
		return nil, fmt.Errorf("text %s: %w", digest, ErrDamaged)
	}
	return bytes.Clone(text), nil
}
