package powercut

import "syscall"

func (d *Disk) size(f *file) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return int64(len(f.data))
}

func (d *Disk) read(f *file, into []byte, at int64) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at >= int64(len(f.data)) {
		return 0
	}
	return copy(into, f.data[at:])
}

func (d *Disk) write(f *file, data []byte, at int64) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes++; d.writes == d.plan.FailWrite {
		return syscall.EIO
	}
	end := at + int64(len(data))
	for page := at / pageSize; page*pageSize < end; page++ {
		if f.written[page] {
			continue
		}
		if d.plan.Capacity > 0 && d.used+pageSize > d.plan.Capacity {
			return syscall.ENOSPC
		}
		f.written[page] = true
		d.used += pageSize
	}
	if end > int64(len(f.data)) {
		f.resize(end)
	}
	copy(f.data[at:], data)
	f.soil(at, end)
	return 0
}

func (d *Disk) truncate(f *file, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f.resize(size)
}

// resize marks what shrinking cuts off, so that growing again does not bring
// the old bytes back.
func (f *file) resize(size int64) {
	old := int64(len(f.data))
	if size <= old {
		f.data = f.data[:size:size]
		f.soil(size, old)
		return
	}
	f.data = append(f.data, make([]byte, size-old)...)
}

func (f *file) soil(from, to int64) {
	for page := from / pageSize; page*pageSize < to; page++ {
		f.dirty[page] = true
	}
}

// sync makes a file's pages and length outlive a cut. The fsync that fails
// forgets the pages, as Linux does.
func (d *Disk) sync(f *file) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.plan.Lies {
		return 0
	}
	if d.syncs++; d.syncs == d.plan.FailSync {
		clear(f.dirty)
		return syscall.EIO
	}
	f.kept = sized(f.kept, int64(len(f.data)))
	for page := range f.dirty {
		f.keep(page, 0, pageSize)
	}
	clear(f.dirty)
	return 0
}

// keep copies bytes [from, to) of a page to what a cut leaves.
func (f *file) keep(page, from, to int64) {
	start := page*pageSize + from
	end := min(page*pageSize+to, int64(len(f.data)), int64(len(f.kept)))
	if start < end {
		copy(f.kept[start:end], f.data[start:end])
	}
}

func sized(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}
