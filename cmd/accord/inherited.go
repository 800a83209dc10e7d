package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstInherited is the first descriptor a socket unit passes: 0 to 2 are the
// standard streams (sd_listen_fds(3)).
const firstInherited = 3

// inherited is the listener that systemd bound before this process began
// (socket activation), nil without one: connections then wait in the kernel
// while Accord restarts, and none is refused. LISTEN_PID keeps a listener meant
// for a parent from being taken by its child.
func inherited(getenv func(string) string) (net.Listener, error) {
	if getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	n, err := strconv.Atoi(getenv("LISTEN_FDS"))
	switch {
	case err != nil || n < 0:
		return nil, errors.New("taking the listener passed: LISTEN_FDS is not a number")
	case n == 0:
		return nil, nil
	case n > 1:
		return nil, fmt.Errorf("taking the listener passed: %d were passed, Accord serves one: write a single ListenStream", n)
	}
	f := os.NewFile(firstInherited, "listener")
	l, err := net.FileListener(f)
	if err := errors.Join(err, f.Close()); err != nil { // FileListener holds a copy
		return nil, fmt.Errorf("taking the listener passed: %w", err)
	}
	return l, nil
}

// listen takes the listener passed, or opens the configured one.
func (in invocation) listen(address string) (net.Listener, error) {
	if l, err := inherited(in.getenv); l != nil || err != nil {
		return l, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return l, nil
}
