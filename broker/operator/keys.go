package operator

import (
	"fmt"
	"strconv"
)

// Rotate is POST /keys/rotate.
type Rotate struct {
	Role string `json:"role"` // receipt, id_token
}

// Rotated answers it.
type Rotated struct {
	Keys []string `json:"keys"` // ids of the keys that sign now
}

func (o *Operators) rotate(a act) (any, error) {
	var r Rotate
	if err := a.read(&r); err != nil {
		return nil, err
	}
	if r.Role != "receipt" && r.Role != "id_token" {
		return nil, fmt.Errorf("role: receipt or id_token: %w", errRequest)
	}
	if err := a.log(r.Role); err != nil {
		return nil, err
	}
	kids, err := o.Keys.Rotate(a.Context(), r.Role, o.Now, o.Store.Announce)
	if err != nil {
		return nil, err
	}
	return Rotated{kids}, nil
}

// Compromise is POST /keys/compromise.
type Compromise struct {
	Key      string `json:"key"`
	LastGood *int64 `json:"last_good"` // last leaf index whose signatures by it still count; -1: none
}

func (o *Operators) compromise(a act) (any, error) {
	var c Compromise
	if err := a.read(&c); err != nil {
		return nil, err
	}
	if c.Key == "" || len(c.Key) > 64 || c.LastGood == nil || *c.LastGood < -1 {
		return nil, fmt.Errorf("key, and last_good from -1 on, are both needed: %w", errRequest)
	}
	if err := a.log("last good " + strconv.FormatInt(*c.LastGood, 10)); err != nil {
		return nil, err
	}
	return struct{}{}, o.Keys.Compromise(a.Context(), c.Key, *c.LastGood, o.Now, o.Store.Announce)
}
