package auditor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent/audit"
	"accord/consent/ledger"
)

const (
	octets  = "application/octet-stream"
	text    = "text/plain; charset=utf-8"
	ndjson  = "application/x-ndjson"
	keySet  = "application/jwk-set+json"
	forEver = "public, max-age=31536000, immutable" // a tile's bytes never change
)

// ofLog admits the number of the log that is written now, in its one spelling.
func (p *Pages) ofLog(serve func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if c.Request.URL.RawPath != "" || c.Param("n") != path.Base(p.Keys.Origin()) {
			return failure.Newf(failure.NotFound, "no such log")
		}
		return serve(c)
	}
}

// head is the published checkpoint: the signed note and what it says.
func (p *Pages) head(ctx context.Context) (note []byte, c ledger.Checkpoint, err error) {
	if note, err = p.Store.Checkpoint(ctx); err != nil {
		return nil, c, failure.New(failure.Busy, err)
	}
	if c, err = ledger.OpenCheckpoint(note, p.Keys.Origin(), p.Keys.LogVerifier()); err != nil {
		return nil, c, failure.New(failure.Ours, err)
	}
	return note, c, nil
}

// checkpoint is the log's head (C2SP tlog-tiles, checkpoints).
func (p *Pages) checkpoint(c *gin.Context) error {
	note, _, err := p.head(c.Request.Context())
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=5")
	c.Data(http.StatusOK, text, note)
	return nil
}

// tile serves a Merkle tile or an entry bundle of the published tree.
func (p *Pages) tile(c *gin.Context) error {
	at, ok := parseTile(c.Param("path"))
	if !ok {
		return failure.Newf(failure.NotFound, "no tile has this path")
	}
	data, err := p.bytesOf(c.Request.Context(), at)
	if err != nil {
		return kept(err)
	}
	c.Header("Cache-Control", forEver)
	c.Data(http.StatusOK, octets, data)
	return nil
}

func (p *Pages) bytesOf(ctx context.Context, at tilePath) ([]byte, error) {
	if at.entries {
		return p.Store.EntryTile(ctx, at.index, at.width)
	}
	return p.Store.Tile(ctx, at.level, at.index, at.width)
}

// policy names the log and the key of its checkpoints (C2SP tlog-policy).
func (p *Pages) policy(c *gin.Context) error {
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, text, p.Policy())
	return nil
}

// Policy is the published policy file: its origin and verifier key.
func (p *Pages) Policy() []byte { return []byte("log " + p.Keys.LogVerifierKey() + "\n") }

// jwks is the key history of receipts: active and retired keys, each with the
// leaf index of its key event and its seal certificate. Old keys stay while
// receipts live.
func (p *Pages) jwks(c *gin.Context) error {
	published, err := p.Store.PublishedKeys(c.Request.Context())
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	body, err := p.Keys.WithIndexes(published).JWKS()
	if err == nil {
		body, err = p.certified(body)
	}
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, keySet, body)
	return nil
}

// certified adds to each key its seal certificate as x5c (RFC 7517 §4.7), the
// one its x5t#S256 is the digest of.
func (p *Pages) certified(set []byte) ([]byte, error) {
	var keys struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(set, &keys); err != nil {
		return nil, fmt.Errorf("adding certificates to the key set: %w", err)
	}
	for _, key := range keys.Keys {
		kid, _ := key["kid"].(string)
		if der := p.Keys.CertificateOf(kid); der != nil {
			key["x5c"] = []string{base64.StdEncoding.EncodeToString(der)}
		}
	}
	return json.Marshal(keys)
}

// keyEvents opens the leaves of every key (9, 10, 11), in log order and in the
// export's form: with the tiles they show that no key was slipped in.
func (p *Pages) keyEvents(c *gin.Context) error {
	_, head, err := p.head(c.Request.Context())
	if err != nil {
		return err
	}
	published, err := p.Store.PublishedKeys(c.Request.Context())
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	var body []byte
	for _, e := range published {
		if e.Index >= head.Size {
			break
		}
		line, err := audit.EncodeExportLine(audit.NewExportLine(e.Index, e.Kind, e.Salt, e.Event, nil))
		if err != nil {
			return failure.New(failure.Ours, err)
		}
		body = append(append(body, line...), '\n')
	}
	c.Header("Cache-Control", "public, max-age=5")
	c.Data(http.StatusOK, ndjson, body)
	return nil
}

// Head is the published checkpoint: the signed note and what it says.
func (p *Pages) Head(ctx context.Context) (note []byte, c ledger.Checkpoint, err error) {
	return p.head(ctx)
}

// Tiles reads the published tree of size leaves.
func (p *Pages) Tiles(ctx context.Context, size int64) ledger.TileReader { return tiles{ctx, p, size} }

type tiles struct {
	ctx  context.Context // of the one request they are read for
	from *Pages
	size int64
}

// Tile gives as many hashes as a tree of that size has there.
func (t tiles) Tile(level int, index int64) ([]byte, error) {
	width := min(int64(fullWidth), t.size>>(level*ledger.TileHeight)-index*fullWidth)
	if width < 1 {
		return nil, nil
	}
	return t.from.Store.Tile(t.ctx, level, index, int(width))
}
