package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"accord/cmd/accord-demo/country"
)

// A step is one journey of the check; it fails with what came out instead.
type step struct {
	name string
	play func(*checker) error
}

// runCheck plays every journey over HTTP against a country of its own.
func runCheck(ctx context.Context, o options, stdout, stderr io.Writer) int {
	began := time.Now()
	keep := o.Data
	o.BasePort = 0
	c, err := country.Start(ctx, o.Options)
	if err != nil {
		fmt.Fprintln(stderr, "accord-demo:", err)
		return 1
	}
	ch := &checker{Country: c}
	failed := 0
	for _, s := range steps() {
		if err := s.play(ch); err != nil {
			failed++
			fmt.Fprintf(stdout, "FAIL %s: %v\n", s.name, err)
			continue
		}
		fmt.Fprintf(stdout, "ok   %s\n", s.name)
	}
	if err := leave(ch, keep); err != nil {
		failed++
		fmt.Fprintf(stdout, "FAIL leaving DIR/check: %v\n", err)
	}
	if err := c.Close(); err != nil {
		failed++
		fmt.Fprintf(stdout, "FAIL stopping cleanly: %v\n", err)
	}
	fmt.Fprintf(stdout, "%d passed, %d failed\n", len(steps())-failed, failed)
	fmt.Fprintf(stdout, "in %s\n", time.Since(began).Round(time.Millisecond))
	if failed > 0 {
		return 1
	}
	return 0
}

// leave writes what citizen and auditor would have downloaded.
func leave(ch *checker, data string) error {
	if data == "" {
		return nil
	}
	dir := filepath.Join(data, "check")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, body := range ch.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			return err
		}
	}
	return nil
}
