package powercut

import (
	"context"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Mount shows a disk at a folder, through /dev/fuse, until the process ends.
// It needs the right to mount.
func Mount(dir string, d *Disk) (*fuse.Server, error) {
	options := &fs.Options{}
	options.DirectMountStrict = true
	options.Name, options.FsName = "powercut", "powercut"
	return fs.Mount(dir, &folder{disk: d}, options)
}

type folder struct {
	fs.Inode
	disk *Disk
}

var _ = interface {
	fs.NodeOnAdder
	fs.NodeCreater
	fs.NodeLinker
	fs.NodeUnlinker
	fs.NodeRenamer
	fs.NodeFsyncer
}((*folder)(nil))

func (d *folder) OnAdd(ctx context.Context) {
	for name, f := range d.disk.names {
		d.AddChild(name, d.node(ctx, f), true)
	}
}

// node outlives being forgotten by the kernel: a file lives here only.
func (d *folder) node(ctx context.Context, f *file) *fs.Inode {
	return d.NewPersistentInode(ctx, &node{disk: d.disk, file: f}, fs.StableAttr{Mode: fuse.S_IFREG})
}

func (d *folder) Create(ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	inode := d.node(ctx, d.disk.create(name))
	inode.Operations().(*node).fill(&out.Attr)
	return inode, nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (d *folder) Link(_ context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	n, ok := target.(*node)
	if !ok {
		return nil, syscall.EPERM
	}
	if errno := d.disk.link(n.file, name); errno != 0 {
		return nil, errno
	}
	n.fill(&out.Attr)
	return n.EmbeddedInode(), 0
}

func (d *folder) Unlink(_ context.Context, name string) syscall.Errno {
	d.disk.unlink(name)
	return 0
}

func (d *folder) Rename(_ context.Context, from string, _ fs.InodeEmbedder, to string, flags uint32) syscall.Errno {
	if flags != 0 {
		return syscall.EINVAL
	}
	d.disk.rename(from, to)
	return 0
}

func (d *folder) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	d.disk.syncFolder()
	return 0
}

type node struct {
	fs.Inode
	disk *Disk
	file *file
}

var _ = interface {
	fs.NodeOpener
	fs.NodeReader
	fs.NodeWriter
	fs.NodeFsyncer
	fs.NodeGetattrer
	fs.NodeSetattrer
}((*node)(nil))

func (n *node) fill(out *fuse.Attr) {
	size := uint64(n.disk.size(n.file))
	out.Mode, out.Size, out.Blocks = fuse.S_IFREG|0o600, size, (size+511)/512
	out.Nlink = 1 // the kernel gives no further name to a file that has none
}

// Open lets the kernel keep its pages: bbolt maps the file.
func (n *node) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (n *node) Read(_ context.Context, _ fs.FileHandle, into []byte, at int64) (fuse.ReadResult, syscall.Errno) {
	return fuse.ReadResultData(into[:n.disk.read(n.file, into, at)]), 0
}

func (n *node) Write(_ context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	if errno := n.disk.write(n.file, data, at); errno != 0 {
		return 0, errno
	}
	return uint32(len(data)), 0
}

func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return n.disk.sync(n.file)
}

func (n *node) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	n.fill(&out.Attr)
	return 0
}

func (n *node) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if size, ok := in.GetSize(); ok {
		n.disk.truncate(n.file, int64(size))
	}
	n.fill(&out.Attr)
	return 0
}
