package auditor

import (
	"context"
	"fmt"

	"accord/broker/store"
	"accord/consent/audit"
)

const atOnce = 1000 // entries one read of the store may give

// each gives the entries of [from, to) in order until yield says enough.
func (p *Pages) each(ctx context.Context, from, to int64, yield func(store.Entry) (more bool, err error)) error {
	for from < to {
		entries, err := p.Store.Entries(ctx, from, min(from+atOnce, to))
		if err != nil {
			return fmt.Errorf("reading the log from leaf %d: %w", from, err)
		}
		for _, e := range entries {
			if e.Index != from {
				return fmt.Errorf("reading the log: leaf %d stands where %d is due", e.Index, from)
			}
			if more, err := yield(e); err != nil || !more {
				return err
			}
			from++
		}
		if len(entries) == 0 {
			return fmt.Errorf("reading the log: nothing at leaf %d", from)
		}
	}
	return nil
}

// line is one entry as the export writes it, its receipt included.
func (p *Pages) line(ctx context.Context, e store.Entry) ([]byte, error) {
	if e.Erased {
		return audit.EncodeExportLine(audit.NewErasedLine(e.Index, e.Leaf))
	}
	var jws []byte
	if e.Receipt != "" {
		r, err := p.Store.Receipt(ctx, e.Receipt)
		if err != nil {
			return nil, fmt.Errorf("reading the receipt of leaf %d: %w", e.Index, err)
		}
		jws = r.JWS
	}
	return audit.EncodeExportLine(audit.NewExportLine(e.Index, e.Kind, e.Salt, e.Event, jws))
}
