package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"accord/broker/boltstore"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
)

// receiptSize is that of a usual receipt, in bytes.
const receiptSize = 3800

// A writer makes receipts durable, one after the other.
type writer func() error

func (w writer) walk() error { return w() }
func (writer) close()        {}

// receipts measures the sequencer beside a bare fsynced update of one row of
// the same size, on the same disk, in turn.
func receipts(o options, w io.Writer) (err error) {
	dir, err := os.MkdirTemp(o.dir, "accord-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bare, err := openBare(filepath.Join(dir, "bare.db"))
	if err != nil {
		return err
	}
	defer bare.close()
	ring, db, err := emptyStore(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var n atomic.Int64
	decide := writer(func() error {
		_, err := db.Decide(context.Background(), refusal(n.Add(1), ring.Receipt().KeyID))
		return err
	})
	return measureReceipts(o, w, bare.put, decide)
}

func measureReceipts(o options, w io.Writer, bare, decide writer) error {
	names, all := []string{"bare bbolt update, 1 writer"}, map[string][]figure{}
	for _, n := range o.writers {
		names = append(names, fmt.Sprintf("sequencer, %d writers", n))
	}
	for range o.rounds {
		for i, name := range names {
			workers := []walker{bare}
			if i > 0 {
				workers = repeat(decide, o.writers[i-1])
			}
			f, err := write(workers, o.each/2)
			if err != nil {
				return err
			}
			all[name] = append(all[name], f)
		}
	}
	fmt.Fprintf(w, "Receipts of %d bytes made durable: one fsynced transaction a batch. Medians of %d rounds of %s, in turn.\n\n", receiptSize, o.rounds, o.each/2)
	fmt.Fprintln(w, "                               receipts/s   p50 ms   p99 ms   rate to bare")
	for _, name := range names {
		f := median(all[name])
		fmt.Fprintf(w, "%-28s %12.0f %8.2f %8.2f %14.2f\n", name, f.rate, ms(f.p50), ms(f.p99), f.rate/median(all[names[0]]).rate)
	}
	fmt.Fprintln(w, "Goals: 256 writers 5000/s with p50 < 50 ms; one writer at least 0.5 of bare.")
	fmt.Fprintln(w)
	return nil
}

func repeat(w writer, n int) []walker {
	all := make([]walker, n)
	for i := range all {
		all[i] = w
	}
	return all
}

func write(workers []walker, d time.Duration) (figure, error) {
	began := time.Now()
	took, err := loop(workers, began.Add(d))
	if err != nil {
		return figure{}, err
	}
	return figure{rate: float64(len(took)) / time.Since(began).Seconds(), p50: percentile(took, 50), p99: percentile(took, 99)}, nil
}

// emptyStore opens a fresh store under dir with its keys announced.
func emptyStore(dir string) (*keyring.Ring, *boltstore.Store, error) {
	ring, err := makeKeys(dir, "http://localhost")
	if err != nil {
		return nil, nil, err
	}
	db, err := openStore(dir, ring, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	if err := db.Announce(context.Background(), ring.Announcements()); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return ring, db, nil
}

// refusal is the shortest act with a receipt of the usual size.
func refusal(n int64, key string) store.DecideCmd {
	id := fmt.Sprintf("019ab9c1-6f0e-7c2a-9b7e-%012d", n)
	jws := fmt.Appendf(make([]byte, receiptSize), "%d", n)
	return store.DecideCmd{
		Interaction: id, Kind: audit.ConsentRefused, Event: audit.Event{Client: "c", Citizen: id, Stage: "decision"},
		Receipt: store.Receipt{ID: id, KeyID: key, JWS: jws, Digest: audit.Digest(jws)},
		Answer:  make([]byte, 200), AnswerUntil: time.Minute,
	}
}
