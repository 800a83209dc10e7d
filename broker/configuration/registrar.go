package configuration

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"
)

// ErrOwnRegistrar is wrapped when a registrar's key is the operator's: who runs
// Accord would approve requests by itself.
var ErrOwnRegistrar = errors.New("a registrar is not the operator")

const privateKeyHead = "PRIVATE+KEY+" // of a key file made by accord approvals keygen

// checkRegistrars demands public keys of registrars that are not the operator:
// by their name, by the log's own key, and by where their private half lies.
func (d *document) checkRegistrars(s *Settings) {
	found := s.privateKeys(filepath.Dir(d.file))
	for i, r := range s.Registrars {
		path := index("$.registrars", i)
		v, err := note.NewVerifier(r)
		if err != nil {
			d.problem(path, "is not a public key: write the line accord approvals keygen printed")
			continue
		}
		if s.ownName(v.Name()) {
			d.problem(path, "bears the operator's own name: the registrar is another body, with a key of its own")
		}
		if file, ok := found[keyName(v.Name(), v.KeyHash())]; ok {
			d.problem(path, "its private key lies in %s, where the operator can sign with it: move it to the registrar's machine, and have the registrar make a new one if it was used here", file)
		}
	}
}

// checkLogKey: the key of checkpoints is the operator's in any case.
func (d *document) checkLogKey(registrars []string, logKey string) {
	for i, r := range registrars {
		if bareKey(r) == bareKey(logKey) {
			d.problem(index("$.registrars", i), "is the key of this Accord's log: the registrar is another body, with a key of its own")
		}
	}
}

// bareKey is the key itself of a verifier key, "name+hash+key" (C2SP
// signed-note): its base64 may hold a + too.
func bareKey(verifier string) string {
	parts := strings.SplitN(verifier, "+", 3)
	return parts[len(parts)-1]
}

// ownName tells whether a key's name is one of the operator's: its legal name,
// SIRET or SIREN, the host of the issuer, the domain of its DPO's address.
func (s *Settings) ownName(name string) bool {
	bare := bareName(name)
	own := []string{bareName(s.Operator.Name)}
	if u, err := url.Parse(s.Issuer); err == nil {
		own = append(own, bareName(u.Hostname()))
	}
	if _, domain, mail := strings.Cut(s.Operator.DPO, "@"); mail {
		own = append(own, bareName(domain))
	}
	for _, o := range own {
		if o != "" && o == bare {
			return true
		}
	}
	siret := s.Operator.SIRET
	return len(siret) == 14 && (strings.Contains(bare, siret) || strings.Contains(bare, siret[:9]))
}

// bareName keeps the letters and digits of a name, in lower case.
func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func keyName(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// ownFolders are where the operator keeps what it can read: whatever lies there
// is its own.
func (s *Settings) ownFolders(configuration string) []string {
	dirs := []string{configuration, s.Keys, filepath.Join(s.Keys, "epochs"), s.ApprovalsDir, s.ClientsDir, filepath.Dir(s.Guard), filepath.Dir(s.Admin)}
	for _, file := range s.secretFiles() {
		dirs = append(dirs, filepath.Dir(file))
	}
	return dirs
}

// secretFiles are all files of secrets the settings name, by the name of their
// keys: a source that is added cannot be forgotten here.
func (s *Settings) secretFiles() []string {
	files := filesIn(reflect.ValueOf(*s))
	if s.TLS != nil {
		files = append(files, s.TLS.Key)
	}
	return files
}

// filesIn collects the texts of keys that end in _file.
func filesIn(v reflect.Value) (files []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			files = filesIn(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			files = append(files, filesIn(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			files = append(files, filesIn(v.MapIndex(key))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.String && strings.HasSuffix(v.Type().Field(i).Tag.Get("yaml"), "_file") {
				files = append(files, f.String())
			} else {
				files = append(files, filesIn(f)...)
			}
		}
	}
	return files
}

// privateKeys finds the registrars' private keys in the operator's folders: the
// file of each, by the name and hash of its key.
func (s *Settings) privateKeys(configuration string) map[string]string {
	found := map[string]string{}
	for _, dir := range s.ownFolders(configuration) {
		entries, _ := os.ReadDir(dir) // one that is missing is told elsewhere
		for _, e := range entries {
			file := filepath.Join(dir, e.Name())
			if signer := privateKey(file); dir != "" && signer != nil {
				found[keyName(signer.Name(), signer.KeyHash())] = file
			}
		}
	}
	return found
}

// privateKey reads a file if it is a registrar's private key.
func privateKey(file string) note.Signer {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSecret {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(text), []byte(privateKeyHead)) {
		return nil
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(text)))
	if err != nil {
		return nil
	}
	return signer
}

// CheckRegistrar tells whether a registrar's private key, read from a file, may
// sign approvals for the Accord of a configuration. The error wraps
// ErrOwnRegistrar.
func CheckRegistrar(configuration, file string, registrar note.Signer) error {
	s, err := ReadSettings(configuration)
	if err != nil {
		return err
	}
	if s.ownName(registrar.Name()) {
		return fmt.Errorf("the key bears the operator's own name: %w", ErrOwnRegistrar)
	}
	for _, dir := range s.ownFolders(filepath.Dir(configuration)) {
		if dir != "" && within(file, dir) {
			return fmt.Errorf("the key lies in %s, which is the operator's: %w", dir, ErrOwnRegistrar)
		}
	}
	if _, ok := s.privateKeys(filepath.Dir(configuration))[keyName(registrar.Name(), registrar.KeyHash())]; ok {
		return fmt.Errorf("a copy of the key lies in a folder of the operator: %w", ErrOwnRegistrar)
	}
	return nil
}
