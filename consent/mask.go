package consent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrShape is wrapped by Mask's errors: the document is not of the shape the
// paths speak of, and nothing of it may leave. The error names paths, never a
// value.
var ErrShape = errors.New("document of another shape")

// Mask keeps of a JSON document exactly the leaves at paths. A path is member
// names joined by dots, "[]" after a name standing for every element of an
// array: "quotient_familial.valeur", "enfants[].prenoms",
// "given_name_array[]".
//
// What is not named is absent, never null; a null the source gave at a named
// leaf stays. Elements of an array stay even when emptied, so that a list is
// never shorter than it was; an object emptied of all members goes. Leaves are
// copied byte for byte (a number is never read as a float), members are
// sorted, so equal documents give equal bytes. An object or array where a path
// ends, a scalar where it goes on, a member named twice or text that is not
// UTF-8 is refused with ErrShape.
func Mask(doc json.RawMessage, paths []string) (json.RawMessage, error) {
	if !utf8.Valid(doc) || !json.Valid(doc) {
		return nil, fmt.Errorf("masking a document: not JSON in UTF-8: %w", ErrShape)
	}
	var out bytes.Buffer
	kept, err := maskObject(&out, doc, grow(paths), "")
	if err != nil {
		return nil, fmt.Errorf("masking a document: %w", err)
	}
	if !kept {
		return json.RawMessage("{}"), nil
	}
	return out.Bytes(), nil
}

// A branch is the part of the allow-list below one place in the document.
type branch struct {
	leaf    bool               // a path ends here: a scalar may stay
	members map[string]*branch // of an object
	items   *branch            // of an array
}

// grow turns paths into a tree.
func grow(paths []string) *branch {
	root := &branch{}
	for _, path := range paths {
		at := root
		for name := range strings.SplitSeq(path, ".") {
			plain := strings.TrimRight(name, "[]")
			at = at.member(plain)
			for range (len(name) - len(plain)) / len("[]") {
				at = at.item()
			}
		}
		at.leaf = true
	}
	return root
}

func (b *branch) member(name string) *branch {
	if b.members == nil {
		b.members = make(map[string]*branch)
	}
	if b.members[name] == nil {
		b.members[name] = &branch{}
	}
	return b.members[name]
}

func (b *branch) item() *branch {
	if b.items == nil {
		b.items = &branch{}
	}
	return b.items
}

// maskValue writes what b allows of one value, and tells whether anything was
// written.
func maskValue(out *bytes.Buffer, value json.RawMessage, b *branch, at string) (bool, error) {
	switch value[0] {
	case '{':
		if b.members == nil {
			return false, fmt.Errorf("%s is an object: %w", at, ErrShape)
		}
		return maskObject(out, value, b, at+".")
	case '[':
		if b.items == nil {
			return false, fmt.Errorf("%s is an array: %w", at, ErrShape)
		}
		return true, maskArray(out, value, b.items, at+"[]")
	case 'n':
		if !b.leaf { // an absent object or array: absent, not null
			return false, nil
		}
	default:
		if !b.leaf {
			return false, fmt.Errorf("%s is a scalar: %w", at, ErrShape)
		}
	}
	out.Write(value)
	return true, nil
}

func maskObject(out *bytes.Buffer, object json.RawMessage, b *branch, at string) (bool, error) {
	members, err := readObject(object, at)
	if err != nil {
		return false, err
	}
	start, wrote := out.Len(), false
	out.WriteByte('{')
	for _, name := range slices.Sorted(maps.Keys(members)) {
		below := b.members[name]
		if below == nil {
			continue
		}
		before := out.Len()
		if wrote {
			out.WriteByte(',')
		}
		writeName(out, name)
		kept, err := maskValue(out, members[name], below, at+name)
		if err != nil {
			return false, err
		}
		if !kept {
			out.Truncate(before)
		}
		wrote = wrote || kept
	}
	out.WriteByte('}')
	if !wrote {
		out.Truncate(start)
	}
	return wrote, nil
}

// maskArray keeps every element: an emptied object stays as {}.
func maskArray(out *bytes.Buffer, array json.RawMessage, b *branch, at string) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(array, &elements); err != nil {
		return fmt.Errorf("%s: %w", at, ErrShape)
	}
	out.WriteByte('[')
	for i, e := range elements {
		if i > 0 {
			out.WriteByte(',')
		}
		kept, err := maskValue(out, e, b, at)
		switch {
		case err != nil:
			return err
		case !kept && e[0] == 'n':
			return fmt.Errorf("%s is null: %w", at, ErrShape)
		case !kept:
			out.WriteString("{}")
		}
	}
	out.WriteByte(']')
	return nil
}
