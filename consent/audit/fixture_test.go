package audit

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

var update = flag.Bool("update", false, "write testdata anew")

// repeatable signs the same bytes alike each time (RFC 6979), so that the
// vectors in testdata can be made again. Its keys are made from published
// words and are worth nothing.
type repeatable struct{ *ecdsa.PrivateKey }

func (r repeatable) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.PrivateKey.Sign(nil, digest, opts)
}

const (
	fixtureOrigin = "accord.example/log/1"
	fixtureIDP    = "https://fc.example/api/v2"
)

var fixtureTime = time.Date(2026, 11, 22, 13, 21, 7, 412e6, time.UTC)

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func keyOf(t testing.TB, word string) repeatable {
	scalar := sha256.Sum256([]byte(word))
	return repeatable{must2(ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]))(t)}
}

func must2[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T { t.Helper(); return must(t, v, err) }
}

// signerOf is a receipt key with its self-signed seal certificate.
func signerOf(t testing.TB, word string) (receipt.Signer, []byte) {
	t.Helper()
	key := keyOf(t, word)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2026), Subject: pkix.Name{CommonName: "Accord example seal"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der := must2(x509.CreateCertificate(nil, template, template, key.Public(), key))(t)
	kid := must2(receipt.KeyID(&key.PublicKey))(t)
	return receipt.Signer{KeyID: kid, Key: key, CertificateDigest: sha256.Sum256(der)}, der
}

// noteKey is a log's key from a word.
func noteKey(t testing.TB, name, word string) (note.Signer, string) {
	t.Helper()
	seed := sha256.Sum256([]byte(word))
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey := must2(note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey)))(t)
	hash := strings.Split(vkey, "+")[1]
	skey := "PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))
	return must2(note.NewSigner(skey))(t), vkey
}

func publicKeyText(t testing.TB, key crypto.PublicKey, kid string) string {
	t.Helper()
	return string(must2((&jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: "ES256", Use: "sig"}).MarshalJSON())(t))
}

// A fixtureLog is a small log in memory, with the leaves' openings.
type fixtureLog struct {
	t        testing.TB
	origin   string
	signer   note.Signer
	policy   []byte
	openings []Opening
	hashes   []tlog.Hash
	size     int64
}

func newFixtureLog(t testing.TB, origin, word string) *fixtureLog {
	signer, vkey := noteKey(t, origin, word)
	return &fixtureLog{t: t, origin: origin, signer: signer, policy: []byte("log " + vkey + "\n")}
}

func (l *fixtureLog) add(e Event) int64 {
	l.t.Helper()
	index := int64(len(l.openings))
	e.V = Version
	if e.Time == "" {
		e.Time = fixtureTime.Add(time.Duration(index-20) * time.Second).Format(TimeLayout)
	}
	o := Opening{Index: index, Event: must2(Encode(e))(l.t)}
	if kind := must2(ParseKind(e.Kind))(l.t); !kind.Public() {
		o.Salt = sha256.Sum256(fmt.Appendf(nil, "salt %d", index))
	}
	_, leaf, err := o.Open()
	if err != nil {
		l.t.Fatal(err)
	}
	l.openings = append(l.openings, o)
	l.store(leaf.Hash())
	return index
}

func (l *fixtureLog) store(leaf tlog.Hash) {
	n := l.size
	more, err := tlog.StoredHashesForRecordHash(n, leaf, l.reader())
	if err != nil {
		l.t.Fatal(err)
	}
	l.hashes, l.size = append(l.hashes, more...), n+1
}

// fill adds leaves nobody opens, up to size.
func (l *fixtureLog) fill(size int64) {
	for l.size < size {
		l.store(sha256.Sum256(fmt.Appendf(nil, "leaf %d", l.size)))
	}
}

func (l *fixtureLog) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = l.hashes[at]
		}
		return out, nil
	})
}

func (l *fixtureLog) checkpoint() []byte {
	l.t.Helper()
	root := must2(tlog.TreeHash(l.size, l.reader()))(l.t)
	return must2(ledger.SignCheckpoint(ledger.Checkpoint{Origin: l.origin, Size: l.size, Root: root}, l.signer))(l.t)
}

func (l *fixtureLog) prove(index int64) []tlog.Hash {
	l.t.Helper()
	return must2(tlog.ProveRecord(l.size, index, l.reader()))(l.t)
}

func (l *fixtureLog) keyEvent(index int64) KeyEvent {
	l.t.Helper()
	return KeyEvent{Index: index, Event: l.openings[index].Event, Proof: l.prove(index)}
}

