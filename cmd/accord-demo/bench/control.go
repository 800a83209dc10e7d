package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"runtime/metrics"
	"runtime/pprof"
	"syscall"
	"time"
)

// servingMark in the environment makes this program the child.
const servingMark = "ACCORD_BENCH_SERVES"

func serving() bool { return os.Getenv(servingMark) != "" }

// A Control is what the child answers on its pipe: standard input and output
// carry it, descriptor 3 is the listener.
type Control struct {
	listener net.Listener
	server   *http.Server
	end      func() error
	profile  *os.File
}

// serveControl answers until the parent closes the pipe or dies.
func serveControl() error {
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return fmt.Errorf("taking the listener: %w", err)
	}
	c := &Control{listener: l, end: func() error { return nil }}
	server := rpc.NewServer()
	if err := server.Register(c); err != nil {
		return fmt.Errorf("registering the control: %w", err)
	}
	server.ServeConn(pipe{os.Stdin, os.Stdout})
	if c.server != nil {
		_ = c.server.Close() // the clients are gone
	}
	return c.end()
}

type pipe struct {
	io.Reader
	io.WriteCloser
}

// None is an empty argument or answer.
type None struct{}

// Assigned is the child's work: one of the two.
type Assigned struct {
	Accord   *AccordConfig
	Baseline *BaselineConfig
}

// Serve makes the server and starts it.
func (c *Control) Serve(a Assigned, _ *None) error {
	var handler http.Handler
	var err error
	switch {
	case a.Accord != nil:
		handler, c.end, err = newAccord(*a.Accord)
	case a.Baseline != nil:
		handler, err = newBaseline(*a.Baseline)
	default:
		err = errors.New("nothing to serve")
	}
	if err != nil {
		return err
	}
	// The bounds of accord serve.
	c.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 20 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	go func() { _ = c.server.Serve(c.listener) }() // ends with the process
	return nil
}

// Used is what a process used since its start.
type Used struct {
	CPU            time.Duration // user and system
	Objects, Bytes uint64        // allocated on its heap
}

// Used answers for this process.
func (c *Control) Used(_ None, used *Used) error {
	sizes := []metrics.Sample{{Name: "/gc/heap/allocs:objects"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sizes)
	*used = Used{cpu(), sizes[0].Value.Uint64(), sizes[1].Value.Uint64()}
	return nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Profile starts a CPU profile into a file; "" ends it, and writes what was
// allocated since the start of the process beside it.
func (c *Control) Profile(file string, _ *None) (err error) {
	if file == "" {
		pprof.StopCPUProfile()
		return errors.Join(c.profile.Close(), writeAllocations(c.profile.Name()+".allocs"))
	}
	if c.profile, err = os.Create(file); err != nil {
		return fmt.Errorf("making the profile: %w", err)
	}
	return pprof.StartCPUProfile(c.profile)
}

func writeAllocations(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("making the profile: %w", err)
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
