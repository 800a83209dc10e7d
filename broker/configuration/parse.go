package configuration

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const maxDepth = 32 // of nested lists and mappings

// parse gives the one document of a file, or nil after telling why there is
// none.
func (d *document) parse(data []byte) ast.Node {
	if len(data) > maxFile {
		d.at(0, "is larger than %d bytes", maxFile)
		return nil
	}
	if !utf8.Valid(data) || strings.ContainsRune(string(data), 0) {
		d.at(0, "is not UTF-8 text")
		return nil
	}
	if d.last = bytes.Count(data, []byte("\n")) + 1; bytes.Count(data, []byte("\r")) != bytes.Count(data, []byte("\r\n")) {
		d.at(0, "holds a carriage return that ends no line: remove it")
		return nil
	}
	if tooDeep(data) {
		d.at(0, "nests lists or mappings more than %d deep", maxDepth)
		return nil
	}
	file, err := parse(data)
	if err != nil {
		d.syntax(err)
		return nil
	}
	return d.single(file)
}

// parse shields from the parser's panics on input that is no YAML.
func parse(data []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			file, err = nil, errors.New("is not YAML")
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// tooDeep bounds nesting before the parser sees it: it recurses, and a stack
// overflow cannot be recovered from.
func tooDeep(data []byte) bool {
	depth := 0
	for _, text := range strings.Split(string(data), "\n") {
		indent := len(text) - len(strings.TrimLeft(text, " -?:"))
		depth += strings.Count(text, "[") + strings.Count(text, "{") - strings.Count(text, "]") - strings.Count(text, "}")
		if depth = max(depth, 0); depth > maxDepth || indent > 4*maxDepth {
			return true
		}
	}
	return false
}

func (d *document) single(file *ast.File) ast.Node {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		d.at(0, "is empty")
		return nil
	case 1:
		return bodies[0]
	}
	d.at(line(bodies[1]), "begins a second document: one file holds one")
	return nil
}

// syntax reports a parser error without the source excerpt it carries, which
// could show a value.
func (d *document) syntax(err error) {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		d.at(located.GetToken().Position.Line, "is not YAML: %s", firstLine(located.GetMessage()))
		return
	}
	d.at(0, "is not YAML")
}
