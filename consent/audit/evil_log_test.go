package audit

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// reproved is the good bundle with another tlog-proof text.
func (w *world) reproved(change func(string) string) []byte {
	w.t.Helper()
	b := must2(ParseBundle(w.bundle(w.parts())))(w.t)
	b.TlogProof = change(b.TlogProof)
	return must2(encodePlain(b))(w.t)
}

// reopened is the good bundle with other bytes in the extra line.
func (w *world) reopened(change func(string) string) []byte {
	w.t.Helper()
	return w.reproved(func(text string) string {
		p := must2(ledger.ParseProof([]byte(text)))(w.t)
		p.Extra = []byte(change(string(p.Extra)))
		return string(ledger.FormatProof(p))
	})
}

func (w *world) with(change func(*BundleParts)) []byte {
	w.t.Helper()
	p := w.parts()
	change(&p)
	return w.bundle(p)
}

func replace(old, with string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, with, 1) }
}

func (w *world) signCheckpoint(c ledger.Checkpoint, s note.Signer) []byte {
	return must2(note.Sign(&note.Note{Text: c.Body()}, s))(w.t)
}

// logVectors: proof, checkpoint, opening, keys, and receipt against event.
func logVectors(t testing.TB) []vector {
	w := newWorld(t)
	return slices.Concat(proofVectors(w), checkpointVectors(w), openingVectors(w), keyVectors(w), agreementVectors(w))
}

func proofVectors(w *world) []vector {
	var all []vector
	add := func(id, about string, bundle []byte, check string) {
		all = append(all, w.bundleVector(id, about, bundle, False, check))
	}
	hashes := func(id, about string, change func(h []tlog.Hash) []tlog.Hash) {
		add(id, about, w.with(func(p *BundleParts) { p.Inclusion = change(slices.Clone(p.Inclusion)) }), "inclusion")
	}
	hashes("proof-siblings-swapped", "two siblings swapped", func(h []tlog.Hash) []tlog.Hash { h[0], h[1] = h[1], h[0]; return h })
	hashes("proof-sibling-bit", "one bit of a sibling", func(h []tlog.Hash) []tlog.Hash { h[2][31] ^= 1; return h })
	hashes("proof-sibling-missing", "one sibling missing", func(h []tlog.Hash) []tlog.Hash { return h[1:] })
	hashes("proof-sibling-added", "one sibling too many", func(h []tlog.Hash) []tlog.Hash { return append(h, h[0]) })
	hashes("proof-empty", "no sibling at all", func([]tlog.Hash) []tlog.Hash { return nil })
	hashes("proof-of-another-leaf", "the siblings of the next leaf", func([]tlog.Hash) []tlog.Hash { return w.prove(w.granted + 1) })
	index := "\nindex " + strconv.FormatInt(w.granted, 10) + "\n"
	add("proof-index-wrong", "index of the next leaf in the proof", w.reproved(replace(index, "\nindex 7\n")), "opening")
	add("proof-index-wrong-in-both", "index of the next leaf in proof and opening", w.with(func(p *BundleParts) { p.Opening.Index++ }), "inclusion")
	add("proof-index-beyond", "index beyond the checkpoint's size", w.with(func(p *BundleParts) { p.Opening.Index = 12 }), "inclusion")
	add("proof-index-leading-zero", "index with a leading zero", w.reproved(replace(index, "\nindex 06\n")), "form")
	add("proof-index-negative", "a negative index", w.reproved(replace(index, "\nindex -6\n")), "form")
	add("proof-title-other", "another title line", w.reproved(replace("tlog-proof@v1", "tlog-proof@v2")), "form")
	add("proof-carriage-returns", "lines ended as in a mail", w.reproved(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), "form")
	add("proof-extra-missing", "no opening", w.reopened(func(string) string { return "" }), "opening")
	return all
}

