package boltstore

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// TestAFlippedByteInTheLogStopsTheStart flips bytes of leaves, tiles, head and
// checkpoint, and mends the row's CRC: what is left is the tree itself.
func TestAFlippedByteInTheLogStopsTheStart(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 600) // two full tiles, hence a second level
	mustClose(t, s)
	for _, row := range logRows(t, cfg) {
		for range 6 {
			at := rand.IntN(len(row.value))
			flipped := bytes.Clone(row.value)
			flipped[at] ^= 1 << rand.IntN(8)
			if row.note && bytes.Equal(bytes.TrimSpace(flipped), bytes.TrimSpace(row.value)) {
				continue
			}
			setRow(t, cfg, row, flipped)
			s, err := Open(cfg)
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s %x: byte %d of %d flipped: %v", row.bucket, row.key, at, len(row.value), err)
			}
			if err == nil {
				_ = s.Close()
			}
		}
		setRow(t, cfg, row, row.value)
	}
	mustOpen(t, cfg)
}

type logRow struct {
	bucket     bucketName
	key, value []byte
	note       bool
}

func logRows(t *testing.T, cfg Config) (rows []logRow) {
	t.Helper()
	edit(t, cfg, func(tx *bbolt.Tx) error {
		for _, bucket := range []bucketName{entryBucket, tileBucket, metaBucket} {
			err := tx.Bucket([]byte(bucket)).ForEach(func(k, v []byte) error {
				value, err := checkRow(bucket, k, v)
				row := logRow{bucket: bucket, key: bytes.Clone(k), value: bytes.Clone(value)}
				row.note = bytes.Equal(k, checkpointKey(1))
				if string(k) == "schema" {
					return err
				}
				if bytes.Equal(k, headKey(1)) {
					row.value = row.value[8:] // the time is no part of the tree
					row.key = nil
				}
				if row.key != nil {
					rows = append(rows, row)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return rows
}

func setRow(t *testing.T, cfg Config, row logRow, value []byte) {
	t.Helper()
	edit(t, cfg, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(row.bucket)).Put(row.key, sumRow(row.bucket, row.key, value))
	})
}

func edit(t *testing.T, cfg Config, change func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(cfg.Path, 0o600, cfg.options())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(change), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestAFlippedByteInTheFileIsNeverReadAsTruth flips any byte of the file: the
// start or the read stops, or what is read is what was written.
func TestAFlippedByteInTheFileIsNeverReadAsTruth(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 300)
	whole := everything(t, s)
	mustClose(t, s)
	clean := readFile(t, cfg.Path)
	var stopped, same int
	for range 150 {
		at := rand.IntN(len(clean))
		for clean[at] == 0 { // most of the file is room to grow
			at = rand.IntN(len(clean))
		}
		setByte(t, cfg.Path, at, clean[at]^1<<rand.IntN(8))
		entries, err := openAndRead(cfg)
		switch {
		case err != nil:
			stopped++
		case equalEntries(entries, whole):
			same++
		default:
			t.Errorf("byte %d flipped: %d entries read, %d of them written", at, len(entries), len(whole))
		}
		setByte(t, cfg.Path, at, clean[at])
	}
	t.Logf("%d stopped, %d untouched by it", stopped, same)
	if stopped == 0 {
		t.Error("no flip was noticed")
	}
}

func setByte(t *testing.T, path string, at int, value byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte{value}, int64(at))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func openAndRead(cfg Config) ([]store.Entry, error) {
	s, err := Open(cfg)
	if err != nil {
		return nil, err
	}
	defer s.kill()
	return readAll(s)
}

func everything(t *testing.T, s *Store) []store.Entry {
	t.Helper()
	entries, err := readAll(s)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func readAll(s *Store) ([]store.Entry, error) { return s.Entries(context.Background(), 0, 1000) }

func equalEntries(a, b []store.Entry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Index != b[i].Index || a[i].Kind != b[i].Kind || !bytes.Equal(a[i].Event, b[i].Event) {
			return false
		}
	}
	return true
}

func TestAFlippedByteInAGrantIsNotRead(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	agreed(t, s)
	mustClose(t, s)
	edit(t, cfg, func(tx *bbolt.Tx) error {
		rows := tx.Bucket([]byte(grantBucket))
		k, v := rows.Cursor().First()
		return rows.Put(bytes.Clone(k), bytes.Replace(v, []byte(`"State":"given"`), []byte(`"State":"gives"`), 1))
	})
	s = mustOpen(t, cfg)
	if _, err := s.Grant(t.Context(), "g"); !errors.Is(err, ErrDamaged) {
		t.Errorf("reading: %v", err)
	}
	if _, err := s.Revoke(t.Context(), "g", "suspension"); !errors.Is(err, ErrDamaged) {
		t.Errorf("revoking: %v", err)
	}
}

func TestATileOfAnotherLengthStopsTheStart(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 600)
	mustClose(t, s)
	for _, row := range logRows(t, cfg) {
		if row.note {
			continue
		}
		for _, value := range [][]byte{append(bytes.Clone(row.value), make([]byte, 32)...), row.value[:len(row.value)-32]} {
			setRow(t, cfg, row, value)
			refuses(t, cfg, ErrDamaged)
		}
		setRow(t, cfg, row, row.value)
	}
}

// TestAFlippedByteInALowerTileStopsTheStart needs a tree whose root no longer
// reads the tile flipped.
func TestAFlippedByteInALowerTileStopsTheStart(t *testing.T) {
	if !long() {
		t.Skip("66,000 leaves: only in the long form, ACCORD_LONG=1")
	}
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 66_000)
	mustClose(t, s)
	key := tileKey(1, 1, 0)
	edit(t, cfg, func(tx *bbolt.Tx) error {
		tile, err := getRow(tx, tileBucket, key)
		if err != nil {
			return err
		}
		flipped := bytes.Clone(tile)
		flipped[4000] ^= 1
		return tx.Bucket([]byte(tileBucket)).Put(key, sumRow(tileBucket, key, flipped))
	})
	refuses(t, cfg, ErrDamaged)
}
