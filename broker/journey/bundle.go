package journey

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// ErrOtherLog says that the receipt stands in a log that was closed before a
// restore: its leaves are served no longer, so nothing here proves it.
var ErrOtherLog = errors.New("the receipt stands in another log")

// errMoved says that the log's head moved between two proofs of one bundle.
var errMoved = errors.New("another checkpoint was published meanwhile")

// showBundle serves /recu/{id}.accord: all that is needed to check the receipt
// offline, with FranceConnect's evidence for its person only. It is ready once
// a checkpoint over its leaf may leave the process, within a second of the act.
func (j *Journey) showBundle(c *gin.Context, stored store.StoredReceipt, who reader) error {
	body, err := j.steadyBundle(c.Request.Context(), stored, who)
	switch {
	case errors.Is(err, store.ErrNotFound) || errors.Is(err, errMoved):
		j.notYet(c)
		return nil
	case errors.Is(err, ErrOtherLog):
		return failure.New(failure.NotFound, err)
	case err != nil:
		return failure.New(failure.Busy, err)
	}
	attach(c, stored.ID+".accord", "application/gzip", body)
	return nil
}

// BundleOf is the bundle of a receipt for the person whose act it was, packed;
// store.ErrNotFound until a checkpoint over it may leave the process, and nil
// where the receipt stands in a log that is served no longer.
func (j *Journey) BundleOf(ctx context.Context, stored store.StoredReceipt) ([]byte, error) {
	body, err := j.steadyBundle(ctx, stored, thePerson)
	switch {
	case errors.Is(err, ErrOtherLog):
		return nil, nil
	case errors.Is(err, errMoved):
		return nil, fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return body, err
}

// Bundle is the proof of a receipt for whoever shows it: without its person's
// evidence. It answers ErrOtherLog, and store.ErrNotFound while no checkpoint
// over its leaf may leave the process.
func (j *Journey) Bundle(ctx context.Context, stored store.StoredReceipt) ([]byte, error) {
	return j.steadyBundle(ctx, stored, theParty)
}

// steadyBundle begins again when the log's head moves under it.
func (j *Journey) steadyBundle(ctx context.Context, stored store.StoredReceipt, who reader) ([]byte, error) {
	body, err := j.bundle(ctx, stored, who)
	for tries := 0; errors.Is(err, errMoved) && tries < 3; tries++ {
		body, err = j.bundle(ctx, stored, who)
	}
	return body, err
}

// notYet sends a browser, and a program, back in a second.
func (j *Journey) notYet(c *gin.Context) {
	c.Header("Retry-After", "1")
	c.Header("Refresh", "1")
	c.Data(http.StatusServiceUnavailable, "text/plain; charset=utf-8", []byte(j.UI.InEveryLanguage("receipt.bundle_soon")))
}

func (j *Journey) bundle(ctx context.Context, stored store.StoredReceipt, who reader) ([]byte, error) {
	r, header, err := receipt.Parse(stored.JWS)
	if err != nil {
		return nil, err
	}
	if r.Log.Origin != j.LogOrigin {
		return nil, ErrOtherLog
	}
	note, inclusion, err := j.Store.Inclusion(ctx, stored.Index)
	if err != nil {
		return nil, err
	}
	opening, err := j.openingOf(ctx, stored)
	if err != nil {
		return nil, err
	}
	under := provenUnder{j, note}
	parts := audit.BundleParts{
		JWS: stored.JWS, Opening: opening, Inclusion: inclusion, Checkpoint: note,
		Certificate: j.Keys.CertificateOf(header.KeyID), Policy: []byte("log " + j.Keys.LogVerifierKey() + "\n"),
	}
	if parts.KeyEvents, err = under.keyEvents(ctx, header.KeyID); err != nil {
		return nil, err
	}
	if who == thePerson {
		if parts.Evidence, err = under.evidence(ctx, stored.Sealed); err != nil {
			return nil, err
		}
	}
	plain, err := audit.MakeBundle(parts)
	if err != nil {
		return nil, err
	}
	return audit.PackBundle(plain)
}

// openingOf opens the receipt's leaf, which must name that receipt.
func (j *Journey) openingOf(ctx context.Context, stored store.StoredReceipt) (audit.Opening, error) {
	entries, err := j.Store.Entries(ctx, stored.Index, stored.Index+1)
	if err != nil {
		return audit.Opening{}, err
	}
	if len(entries) != 1 || entries[0].Receipt != stored.ID {
		return audit.Opening{}, fmt.Errorf("leaf %d does not open to receipt %s", stored.Index, stored.ID)
	}
	return audit.Opening{Index: stored.Index, Salt: entries[0].Salt, Event: entries[0].Event}, nil
}

// provenUnder makes proofs that all end in one checkpoint.
type provenUnder struct {
	*Journey
	note []byte
}

// keyEvents are the published events of one key.
func (u provenUnder) keyEvents(ctx context.Context, kid string) ([]audit.KeyEvent, error) {
	published, err := u.Store.PublishedKeys(ctx)
	if err != nil {
		return nil, err
	}
	events := []audit.KeyEvent{}
	for _, e := range published {
		var event audit.Event
		if err := json.Unmarshal(e.Event, &event); err != nil {
			return nil, fmt.Errorf("reading key event %d: %w", e.Index, err)
		}
		if event.ID != kid {
			continue
		}
		proof, err := u.proof(ctx, e.Index)
		if errors.Is(err, store.ErrNotFound) {
			break // of a later checkpoint: what follows is newer still
		}
		if err != nil {
			return nil, err
		}
		events = append(events, audit.KeyEvent{Index: e.Index, Event: e.Event, Proof: proof})
	}
	return events, nil
}

func (u provenUnder) proof(ctx context.Context, index int64) ([]tlog.Hash, error) {
	note, proof, err := u.Store.Inclusion(ctx, index)
	if err == nil && !bytes.Equal(note, u.note) {
		err = errMoved
	}
	return proof, err
}

// evidence opens what was sealed with the receipt; nil when the act carries
// none (nobody was known, or it was done from the web session).
func (u provenUnder) evidence(ctx context.Context, sealed []byte) (*audit.Evidence, error) {
	var kept evidence
	if len(sealed) > 0 {
		if err := json.Unmarshal(sealed, &kept); err != nil {
			return nil, fmt.Errorf("reading evidence: %w", err)
		}
	}
	if kept.IDToken == "" {
		return nil, nil
	}
	keys, err := u.keyEvents(ctx, keyOf(kept.IDToken))
	if err != nil {
		return nil, err
	}
	return &audit.Evidence{
		IDToken: kept.IDToken, R: base64url(kept.R), Salt: base64url(kept.Salt), Keys: keys,
	}, nil
}

// keyOf is the kid an ID token's header names, "" without one.
func keyOf(token string) string {
	encoded, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	var header struct {
		KeyID string `json:"kid"`
	}
	if err != nil || json.Unmarshal(raw, &header) != nil {
		return ""
	}
	return header.KeyID
}