// A world is one citizen's agreement, its log and all that proves it.
type world struct {
	*fixtureLog
	signer, old          receipt.Signer
	certificate, oldCert []byte
	fc                   repeatable
	keyAt, oldAt, fcAt   int64
	retiredAt, lookup    int64
	granted, released    int64
	request              string // request_digest
	r, salt, releaseKey  [32]byte
	receipt              receipt.Receipt
	jws, delivery        []byte
	idToken              string
}

const fcKeyID = "fc-2026-1"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{fixtureLog: newFixtureLog(t, fixtureOrigin, "accord test log key")}
	w.signer, w.certificate = signerOf(t, "accord test receipt key")
	w.old, w.oldCert = signerOf(t, "accord test retired key")
	w.fc = keyOf(t, "franceconnect test key")
	w.r, w.salt, w.releaseKey = sha256.Sum256([]byte("r")), sha256.Sum256([]byte("salt")), sha256.Sum256([]byte("release key"))
	w.add(Event{Kind: "log.opened", ID: fixtureOrigin})
	w.oldAt = w.activate("receipt", w.old.KeyID, publicKeyText(t, w.old.Key.Public(), w.old.KeyID))
	w.keyAt = w.activate("receipt", w.signer.KeyID, publicKeyText(t, w.signer.Key.Public(), w.signer.KeyID))
	w.retiredAt = w.add(Event{Kind: "key.retired", ID: w.old.KeyID, Digest: Digest([]byte("old"))})
	w.fcAt = w.activate("franceconnect", fcKeyID, publicKeyText(t, w.fc.Public(), fcKeyID))
	w.lookup = w.add(lookupEvent())
	w.request = Digest(w.openings[w.lookup].Event)
	w.idToken = w.token(w.claims())
	w.receipt = w.grantedReceipt()
	w.jws = must2(receipt.Sign(w.receipt, w.signer, fixtureTime))(t)
	w.granted = w.add(w.grantedEvent(w.jws))
	w.released = w.add(w.releasedEvent())
	w.delivery = must2(SignDelivery(w.deliveryStatement(), w.signer, fixtureTime.Add(time.Second)))(t)
	w.fill(12)
	return w
}

func (w *world) activate(role, id, key string) int64 {
	return w.add(Event{Kind: "key.activated", ID: id, Role: role, Key: key, Digest: Digest([]byte(key))})
}

func lookupEvent() Event {
	return Event{
		Kind: "lookup.requested", Interaction: fixtureRecord, Client: "logiciels-du-preau", Recipient: "99900010200015",
		Purpose: "tarification-cantine", Approval: "valbrume-cantine", ApprovalDigest: Digest([]byte("approval")),
		Data: []string{"cnaf_quotient_familial", "dgfip_rfr"},
	}
}

const (
	fixtureRecord  = "019ab9c1-6ef0-7a11-8f02-77d0c1b2a3e4"
	fixtureGrant   = "g_7Qm2mYwzv0mR2H3kQ0p1aA"
	fixtureRelease = "019ab9c2-0001-7a11-8f02-77d0c1b2a3e4"
	fixtureSubject = "wT3n0V8wq2pS2o6m0bqv1QwT3n0V8wq2pS2o6m0bqv0"
	fixtureData    = `{"quotient_familial":{"valeur":2550,"annee":2026,"mois":11}}`
)

// grantedReceipt is a vector of the receipt package, made to stand in this log.
func (w *world) grantedReceipt() receipt.Receipt {
	w.t.Helper()
	vector := must2(os.ReadFile("testdata/receipt_template.jws"))(w.t)
	r, _, err := receipt.Parse(vector)
	if err != nil {
		w.t.Fatal(err)
	}
	r.RecordID, r.GrantID, r.RequestDigest, r.Subject.ID = fixtureRecord, fixtureGrant, w.request, fixtureSubject
	r.Subject.Auth.IDP, r.Subject.Auth.Evidence = fixtureIDP, w.evidenceDigest(w.idToken)
	r.Log = receipt.Log{Origin: w.origin, Policy: Digest(w.policy)}
	r.Approval = receipt.Approval{ID: "valbrume-cantine", Digest: Digest([]byte("approval"))}
	return r
}

func (w *world) evidenceDigest(token string) string {
	mac := hmac.New(sha256.New, w.salt[:])
	mac.Write([]byte(token))
	return "hmac-sha-256:" + encodeURL(mac.Sum(nil))
}

