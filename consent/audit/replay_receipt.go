package audit

import (
	"errors"
	"time"

	"accord/consent/receipt"
)

// A signature is a receipt still to be verified.
type signature struct {
	index int64
	jws   string
	key   receipt.Key
	err   error
}

// openReceipt reads the receipt, and verifies it at once when its key is known
// from an earlier batch: a key's id is its digest, so it cannot change. Whether
// the key was in force at this leaf is judged in the log's order.
func (p *prepared) openReceipt(r *Replay) {
	jws := []byte(p.line.JWS)
	p.digest = receipt.Digest(jws)
	kid, certificate := headerOf(jws)
	if logged, known := r.keys.keys.Find(RoleReceipt, kid); known {
		key, _ := logged.receiptKey()
		key.CertificateDigest, key.RetiredAt = certificate, nil
		p.receipt, p.fault = receipt.Verify(jws, receipt.KeySet{key})
		p.checked = true
		p.header = receipt.Header{KeyID: kid, CertificateDigest: encodeURL(certificate[:])}
	}
	if !p.checked || p.fault != nil {
		p.receipt, p.header, p.signed = receipt.Parse(jws)
	}
}

// signedAct holds an event that carries a receipt to it: decisions and
// withdrawals must, others must not.
func (r *Replay) signedAct(p *prepared) {
	must := p.kind == ConsentGranted || p.kind == ConsentRefused || p.kind == ConsentWithdrawn || p.kind == ConsentRenewed
	if !must && p.event.Receipt == "" && p.line.JWS == "" {
		return
	}
	if p.line.JWS == "" || p.digest != p.event.Receipt {
		r.found(p.line.I, RuleDigest, "the receipt is missing, or not the one the event names")
		p.receipt = receipt.Receipt{} // another's says nothing about this act
		return
	}
	if p.signed != nil {
		r.found(p.line.I, RuleReceipt, p.signed.Error())
		return
	}
	r.tellsTheSame(p)
	key, ok := r.signerOf(p)
	switch {
	case ok && p.checked:
		r.report.Receipts++
		r.judgeSignature(p.line.I, p.fault)
	case ok:
		r.checks = append(r.checks, signature{index: p.line.I, jws: p.line.JWS, key: key})
	}
}

// tellsTheSame: receipt and event are two records of one act, made when it took
// place, neither dated back nor kept for later, under a notice that was public.
func (r *Replay) tellsTheSame(p *prepared) {
	logged, err := time.Parse(TimeLayout, p.event.Time)
	if err != nil || p.receipt.Event.Time.Time().Sub(logged).Abs() > clockTolerance {
		r.found(p.line.I, RuleSigned, "the receipt says "+string(p.receipt.Event.Time)+", the log "+p.event.Time)
		return
	}
	if err := Agree(p.receipt, p.event, r.options.Origin); err != nil {
		r.found(p.line.I, RuleReceipt, err.Error())
	}
	if !r.public.notices[p.receipt.Notice.ID+"\x00"+p.receipt.Notice.Digest] {
		r.found(p.line.I, RuleReceipt, "a notice that was not published")
	}
}

// verifyAll verifies, on all cores, the signatures by keys announced in this
// very batch.
func (r *Replay) verifyAll() {
	spread(len(r.checks), func(i int) {
		c := &r.checks[i]
		_, c.err = receipt.Verify([]byte(c.jws), receipt.KeySet{c.key})
	})
	for _, c := range r.checks {
		r.judgeSignature(c.index, c.err)
	}
	r.report.Receipts += int64(len(r.checks))
	r.checks = r.checks[:0]
}

func (r *Replay) judgeSignature(index int64, err error) {
	if err != nil {
		r.found(index, ruleOf(err), err.Error())
	}
}

func ruleOf(err error) string {
	switch {
	case errors.Is(err, receipt.ErrContent):
		return RuleReceipt
	case errors.Is(err, receipt.ErrKeyNotValid):
		return RuleKey
	}
	return RuleSignature
}
