package audit

import (
	"cmp"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/receipt"
)

// ErrKeyEvent is returned for an event that cannot stand in a key history.
var ErrKeyEvent = errors.New("not an event of a key history")

// The roles of kind 9 that sign what is checked here.
const (
	RoleReceipt       = "receipt"       // receipts and deliveries
	RoleFranceConnect = "franceconnect" // FranceConnect's ID tokens
)

// LastGood begins the reason of a key.compromised that names the last leaf its
// key may vouch for: "last_good:812", -1 for none.
const LastGood = "last_good:"

// clockTolerance is how far the clock of a signature may be behind that of
// the log, whose times never go back.
const clockTolerance = 5 * time.Minute

// A LoggedKey is one key as the log tells of it.
type LoggedKey struct {
	ID        string
	Role      string
	JWK       jose.JSONWebKey // public
	Activated int64           // leaf of its key.activated
	NotBefore time.Time       // time of that event
	EndIndex  *int64          // first leaf it may not vouch for; nil while in use
	RetiredAt *time.Time      // time of the event that ended it
}

// Keys is the history of keys as told by the log's kinds 9, 10 and 11. The
// zero Keys is empty and ready to use; it is not safe for concurrent Add.
type Keys struct{ byID map[string]*LoggedKey }

// Add takes the key event at a leaf; events must come in the log's order.
// Kinds that are not about keys, and keys that are no JWK (the log's own), are
// passed over. Errors wrap ErrKeyEvent.
func (k *Keys) Add(index int64, e Event) error {
	at, err := time.Parse(TimeLayout, e.Time)
	if err != nil {
		return fmt.Errorf("reading key event %d: %w: time", index, ErrKeyEvent)
	}
	switch e.Kind {
	case KeyActivated.String():
		err = k.activate(index, e, at)
	case KeyRetired.String():
		err = k.end(e.ID, index, at)
	case KeyCompromised.String():
		err = k.compromise(index, e, at)
	}
	if err != nil {
		return fmt.Errorf("reading key event %d: %w: %w", index, ErrKeyEvent, err)
	}
	return nil
}

func (k *Keys) activate(index int64, e Event, at time.Time) error {
	if e.Role != RoleReceipt && e.Role != RoleFranceConnect {
		return nil
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON([]byte(e.Key)); err != nil || !jwk.Valid() || !jwk.IsPublic() {
		return errors.New("not a public JWK")
	}
	if _, known := k.byID[e.ID]; known {
		return errors.New("key activated twice")
	}
	if e.Role == RoleReceipt && !namedByThumbprint(e.ID, jwk) {
		return errors.New("kid is not the key's thumbprint")
	}
	if k.byID == nil {
		k.byID = map[string]*LoggedKey{}
	}
	k.byID[e.ID] = &LoggedKey{ID: e.ID, Role: e.Role, JWK: jwk, Activated: index, NotBefore: at}
	return nil
}

func namedByThumbprint(id string, jwk jose.JSONWebKey) bool {
	public, ok := jwk.Key.(*ecdsa.PublicKey)
	if !ok {
		return false
	}
	kid, err := receipt.KeyID(public)
	return err == nil && kid == id
}

// end takes the earliest end told: a key compromised after it was retired
// ends where the compromise says.
func (k *Keys) end(id string, index int64, at time.Time) error {
	key, known := k.byID[id]
	if !known {
		return nil // of a role that is not followed, or activated in another log
	}
	if key.EndIndex == nil || index < *key.EndIndex {
		key.EndIndex = &index
	}
	if key.RetiredAt == nil || at.Before(*key.RetiredAt) {
		key.RetiredAt = &at
	}
	return nil
}

// compromise ends the key after the last good leaf its reason names; without one,
// nothing it signed is good.
func (k *Keys) compromise(index int64, e Event, at time.Time) error {
	first := int64(0)
	if text, named := strings.CutPrefix(e.Reason, LastGood); named {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < -1 {
			return errors.New("last good index")
		}
		first = min(n+1, index)
	}
	return k.end(e.ID, first, at)
}

// Find gives the key of a role by its kid.
func (k Keys) Find(role, kid string) (LoggedKey, bool) {
	key, known := k.byID[kid]
	if !known || key.Role != role {
		return LoggedKey{}, false
	}
	return *key, true
}

// Receipts are the keys that sign receipts and deliveries, in the order of
// their activation. CertificateDigest is zeros where the log does not name it.
func (k Keys) Receipts() receipt.KeySet {
	set := receipt.KeySet{}
	for _, key := range k.byID {
		if r, ok := key.receiptKey(); ok {
			set = append(set, r)
		}
	}
	slices.SortFunc(set, func(a, b receipt.Key) int { return cmp.Compare(*a.LogIndex, *b.LogIndex) })
	return set
}

func (k LoggedKey) receiptKey() (receipt.Key, bool) {
	public, ok := k.JWK.Key.(*ecdsa.PublicKey)
	if !ok || k.Role != RoleReceipt {
		return receipt.Key{}, false
	}
	r := receipt.Key{
		KeyID: k.ID, Public: public, NotBefore: k.NotBefore.Add(-clockTolerance), RetiredAt: k.RetiredAt, LogIndex: &k.Activated,
	}
	copy(r.CertificateDigest[:], k.JWK.CertificateThumbprintSHA256)
	return r, true
}

// KeyHistory is the key set the given key events tell of, in the log's order,
// with NotBefore, RetiredAt and LogIndex. It judges no proof.
func KeyHistory(events []KeyEvent) (receipt.KeySet, error) {
	keys, err := ReadKeys(events)
	return keys.Receipts(), err
}

// ReadKeys is the whole history the given key events tell of.
func ReadKeys(events []KeyEvent) (Keys, error) {
	var keys Keys
	for _, k := range events {
		e, _, err := Decode(k.Event)
		if err != nil {
			return Keys{}, fmt.Errorf("reading key event %d: %w: %w", k.Index, ErrKeyEvent, err)
		}
		if err := keys.Add(k.Index, e); err != nil {
			return Keys{}, err
		}
	}
	return keys, nil
}
