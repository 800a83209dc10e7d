package main

import (
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"os/exec"
)

// A child is one server in a process of its own.
type child struct {
	address string // 127.0.0.1:port
	command *exec.Cmd
	control *rpc.Client
}

// newChild starts this program again as a server that waits for its work. The
// port is known before: the parent listens, the child inherits.
func newChild() (*child, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	defer l.Close()
	file, err := l.File()
	if err != nil {
		return nil, fmt.Errorf("handing over the listener: %w", err)
	}
	defer file.Close()
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	c := &child{address: l.Addr().String(), command: exec.Command(self)}
	c.command.Env = append(os.Environ(), servingMark+"=1")
	c.command.Stderr, c.command.ExtraFiles = os.Stderr, []*os.File{file}
	return c, c.start()
}

func (c *child) start() error {
	in, errIn := c.command.StdinPipe()
	out, errOut := c.command.StdoutPipe()
	if err := errors.Join(errIn, errOut, c.command.Start()); err != nil {
		return fmt.Errorf("starting a server: %w", err)
	}
	c.control = rpc.NewClient(pipe{out, in})
	return nil
}

func (c *child) serve(a Assigned) error { return c.control.Call("Control.Serve", a, &None{}) }

func (c *child) used() (used Used, err error) {
	err = c.control.Call("Control.Used", None{}, &used)
	return used, err
}

func (c *child) profile(file string) error {
	return c.control.Call("Control.Profile", file, &None{})
}

// close ends the child: its pipe closes.
func (c *child) close() error {
	return errors.Join(c.control.Close(), c.command.Wait())
}
