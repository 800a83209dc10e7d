package configuration

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"unicode"
)

// A Secret is the content of a secret file. It prints as [secret]; Reveal
// gives it to the one who must send it.
type Secret struct{ value string }

// Reveal gives the secret itself.
func (s Secret) Reveal() string { return s.value }

// Format hides the secret from every fmt verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

const maxSecret = 4096 // bytes

// secret reads the file named at path, or reports why it cannot.
func (d *document) secret(path, file string) Secret {
	if file == "" {
		d.problem(path, "is missing: put the secret in a file of mode 0400 and write its path")
		return Secret{}
	}
	if !d.private(path, file) {
		return Secret{}
	}
	data, err := os.ReadFile(file)
	text := strings.TrimRight(string(data), "\r\n")
	switch {
	case err != nil:
		d.problem(path, "%s cannot be read by this user", file)
	case text == "" || len(text) > maxSecret || strings.ContainsFunc(text, unicode.IsSpace) || strings.ContainsFunc(text, unicode.IsControl):
		d.problem(path, "%s must hold the secret alone, on one line without spaces", file)
	default:
		return Secret{text}
	}
	return Secret{}
}

// private demands a regular file that only its owner may read.
func (d *document) private(path, file string) bool {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		d.problem(path, "%s does not exist or cannot be reached: make it, with mode 0400", file)
	case !info.Mode().IsRegular():
		d.problem(path, "%s is not a file", file)
	case exposed(file, info.Mode()):
		d.problem(path, "%s can be read by group or others (mode %#o): run chmod 0400 on it and change the secret", file, info.Mode().Perm())
	default:
		return true
	}
	return false
}
