package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"accord/consent/audit"
	"accord/consent/ledger"
)

// errForged is returned for an export whose checkpoint the log did not sign.
var errForged = errors.New("the checkpoint is not signed by the log of the policy")

const maxCheckpointFile = 64 << 10

func readPolicy(path string) (audit.Policy, error) {
	data, err := readFile(path, audit.MaxPolicy)
	if err != nil {
		return audit.Policy{}, err
	}
	p, err := audit.ParsePolicy(data)
	if err != nil {
		return audit.Policy{}, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func readCheckpoint(path string, p audit.Policy) (ledger.Checkpoint, error) {
	data, err := readFile(path, maxCheckpointFile)
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	c, err := p.Open(data)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// replay streams an export of a whole log through the rules. Its errors are
// what keeps from judging: a file that cannot be read, a part of a log, another
// log; errForged alone is a verdict.
func replay(ctx context.Context, path string, policy audit.Policy, o audit.ReplayOptions) (audit.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return audit.Report{}, fmt.Errorf("reading: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<20), audit.MaxExportLine+1)
	head, err := exportHead(lines, path, policy)
	if err != nil {
		return audit.Report{}, err
	}
	o.Origin = policy.Origin
	r := audit.NewReplay(o)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return audit.Report{}, err
		}
		r.AddEncoded(lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		return audit.Report{}, fmt.Errorf("reading %s: %w", path, err)
	}
	return r.Finish(head), nil
}

// exportHead is the signed checkpoint an export of a whole log begins with.
func exportHead(lines *bufio.Scanner, path string, policy audit.Policy) (ledger.Checkpoint, error) {
	if !lines.Scan() {
		return ledger.Checkpoint{}, fmt.Errorf("reading %s: %w", path, errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	h, err := audit.DecodeExportHeader(lines.Bytes())
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("reading %s: %w", path, err)
	}
	if h.Origin != policy.Origin {
		return ledger.Checkpoint{}, fmt.Errorf("%s is of log %s, the policy of %s", path, h.Origin, policy.Origin)
	}
	if h.From != 0 || h.Checkpoint == "" {
		return ledger.Checkpoint{}, fmt.Errorf("%s holds only a part of the log, from leaf %d", path, h.From)
	}
	note, err := h.SignedNote()
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("reading %s: %w", path, err)
	}
	c, err := policy.Open(note)
	if err != nil || c.Size != h.To {
		return ledger.Checkpoint{}, fmt.Errorf("reading %s: %w", path, errors.Join(errForged, err))
	}
	return c, nil
}