func checkpointVectors(w *world) []vector {
	var all []vector
	add := func(id, about string, checkpoint []byte) {
		all = append(all, w.bundleVector(id, about, w.with(func(p *BundleParts) { p.Checkpoint = checkpoint }), False, "checkpoint"))
	}
	good := string(w.checkpoint())
	root := must2(tlog.TreeHash(w.size, w.reader()))(w.t)
	here := ledger.Checkpoint{Origin: w.origin, Size: w.size, Root: root}
	stranger, _ := noteKey(w.t, w.origin, "another key under the log's name")
	elsewhere, _ := noteKey(w.t, "accord.example/log/2", "accord test log key")
	witness, _ := noteKey(w.t, "witness.example/w1", "witness")
	there := here
	there.Origin = "accord.example/log/2"
	add("checkpoint-other-log", "signed by another log, of the same tree", w.signCheckpoint(there, elsewhere))
	add("checkpoint-origin-wrong", "another origin, signed by the log's key", w.signCheckpoint(there, w.fixtureLog.signer))
	add("checkpoint-key-of-another", "signed by another key under the log's name", w.signCheckpoint(here, stranger))
	add("checkpoint-witness-only", "signed by a witness only", w.signCheckpoint(here, witness))
	add("checkpoint-unsigned", "no signature", []byte(here.Body()))
	add("checkpoint-size-changed", "a larger size under the same signature", []byte(strings.Replace(good, "\n12\n", "\n13\n", 1)))
	add("checkpoint-size-leading-zero", "a size with a leading zero, signed", must2(note.Sign(&note.Note{Text: strings.Replace(here.Body(), "\n12\n", "\n012\n", 1)}, w.fixtureLog.signer))(w.t))
	add("checkpoint-root-bit", "one bit of the root under the same signature", []byte(strings.Replace(good, here.Body(), withRoot(here, 1).Body(), 1)))
	add("checkpoint-extension-line", "an extension line, signed", must2(note.Sign(&note.Note{Text: here.Body() + "extension\n"}, w.fixtureLog.signer))(w.t))
	at := strings.LastIndexByte(good, '=') - 3
	add("checkpoint-signature-bit", "one bit of the signature", []byte(good[:at]+otherSpelling(good[at])+good[at+1:]))
	all = append(all, w.bundleVector("checkpoint-of-another-tree", "truly signed, of a tree with another root",
		w.with(func(p *BundleParts) { p.Checkpoint = w.signCheckpoint(withRoot(here, 0xff), w.fixtureLog.signer) }), False, "inclusion"))
	all = append(all, w.bundleVector("checkpoint-before-the-act", "truly signed, of a size the act is beyond",
		w.with(func(p *BundleParts) { p.Checkpoint = w.branch(w.granted).checkpoint() }), False, "inclusion"))
	return all
}

func withRoot(c ledger.Checkpoint, mask byte) ledger.Checkpoint {
	c.Root[0] ^= mask
	return c
}

func openingVectors(w *world) []vector {
	var all []vector
	add := func(id, about string, change func(string) string, check string) {
		all = append(all, w.bundleVector(id, about, w.reopened(change), False, check))
	}
	salt := w.openings[w.granted].Salt
	other := salt
	other[0] ^= 1
	add("opening-salt-bit", "one bit of the salt", replace(encodeURL(salt[:]), encodeURL(other[:])), "inclusion")
	add("opening-salt-missing", "no salt for an event that names a person", replace(`"salt":"`+encodeURL(salt[:])+`",`, ""), "opening")
	add("opening-salt-short", "a salt of 31 bytes", replace(encodeURL(salt[:]), encodeURL(salt[:31])), "opening")
	add("opening-unknown-member", "a member no rule knows", replace(`{"i"`, `{"extra":1,"i"`), "opening")
	add("opening-doubled-name", "the event twice", replace(`"event":`, `"event":{},"event":`), "opening")
	add("opening-of-another-leaf", "the opening of the leaf before", func(string) string {
		return string(must2(EncodeOpening(w.openings[w.lookup]))(w.t))
	}, "opening")
	add("opening-event-space", "the event with a space", replace(`,"grant"`, `, "grant"`), "opening")
	add("opening-event-doubled-name", "a member of the event twice", replace(`"kind":`, `"kind":"consent.refused","kind":`), "opening")
	add("opening-event-unknown-member", "a member no event has", replace(`"grant"`, `"gift":"x","grant"`), "opening")
	add("opening-event-version", "an event of version 2", replace(`"v":1`, `"v":2`), "opening")
	add("opening-event-time", "a time in seconds", replace(`.412Z","v"`, `Z","v"`), "opening")
	for _, c := range []struct{ member, old, with string }{
		{"kind", "consent.granted", "consent.withdrawn"},
		{"grant", fixtureGrant, "g_AAAAAAAAAAAAAAAAAAAAAA"},
		{"recipient", "99900010200015", "99900020100015"},
		{"client", "logiciels-du-preau", "logiciels-du-pre"},
		{"subject", fixtureSubject, encodeURL(make([]byte, 32))},
		{"data", `["cnaf_quotient_familial"]`, `["cnaf_quotient_familial","dgfip_rfr"]`},
		{"approval", `"valbrume-cantine"`, `"valbrume-mediatheque"`},
		{"basis", "accord_art6_1_e", "consentement_art6_1_a"},
		{"mode", `"journey"`, `"desk"`},
		{"time", `"time":"2026-11-22`, `"time":"2026-11-21`},
		{"prev", `"prev":5`, `"prev":4`},
		{"lookup", `"lookup":5`, `"lookup":4`},
		{"purpose", "tarification-cantine", "tarification"},
		{"valid_until", `"valid_until":"2026`, `"valid_until":"2027`},
		{"interaction", fixtureRecord, fixtureRelease},
		{"receipt", receipt.Digest(w.jws), receipt.Digest(nil)},
	} {
		add("opening-event-changed-"+c.member, "another "+c.member+" than was logged", replace(c.old, c.with), "inclusion")
	}
	return all
}

