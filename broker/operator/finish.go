package operator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
)

// wrapsAtOnce bounds one transaction of MoveWraps: citizens wait meanwhile.
const wrapsAtOnce = 1000

// Erased answers /erase/confirm and /erase/finish.
type Erased struct {
	Indices   []int64  `json:"indices,omitempty"`        // leaves whose openings are destroyed
	NotYet    []string `json:"not_yet_erased,omitempty"` // epochs whose key is still there: it can still be opened
	Destroyed []string `json:"destroyed,omitempty"`      // epochs whose key is gone, to be deleted from backups of the keys too
	Current   string   `json:"current_epoch,omitempty"`  // its key alone opens what stays: back it up before finishing
}

// moveAll empties every epoch that wrapped something erased, and lists them.
// It may be called again at any time.
func (o *Operators) moveAll(ctx context.Context) ([]string, error) {
	epochs, err := o.Store.NotYetErased(ctx)
	if err != nil {
		return nil, err
	}
	if err := o.leaveCurrent(epochs); err != nil {
		return nil, err
	}
	for _, id := range epochs {
		for left := 1; left > 0; {
			if left, err = o.Store.MoveWraps(ctx, id, wrapsAtOnce); err != nil {
				return nil, err
			}
		}
	}
	return epochs, nil
}

// leaveCurrent makes the next epoch when the one in use is to be destroyed.
func (o *Operators) leaveCurrent(epochs []string) error {
	current, _, err := o.Keys.Epoch(o.Now())
	if err != nil || !slices.Contains(epochs, current) {
		return err
	}
	_, err = o.Keys.NextEpoch()
	return err
}

// Finish is POST /erase/finish. Both are the operator's word: the program that
// asks has made and verified the copy, or the operator says they did.
type Finish struct {
	StoreBackedUp bool   `json:"store_backed_up"` // since the confirmation
	KeysBackedUp  string `json:"keys_backed_up"`  // id of the newest epoch key in the backup, which must be the current one
}

// finish destroys the epoch keys; only then is it erased.
func (o *Operators) finish(a act) (any, error) {
	var f Finish
	if err := a.read(&f); err != nil {
		return nil, err
	}
	if !f.StoreBackedUp || f.KeysBackedUp == "" {
		return nil, fmt.Errorf("a new backup of the store and one of the keys are both needed first: "+
			"whoever restores an older one has no key for it any more: %w", errRequest)
	}
	if err := a.log(""); err != nil {
		return nil, err
	}
	epochs, err := o.moveAll(a.Context())
	if err != nil {
		return nil, fmt.Errorf("moving the other rows' keys: %w", err)
	}
	if err := o.keysKept(f.KeysBackedUp); err != nil {
		return nil, err
	}
	for _, id := range epochs {
		if err := o.Keys.DestroyEpoch(id); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("destroying the key of epoch %s: %w", id, err)
		}
	}
	return Erased{Destroyed: epochs}, nil
}

// keysKept refuses a backup of the keys made before the current epoch began,
// as when another erasure was confirmed meanwhile: the survivors' keys are
// wrapped under that epoch alone.
func (o *Operators) keysKept(newest string) error {
	current, err := o.current()
	if err == nil && newest != current {
		err = fmt.Errorf("the backup of the keys must hold epochs/%s.key: %w", current, errRequest)
	}
	return err
}

func (o *Operators) current() (string, error) {
	id, _, err := o.Keys.Epoch(o.Now())
	return id, err
}

// list tells what waits; it changes nothing and is no act.
func (o *Operators) list(w http.ResponseWriter, r *http.Request) {
	epochs, err := o.Store.NotYetErased(r.Context())
	if err != nil {
		fail(w, statusOf(err), err)
		return
	}
	current, err := o.current()
	if err != nil {
		fail(w, statusOf(err), err)
		return
	}
	reply(w, Listed{Proposals: o.proposals.all(), NotYet: epochs, Current: current})
}
