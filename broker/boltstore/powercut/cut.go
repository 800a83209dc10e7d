package powercut

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Cut ends the disk: it answers nothing more, and gives what is left. Each page
// written since its fsync is kept with probability keep; of the others some are
// torn unless keep is 0, which drops everything that was not synced.
func (d *Disk) Cut(keep float64, random *rand.Rand) map[string][]byte {
	d.mu.Lock() // for ever: no fsync is answered after the cut
	if keep > 0 && len(d.changes) > 0 {
		for _, c := range d.changes[:random.IntN(len(d.changes)+1)] {
			c.to(d.kept)
		}
	}
	left := map[string][]byte{}
	for name, f := range d.kept {
		f.cut(keep, random)
		left[name] = f.kept
	}
	return left
}

// torn is how many of the pages that are not kept are torn instead of dropped.
const torn = 0.3

func (f *file) cut(keep float64, random *rand.Rand) {
	if random.Float64() < keep {
		f.kept = sized(f.kept, int64(len(f.data)))
	}
	for page := range f.dirty {
		switch {
		case random.Float64() < keep:
			f.keep(page, 0, pageSize)
		case keep > 0 && random.Float64() < torn:
			f.tear(page, random)
		}
	}
	clear(f.dirty) // a file of two names is cut once
}

// tear keeps some sectors of a page.
func (f *file) tear(page int64, random *rand.Rand) {
	for at := int64(0); at < pageSize; at += sectorSize {
		if random.IntN(2) == 0 {
			f.keep(page, at, at+sectorSize)
		}
	}
}

// readFolder reads all files of a folder.
func readFolder(dir string) (map[string][]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// writeFolder makes a folder hold these files and no other. Pages of zeros
// become holes.
func writeFolder(dir string, files map[string][]byte) error {
	before, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range before {
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := writeSparse(filepath.Join(dir, name), data); err != nil {
			return err
		}
	}
	return nil
}

func writeSparse(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = f.Truncate(int64(len(data)))
	zeros := [pageSize]byte{}
	for at := 0; at < len(data) && err == nil; at += pageSize {
		page := data[at:min(at+pageSize, len(data))]
		if string(page) != string(zeros[:len(page)]) {
			_, err = f.WriteAt(page, int64(at))
		}
	}
	return errors.Join(err, f.Close())
}
