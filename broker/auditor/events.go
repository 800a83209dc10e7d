package auditor

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/audit"
)

// What one answer may hold; the rest follows at its Link rel="next".
const (
	mostLines = 10_000
	mostBytes = 8 << 20
)

// A span is what an auditor asked of the published log: leaves [from, to).
type span struct {
	from, to int64
	size     int64  // published leaves
	note     []byte // the signed checkpoint of that size
}

// events is /auditor/events.ndjson?from=&to=: the openings as accord-verify
// reads them, a header line first. Without a bound it begins at the first leaf
// and ends at the last published one.
func (p *Pages) events(c *gin.Context) error {
	asked, err := p.span(c)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	end, err := p.gather(c, asked, &body, func(e store.Entry) error {
		line, err := p.line(c.Request.Context(), e)
		body.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return err
	}
	head, err := audit.EncodeExportHeader(p.header(asked, end))
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	next(c, asked, end)
	c.Data(http.StatusOK, ndjson, append(append(head, '\n'), body.Bytes()...))
	return nil
}

// header names what follows; the checkpoint stands in that of a whole log only.
func (p *Pages) header(s span, end int64) audit.ExportHeader {
	h := audit.ExportHeader{Format: audit.ExportFormat, Origin: p.Keys.Origin(), From: s.from, To: end}
	if s.from == 0 && end == s.size {
		h.Checkpoint = base64.StdEncoding.EncodeToString(s.note)
	}
	return h
}

// gather writes entries to body until all are there or the answer is full, and
// tells where it stopped.
func (p *Pages) gather(c *gin.Context, s span, body *bytes.Buffer, write func(store.Entry) error) (end int64, err error) {
	end = s.from
	err = p.each(c.Request.Context(), s.from, s.to, func(e store.Entry) (bool, error) {
		end = e.Index + 1
		err := write(e)
		return end-s.from < mostLines && body.Len() < mostBytes, err
	})
	if err != nil {
		return end, failure.New(failure.Busy, err)
	}
	return end, nil
}

// span reads from and to, each once and in one spelling.
func (p *Pages) span(c *gin.Context) (s span, err error) {
	q, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return s, failure.New(failure.BadRequest, err)
	}
	for name, values := range q {
		if (name != "from" && name != "to") || len(values) != 1 {
			return s, failure.Newf(failure.BadRequest, "parameters other than one from and one to")
		}
	}
	note, head, err := p.head(c.Request.Context())
	if err != nil {
		return s, err
	}
	s = span{to: head.Size, size: head.Size, note: note}
	for name, into := range map[string]*int64{"from": &s.from, "to": &s.to} {
		if q.Has(name) {
			if *into, err = index(q.Get(name)); err != nil {
				return s, failure.New(failure.BadRequest, err)
			}
		}
	}
	if s.to = min(s.to, s.size); s.from > s.to {
		return s, failure.Newf(failure.BadRequest, "from is beyond to, or beyond the published log")
	}
	return s, nil
}

func index(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("a bound that is no leaf index")
	}
	return n, nil
}

// next tells where the rest is. RFC 8288.
func next(c *gin.Context, s span, end int64) {
	if end < s.to {
		c.Header("Link", fmt.Sprintf(`<%s?from=%d&to=%d>; rel="next"`, c.FullPath(), end, s.to))
	}
}
