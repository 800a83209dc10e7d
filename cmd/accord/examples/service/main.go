// Command service is the smallest service provider: one link, one answer. It is
// meant to be read and copied.
//
//	go run ./cmd/accord/examples/service -register DIR   a client file and its secret
//	go run ./cmd/accord-demo -clients DIR/clients        Accord, in another terminal
//	go run ./cmd/accord/examples/service -dir DIR        this, at http://127.0.0.1:9000
package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"accord/oidc/serviceprovider"
)

const (
	clientID  = "ma-premiere"
	recipient = "99900010200015" // SIRET of the demonstration's commune, which receives the data
	purpose   = "tarification-cantine"
)

func main() {
	register := flag.String("register", "", "write a client file and its secret into this folder")
	dir := flag.String("dir", "", "the folder of -register")
	issuer := flag.String("issuer", "http://localhost:8080", "address of Accord")
	home := flag.String("home", "http://127.0.0.1:9000", "address of this service, a loopback one")
	flag.Parse()
	if err := run(*register, *dir, *issuer, *home); err != nil {
		fmt.Fprintln(os.Stderr, "service:", err)
		os.Exit(1)
	}
}

func run(register, dir, issuer, home string) error {
	if register != "" {
		if err := writeClient(register, home); err != nil {
			return err
		}
		fmt.Printf("Wrote clients/%s.yaml, for Accord, and secret, to keep, into %s. Start Accord now, again if it runs.\n", clientID, register)
		return nil
	}
	handler, err := newService(dir, issuer, home)
	if err != nil {
		return err
	}
	fmt.Println("Open", home)
	server := &http.Server{Addr: strings.TrimPrefix(home, "http://"), Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// writeClient registers this service: Accord's operator gets the file, which
// holds the secret's digest, and the secret stays here.
func writeClient(dir, home string) error {
	secret := rand.Text() + rand.Text()
	digest := sha256.Sum256([]byte(secret))
	client := fmt.Sprintf(`id: %s
name: Ma première application
auth_method: client_secret_basic
secret_hash: sha-256:%s
redirect_uris: [%s/retour]
approvals: [valbrume-cantine]
`, clientID, base64.RawURLEncoding.EncodeToString(digest[:]), home)
	if err := os.MkdirAll(filepath.Join(dir, "clients"), 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	for name, text := range map[string]string{"secret": secret, "clients/" + clientID + ".yaml": client} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("registering: %w", err)
		}
	}
	return nil
}

// newService is the service's two pages.
func newService(dir, issuer, home string) (http.Handler, error) {
	secret, err := os.ReadFile(filepath.Join(dir, "secret"))
	if err != nil {
		return nil, fmt.Errorf("reading the secret: %w", err)
	}
	client, err := serviceprovider.New(serviceprovider.Config{
		Issuer: issuer, ClientID: clientID, Secret: string(secret), RedirectURI: home + "/retour",
		Recipient: recipient, Releases: filepath.Join(dir, "releases.txt"),
	})
	if err != nil {
		return nil, err
	}
	s := &service{client: client, begun: map[string]serviceprovider.Attempt{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("POST /demande", s.ask)
	mux.HandleFunc("GET /retour", s.back)
	return mux, nil
}