func keyVectors(w *world) []vector {
	var all []vector
	add := func(id, about string, bundle []byte, want, check string) {
		all = append(all, w.bundleVector(id, about, bundle, want, check))
	}
	add("key-events-missing", "no key event", w.with(func(p *BundleParts) { p.KeyEvents = nil }), Undecided, "key_logged")
	add("key-event-of-another", "another key's event only", w.with(func(p *BundleParts) { p.KeyEvents = []KeyEvent{w.keyEvent(w.oldAt)} }), Undecided, "key_logged")
	add("key-event-not-in-log", "a key event the log does not hold", w.with(func(p *BundleParts) {
		p.KeyEvents[0].Event = []byte(strings.Replace(string(p.KeyEvents[0].Event), `"2026-11-22T13:20`, `"2026-11-22T13:19`, 1))
	}), False, "key_logged")
	add("key-event-index-wrong", "a key event at another index", w.with(func(p *BundleParts) { p.KeyEvents[0].Index++ }), False, "key_logged")
	add("key-event-proof-bit", "one bit of a key event's proof", w.with(func(p *BundleParts) { p.KeyEvents[0].Proof[0][0] ^= 1 }), False, "key_logged")
	add("key-event-proof-cut", "a key event's proof without its last sibling", w.with(func(p *BundleParts) { k := &p.KeyEvents[0]; k.Proof = k.Proof[1:] }), False, "key_logged")
	add("key-event-kid-lies", "a kid that is not the key's thumbprint", w.with(func(p *BundleParts) {
		k := &p.KeyEvents[0]
		k.Event, k.Proof = []byte(strings.Replace(string(k.Event), `"id":"`+w.signer.KeyID, `"id":"`+w.old.KeyID, 1)), nil
	}), False, "key_logged")
	add("key-event-doubled", "the key activated twice", w.with(func(p *BundleParts) { p.KeyEvents = append(p.KeyEvents, p.KeyEvents[0]) }), False, "key_logged")
	add("certificate-of-another-key", "the certificate of another key", w.with(func(p *BundleParts) { p.Certificate = w.oldCert }), False, "certificate")
	add("certificate-empty", "an empty certificate", w.with(func(p *BundleParts) { p.Certificate = nil }), False, "certificate")
	add("certificate-bit", "one bit of the certificate", w.with(func(p *BundleParts) { p.Certificate = slices.Clone(p.Certificate); p.Certificate[40] ^= 1 }), False, "certificate")
	all = append(all, retiredVectors(w)...)
	return all
}

