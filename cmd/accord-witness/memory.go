package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"accord/consent/audit"
	"accord/consent/ledger"
)

const (
	memoryFormat = "accord-witness-state@1"
	maxMemory    = 256 << 10
)

// A memory is what the monitor knows of a log: the last head it checked whole.
// The zero memory knows nothing, and the first look then reads every leaf.
type memory struct {
	note []byte            // the signed checkpoint, as served
	head ledger.Checkpoint // of note
	tree *ledger.Tree      // frontier of the leaves under head; empty at first
	seen time.Time         // when head was first seen
}

// memoryFile is how a memory rests.
type memoryFile struct {
	Format     string    `json:"format"`
	Checkpoint string    `json:"checkpoint"` // signed note
	Tree       []byte    `json:"tree"`       // ledger.Tree.MarshalBinary
	Seen       time.Time `json:"seen"`
}

func (m memory) known() bool { return len(m.note) > 0 }

// recall reads the memory of the log the policy names. No file is an empty
// memory; a file that cannot be used is an error, never a fresh start, which
// would forget what was seen.
func recall(path string, trust audit.Policy) (memory, error) {
	data, err := readFile(path, maxMemory)
	if errors.Is(err, fs.ErrNotExist) {
		return memory{tree: ledger.NewTree()}, nil
	}
	if err != nil {
		return memory{}, fmt.Errorf("reading state: %w", err)
	}
	var f memoryFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil || f.Format != memoryFormat {
		return memory{}, errors.New("reading state: not a file of this monitor")
	}
	return f.memory(trust)
}

// memory checks that the file agrees with itself and with the policy.
func (f memoryFile) memory(trust audit.Policy) (memory, error) {
	m := memory{note: []byte(f.Checkpoint), tree: ledger.NewTree(), seen: f.Seen}
	var err error
	if m.head, err = trust.Open(m.note); err != nil {
		return memory{}, fmt.Errorf("reading state: %w", err)
	}
	if err := m.tree.UnmarshalBinary(f.Tree); err != nil {
		return memory{}, fmt.Errorf("reading state: %w", err)
	}
	if m.tree.Size() != m.head.Size || m.tree.Root() != m.head.Root {
		return memory{}, errors.New("reading state: its tree is not its checkpoint's")
	}
	return m, nil
}

// keep writes the memory; when it returns nil, a power cut does not lose it.
func (m memory) keep(path string) error {
	tree, err := m.tree.MarshalBinary()
	if err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	data, err := json.Marshal(memoryFile{memoryFormat, string(m.note), tree, m.seen.UTC()})
	if err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	if err := replace(path, append(data, '\n')); err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	return nil
}
