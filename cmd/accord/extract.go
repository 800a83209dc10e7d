package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"accord/broker/operator"
)

// extract writes everything kept about a person, grant or interaction to a
// file only its owner may read.
func extract(ctx context.Context, in invocation, args []string) error {
	f, s, w := flags("extract"), socket{}, whom{}
	s.flags(f)
	w.flags(f)
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if err := w.read(); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(f.Arg(0), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing the extract: %w", err)
	}
	var x operator.Extract
	if err := call(ctx, path, "/extract", w.Whom, &x); err != nil {
		return errors.Join(err, out.Close(), os.Remove(f.Arg(0)))
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := errors.Join(e.Encode(x), out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("writing the extract: %w", err)
	}
	fmt.Fprintf(in.stdout, "%s: %d accords / agreements, %d reçus / receipts, %d événements / events, %d accès / accesses\n",
		f.Arg(0), len(x.Agreements), len(x.Receipts), len(x.Openings), len(x.Accesses))
	return nil
}
