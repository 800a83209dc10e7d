package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/configuration"
)

// backup copies the store, while serve runs or not, and checks the copy. It
// never holds a key: the keys folder has its own backup, elsewhere.
func backup(ctx context.Context, in invocation, args []string) error {
	f := flags("backup")
	file := f.String("config", defaultConfig, "")
	rate := f.Int("rate", admin.BackupRate, "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if *rate < 1 || *rate > admin.MaxBackupRate {
		return fmt.Errorf("%w: -rate is 1 to %d MiB/s", errUsage, admin.MaxBackupRate)
	}
	c, err := in.loadPlaces(*file)
	if err != nil {
		return err
	}
	r, err := writeBackup(ctx, c, f.Arg(0), *rate)
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: %s", f.Arg(0), describe(r))
	return nil
}

// writeBackup makes out appear once it is whole, durable and verified.
func writeBackup(ctx context.Context, c *configuration.Configuration, out string, rate int) (r boltstore.Report, err error) {
	if err := checkOut(out, c.Settings.Data); err != nil {
		return r, err
	}
	copied := storeConfig(c)
	copied.Path = out + ".partial"
	defer func() { _ = os.Remove(copied.Path) }() // gone already when it got its name
	if err := writePartial(ctx, c, copied.Path, rate); err != nil {
		return r, fmt.Errorf("writing the backup: %w", err)
	}
	if r, err = boltstore.Inspect(copied); err != nil {
		return r, fmt.Errorf("verifying the backup: %w", err)
	}
	return r, place(copied.Path, out)
}

// checkOut refuses a place where a copy would be lost with the data, or would
// replace something.
func checkOut(out, data string) error {
	switch within, err := sameFolder(out, data); {
	case err != nil:
		return fmt.Errorf("writing %s: %w", out, err)
	case within:
		return fmt.Errorf("writing %s: it lies in the data folder: write to another disk", out)
	}
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("writing %s: it is there already: choose another name", out)
	}
	return nil
}

func writePartial(ctx context.Context, c *configuration.Configuration, path string, rate int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = copyStore(ctx, c, f, rate)
	return errors.Join(err, f.Sync(), f.Close())
}

// copyStore asks the running serve, or reads the file when none runs.
func copyStore(ctx context.Context, c *configuration.Configuration, w io.Writer, rate int) error {
	socket, err := net.Dial("unix", c.Settings.Admin)
	if err != nil {
		return boltstore.Copy(ctx, storeConfig(c), w)
	}
	_ = socket.Close() // only to know that someone answers
	return copyRunning(ctx, c.Settings.Admin, w, rate)
}

func copyRunning(ctx context.Context, socket string, w io.Writer, rate int) error {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	to := "http://admin/backup?" + url.Values{"rate": {strconv.Itoa(rate)}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return fmt.Errorf("asking the running serve: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("asking the running serve: it answers %s", resp.Status)
	}
	if _, err := io.Copy(w, resp.Body); err != nil {
		return fmt.Errorf("receiving the copy from the running serve: %w", err)
	}
	return nil
}

// place gives a whole file its name, durably.
func place(from, to string) error {
	if err := os.Link(from, to); err != nil { // unlike a rename it never replaces a file
		return fmt.Errorf("naming %s: %w", to, err)
	}
	if err := os.Remove(from); err != nil {
		return fmt.Errorf("naming %s: %w", to, err)
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return fmt.Errorf("naming %s: %w", to, err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func sameFolder(file, dir string) (bool, error) {
	a, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return false, err
	}
	b, err := filepath.Abs(dir)
	return a == b || strings.HasPrefix(a, b+string(filepath.Separator)), err
}

// describe is what an operator writes down beside a copy.
func describe(r boltstore.Report) string {
	return fmt.Sprintf("verified: %d bytes, %d leaves, last event %s\n%s",
		r.Bytes, r.Size, r.Time.UTC().Format(time.RFC3339), r.Checkpoint)
}
