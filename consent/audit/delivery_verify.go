package audit

import (
	"errors"
	"fmt"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// DeliveryChecks are the checks of a delivery, in the order they are made.
func DeliveryChecks() []string {
	return []string{"form", "key", "signature", "key_time", "content", "checkpoint", "opening", "inclusion", "digest"}
}

// A DeliveryVerdict is all that is said of one delivery.
type DeliveryVerdict struct {
	Outcome  string    `json:"outcome"`
	Checks   []Check   `json:"checks"`             // all of DeliveryChecks, in their order
	Delivery *Delivery `json:"delivery,omitempty"` // of a genuine one only; its data are a person's
	Proves   []string  `json:"proves,omitempty"`   // ProvesSigned, and ProvesDigest where the opening was given
}

// What a genuine delivery proves.
const (
	ProvesSigned = "signed" // Accord's key signed these bytes for this recipient
	ProvesDigest = "digest" // the log's event of the delivery names these very bytes
)

// deliveryExamination is what the checks hand to one another.
type deliveryExamination struct {
	examination
	keys     receipt.KeySet
	policy   Policy
	kid      string
	delivery Delivery
	verified error
	proof    ledger.Proof
	opening  Opening
	event    Event
	head     ledger.Checkpoint
}

// JudgeDelivery judges a delivery by keys the caller trusts and, if proof (a
// tlog-proof with the opening of its event as extra line) is given, by the log
// of the policy. Without proof the verdict rests on the signature only.
func JudgeDelivery(jws []byte, keys receipt.KeySet, proof []byte, p Policy) DeliveryVerdict {
	x := &deliveryExamination{examination: examination{outcome: Genuine}, keys: keys, policy: p}
	x.signature(jws)
	if len(proof) > 0 {
		x.check("checkpoint", func() (bool, error) { return x.open(proof) })
		x.check("opening", x.opens)
		x.check("inclusion", x.included)
		x.check("digest", func() (bool, error) { return false, x.delivery.DigestIn(x.event) })
	} else {
		for _, name := range DeliveryChecks()[5:] {
			x.absent(name, "no opening was given: signature only")
		}
	}
	v := DeliveryVerdict{Outcome: x.outcome, Checks: x.checks}
	if x.outcome == Genuine {
		v.Delivery, v.Proves = &x.delivery, []string{ProvesSigned}
		if len(proof) > 0 {
			v.Proves = append(v.Proves, ProvesDigest)
		}
	}
	return v
}

// signature spreads what VerifyDelivery says over the steps it makes.
func (x *deliveryExamination) signature(jws []byte) {
	x.delivery, x.verified = VerifyDelivery(jws, x.keys)
	header, _, form := openDelivery(jws)
	x.kid = header.KeyID
	x.check("form", func() (bool, error) { return false, form })
	x.check("key", func() (bool, error) { return true, x.ifIs(receipt.ErrUnknownKey) })
	x.check("signature", func() (bool, error) { return false, x.ifIs(receipt.ErrSignature) })
	x.check("key_time", func() (bool, error) { return false, x.ifIs(receipt.ErrKeyNotValid) })
	x.check("content", func() (bool, error) { return false, x.verified })
}

func (x *deliveryExamination) ifIs(target error) error {
	if errors.Is(x.verified, target) {
		return x.verified
	}
	return nil
}

func (x *deliveryExamination) open(proof []byte) (undecided bool, err error) {
	if x.policy.Verifier == nil {
		return true, fmt.Errorf("%w: none given", ErrPolicy)
	}
	if x.proof, err = ledger.ParseProof(proof); err != nil {
		return false, err
	}
	x.head, err = x.policy.Open(x.proof.Checkpoint)
	return false, err
}

// opens wants the opening of the very leaf the delivery names: another's says
// nothing of it.
func (x *deliveryExamination) opens() (_ bool, err error) {
	at, err := x.delivery.Position()
	if err != nil {
		return false, err
	}
	if x.opening, err = DecodeOpening(x.proof.Extra); err != nil {
		return false, err
	}
	if want := (ledger.Position{Origin: x.head.Origin, Index: x.opening.Index}); at != want || x.proof.Index != at.Index {
		return true, fmt.Errorf("%w: of %s, the delivery is %s", ErrOpening, want, at)
	}
	key, _ := findKey(x.keys, x.kid)
	if key.LogIndex != nil && at.Index <= *key.LogIndex {
		return false, fmt.Errorf("%w: activated at leaf %d", receipt.ErrKeyNotValid, *key.LogIndex)
	}
	x.event, _, err = x.opening.Open()
	return false, err
}

func (x *deliveryExamination) included() (bool, error) {
	_, err := x.opening.In(x.head, x.proof.Hashes)
	return false, err
}
