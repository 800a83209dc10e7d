package audit

import (
	"fmt"

	"accord/consent/receipt"
)

// signers are the keys the log announced, and what each receipt key sealed.
type signers struct {
	keys Keys
	used map[string]*used // by kid
}

type used struct {
	certificate string  // x5t#S256 of its first receipt; all name one
	receipts    []int64 // leaves, ascending: judged anew if the key turns out compromised
}

// key follows the history of keys.
func (r *Replay) key(p *prepared) {
	err := r.keys.keys.Add(p.line.I, p.event)
	if err != nil && p.kind == KeyActivated && p.event.Role != RoleReceipt {
		return // FranceConnect may publish a key in another spelling: its first is kept
	}
	if err != nil {
		r.found(p.line.I, RuleKeyEvent, err.Error())
		return
	}
	if p.kind == KeyCompromised {
		r.compromised(p)
	}
}

// compromised: what the key sealed after its last good leaf may be anybody's.
func (r *Replay) compromised(p *prepared) {
	key, known := r.keys.keys.Find(RoleReceipt, p.event.ID)
	u := r.keys.used[p.event.ID]
	if !known || u == nil {
		return
	}
	for _, index := range u.receipts {
		if key.covers(index) != nil {
			r.doubt(index, RuleCompromised, fmt.Sprintf("its key was compromised by then, says leaf %d", p.line.I))
		}
	}
	u.receipts = nil
}

// signerOf is the key of a receipt, if it was in force at the receipt's leaf:
// the place in the log, which nobody can choose afterwards, decides, not the
// time the signer wrote.
func (r *Replay) signerOf(p *prepared) (receipt.Key, bool) {
	logged, known := r.keys.keys.Find(RoleReceipt, p.header.KeyID)
	if !known {
		r.found(p.line.I, RuleKey, "signed with a key the log had not announced")
		return receipt.Key{}, false
	}
	if err := logged.covers(p.line.I); err != nil {
		r.found(p.line.I, RuleKey, err.Error())
		return receipt.Key{}, false
	}
	key, _ := logged.receiptKey()
	return key, r.sameCertificate(p, &key)
}

// sameCertificate: the log need not name the seal certificate; then the key's
// first receipt does.
func (r *Replay) sameCertificate(p *prepared, key *receipt.Key) bool {
	u := r.keys.used[key.KeyID]
	if u == nil {
		u = &used{certificate: p.header.CertificateDigest}
		r.keys.used[key.KeyID] = u
	}
	if u.certificate != p.header.CertificateDigest {
		r.found(p.line.I, RuleKey, "x5t#S256 is not that of the key's other receipts")
		return false
	}
	if named := key.CertificateDigest; named != [32]byte{} && encodeURL(named[:]) != u.certificate {
		r.found(p.line.I, RuleKey, "x5t#S256 is not what the log says of the key")
		return false
	}
	u.receipts = append(u.receipts, p.line.I)
	if sum, ok := decodeURL(u.certificate); ok && len(sum) == len(key.CertificateDigest) && key.CertificateDigest == [32]byte{} {
		key.CertificateDigest = [32]byte(sum)
	}
	return true
}
