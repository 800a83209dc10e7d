package powercut

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
)

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func page(b byte) []byte { return bytes.Repeat([]byte{b}, pageSize) }

func TestWhatWasNotSyncedIsForgotten(t *testing.T) {
	d := NewDisk(Plan{}, map[string][]byte{"a": page(1)})
	f := d.names["a"]
	d.write(f, page(2), 0)
	d.sync(f)
	d.write(f, page(3), 0)
	d.write(f, page(4), pageSize)
	if left := d.Cut(0, random())["a"]; !bytes.Equal(left, page(2)) {
		t.Errorf("%d bytes of %d are left", len(left), left[0])
	}
}

func TestUnsyncedPagesAreKeptTornAndDropped(t *testing.T) {
	const pages = 300
	d := NewDisk(Plan{}, map[string][]byte{"a": make([]byte, pages*pageSize)})
	d.write(d.names["a"], bytes.Repeat([]byte{1}, pages*pageSize), 0)
	left := d.Cut(0.5, random())["a"]
	var kept, torn, dropped int
	for p := range slices.Chunk(left, pageSize) {
		switch bytes.Count(p, []byte{1}) {
		case pageSize:
			kept++
		case 0:
			dropped++
		default:
			torn++
		}
	}
	if kept < pages/3 || torn < pages/20 || dropped < pages/10 {
		t.Errorf("%d pages kept, %d torn, %d dropped", kept, torn, dropped)
	}
}

func TestANameOutlivesACutOnceTheFolderIsSynced(t *testing.T) {
	d := NewDisk(Plan{}, nil)
	for _, name := range []string{"synced", "renamed"} {
		f := d.create(name + ".tmp")
		d.write(f, page(1), 0)
		d.sync(f)
		d.rename(name+".tmp", name)
		if name == "synced" {
			d.syncFolder()
		}
	}
	d.unlink("synced")
	left := d.Cut(0, random())
	if len(left) != 1 || !bytes.Equal(left["synced"], page(1)) {
		t.Errorf("%d files are left", len(left))
	}
}

func TestAFailedFsyncForgetsItsPages(t *testing.T) {
	d := NewDisk(Plan{FailSync: 1}, map[string][]byte{"a": page(1)})
	f := d.names["a"]
	d.write(f, page(2), 0)
	if errno := d.sync(f); errno != syscall.EIO {
		t.Errorf("the first fsync answers %v", errno)
	}
	if errno := d.sync(f); errno != 0 {
		t.Errorf("the second fsync answers %v", errno)
	}
	if left := d.Cut(0, random())["a"]; !bytes.Equal(left, page(1)) {
		t.Error("the second fsync saved what the first one lost")
	}
}

func TestAFullDiskTakesOldPagesOnly(t *testing.T) {
	d := NewDisk(Plan{Capacity: 2 * pageSize}, nil)
	f := d.create("a")
	d.truncate(f, 100*pageSize) // a hole takes no room
	for _, c := range []struct {
		page int64
		want syscall.Errno
	}{{0, 0}, {50, 0}, {51, syscall.ENOSPC}, {0, 0}} {
		if errno := d.write(f, page(1), c.page*pageSize); errno != c.want {
			t.Errorf("page %d: %v", c.page, errno)
		}
	}
}

func TestShrinkingAndGrowingBringsNoOldBytesBack(t *testing.T) {
	d := NewDisk(Plan{}, map[string][]byte{"a": append(page(1), page(2)...)})
	f := d.names["a"]
	d.truncate(f, pageSize)
	d.truncate(f, 2*pageSize)
	d.sync(f)
	if left := d.Cut(0, random())["a"]; !bytes.Equal(left, append(page(1), page(0)...)) {
		t.Error("old bytes came back")
	}
}
