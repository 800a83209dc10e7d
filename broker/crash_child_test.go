package broker_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/oidc/issuer"
)

// The variables that make this test binary a country to be killed: its data
// folder, the first of its ports, and by how much its clock is ahead.
const (
	childData  = "ACCORD_BROKER_CHILD"
	childPort  = "ACCORD_BROKER_CHILD_PORT"
	childAhead = "ACCORD_BROKER_CHILD_AHEAD"
)

const (
	signer    = "guichet-signe"                                // a client with private_key_jwt
	signerKey = "client.jwk"                                   // its public key, in the data folder
	secret    = "a secret of the tests only, 32 characters up" // the editor's, over restarts
)

// child runs a country until it is killed, told to stop, or left alone.
func child(dir string) int {
	port, errPort := strconv.Atoi(os.Getenv(childPort))
	ahead, errAhead := time.ParseDuration(os.Getenv(childAhead))
	if err := errors.Join(errPort, errAhead); err != nil {
		fmt.Println(err)
		return 1
	}
	c, err := country.Start(context.Background(), country.Options{
		BasePort: port, Data: dir, Now: func() time.Time { return time.Now().Add(ahead) },
		Wrap: func(c *broker.Config) { withSigner(dir)(c); c.Store = doomed{c.Store, dir} },
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3) // whoever started it is gone
	}()
	fmt.Println("ready")
	<-told
	if err := c.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// withSigner registers the client with a key, and gives the editor a secret
// that outlives the process.
func withSigner(dir string) country.Wrap {
	return func(c *broker.Config) {
		var key jose.JSONWebKey
		data, err := os.ReadFile(filepath.Join(dir, signerKey))
		if err == nil {
			err = key.UnmarshalJSON(data)
		}
		if err != nil {
			panic(err) // the child ends, and tells why
		}
		editor, signed := *c.Clients[0], *c.Clients[0]
		editor.SecretHash = audit.Digest([]byte(secret))
		signed.ID, signed.AuthMethod, signed.SecretHash = signer, issuer.PrivateKeyJWT, ""
		signed.JWKS = issuer.JWKS{Keys: []jose.JSONWebKey{key}}
		c.Clients = append([]*issuer.Client{&editor, &signed}, c.Clients[1:]...)
	}
}

// A remote country runs in a process of its own, and can be started again at
// the same addresses on the same data. Only its addresses are set.
type remote struct {
	*country.Country
	t     *testing.T
	port  int
	ahead time.Duration     // of its clock, from the next start on
	key   *ecdsa.PrivateKey // of the client signer
	cmd   *exec.Cmd
	in    io.WriteCloser
}

func newRemote(t *testing.T) *remote {
	t.Helper()
	r := &remote{t: t, Country: &country.Country{Data: t.TempDir()}}
	var err error
	if r.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	public, err := json.Marshal(jose.JSONWebKey{Key: r.key.Public(), KeyID: signer, Algorithm: "ES256", Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.Data, signerKey), public, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 20 { // until four ports in a row are free
		r.port = 20_000 + 4*mathrand.IntN(2500)
		if err = r.start(); err == nil || !strings.Contains(err.Error(), "port") {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.kill() })
	r.Accord, r.FranceConnectURL = fmt.Sprintf("http://localhost:%d", r.port), fmt.Sprintf("http://127.0.0.1:%d", r.port+1)
	r.TownHallURL = fmt.Sprintf("http://127.0.0.1:%d", r.port+2)
	return r
}

// start returns once the country answers.
func (r *remote) start() error {
	r.cmd = exec.Command(os.Args[0])
	r.cmd.Env = append(os.Environ(), childData+"="+r.Data, childPort+"="+strconv.Itoa(r.port), childAhead+"="+r.ahead.String())
	r.cmd.Stderr = os.Stderr
	in, err := r.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := r.cmd.Start(); err != nil {
		return err
	}
	r.in = in
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		return errors.Join(fmt.Errorf("starting the country: %s", line), err, r.cmd.Wait())
	}
	return nil
}

func (r *remote) restart() {
	r.t.Helper()
	if err := r.start(); err != nil {
		r.t.Fatal(err)
	}
}

// kill is kill -9.
func (r *remote) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait() // killed
	_ = r.in.Close()
}

// stop is SIGTERM: the country ends by itself.
func (r *remote) stop() {
	r.t.Helper()
	if err := errors.Join(r.cmd.Process.Signal(syscall.SIGTERM), r.cmd.Wait()); err != nil {
		r.t.Fatal("the country's end:", err)
	}
	_ = r.in.Close()
}

// client is the editor's registration for one commune's canteen.
func (r *remote) client() headless.Client {
	return headless.Client{
		Issuer: r.Accord, ID: country.Editor, Secret: secret, RedirectURI: r.TownHallURL + "/retour",
		Recipient: "99900010200015", Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"},
	}
}
