package audit_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
)

const (
	origin   = "accord.example/log/1"
	approval = "valbrume-cantine"
)

// A log is a true one until a test spoils it: real encoded events, salted
// leaves, signed receipts, all from fixed seeds.
type log struct {
	t        testing.TB
	now      time.Time
	lines    []audit.ExportLine
	keys     map[string]receipt.Signer
	kid      string
	given    receipt.Receipt // what receipts are made from
	sign     note.Signer
	policy   string
	journeys int
}

// repeatable signs the same bytes alike each time (RFC 6979).
type repeatable struct{ *ecdsa.PrivateKey }

func (r repeatable) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.PrivateKey.Sign(nil, digest, opts)
}

func (l *log) ok(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// newLog is a log as a broker opens it: keys, policy, notice, approval announced.
func newLog(t testing.TB) *log {
	t.Helper()
	l := &log{t: t, now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC), keys: map[string]receipt.Signer{}}
	jws, err := os.ReadFile("../receipt/testdata/granted.jws")
	l.ok(err)
	l.given, _, err = receipt.Parse(jws)
	l.ok(err)
	l.logKey("accord test log key")
	l.add(audit.LogOpened, audit.Event{ID: origin})
	l.kid = l.activate("accord test receipt key")
	l.add(audit.PolicyChanged, audit.Event{ID: "log-policy", Digest: l.given.Log.Policy})
	l.add(audit.NoticePublished, audit.Event{ID: l.given.Notice.ID, Digest: l.given.Notice.Digest})
	l.approve(l.given.Approval.Digest)
	return l
}

func (l *log) logKey(word string) {
	seed := sha256.Sum256([]byte(word))
	public := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(origin, public)
	l.ok(err)
	hash := strings.Split(vkey, "+")[1]
	l.sign, err = note.NewSigner("PRIVATE+KEY+" + origin + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))
	l.ok(err)
	l.policy = "log " + vkey + "\n"
}

func (l *log) signer(word string) (receipt.Signer, *ecdsa.PublicKey) {
	scalar := sha256.Sum256([]byte(word))
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	l.ok(err)
	kid, err := receipt.KeyID(&private.PublicKey)
	l.ok(err)
	return receipt.Signer{KeyID: kid, Key: repeatable{private}, CertificateDigest: sha256.Sum256([]byte(word + " certificate"))}, &private.PublicKey
}

func (l *log) activate(word string) (kid string) {
	s, public := l.signer(word)
	set, err := receipt.KeySet{{KeyID: s.KeyID, Public: public}}.JWKS()
	l.ok(err)
	var keys struct {
		Keys []struct{ X, Y string }
	}
	l.ok(json.Unmarshal(set, &keys))
	jwk := fmt.Sprintf(`{"alg":"ES256","crv":"P-256","kid":%q,"kty":"EC","use":"sig","x":%q,"y":%q}`, s.KeyID, keys.Keys[0].X, keys.Keys[0].Y)
	l.add(audit.KeyActivated, audit.Event{ID: s.KeyID, Role: "receipt", Key: jwk, Digest: audit.Digest([]byte(jwk))})
	l.keys[s.KeyID] = s
	return s.KeyID
}

func (l *log) approve(digest string) int64 {
	return l.add(audit.ApprovalChanged, audit.Event{ID: approval, Digest: digest})
}

// add appends a leaf a second later, stamped as the sequencer does.
func (l *log) add(k audit.Kind, e audit.Event, jws ...byte) int64 {
	l.t.Helper()
	l.now = l.now.Add(time.Second)
	e.V, e.Kind, e.Time = audit.Version, k.String(), l.now.Format(audit.TimeLayout)
	b, err := audit.Encode(e)
	l.ok(err)
	index := int64(len(l.lines))
	var salt [32]byte
	if !k.Public() {
		salt = sha256.Sum256(binary.BigEndian.AppendUint64([]byte("salt"), uint64(index)))
	}
	l.lines = append(l.lines, audit.NewExportLine(index, k, salt, b, jws))
	return index
}

// change encodes an event of the log anew, as an operator could who lies from
// the first.
func (l *log) change(index int64, how func(*audit.Event)) {
	l.t.Helper()
	var e audit.Event
	l.ok(json.Unmarshal(l.lines[index].Event, &e))
	how(&e)
	b, err := audit.Encode(e)
	l.ok(err)
	l.lines[index].Event = b
}

// erase leaves the bare leaf.
func (l *log) erase(indices ...int64) {
	for _, index := range indices {
		leaf, err := l.lines[index].LeafOf()
		l.ok(err)
		l.lines[index] = audit.NewErasedLine(index, leaf)
	}
}

func (l *log) erasure(e audit.Event, indices ...int64) int64 {
	l.erase(indices...)
	e.Erased = indices
	for _, index := range indices {
		e.ErasedKinds = append(e.ErasedKinds, audit.Kind(l.lines[index].Kind).String())
	}
	return l.add(audit.ErasureDone, e)
}

