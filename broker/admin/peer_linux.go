package admin

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

func peerUID(c net.Conn) (int, error) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return 0, errors.New("asking for the peer: not a unix socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("asking for the peer: %w", err)
	}
	var cred *syscall.Ucred
	var asked error
	err = raw.Control(func(fd uintptr) {
		cred, asked = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	if err := errors.Join(err, asked); err != nil {
		return 0, fmt.Errorf("asking for the peer: %w", err)
	}
	return int(cred.Uid), nil
}

// giveTo leaves alone what has the group already, from a folder with the setgid
// bit: a hardened service may not call chown at all.
func giveTo(path string, gid int) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Gid) == gid {
		return nil
	}
	return os.Lchown(path, -1, gid)
}
