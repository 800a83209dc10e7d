package admin

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestTheKernelTellsWhoConnects(t *testing.T) {
	path := filepath.Join(t.TempDir(), "admin.sock")
	l := listen(t, path)
	server := &http.Server{ReadHeaderTimeout: time.Second, ConnContext: WithPeer, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uid, ok := Peer(r.Context())
		fmt.Fprint(w, uid, ok)
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://admin/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Uid", "0") // what a client says of itself counts for nothing
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var uid int
	var ok bool
	if _, err := fmt.Fscanf(resp.Body, "%d %t", &uid, &ok); err != nil || uid != os.Getuid() || !ok {
		t.Errorf("peer %d, %t, %v", uid, ok, err)
	}
}

func TestAPeerNobodyCanTellIsNobody(t *testing.T) {
	if _, ok := Peer(t.Context()); ok {
		t.Error("a request without a connection has a peer")
	}
	if _, ok := Peer(AsPeer(t.Context(), nobody)); ok {
		t.Error("the uid that stands for every unknown user is taken for one")
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if _, ok := Peer(WithPeer(t.Context(), a)); ok {
		t.Error("a pipe has a peer")
	}
}

func TestAGroupMayBeLetIn(t *testing.T) {
	own, err := user.LookupGroupId(strconv.Itoa(os.Getgid()))
	if err != nil {
		t.Skip("this user's group has no name")
	}
	path := filepath.Join(t.TempDir(), "admin.sock")
	l, err := Listen(path, own.Name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Listen(path, "no-such-group-here"); err == nil {
		t.Error("an unknown group was taken")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a socket is left that was never served")
	}
}
