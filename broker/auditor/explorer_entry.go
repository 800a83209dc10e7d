package auditor

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/ui"
)

// entry shows one leaf and the way from it to the signed root. Only leaves of
// public kinds are opened: no other names nobody.
func (p *Pages) entry(c *gin.Context) error {
	ctx := c.Request.Context()
	index, ok := number(c.Param("index"))
	if !ok {
		return failure.Newf(failure.NotFound, "no leaf has this index")
	}
	note, proof, err := p.Store.Inclusion(ctx, index)
	if err != nil {
		return kept(err)
	}
	head, err := ledger.OpenCheckpoint(note, p.Keys.Origin(), p.Keys.LogVerifier())
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	leaf, err := p.leafAt(ctx, head, index)
	if err != nil {
		return err
	}
	page, hash := ui.JournalEntry{Origin: head.Origin, Number: path.Base(head.Origin), Size: head.Size, Root: shown(head.Root[:])}, leaf.Hash()
	page.Leaf, page.Hash = hex.EncodeToString(leaf[:]), shown(hash[:])
	page.Holds = ledger.VerifyInclusion(hash, index, head.Size, head.Root, proof) == nil
	for _, s := range ledger.Steps(hash, index, head.Size, proof) {
		page.Steps = append(page.Steps, ui.JournalStep{Sibling: shown(s.Sibling[:]), Left: s.Left, Hash: shown(s.Hash[:])})
	}
	page.Older, page.Newer = index-1, index+1
	if page.Newer >= head.Size {
		page.Newer = -1
	}
	var event []byte
	if page.Line, event, err = p.opened(ctx, leaf, index); err != nil {
		return err
	}
	page.Opening, page.Exact = members(event), string(event)
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// leafAt reads a published leaf out of its bundle.
func (p *Pages) leafAt(ctx context.Context, head ledger.Checkpoint, index int64) (ledger.Leaf, error) {
	bundle := index / fullWidth
	width := min(fullWidth, head.Size-bundle*fullWidth)
	data, err := p.Store.EntryTile(ctx, bundle, int(width))
	if err != nil {
		return ledger.Leaf{}, kept(err)
	}
	leaves, err := ledger.ParseEntryBundle(data)
	if err != nil || int64(len(leaves)) != width {
		return ledger.Leaf{}, failure.New(failure.Ours, fmt.Errorf("entry bundle %d: %d leaves: %w", bundle, len(leaves), err))
	}
	return leaves[index%fullWidth], nil
}

// opened is a leaf's line, and the exact event of a public one; nil of any
// other, whose time even is nobody's to know.
func (p *Pages) opened(ctx context.Context, leaf ledger.Leaf, index int64) (line ui.JournalLine, event []byte, err error) {
	kind := audit.Kind(leaf.Kind())
	line = ui.JournalLine{Index: index, Kind: kind.String()}
	if !kind.Public() {
		return line, nil, nil
	}
	entries, err := p.Store.Entries(ctx, index, index+1)
	if err != nil || len(entries) != 1 {
		return line, nil, failure.New(failure.Busy, err)
	}
	event = entries[0].Event
	said, committed, err := audit.Opening{Index: index, Event: event}.Open()
	if err != nil {
		return line, nil, failure.New(failure.Ours, err)
	}
	if committed != leaf {
		return line, nil, failure.Newf(failure.Ours, "leaf %d does not open to its event", index)
	}
	line.At, err = time.Parse(audit.TimeLayout, said.Time)
	if err != nil {
		return line, nil, failure.New(failure.Ours, err)
	}
	return line, event, nil
}

// members are what a public event says, sorted as they stand in its bytes.
func members(event []byte) (all []ui.JournalMember) {
	if event == nil {
		return nil
	}
	var said audit.Event
	if json.Unmarshal(event, &said) != nil {
		return nil
	}
	restored := ""
	if said.Restored != nil {
		restored = strconv.FormatInt(*said.Restored, 10)
	}
	for _, m := range []ui.JournalMember{
		{Name: "time", Value: said.Time},
		{Name: "id", Value: said.ID},
		{Name: "role", Value: said.Role},
		{Name: "key", Value: said.Key},
		{Name: "digest", Value: said.Digest},
		{Name: "reason", Value: said.Reason},
		{Name: "approval", Value: said.Approval},
		{Name: "client", Value: said.Client},
		{Name: "recipient", Value: said.Recipient},
		{Name: "purpose", Value: said.Purpose},
		{Name: "valid_until", Value: said.ValidUntil},
		{Name: "checkpoint", Value: said.Checkpoint},
		{Name: "restored", Value: restored},
	} {
		if m.Value != "" {
			all = append(all, m)
		}
	}
	return all
}
