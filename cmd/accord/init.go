package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"accord/broker/configuration"
	"accord/broker/keyring"
)

//go:embed examples/accord.yaml
var exampleConfig string

const exampleIssuer = "https://accord.example"

// initialise makes what serve needs in a folder that is empty or not there: a
// key is never put beside something it could be confused with.
func initialise(_ context.Context, in invocation, args []string) error {
	f := flags("init")
	issuer := f.String("issuer", exampleIssuer, "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	dir := f.Arg(0)
	origin, err := checkIssuer(*issuer)
	if err != nil {
		return err
	}
	if err := makeFolders(dir); err != nil {
		return err
	}
	if err := keyring.Create(filepath.Join(dir, "keys"), origin, *issuer, time.Now()); err != nil {
		return err
	}
	text := strings.ReplaceAll(exampleConfig, exampleIssuer, *issuer)
	if err := os.WriteFile(filepath.Join(dir, defaultConfig), []byte(text), 0o644); err != nil { //nolint:gosec // G306: holds no secret, and whoever audits may read it
		return fmt.Errorf("writing %s: %w", defaultConfig, err)
	}
	in.nextSteps(dir, *issuer, origin)
	return nil
}

// checkIssuer gives the log's name: it is chosen here, once.
func checkIssuer(issuer string) (string, error) {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("%w: -issuer is scheme and host only, as %s", errUsage, exampleIssuer)
	}
	return configuration.LogOrigin(issuer, 1)
}

func makeFolders(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %s: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: choose another folder", dir)
	}
	for name, mode := range map[string]fs.FileMode{
		"clients": 0o755, "approvals": 0o755,
		"secrets": 0o700, "data": 0o700, "guard": 0o700, "run": 0o700,
	} {
		if err := os.MkdirAll(filepath.Join(dir, name), mode); err != nil {
			return fmt.Errorf("making folders: %w", err)
		}
	}
	return nil
}

func (in invocation) nextSteps(dir, issuer, origin string) {
	fmt.Fprintf(in.stdout, `made %[1]s: accord.yaml, keys/ (back it up now, apart from data/), clients/, approvals/, secrets/, data/, guard/, run/
the issuer is %[2]s and the log %[3]s, for ever; to choose others, remove %[1]s and run accord init -issuer URL %[1]s

next:
  1. edit %[1]s/accord.yaml
  2. put FranceConnect's and each source's secret under %[1]s/secrets, mode 0400
  3. accord approvals keygen -name NAME -out FILE, on the registrar's machine; write the printed line under registrars
  4. write clients/<client_id>.yaml and approvals/<id>.yaml, and have each approval signed: accord approvals sign -key FILE APPROVAL
  5. accord check-config -config %[1]s/accord.yaml
  6. accord serve -config %[1]s/accord.yaml
`, dir, issuer, origin)
}
