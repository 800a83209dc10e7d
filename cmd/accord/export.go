package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"accord/broker/configuration"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// export asks the running serve for the whole published log with its openings,
// and checks that what came is what the log's key signed.
func export(ctx context.Context, in invocation, args []string) error {
	f := flags("export")
	file := f.String("config", defaultConfig, "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	c, err := in.loadPlaces(*file)
	if err != nil {
		return err
	}
	head, err := writeExport(ctx, c, f.Arg(0))
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: %d leaves of %s, as its checkpoint says\n", f.Arg(0), head.Size, head.Origin)
	return nil
}

// writeExport makes out appear once it is whole, durable and checked.
func writeExport(ctx context.Context, c *configuration.Configuration, out string) (head ledger.Checkpoint, err error) {
	if err := checkOut(out, c.Settings.Data); err != nil {
		return head, err
	}
	partial := out + ".partial"
	defer func() { _ = os.Remove(partial) }() // gone already when it got its name
	f, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return head, fmt.Errorf("writing the export: %w", err)
	}
	if err = receiveExport(ctx, c.Settings.Admin, f); err == nil {
		head, err = examineExport(c, f)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return head, fmt.Errorf("writing the export: %w", err)
	}
	return head, place(partial, out)
}

func receiveExport(ctx context.Context, socket string, w io.Writer) error {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://admin/export", nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return fmt.Errorf("asking the running serve (start it first): %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("asking the running serve: it answers %s", resp.Status)
	}
	if _, err := io.Copy(w, resp.Body); err != nil {
		return fmt.Errorf("receiving from the running serve: %w", err)
	}
	return nil
}

// examineExport rebuilds the root from the lines: a line lost on the way would
// otherwise look like one the log never had.
func examineExport(c *configuration.Configuration, f io.ReadSeeker) (head ledger.Checkpoint, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return head, err
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), audit.MaxExportLine)
	if head, err = signedHead(c, lines); err != nil {
		return head, err
	}
	tree := ledger.NewTree()
	for lines.Scan() {
		line, err := audit.DecodeExportLine(lines.Bytes())
		if err != nil {
			return head, err
		}
		leaf, err := line.LeafOf()
		if err != nil || line.I != tree.Size() {
			return head, fmt.Errorf("line of leaf %d stands at %d", line.I, tree.Size())
		}
		tree.Append(leaf.Hash())
	}
	if err := lines.Err(); err != nil {
		return head, err
	}
	if tree.Size() != head.Size || tree.Root() != head.Root {
		return head, fmt.Errorf("%d leaves came and do not give the root of the checkpoint (%d leaves)", tree.Size(), head.Size)
	}
	return head, nil
}

func signedHead(c *configuration.Configuration, lines *bufio.Scanner) (head ledger.Checkpoint, err error) {
	if !lines.Scan() {
		return head, errors.Join(errors.New("nothing came"), lines.Err())
	}
	h, err := audit.DecodeExportHeader(lines.Bytes())
	if err != nil {
		return head, err
	}
	note, err := h.SignedNote()
	if err != nil {
		return head, err
	}
	return ledger.OpenCheckpoint(note, c.Ring.Origin(), c.Ring.LogVerifier())
}
