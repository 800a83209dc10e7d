package powercut

import (
	"maps"
	"sync"
	"syscall"
)

const (
	pageSize   = 4096
	sectorSize = 512
)

// A Plan says how a disk fails. The zero Plan never does, until the cut.
type Plan struct {
	FailSync  int   // the n-th fsync of any file answers EIO and its pages are forgotten; 0 never
	FailWrite int   // the n-th write answers EIO; 0 never
	Capacity  int64 // bytes after which writing new pages answers ENOSPC; 0 unlimited
	Lies      bool  // fsync does nothing and says it did
}

// A Disk is one folder of files. All its methods are safe for concurrent use.
type Disk struct {
	plan Plan

	mu            sync.Mutex // guards all below; a cut never gives it back
	names         map[string]*file
	kept          map[string]*file // as a cut would find the folder
	changes       []change         // since the folder's last fsync, in order
	syncs, writes int
	used          int64 // bytes in pages ever written
}

// A change gives names to files, or takes them away (nil), at once.
type change map[string]*file

// A file is as processes see it, and as a cut would find it.
type file struct {
	data    []byte
	kept    []byte
	dirty   map[int64]bool // pages written since the last fsync
	written map[int64]bool // pages that take room
}

// NewDisk makes a disk of the files given, all synced.
func NewDisk(p Plan, files map[string][]byte) *Disk {
	d := &Disk{plan: p, names: map[string]*file{}, kept: map[string]*file{}}
	for name, data := range files {
		f := newFile()
		f.data, f.kept = data, append([]byte(nil), data...)
		d.names[name], d.kept[name] = f, f
	}
	return d
}

func newFile() *file { return &file{dirty: map[int64]bool{}, written: map[int64]bool{}} }

func (d *Disk) apply(c change) {
	d.changes = append(d.changes, c)
	c.to(d.names)
}

func (c change) to(names map[string]*file) {
	for name, f := range c {
		if f == nil {
			delete(names, name)
		} else {
			names[name] = f
		}
	}
}

func (d *Disk) create(name string) *file {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := newFile()
	d.apply(change{name: f})
	return f
}

func (d *Disk) link(f *file, name string) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.names[name] != nil {
		return syscall.EEXIST
	}
	d.apply(change{name: f})
	return 0
}

func (d *Disk) unlink(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apply(change{name: nil})
}

func (d *Disk) rename(from, to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apply(change{from: nil, to: d.names[from]})
}

func (d *Disk) syncFolder() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.plan.Lies {
		return
	}
	d.kept, d.changes = maps.Clone(d.names), nil
}
