package audit

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// BundleChecks are the checks of a bundle, in the order they are made.
func BundleChecks() []string {
	return []string{
		"form", "checkpoint", "opening", "inclusion", "receipt_logged", "key_logged", "certificate",
		"signature", "key_time", "content", "agreement", "evidence", "witnesses",
	}
}

// bundleExamination is what the checks hand to one another.
type bundleExamination struct {
	examination
	bundle     Bundle
	policy     Policy
	proof      ledger.Proof
	checkpoint ledger.Checkpoint
	opening    Opening
	event      Event
	keys       Keys
	keyShown   bool // the key's event is proven to stand in the log
	receipt    receipt.Receipt
	verified   error // what verifying the receipt said
}

// VerifyBundle judges a bundle by a policy the caller trusts, offline and
// without a clock:
//
//	policy → checkpoint → opening → leaf → inclusion → digest of the JWS
//	  → key event, included too → certificate → signature → key's time at that leaf
//	  → content → receipt and event agree → FranceConnect's evidence
func VerifyBundle(b Bundle, p Policy) Verdict {
	x := &bundleExamination{examination: examination{outcome: Genuine}, bundle: b, policy: p}
	x.check("form", x.form)
	x.check("checkpoint", x.head)
	x.check("opening", x.open)
	x.check("inclusion", x.included)
	x.check("receipt_logged", x.logged)
	x.keyLogged()
	x.check("certificate", x.certified)
	x.check("signature", x.signed)
	x.check("key_time", x.keyInTime)
	x.check("content", x.contentKept)
	x.check("agreement", x.agrees)
	x.evidence()
	x.witnesses()
	return x.verdict()
}

func (x *bundleExamination) verdict() Verdict {
	v := Verdict{Outcome: x.outcome, Checks: x.checks}
	if x.outcome != Genuine {
		return v
	}
	v.Receipt, v.Index, v.Origin, v.Size = &x.receipt, x.opening.Index, x.checkpoint.Origin, x.checkpoint.Size
	v.Proves = []string{ProvesAct, ProvesLogged}
	if x.keyShown {
		v.Proves = append(v.Proves, ProvesKey)
	}
	if x.bundle.Evidence != nil {
		v.Proves = append(v.Proves, ProvesLogin)
	}
	return v
}

func (x *bundleExamination) form() (bool, error) {
	proof, err := ledger.ParseProof([]byte(x.bundle.TlogProof))
	if err != nil {
		return false, err
	}
	x.proof = proof
	if x.bundle.Format != BundleFormat {
		return true, fmt.Errorf("%w: format", ErrBundle)
	}
	return false, nil
}

func (x *bundleExamination) head() (_ bool, err error) {
	if x.policy.Verifier == nil {
		return true, fmt.Errorf("%w: none given", ErrPolicy)
	}
	x.checkpoint, err = x.policy.Open(x.proof.Checkpoint)
	return false, err
}

func (x *bundleExamination) open() (_ bool, err error) {
	if x.opening, err = DecodeOpening(x.proof.Extra); err != nil {
		return false, err
	}
	if x.opening.Index != x.proof.Index {
		return false, fmt.Errorf("%w: of leaf %d, not %d", ErrOpening, x.opening.Index, x.proof.Index)
	}
	x.event, _, err = x.opening.Open()
	return false, err
}

func (x *bundleExamination) included() (bool, error) {
	_, err := x.opening.In(x.checkpoint, x.proof.Hashes)
	return false, err
}

func (x *bundleExamination) logged() (bool, error) {
	if x.event.Receipt != receipt.Digest([]byte(x.bundle.JWS)) {
		return false, fmt.Errorf("%w: the leaf names another receipt", ErrDisagree)
	}
	return false, nil
}

// keyLogged wants the signer's key among the key events. What a bundle leaves
// out to stay small, the proof that they stand in the log, is said to be so:
// then the leaf, which names this receipt, vouches for it alone.
func (x *bundleExamination) keyLogged() {
	x.check("key_logged", func() (undecided bool, err error) {
		if x.keys, x.keyShown, err = openKeys(x.bundle.Keys, x.checkpoint); err != nil {
			return false, err
		}
		kid, _ := headerOf([]byte(x.bundle.JWS))
		if _, known := x.keys.Find(RoleReceipt, kid); !known {
			return true, receipt.ErrUnknownKey
		}
		return false, nil
	})
	if last := &x.checks[len(x.checks)-1]; last.Result == Passed && !x.keyShown {
		last.Result, last.Reason = NotMade, "the bundle does not carry the inclusion of the key's event"
	}
}