// head is the checkpoint of the lines as they stand.
func (l *log) head() ledger.Checkpoint { return l.headAt(len(l.lines)) }

func (l *log) headAt(size int) ledger.Checkpoint {
	l.t.Helper()
	tree := ledger.NewTree()
	for _, line := range l.lines[:size] {
		leaf, err := line.LeafOf()
		l.ok(err)
		tree.Append(leaf.Hash())
	}
	return ledger.Checkpoint{Origin: origin, Size: tree.Size(), Root: tree.Root()}
}

func (l *log) signed(c ledger.Checkpoint) []byte {
	b, err := ledger.SignCheckpoint(c, l.sign)
	l.ok(err)
	return b
}

func (l *log) replay(head ledger.Checkpoint, older ...ledger.Checkpoint) audit.Report {
	r := audit.NewReplay(audit.ReplayOptions{Origin: origin, Older: older})
	for _, line := range l.lines {
		r.Add(line)
	}
	return r.Finish(head)
}

// export is the whole file.
func (l *log) export() []byte {
	l.t.Helper()
	head := l.head()
	header, err := audit.EncodeExportHeader(audit.ExportHeader{
		Format: audit.ExportFormat, Origin: origin, To: head.Size, Checkpoint: base64.StdEncoding.EncodeToString(l.signed(head)),
	})
	l.ok(err)
	out := append(header, '\n')
	for _, line := range l.lines {
		b, err := audit.EncodeExportLine(line)
		l.ok(err)
		out = append(append(out, b...), '\n')
	}
	return out
}

// A journey is one citizen's way through.
type journey struct {
	*log
	n         int
	id, grant string
	last      *int64
	asked     *int64
	request   string // digest of the look-up
	granted   int64
	until     time.Time
	jws       []byte
	made      receipt.Receipt
}

func (l *log) journey() *journey {
	l.journeys++
	n := l.journeys
	sum := sha256.Sum256(fmt.Append(nil, "grant", n))
	return &journey{
		log: l, n: n, id: fmt.Sprintf("019ab9c1-6f0e-7c2a-9b7e-%012x", n),
		grant: "g_" + base64.RawURLEncoding.EncodeToString(sum[:16]),
	}
}

func (j *journey) next(k audit.Kind, e audit.Event, jws ...byte) int64 {
	e.Prev = j.last
	at := j.add(k, e, jws...)
	j.last = &at
	return at
}

func (j *journey) lookup() int64 {
	at := j.next(audit.LookupRequested, audit.Event{
		Interaction: j.id, Client: "cantine", Recipient: "99900010200015", Purpose: "tarification-cantine",
		Approval: approval, ApprovalDigest: j.given.Approval.Digest, Data: []string{"cnaf_quotient_familial", "dgfip_rfr"},
	})
	j.asked, j.request = &at, audit.Digest(j.lines[at].Event)
	return at
}

func (j *journey) query() int64 {
	return j.next(audit.SourceQueried, audit.Event{
		Lookup: j.asked, Interaction: j.id, Source: "cnav", RequestID: fmt.Sprintf("request-%d-%d", j.n, len(j.lines)),
		Citizen: "citizen", Data: []string{"cnaf_quotient_familial"},
	})
}

func (j *journey) answer(queried int64) int64 {
	return j.next(audit.SourceAnswered, audit.Event{Queried: &queried, Interaction: j.id, Outcome: "found", HTTPClass: 2, Millis: 12})
}

// signs makes and signs the receipt of an act that takes place now.
func (j *journey) signs(r receipt.Receipt) []byte {
	j.t.Helper()
	j.made = r
	jws, err := receipt.Sign(r, j.keys[j.kid], r.Event.Time.Time())
	j.ok(err)
	return jws
}

func (j *journey) receipt(t receipt.Type) receipt.Receipt {
	r := j.given
	r.Purposes = slices.Clone(r.Purposes)
	r.Purposes[0].Data = slices.Clone(r.Purposes[0].Data)
	r.ReceiptID = fmt.Sprintf("019ab9c1-6f0e-7c2a-9b7f-%012x", len(j.lines))
	r.RecordID, r.GrantID, r.RequestDigest = j.id, j.grant, j.request
	r.Event.Type, r.Event.Time = t, receipt.NewTime(j.now.Add(900*time.Millisecond))
	return r
}

func (j *journey) act(r receipt.Receipt) audit.Event {
	return audit.Event{
		Interaction: j.id, Client: "cantine", Recipient: "99900010200015", Purpose: "tarification-cantine",
		Approval: approval, ApprovalDigest: r.Approval.Digest, Basis: string(r.Event.BasisAct), Citizen: "citizen",
		Subject: r.Subject.ID, Grant: j.grant, Receipt: receipt.Digest(j.jws),
	}
}

func (j *journey) agree() int64 { return j.agreeTo(j.receipt(receipt.Granted)) }

func (j *journey) agreeTo(r receipt.Receipt) int64 { return j.agreeUntil(r, j.now.Add(11*time.Minute)) }

