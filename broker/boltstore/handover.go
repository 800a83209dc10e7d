package boltstore

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"accord/broker/store"
)

// A clean Close hands the temporary values over to the next Open in a file:
//
//	"accord-temporary-1\n" ‖ tag(32) ‖ record… ‖ SHA-256 of all before
//	record = set(1) ‖ len(1) space ‖ hash(32) ‖ until(8, Unix ms) ‖ len(4) value
//
// The tag is that of the log's head: values of another moment, beside a
// restored database, say, are not taken over. Open unlinks the file before the
// store answers anyone, so that no mark of a first use is ever read twice.
const handoverMagic = "accord-temporary-1\n"

const (
	valueSet = 'v'
	markSet  = 'm'
)

var errHandover = errors.New("temporary values are not readable")

func temporaryPath(db string) string { return db + ".temporary" }

func (s *Store) handoverTag() [32]byte {
	root := s.head.tree.Root()
	return sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%x", s.cfg.Origin, s.head.tree.Size(), root[:]))
}

// handOver writes what has not expired, fsynced.
func (t *temporaries) handOver(path string, tag [32]byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("writing temporary values: %w", err)
	}
	err = t.write(f, tag)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing temporary values: %w", err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("writing temporary values: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func (t *temporaries) write(f io.Writer, tag [32]byte) error {
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<20)
	out.WriteString(handoverMagic) // a bufio.Writer keeps its first error for Flush
	out.Write(tag[:])
	now := t.now()
	for sp, values := range t.values {
		for h, v := range values {
			writeRecord(out, valueSet, sp, h, v, now)
		}
	}
	for sp, marks := range t.marks {
		for h, until := range marks {
			writeRecord(out, markSet, sp, h, temporary{until: time.UnixMilli(until)}, now)
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := f.Write(sum.Sum(nil))
	return err
}

func writeRecord(out *bufio.Writer, set byte, sp store.Space, h store.Hash, v temporary, now time.Time) {
	if !now.Before(v.until) {
		return
	}
	out.WriteByte(set)
	out.WriteByte(byte(len(sp)))
	out.WriteString(string(sp))
	out.Write(h[:])
	out.Write(binary.BigEndian.AppendUint64(nil, uint64(v.until.UnixMilli())))
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(v.value))))
	out.Write(v.value)
}

// takeOver reads and unlinks the file. clean is false when there is none, or
// none that belongs to this head of the log: then nothing is taken over.
func (t *temporaries) takeOver(path string, tag [32]byte) (clean bool, err error) {
	err = t.read(path, tag)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	unreadable := errors.Is(err, errHandover)
	if err != nil && !unreadable {
		return false, fmt.Errorf("reading temporary values: %w", err)
	}
	if err := errors.Join(os.Remove(path), syncDir(filepath.Dir(path))); err != nil {
		return false, fmt.Errorf("unlinking temporary values: %w", err)
	}
	return !unreadable, nil
}

func (t *temporaries) read(path string, tag [32]byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := checkSum(f); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, info.Size()-sha256.Size), 1<<20)
	start := make([]byte, len(handoverMagic)+len(tag))
	if _, err := io.ReadFull(in, start); err != nil || !bytes.Equal(start, append([]byte(handoverMagic), tag[:]...)) {
		return errHandover
	}
	for {
		err := t.readRecord(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errHandover
		}
	}
}

// checkSum refuses a file that was not written to its end, before any of it is used.
func checkSum(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	body := info.Size() - sha256.Size
	if body < 0 {
		return errHandover
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, body)); err != nil {
		return err
	}
	var want [sha256.Size]byte
	if _, err := f.ReadAt(want[:], body); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want[:]) {
		return errHandover
	}
	return nil
}

// readRecord returns io.EOF only between two records.
func (t *temporaries) readRecord(in *bufio.Reader) error {
	set, err := in.ReadByte()
	if err != nil {
		return err
	}
	length, err := in.ReadByte()
	if err != nil {
		return errHandover
	}
	fixed := make([]byte, int(length)+32+8+4)
	if _, err := io.ReadFull(in, fixed); err != nil {
		return errHandover
	}
	sp, rest := store.Space(fixed[:length]), fixed[length:]
	h, until := store.Hash(rest[:32]), time.UnixMilli(int64(binary.BigEndian.Uint64(rest[32:40])))
	value := make([]byte, binary.BigEndian.Uint32(rest[40:]))
	if _, err := io.ReadFull(in, value); err != nil {
		return errHandover
	}
	if set == markSet {
		return t.mark(sp, h, until)
	}
	return t.keep(sp, h, temporary{value: value, until: until})
}
