package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Settle retires, in history.json, the keys whose retirement Announcements had
// logged, and removes their private halves; for the start, after it announced.
func (r *Ring) Settle(now time.Time) error {
	r.rotating.Lock()
	defer r.rotating.Unlock()
	if err := r.settle(now); err != nil {
		return fmt.Errorf("retiring keys: %w", err)
	}
	return nil
}

func (r *Ring) settle(now time.Time) error {
	s := *r.signers.Load()
	old := s.history.superseded()
	at := now.UTC().Truncate(time.Second)
	for _, k := range old {
		s.history = s.history.changed(k.KeyID, func(rec *record) { rec.RetiredAt = &at })
	}
	if len(old) > 0 {
		if err := r.writeHistory(s.history); err != nil {
			return err
		}
		r.signers.Store(&s)
	}
	return r.destroyRetired(s.history)
}

// destroyRetired removes the private halves of the keys that are retired. What
// a disk or a backup of the folder still holds of them is not reached.
func (r *Ring) destroyRetired(h history) error {
	for _, k := range h.Keys {
		if k.RetiredAt == nil || k.Role == roleLog {
			continue
		}
		for _, name := range []string{named(k.Role, k.Algorithm, k.KeyID), firstName(k.Role, k.Algorithm)} {
			if err := r.destroy(name, k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Ring) destroy(name string, k record) error {
	path := r.file(name)
	signer, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if id, err := keyID(signer.Public()); err != nil || id != k.KeyID {
		return err // another key lies under the role's name
	}
	if err := destroy(path); err != nil {
		return fmt.Errorf("destroying retired key %s: %w", path, err)
	}
	return nil
}