// openKeys reads key events. shown: each is proven to stand in the log. A
// proof that is there and does not hold is an error.
func openKeys(events []KeyEvent, c ledger.Checkpoint) (keys Keys, shown bool, err error) {
	shown = true
	for _, k := range events {
		o := Opening{Index: k.Index, Event: k.Event}
		e, _, err := o.Open()
		if err == nil && k.Proof != nil {
			_, err = o.In(c, k.Proof)
		}
		if err == nil && k.Index >= c.Size {
			err = fmt.Errorf("%w: beyond the checkpoint", ErrOpening)
		}
		if err != nil {
			return Keys{}, false, fmt.Errorf("key event: %w", err)
		}
		if err := keys.Add(k.Index, e); err != nil {
			return Keys{}, false, err
		}
		shown = shown && k.Proof != nil
	}
	return keys, shown, nil
}

// certified wants the seal certificate the signature names, of the same key.
func (x *bundleExamination) certified() (bool, error) {
	if len(x.bundle.Certs) != 1 {
		return false, fmt.Errorf("%w: %d certificates", ErrBundle, len(x.bundle.Certs))
	}
	der, err := base64.StdEncoding.Strict().DecodeString(x.bundle.Certs[0])
	if err != nil {
		return false, fmt.Errorf("%w: certificate is not base64", ErrBundle)
	}
	kid, named := headerOf([]byte(x.bundle.JWS))
	if sha256.Sum256(der) != named {
		return false, fmt.Errorf("%w: x5t#S256 names another certificate", receipt.ErrKeyNotValid)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return false, fmt.Errorf("%w: certificate: %w", ErrBundle, err)
	}
	key, _ := x.keys.Find(RoleReceipt, kid)
	public, ok := key.JWK.Key.(*ecdsa.PublicKey)
	if !ok || !public.Equal(certificate.PublicKey) {
		return false, fmt.Errorf("%w: certificate of another key", receipt.ErrKeyNotValid)
	}
	if thumb := key.JWK.CertificateThumbprintSHA256; len(thumb) > 0 && !bytes.Equal(thumb, named[:]) {
		return false, fmt.Errorf("%w: the log names another certificate", receipt.ErrKeyNotValid)
	}
	return false, nil
}

// signed verifies the receipt whole, and answers for its signature alone.
func (x *bundleExamination) signed() (bool, error) {
	x.receipt, x.verified = x.keys.VerifyReceipt([]byte(x.bundle.JWS), x.opening.Index)
	if errors.Is(x.verified, receipt.ErrKeyNotValid) || errors.Is(x.verified, receipt.ErrContent) {
		return false, nil
	}
	return false, x.verified
}

func (x *bundleExamination) keyInTime() (bool, error) {
	if errors.Is(x.verified, receipt.ErrKeyNotValid) {
		return false, x.verified
	}
	return false, nil
}

func (x *bundleExamination) contentKept() (bool, error) {
	return errors.Is(x.verified, receipt.ErrUnknownSchema), x.verified
}

func (x *bundleExamination) agrees() (bool, error) {
	return false, Agree(x.receipt, x.event, x.checkpoint.Origin)
}

func (x *bundleExamination) evidence() {
	if x.bundle.Evidence == nil {
		x.absent("evidence", "none in this bundle")
		return
	}
	x.check("evidence", func() (bool, error) {
		keys, shown, err := openKeys(x.bundle.Evidence.Keys, x.checkpoint)
		if err == nil && !shown {
			return true, errors.New("FranceConnect's key is not shown to stand in the log")
		}
		if err != nil {
			return false, err
		}
		err = VerifyEvidence(*x.bundle.Evidence, x.receipt, keys)
		return errors.Is(err, receipt.ErrUnknownKey), err
	})
}

func (x *bundleExamination) witnesses() {
	if n := len(x.policy.NotChecked); n > 0 {
		x.absent("witnesses", "%d lines of the policy on witnesses are not checked", n)
		return
	}
	x.absent("witnesses", "the policy names none")
}
