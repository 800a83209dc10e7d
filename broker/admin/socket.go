package admin

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// ErrServed is answered when another process already serves the socket.
var ErrServed = errors.New("another accord serves this socket")

// Listen opens the unix socket at path with mode 0600, or, for the members of a
// system group (its name; empty: none), 0660. It takes the place of one left by
// a process that ended badly. Closing the listener removes it.
//
// The socket is bound inside a folder of mode 0700 and moved to its place once
// its mode is set: between bind and chmod anyone could have connected.
func Listen(path, group string) (net.Listener, error) {
	if err := removeDead(path); err != nil {
		return nil, fmt.Errorf("opening admin socket %s: %w", path, err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, fmt.Errorf("opening admin socket %s: %w", path, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // empty once the socket was moved
	l, err := bind(filepath.Join(dir, "s"), path, group)
	if err != nil {
		return nil, fmt.Errorf("opening admin socket %s: %w", path, err)
	}
	return &socket{UnixListener: l, path: path}, nil
}

func bind(temporary, path, group string) (*net.UnixListener, error) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: temporary, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err := admit(temporary, group); err != nil { // nobody may meet it before its mode is right
		return nil, errors.Join(err, l.Close())
	}
	if err := os.Rename(temporary, path); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// admit sets who may connect.
func admit(path, group string) error {
	if group == "" {
		return os.Chmod(path, 0o600)
	}
	g, err := user.LookupGroup(group)
	if err != nil {
		return fmt.Errorf("finding group %s: %w", group, err)
	}
	gid, err := strconv.Atoi(g.Gid)
	if err != nil {
		return fmt.Errorf("finding group %s: gid %q", group, g.Gid)
	}
	if err := giveTo(path, gid); err != nil {
		return fmt.Errorf("giving it to group %s: %w", group, err)
	}
	return os.Chmod(path, 0o660)
}

// removeDead removes a dead socket, and nothing else.
func removeDead(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return errors.New("a file that is no socket stands there: move it away")
	}
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		return errors.Join(ErrServed, c.Close())
	}
	return os.Remove(path)
}

// A socket removes its file when it is closed, once: a server closes its
// listener too, and by then another process may have its own socket there.
type socket struct {
	*net.UnixListener
	path string
	once sync.Once
	err  error
}

func (s *socket) Close() error {
	s.once.Do(func() { s.err = errors.Join(os.Remove(s.path), s.UnixListener.Close()) })
	return s.err
}
