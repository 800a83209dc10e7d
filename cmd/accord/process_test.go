package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const childEnv = "ACCORD_TEST_ARGS"

// TestMain lets the test's own program be accord in another process.
func TestMain(m *testing.M) {
	if args := os.Getenv(childEnv); args != "" {
		os.Args = append([]string{"accord"}, strings.Split(args, "\n")...)
		main()
	}
	os.Exit(m.Run())
}

// A child is accord serve in a process of its own.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	log *bufio.Scanner
}

// start runs serve; with a listener, the way a socket unit does: as descriptor
// 3, LISTEN_PID being the process itself.
func start(t *testing.T, dir string, l *net.TCPListener, args ...string) *child {
	t.Helper()
	args = append([]string{"serve", "-config", filepath.Join(dir, "accord.yaml")}, args...)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(args, "\n"))
	if l != nil {
		cmd.Args = []string{"sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0"`, os.Args[0]}
		cmd.Path = "/bin/sh"
		f, err := l.File()
		must(t, err)
		defer f.Close()
		cmd.ExtraFiles = []*os.File{f}
	}
	out, err := cmd.StderrPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &child{t, cmd, bufio.NewScanner(out)}
}

// until reads the log up to the line of a message.
func (c *child) until(message string) map[string]any {
	c.t.Helper()
	for c.log.Scan() {
		var line map[string]any
		if json.Unmarshal(c.log.Bytes(), &line) == nil && line["msg"] == message {
			return line
		}
	}
	c.t.Fatalf("the log ends without %q", message)
	return nil
}

func (c *child) ends() {
	c.t.Helper()
	for c.log.Scan() { // to the end of the pipe, before Wait closes it
	}
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("serve ends with %v", err)
	}
}

func TestSIGTERMDrains(t *testing.T) {
	dir := readyFolder(t)
	c := start(t, dir, nil, "-wait", "2s")
	address := "http://" + c.until("serving")["listen"].(string)
	ready(t, address, http.StatusOK)
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	ready(t, address, http.StatusServiceUnavailable)
	if code, _ := fetch(t, http.DefaultClient, address+"/livez"); code != http.StatusOK {
		t.Errorf("while draining, livez answers %d", code)
	}
	c.ends()
	if _, err := os.Stat(filepath.Join(dir, "data", "accord.db.temporary")); err != nil {
		t.Error("the store was not closed cleanly:", err)
	}
}

// ready waits until readyz answers so.
func ready(t *testing.T, address string, want int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		code, _ := fetch(t, http.DefaultClient, address+"/readyz")
		if code == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("readyz never answers %d, but %d", want, code)
		}
	}
}

func TestAListenerPassedOutlivesARestart(t *testing.T) {
	dir := readyFolder(t)
	l := listenLoopback(t).(*net.TCPListener)
	defer l.Close()
	address := l.Addr().String()
	for range 2 {
		// Nobody serves yet: the connection waits in the kernel and is answered.
		conn, err := net.Dial("tcp", address)
		must(t, err)
		_, err = io.WriteString(conn, "GET /livez HTTP/1.0\r\n\r\n")
		must(t, err)
		c := start(t, dir, l, "-wait", "0s")
		if told := c.until("serving")["listen"]; told != address {
			t.Errorf("serves %v, was passed %s", told, address)
		}
		answer, err := io.ReadAll(conn)
		if err != nil || !strings.Contains(string(answer), "200 OK") {
			t.Errorf("answered %q, %v", answer, err)
		}
		must(t, c.cmd.Process.Signal(syscall.SIGTERM))
		c.ends()
	}
}

func TestAListenerOfAnotherProcessIsNotTaken(t *testing.T) {
	env := func(pid, fds string) func(string) string {
		return func(name string) string { return map[string]string{"LISTEN_PID": pid, "LISTEN_FDS": fds}[name] }
	}
	if l, err := inherited(env("1", "1")); l != nil || err != nil {
		t.Errorf("took %v, %v", l, err)
	}
	own := strconv.Itoa(os.Getpid())
	for _, fds := range []string{"2", "x", "-1"} {
		if _, err := inherited(env(own, fds)); err == nil {
			t.Errorf("LISTEN_FDS=%s is accepted", fds)
		}
	}
}

func TestServeEndsTLSItself(t *testing.T) {
	dir := readyFolder(t)
	pair := certificate(t)
	replace(t, filepath.Join(dir, "accord.yaml"), "listen: 127.0.0.1:0", "listen: 127.0.0.1:0\ntls:\n  certificate: "+pair.Certificate+"\n  key: "+pair.Key)
	c := start(t, dir, nil, "-wait", "0s")
	address := c.until("serving")["listen"].(string)
	pool := x509.NewCertPool()
	text, err := os.ReadFile(pair.Certificate)
	must(t, err)
	pool.AppendCertsFromPEM(text)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true, ForceAttemptHTTP2: true}}
	if code, body := fetch(t, client, "https://"+address+"/.well-known/openid-configuration"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	var unknown *tls.CertificateVerificationError
	if _, err := tls.Dial("tcp", address, &tls.Config{}); !errors.As(err, &unknown) {
		t.Errorf("a stranger's certificate is accepted: %v", err)
	}
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	c.ends()
}