func (w *world) grantedEvent(jws []byte) Event {
	return Event{
		Kind: "consent.granted", Interaction: fixtureRecord, Client: "logiciels-du-preau", Recipient: "99900010200015",
		Purpose: "tarification-cantine", Approval: "valbrume-cantine", ApprovalDigest: Digest([]byte("approval")),
		Basis: "accord_art6_1_e", Citizen: encodeURL(w.r[:]), Subject: fixtureSubject, Grant: fixtureGrant,
		Data: []string{"cnaf_quotient_familial"}, Mode: "journey", Lookup: &w.lookup, Prev: &w.lookup,
		Receipt: receipt.Digest(jws), ValidUntil: string(w.receipt.Event.ValidUntil),
	}
}

func (w *world) releasedEvent() Event {
	d := w.deliveryStatement()
	digest := must2(d.Digest())(w.t)
	return Event{
		Kind: "release.completed", Interaction: fixtureRecord, Client: d.Client, Recipient: "99900010200015", Grant: d.Grant,
		Purpose: "tarification-cantine", Approval: "valbrume-cantine", Citizen: encodeURL(w.r[:]), Subject: d.Subject,
		Data: []string{"cnaf_quotient_familial"}, Fields: []string{"quotient_familial.valeur"}, Release: d.Release,
		Snapshot: "019ab9c1-7000-7a11-8f02-77d0c1b2a3e4", ResponseDigest: digest, Prev: &w.granted,
	}
}

func (w *world) deliveryStatement() Delivery {
	return Delivery{
		Issuer: "https://accord.example", Audience: "siret:99900010200015", Subject: fixtureSubject,
		IssuedAt: fixtureTime.Unix() + 1, Release: fixtureRelease, Client: "logiciels-du-preau", Grant: fixtureGrant,
		Resource: "dss/quotient_familial", Source: "cnav", Period: "2026-11",
		Retrieved: fixtureTime.Add(-time.Minute).Format(TimeLayout), Log: fmt.Sprintf("%s#%d", w.origin, w.granted+1),
		ReleaseKey: encodeURL(w.releaseKey[:]), Data: json.RawMessage(fixtureData),
	}
}

func (w *world) claims() map[string]any {
	event := must2(decodeDigest(w.request))(w.t)
	nonce := sha256.Sum256(append(event, w.r[:]...))
	return map[string]any{
		"iss": fixtureIDP, "aud": "accord-broker", "sub": "8a9c3d2e", "nonce": hex.EncodeToString(nonce[:]),
		"acr": "eidas1", "auth_time": 1795353640, "iat": fixtureTime.Unix() - 20, "exp": fixtureTime.Unix() + 40,
	}
}

func decodeDigest(digest string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimPrefix(digest, "sha-256:"))
}

// token is FranceConnect's ID token, as its test key signs it.
func (w *world) token(claims map[string]any) string {
	w.t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", fcKeyID)
	signer := must2(jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: cryptosigner.Opaque(w.fc)}, options))(w.t)
	signed := must2(signer.Sign(must2(json.Marshal(claims))(w.t)))(w.t)
	return must2(signed.CompactSerialize())(w.t)
}

func (w *world) evidence() *Evidence {
	return &Evidence{
		IDToken: w.idToken, R: encodeURL(w.r[:]), Salt: encodeURL(w.salt[:]), Keys: []KeyEvent{w.keyEvent(w.fcAt)},
	}
}

func (w *world) parts() BundleParts {
	return BundleParts{
		JWS: w.jws, Opening: w.openings[w.granted], Inclusion: w.prove(w.granted), Checkpoint: w.checkpoint(),
		Certificate: w.certificate, KeyEvents: []KeyEvent{w.keyEvent(w.keyAt)}, Policy: w.policy, Evidence: w.evidence(),
	}
}

func (w *world) bundle(p BundleParts) []byte {
	w.t.Helper()
	return must2(MakeBundle(p))(w.t)
}

// keys is the published history: the log's, with the certificates.
func (w *world) keys() receipt.KeySet {
	set := must2(KeyHistory([]KeyEvent{w.keyEvent(w.oldAt), w.keyEvent(w.keyAt), w.keyEvent(w.retiredAt)}))(w.t)
	for i, s := range []receipt.Signer{w.old, w.signer} {
		set[i].CertificateDigest = s.CertificateDigest
	}
	return set
}

// judge parses and verifies, as a verifier does with a file.
func judge(t testing.TB, file, policy []byte) Verdict {
	t.Helper()
	p := must2(ParsePolicy(policy))(t)
	b, err := ParseBundle(file)
	if err != nil {
		return Verdict{Outcome: False, Checks: []Check{{"form", Failed, err.Error()}}}
	}
	return VerifyBundle(b, p)
}

// stopped is the first check that did not pass, of those made.
func (v Verdict) stopped() Check {
	for _, c := range v.Checks {
		if c.Result == Failed || c.Result == Open {
			return c
		}
	}
	return Check{}
}