// retiredVectors: the log's order decides, whatever time a signer wrote.
func retiredVectors(w *world) []vector {
	back := w.branch(w.granted)
	back.jws, back.certificate = w.byRetiredKey(), w.oldCert
	back.receipt.Event.ValidUntil = w.receipt.Event.ValidUntil
	back.add(back.grantedEvent(back.jws))
	back.fill(12)
	old := back.parts()
	old.KeyEvents = []KeyEvent{back.keyEvent(back.oldAt), back.keyEvent(back.retiredAt)}
	late := w.branch(w.keyAt) // the act first, then the key
	late.add(Event{Kind: "log.closed"})
	late.fcAt = late.activate("franceconnect", fcKeyID, publicKeyText(w.t, w.fc.Public(), fcKeyID))
	late.lookup = late.add(lookupEvent())
	late.granted = late.add(late.grantedEvent(w.jws))
	late.keyAt = late.activate("receipt", w.signer.KeyID, publicKeyText(w.t, w.signer.Key.Public(), w.signer.KeyID))
	late.fill(12)
	all := []vector{
		w.bundleVector("key-retired-back-dated", "signed with a retired key, dated back into its time, logged after its retirement", back.bundle(old), False, "key_time"),
		w.bundleVector("key-activated-after", "logged before its key was", late.bundle(late.parts()), False, "key_time"),
	}
	for id, good := range map[string]int64{"key-compromised-before": w.granted - 1, "good-key-compromised-after": w.granted, "key-compromised-wholly": -1} {
		cut := w.branch(w.granted + 1)
		at := cut.add(Event{Kind: "key.compromised", Time: "2026-11-22T14:21:07.412Z", ID: w.signer.KeyID, Digest: Digest(nil), Reason: LastGood + strconv.FormatInt(good, 10)})
		cut.fill(12)
		p := cut.parts()
		p.KeyEvents = append(p.KeyEvents, cut.keyEvent(at))
		v := w.bundleVector(id, "key compromised, last good leaf "+strconv.FormatInt(good, 10), cut.bundle(p), False, "key_time")
		if good == w.granted {
			v.Want = verdictWanted{Outcome: Genuine}
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b vector) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func agreementVectors(w *world) []vector {
	var all []vector
	for _, c := range []struct {
		id, about string
		spoil     func(*Event)
	}{
		{"kind", "a renewal", func(e *Event) { e.Kind = "consent.renewed" }},
		{"grant", "another grant", func(e *Event) { e.Grant = "g_AAAAAAAAAAAAAAAAAAAAAA" }},
		{"recipient", "another recipient", func(e *Event) { e.Recipient = "99900020100015" }},
		{"subject", "another person", func(e *Event) { e.Subject = encodeURL(make([]byte, 32)) }},
		{"data", "more data than the receipt grants", func(e *Event) { e.Data = append(e.Data, "dgfip_rfr") }},
		{"approval", "another approval", func(e *Event) { e.Approval = "valbrume-mediatheque" }},
		{"approval-digest", "another version of the approval", func(e *Event) { e.ApprovalDigest = Digest(nil) }},
		{"basis", "another legal act", func(e *Event) { e.Basis = "consentement_art6_1_a" }},
		{"purpose", "another purpose", func(e *Event) { e.Purpose = "mediatheque" }},
		{"interaction", "another interaction", func(e *Event) { e.Interaction = fixtureRelease }},
		{"until", "a later end", func(e *Event) { e.ValidUntil = "2027-11-22T13:32:07.412Z" }},
		{"time", "logged a day after the act: dated back", func(e *Event) { e.Time = "2026-11-23T13:21:07.412Z" }},
	} {
		all = append(all, w.bundleVector("event-other-"+c.id, "the log tells of "+c.about, w.logged(w.jws, c.spoil), False, "agreement"))
	}
	foreign := w.signed(func(r *receipt.Receipt) { r.Log.Origin = "accord.example/log/2" })
	swapped := w.parts()
	swapped.JWS = foreign
	return append(all,
		w.bundleVector("receipt-of-another-log", "a receipt that names another log", w.logged(foreign, nil), False, "agreement"),
		w.bundleVector("receipt-other-than-logged", "another true receipt than the leaf names", w.bundle(swapped), False, "receipt_logged"),
	)
}
