package configuration

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// DecryptionKeys are the private keys FranceConnect's answers to a data
// provider are decrypted by, newest first. They print as [secret].
type DecryptionKeys struct{ keys []jose.JSONWebKey }

// Reveal gives the keys to the one who must decrypt by them.
func (k DecryptionKeys) Reveal() []jose.JSONWebKey { return slices.Clone(k.keys) }

// Format hides the keys from every fmt verb.
func (k DecryptionKeys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// LogValue hides the keys from slog.
func (k DecryptionKeys) LogValue() slog.Value { return slog.StringValue("[secret]") }

func (d *document) checkDataProvider(fc *FranceConnect) {
	const path = "$.franceconnect.data_provider"
	p := fc.DataProvider
	if d.need(path+".client_id", p.ClientID, "the client id FranceConnect gave the operator as data provider") && p.ClientID == fc.ClientID {
		d.problem(path+".client_id", "is the login's: FranceConnect registers data providers apart")
	}
	p.ClientSecret = d.secret(path+".client_secret_file", p.ClientSecretFile)
	setDefault(&p.Alg, "ES256")
	d.oneOf(path+".alg", p.Alg, "ES256", "RS256")
	if !d.need(path+".keys_file", p.KeysFile, "the file accord keys franceconnect made") || !d.private(path+".keys_file", p.KeysFile) {
		return
	}
	keys, err := readDecryptionKeys(p.KeysFile)
	if err != nil {
		d.problem(path+".keys_file", "%s holds no private keys to decrypt by: make it with accord keys franceconnect", p.KeysFile)
	}
	p.Keys = DecryptionKeys{keys}
}

// maxDecryptionKeys bounds the set: the newest, and those FranceConnect may
// still have encrypted for.
const maxDecryptionKeys = 8

var errDecryptionKeys = errors.New("no set of private keys for ECDH-ES, RSA-OAEP or RSA-OAEP-256, each with a kid")

func readDecryptionKeys(file string) ([]jose.JSONWebKey, error) {
	data, err := readBounded(file)
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if json.Unmarshal(data, &set) != nil || len(set.Keys) == 0 || len(set.Keys) > maxDecryptionKeys {
		return nil, errDecryptionKeys
	}
	for _, k := range set.Keys {
		known := slices.Contains([]string{string(jose.ECDH_ES), string(jose.RSA_OAEP), string(jose.RSA_OAEP_256)}, k.Algorithm)
		if !known || k.KeyID == "" || !k.Valid() || k.IsPublic() {
			return nil, errDecryptionKeys
		}
	}
	return set.Keys, nil
}

// RenewDecryptionKeys puts a new key (ECDH-ES on P-256) before the newest of a
// file, or makes the file, of mode 0400. FranceConnect encrypts for the first
// key it finds; the one before opens what is still on its way. It gives the new
// key's id.
func RenewDecryptionKeys(file string) (kid string, err error) {
	var kept []jose.JSONWebKey
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		if kept, err = readDecryptionKeys(file); err != nil {
			return "", fmt.Errorf("reading %s: %w", file, err)
		}
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making a key: %w", err)
	}
	fresh := jose.JSONWebKey{Key: private, KeyID: "enc-" + rand.Text()[:16], Algorithm: string(jose.ECDH_ES), Use: "enc"}
	set := jose.JSONWebKeySet{Keys: append([]jose.JSONWebKey{fresh}, kept[:min(1, len(kept))]...)}
	text, err := json.Marshal(set)
	if err != nil {
		return "", fmt.Errorf("encoding keys: %w", err)
	}
	return fresh.KeyID, replacePrivate(file, append(text, '\n'))
}

// replacePrivate writes a file of mode 0400 beside, fsynced, and renames it:
// there is always a whole one.
func replacePrivate(file string, text []byte) error {
	next := file + ".next"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return fmt.Errorf("writing keys: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing keys: %w", errors.Join(err, os.Remove(next)))
	}
	if err := os.Rename(next, file); err != nil {
		return fmt.Errorf("writing keys: %w", err)
	}
	return nil
}
