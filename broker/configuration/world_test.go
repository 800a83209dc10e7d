package configuration

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker/keyring"
)

const examples = "../../cmd/accord/examples"

// A world is a folder with the examples, keys, secrets and signatures: right
// until a test breaks it.
type world struct {
	dir, accord string
	registrar   string // private key file
}

// keysOf makes one keys folder for all tests: its RSA key takes a second.
var keysOf = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(shared, "keys")
	return dir, keyring.Create(dir, "accord.example/log/1", "https://accord.example", time.Now())
})

var shared string // folder of the run, removed at its end

func TestMain(m *testing.M) {
	var err error
	if shared, err = os.MkdirTemp("", "accord-configuration-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(shared)
	os.Exit(code)
}

func newWorld(t *testing.T) world {
	t.Helper()
	dir := t.TempDir()
	w := world{dir, filepath.Join(dir, "accord.yaml"), filepath.Join(t.TempDir(), "registrar.key")}
	must(t, os.CopyFS(dir, os.DirFS(examples)))
	keys, err := keysOf()
	must(t, err)
	private, public, err := GenerateRegistrar("registrar.example")
	must(t, err)
	must(t, os.WriteFile(w.registrar, []byte(private), 0o400))
	for _, name := range []string{"franceconnect", "proconnect", "cnav", "dgfip"} {
		w.write(t, "secrets/"+name, strings.Repeat("s", 32)+"\n", 0o400)
	}
	for _, name := range []string{"data", "guard", "run"} {
		must(t, os.MkdirAll(filepath.Join(dir, name), 0o700))
	}
	w.edit(t, "accord.yaml", "registrars: []", "registrars:\n  - "+public)
	w.edit(t, "accord.yaml", "keys: keys", "keys: "+keys)
	w.sign(t)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) write(t *testing.T, name, text string, mode fs.FileMode) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(text), mode))
	must(t, os.Chmod(path, mode))
}

func (w world) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, name))
	must(t, err)
	return string(data)
}

// edit replaces the first occurrence of old, which must be there.
func (w world) edit(t *testing.T, name, old, text string) {
	t.Helper()
	was := w.read(t, name)
	if !strings.Contains(was, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	w.write(t, name, strings.Replace(was, old, text, 1), 0o644)
}

func (w world) sign(t *testing.T) {
	t.Helper()
	signer, err := ReadRegistrar(w.registrar)
	must(t, err)
	for _, file := range yamlFiles(filepath.Join(w.dir, "approvals")) {
		must(t, SignApproval(signer, file))
	}
}

// lineOf is the line of the first occurrence of text in a file.
func (w world) lineOf(t *testing.T, name, text string) int {
	t.Helper()
	before, _, found := strings.Cut(w.read(t, name), text)
	if !found {
		t.Fatalf("%s does not hold %q", name, text)
	}
	return strings.Count(before, "\n") + 1
}

// told tells whether a mistake of a file stands at a line and says something.
func told(mistakes []Mistake, file string, line int, message string) bool {
	for _, m := range mistakes {
		if strings.HasSuffix(m.File, file) && m.Line == line && strings.Contains(m.Message, message) {
			return true
		}
	}
	return false
}

func list(mistakes []Mistake) string {
	var b strings.Builder
	for _, m := range mistakes {
		fmt.Fprintf(&b, "\n  %s", m)
	}
	return b.String()
}

// exampleFiles counts the examples of one folder.
func exampleFiles(t *testing.T, folder string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(examples, folder, "*.yaml"))
	must(t, err)
	return len(files)
}
