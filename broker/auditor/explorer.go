package auditor

import (
	"encoding/base64"
	"net/http"
	"path"
	"strconv"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent/ledger"
	"accord/ui"
)

// journalPath is the log as pages: each answer reads a few tiles, whatever the
// size, and nothing beyond the published head.
const journalPath = "/journal"

const newestShown = 12 // leaves listed, newest first

// journal shows the head; with index it leads to that leaf, with from and to it
// compares two states.
func (p *Pages) journal(c *gin.Context) error {
	_, head, err := p.head(c.Request.Context())
	if err != nil {
		return err
	}
	page := ui.Journal{Origin: head.Origin, Number: path.Base(head.Origin), Size: head.Size, Root: shown(head.Root[:])}
	switch query := c.Request.URL.Query(); {
	case query.Get("index") != "":
		if index, ok := number(query.Get("index")); ok && index < head.Size {
			c.Redirect(http.StatusSeeOther, journalPath+"/"+strconv.FormatInt(index, 10))
			return nil
		}
		page.Problem = "index"
	case query.Has("from"):
		if page.Consistency, err = p.compared(c, head, query.Get("from"), query.Get("to")); err != nil {
			return err
		}
		if page.Consistency == nil {
			page.Problem = "sizes"
		}
	}
	if page.Newest, err = p.newest(c, head); err != nil {
		return err
	}
	status := http.StatusOK
	if page.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	p.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// number reads an index or a size in its one spelling.
func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}

// compared proves that the earlier of two published states is the beginning of
// the later, and checks the proof; nil when they are none.
func (p *Pages) compared(c *gin.Context, head ledger.Checkpoint, from, to string) (*ui.Consistency, error) {
	first, ok := number(from)
	last := head.Size
	if to != "" {
		var known bool
		last, known = number(to)
		ok = ok && known
	}
	if !ok || first > last || last > head.Size {
		return nil, nil
	}
	tiles := p.Tiles(c.Request.Context(), head.Size)
	before, err := ledger.RootAt(first, tiles)
	if err != nil {
		return nil, failure.New(failure.Busy, err)
	}
	after, err := ledger.RootAt(last, tiles)
	if err != nil {
		return nil, failure.New(failure.Busy, err)
	}
	proof, err := ledger.ProveConsistency(first, last, tiles)
	if err != nil {
		return nil, failure.New(failure.Busy, err)
	}
	one := &ui.Consistency{
		From: first, To: last, FromRoot: shown(before[:]), ToRoot: shown(after[:]),
		Holds: ledger.VerifyConsistency(first, last, before, after, proof) == nil && (last != head.Size || after == head.Root),
	}
	for _, hash := range proof {
		one.Proof = append(one.Proof, shown(hash[:]))
	}
	return one, nil
}

// newest lists the last leaves of the published tree.
func (p *Pages) newest(c *gin.Context, head ledger.Checkpoint) (lines []ui.JournalLine, err error) {
	for index := head.Size - 1; index >= max(0, head.Size-newestShown); index-- {
		leaf, err := p.leafAt(c.Request.Context(), head, index)
		if err != nil {
			return nil, err
		}
		line, _, err := p.opened(c.Request.Context(), leaf, index)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// shown is a hash as checkpoints write it.
func shown(hash []byte) string { return base64.StdEncoding.EncodeToString(hash) }
