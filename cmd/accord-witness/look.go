package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"accord/consent/audit"
)

// maxCheckpoint is ledger's bound on a signed note.
const maxCheckpoint = 64 << 10

// A monitor looks at one log again and again.
type monitor struct {
	log   *remoteLog
	trust audit.Policy  // the log and the key of its checkpoints
	state string        // file of the memory
	full  bool          // check all leaves again at each growth, not the new ones only
	stale time.Duration // how long the log may stay as it is; 0: for ever
	now   func() time.Time
}

// A sight is one look that ended well.
type sight struct {
	size  int64
	grown int64 // leaves since the last look
}

// look fetches the head and checks all that can be checked of it. What it saw
// is remembered, durably, before look returns nil. Its errors are *trouble.
func (m *monitor) look(ctx context.Context) (sight, error) {
	known, err := recall(m.state, m.trust)
	if err != nil {
		return sight{}, &trouble{ownState, -1, err}
	}
	shown, err := m.head(ctx)
	if err != nil {
		return sight{}, err
	}
	if err := m.compare(ctx, known, &shown); err != nil {
		return sight{}, m.accuse(known, shown, err)
	}
	if known.known() && known.head == shown.head {
		return sight{size: shown.head.Size}, m.fresh(known)
	}
	if err := shown.keep(m.state); err != nil {
		return sight{}, &trouble{ownState, -1, err}
	}
	return sight{shown.head.Size, shown.head.Size - known.head.Size}, nil
}

// head fetches the checkpoint and holds it to the log's key and name.
func (m *monitor) head(ctx context.Context) (memory, error) {
	data, err := m.log.fetch(ctx, "checkpoint", maxCheckpoint)
	if errors.Is(err, errLength) {
		return memory{}, &trouble{unsigned, -1, err}
	}
	if err != nil {
		return memory{}, &trouble{unreachable, -1, err}
	}
	head, err := m.trust.Open(data)
	if err != nil {
		return memory{}, &trouble{unsigned, -1, err}
	}
	return memory{note: data, head: head, seen: m.now()}, nil
}

// compare holds the head shown to the one remembered, and when it is a new
// one fills in its tree, rebuilt from the leaves.
func (m *monitor) compare(ctx context.Context, known memory, shown *memory) error {
	switch {
	case shown.head.Size < known.head.Size:
		return &trouble{rollback, shown.head.Size, fmt.Errorf("%d after %d", shown.head.Size, known.head.Size)}
	case known.known() && shown.head.Size == known.head.Size && shown.head.Root != known.head.Root:
		return &trouble{fork, max(0, shown.head.Size-1), errors.New("two signed roots of one size")}
	case known.known() && shown.head.Size == known.head.Size && !m.full:
		return nil
	}
	tree, err := m.grow(ctx, known, shown.head)
	shown.tree = tree
	return err
}

// fresh is the sign of life: without it a log that is cut off from us, or
// shown to us as it was, would seem well for ever.
func (m *monitor) fresh(known memory) error {
	if idle := m.now().Sub(known.seen); m.stale > 0 && idle > m.stale {
		return &trouble{stale, -1, fmt.Errorf("%s", idle.Round(time.Second))}
	}
	return nil
}

// accuse keeps what an alarm rests on beside the state: two checkpoints of
// one key that cannot both be true are proof against whoever signed them.
func (m *monitor) accuse(known, shown memory, err error) error {
	found := troubleOf(err)
	if !found.word.alarm() {
		return found
	}
	name := fmt.Sprintf("%s.alarm-%s-%d-%x", m.state, found.word, shown.head.Size, shown.head.Root[:4])
	notes := []string{string(shown.note)}
	if known.known() {
		notes = append(notes, string(known.note))
	}
	if err := replace(name, []byte(strings.Join(notes, "\n"))); err != nil {
		found.cause = errors.Join(found.cause, fmt.Errorf("keeping the evidence: %w", err))
		return found
	}
	found.cause = errors.Join(found.cause, fmt.Errorf("→ %s", name))
	return found
}
