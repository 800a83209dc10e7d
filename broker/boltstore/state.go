package boltstore

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"accord/broker/store"
)

// An interactionRow follows one interaction through the log, until long after
// it can still act (60 minutes).
type interactionRow struct {
	Lookups []lookupRow `json:",omitempty"`
	Last    *int64      `json:",omitempty"` // index of its latest event
	Queried []int64     `json:",omitempty"` // indexes of its source.queried
	Decided bool        `json:",omitempty"`
	Time    time.Time   `json:",omitzero"`  // of the decision
	Grant   []byte      `json:",omitempty"` // place of its consent.granted
}

const (
	keepInteraction = 24 * time.Hour
	maxLookups      = 64 // reloads of one interaction
)

// A lookupRow is what a lookup.requested asked.
type lookupRow struct {
	Index                                                int64
	Client, Recipient, Purpose, Approval, ApprovalDigest string
	Data                                                 []string
	Agent                                                string `json:",omitempty"`
}

func (r interactionRow) lookup(index int64) (lookupRow, bool) {
	i := slices.IndexFunc(r.Lookups, func(l lookupRow) bool { return l.Index == index })
	if i < 0 {
		return lookupRow{}, false
	}
	return r.Lookups[i], true
}

func (b *batch) interaction(id string) (interactionRow, bool, error) {
	return getJSON[interactionRow](b.tx, interactBucket, []byte(id))
}

// putInteraction keeps the row; first tells that it is new and must expire.
func (b *batch) putInteraction(id string, row interactionRow, first bool) error {
	if first {
		if err := b.expire(interactBucket, []byte(id), b.now.Add(keepInteraction)); err != nil {
			return err
		}
	}
	return b.putJSON(interactBucket, []byte(id), row)
}

// A grantRow is a grant with what dies with it.
type grantRow struct {
	Grant          store.Grant
	Interaction    string
	ApprovalDigest string     `json:",omitempty"` // of the approval agreed under
	ReceiptDigest  string     // of the JWS that made it, or last changed it
	Code           []byte     `json:",omitempty"` // hash of the decision's
	Others         [][]byte   `json:",omitempty"` // hashes of those given later within the same login
	Tokens         [][]byte   `json:",omitempty"` // hashes; of a recurring grant only those that may live still
	Refresh        []byte     `json:",omitempty"` // hash of the refresh token that renews now
	Snapshot       string     `json:",omitempty"` // id of the snapshot that can still be read
	Restore        *ended     `json:",omitempty"` // set when it ended in a newer log than it began in
	Fetches        []fetchRow `json:",omitempty"` // begun under a recurring grant, but the failed ones
}

// A fetchRow is one resource fetched, or being fetched, under a recurring grant.
type fetchRow struct {
	Snapshot  string
	Data      []string
	Queried   []int64 `json:",omitempty"` // indexes of its source.queried without answer yet
	Delivered bool    `json:",omitempty"`
}

// live is nil while the grant may be acted on at the stamp.
func (g grantRow) live(at time.Time) error {
	if g.Grant.State != store.Given {
		return store.ErrRevoked
	}
	if !at.Before(g.Grant.ValidUntil) {
		return store.ErrExpired
	}
	return nil
}

// errNoGrant: what names a grant never outlives its row.
var errNoGrant = fmt.Errorf("row of grants is missing: %w", ErrDamaged)

func (b *batch) grantAt(at []byte) (grantRow, error) {
	row, found, err := getJSON[grantRow](b.tx, grantBucket, at)
	if err == nil && !found {
		err = errNoGrant
	}
	return row, err
}

// A codeRow is an authorization code. Bound and Wrapped are wiped with its use;
// the row stays until its reuse can no longer matter.
type codeRow struct {
	Client  string
	Expires time.Time
	Used    bool   `json:",omitempty"`
	Grant   []byte // place
	Bound   []byte `json:",omitempty"`
	Wrapped []byte `json:",omitempty"`
}

// A tokenRow is an access token. Dead ones lose Bound and Wrapped at once.
type tokenRow struct {
	Client  string
	Expires time.Time
	Dead    bool   `json:",omitempty"`
	Grant   []byte // place
	Renewed bool   `json:",omitempty"` // given for a refresh token
	Bound   []byte `json:",omitempty"`
	Wrapped []byte `json:",omitempty"`
}

// A refreshRow is a refresh token, from its grant's beginning or its
// predecessor's end. A replaced one keeps its row, so that its reuse is seen;
// dead and replaced ones have no Bound.
type refreshRow struct {
	Client   string
	Expires  time.Time // the grant's end
	Dead     bool      `json:",omitempty"`
	Grant    []byte    // place
	Before   []byte    `json:",omitempty"` // hash of the one it replaced
	Replaced time.Time `json:",omitzero"`
	By       []byte    `json:",omitempty"` // hash of its successor
	Bound    []byte    `json:",omitempty"`
}

// keepUsed is how long codes and tokens are remembered beyond their end: the
// life of a token, so that a code's reuse still finds what it gave.
const keepUsed = 10 * time.Minute

// Snapshots and answers are kept as until(8, Unix ms) ‖ bytes.
func timed(until time.Time, value []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(until.UnixMilli())), value...)
}

func splitTimed(row []byte) (until time.Time, value []byte, err error) {
	if len(row) < 8 {
		return time.Time{}, nil, ErrDamaged
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(row))).UTC(), row[8:], nil
}

// subset tells whether every one of some is among all.
func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
