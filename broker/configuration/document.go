package configuration

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

const maxFile = 256 << 10 // bytes of one file

// A document is one YAML file being read: where each of its keys stands, and
// the mistakes found so far.
type document struct {
	file     string
	lines    map[string]int  // YAML path → line of its key or list entry
	told     map[string]bool // paths already reported, not to be reported again by a rule
	last     int             // line of the file
	mistakes []Mistake
}

// load reads a file into a struct; it goes on after each mistake, so that the
// rules can still judge the rest.
func load(file string, into any) *document {
	data, err := readBounded(file)
	if err != nil {
		d := newDocument(file)
		d.at(0, "%s", err)
		return d
	}
	return read(file, data, into)
}

func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", errors.Unwrap(err))
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("is not a file of at most %d bytes", maxFile)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", errors.Unwrap(err))
	}
	return data, nil
}

func newDocument(file string) *document {
	return &document{file: file, lines: map[string]int{}, told: map[string]bool{}}
}

// read decodes the bytes of a file. into is a pointer to a struct with yaml
// tags.
func read(file string, data []byte, into any) *document {
	d := newDocument(file)
	root := d.parse(data)
	if root == nil {
		return d
	}
	d.lines["$"] = line(root)
	d.decodeRoot(root, into)
	return d
}

// at reports a mistake. The parser counts one line more than there are when
// something is missing at the end.
func (d *document) at(line int, format string, args ...any) {
	if d.last > 0 {
		line = min(line, d.last)
	}
	d.mistakes = append(d.mistakes, Mistake{File: d.file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// problem reports a rule's finding at a YAML path, unless reading that place
// failed already.
func (d *document) problem(path, format string, args ...any) {
	if d.known(path) {
		return
	}
	d.at(d.line(path), "%s: %s", strings.TrimPrefix(path, "$."), fmt.Sprintf(format, args...))
}

func (d *document) warn(path, format string, args ...any) {
	n := len(d.mistakes)
	d.problem(path, format, args...)
	for i := range d.mistakes[n:] {
		d.mistakes[n+i].Warning = true
	}
}

// known tells whether path or a place above it was reported while reading.
func (d *document) known(path string) bool {
	for ; path != ""; path = parent(path) {
		if d.told[path] {
			return true
		}
	}
	return false
}

// line is where path stands; for a missing key, where the nearest thing above
// it stands.
func (d *document) line(path string) int {
	for ; path != ""; path = parent(path) {
		if n, ok := d.lines[path]; ok {
			return n
		}
	}
	return 1
}

// parent cuts the last member or index of a YAML path; "" above "$".
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

func line(n ast.Node) int {
	if n == nil || n.GetToken() == nil {
		return 1
	}
	return n.GetToken().Position.Line
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