func (j *journey) agreeUntil(r receipt.Receipt, until time.Time) int64 {
	j.until = until
	r.Event.ValidFrom, r.Event.ValidUntil = r.Event.Time, receipt.NewTime(j.until)
	j.jws = j.signs(r)
	e := j.act(r)
	e.Mode, e.Lookup, e.Data, e.ValidUntil = "journey", j.asked, []string{"cnaf_quotient_familial"}, string(r.Event.ValidUntil)
	j.granted = j.next(audit.ConsentGranted, e, j.jws...)
	return j.granted
}

func (j *journey) refuse() int64 {
	r := j.receipt(receipt.Refused)
	r.GrantID, r.Withdrawal = "", nil
	r.Event.State, r.Event.Stage, r.Event.Method = receipt.StateRefused, receipt.StageDecision, "button"
	r.Event.ValidFrom, r.Event.ValidUntil = "", ""
	r.Purposes[0].Data[0].Granted = false
	j.jws = j.signs(r)
	e := j.act(r)
	e.Grant, e.Lookup, e.Stage = "", j.asked, "decision"
	return j.next(audit.ConsentRefused, e, j.jws...)
}

func (j *journey) deliver() int64 { return j.deliverFrom(fmt.Sprintf("snapshot-%d", j.n)) }

func (j *journey) deliverFrom(snapshot string) int64 {
	return j.next(audit.ReleaseCompleted, audit.Event{
		Client: "cantine", Recipient: "99900010200015", Purpose: "tarification-cantine", Approval: approval,
		Basis: "accord_art6_1_e", Citizen: "citizen", Subject: j.given.Subject.ID, Grant: j.grant,
		Release: fmt.Sprintf("release-%d-%d", j.n, len(j.lines)), Snapshot: snapshot, ResponseDigest: "hmac-sha-256:x",
		Data: []string{"cnaf_quotient_familial"}, Fields: []string{"dss/quotient_familial#quotient_familial.valeur"},
	})
}

func (j *journey) withdraw() int64 {
	r := j.receipt(receipt.Withdrawn)
	r.Event.State, r.Event.Method = receipt.StateWithdrawn, "button+confirmation"
	r.Event.ValidFrom, r.Event.ValidUntil = j.made.Event.ValidFrom, j.made.Event.ValidUntil
	r.PreviousReceipt = receipt.Digest(j.jws)
	j.jws = j.signs(r)
	return j.next(audit.ConsentWithdrawn, j.act(r), j.jws...)
}

func (j *journey) revoke(reason string) int64 {
	e := j.act(j.made)
	e.Receipt, e.Reason = "", reason
	return j.next(audit.ConsentRevoked, e)
}

// agreed is a journey up to its agreement.
func (l *log) agreed() *journey {
	j := l.journey()
	j.lookup()
	j.answer(j.query())
	j.agree()
	return j
}

// agreedAgain is a journey up to its agreement to four fetches in all, for a month.
func (l *log) agreedAgain() *journey {
	j := l.journey()
	j.lookup()
	j.answer(j.query())
	r := j.receipt(receipt.Granted)
	r.Purposes[0].Fetch = receipt.Fetch{Mode: "repeated", Max: 4, Period: "P1M"}
	j.agreeUntil(r, j.now.AddDate(0, 1, 0))
	return j
}

func (j *journey) again(snapshot string) int64 {
	e := j.act(j.made)
	return j.next(audit.SourceQueried, audit.Event{
		Client: e.Client, Recipient: e.Recipient, Purpose: e.Purpose, Approval: e.Approval, Basis: e.Basis,
		Subject: e.Subject, Citizen: e.Citizen, Grant: j.grant, Source: "cnav", Snapshot: snapshot,
		RequestID: fmt.Sprintf("request-%d-%d", j.n, len(j.lines)), Data: []string{"cnaf_quotient_familial"},
	})
}

func (j *journey) deliverAgain(snapshot string) int64 {
	at := j.deliverFrom(snapshot)
	j.change(at, func(e *audit.Event) { e.Mode = audit.ModeToken })
	return at
}

func (j *journey) failAgain(snapshot string) int64 {
	return j.next(audit.ReleaseFailed, audit.Event{
		Grant: j.grant, Release: fmt.Sprintf("release-%d-%d", j.n, len(j.lines)), Snapshot: snapshot,
		Data: []string{"cnaf_quotient_familial"}, Reason: "source_unavailable",
	})
}

// small is a log with every kind of act in it.
func small(t testing.TB) *log {
	l := newLog(t)
	first := l.agreed()
	first.deliver()
	first.deliver()
	second := l.agreed()
	second.deliver()
	second.withdraw()
	third := l.journey()
	third.lookup()
	third.answer(third.query())
	third.lookup()
	third.refuse()
	fourth := l.agreed()
	fourth.revoke("code_reuse")
	l.add(audit.AdminAct, audit.Event{ID: "backup", Reason: "nightly"})
	return l
}
