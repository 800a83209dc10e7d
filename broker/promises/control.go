package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// lastPromise is the number of the last promise.
const lastPromise = 13

// A control is one file of controls/:
//
//	promise: 8
//	says: Once a withdrawal returns, no delivery begins under that grant.
//	control: a delivery does not look whether the grant has ended
//	package: ./broker/boltstore
//	test: TestStore/Withdraw/WithdrawnConsentReleasesNothing
//
//	file: broker/boltstore/deliver.go
//	old:
//		return token, g, token.live(g, b)
//	new:
//		return token, g, nil
//	end
//
// Old and new are whole lines. A control may hold several hunks.
type control struct {
	name    string // of its file
	promise int    // 1 to 13
	says    string // the promise
	breaks  string // what is broken
	pkg     string // of the test, "./" and a path
	test    string // Test…, subtests after slashes
	hunks   []hunk
}

// A hunk replaces lines of one file.
type hunk struct {
	file     string // path from the module's root, with slashes
	old, new string // whole lines
}

// A reader goes through the lines of a control.
type reader struct {
	lines []string
	at    int
}

func (r *reader) next() (string, bool) {
	if r.at == len(r.lines) {
		return "", false
	}
	r.at++
	return r.lines[r.at-1], true
}

// parse reads a control and accepts nothing else.
func parse(name, text string) (control, error) {
	c := control{name: name}
	body, whole := strings.CutSuffix(text, "\n")
	r := &reader{lines: strings.Split(body, "\n")}
	err := c.read(r)
	if err == nil && !whole {
		err = errors.New("last line has no end")
	}
	if err != nil {
		return c, fmt.Errorf("control %s, line %d: %w", name, r.at, err)
	}
	return c, nil
}

func (c *control) read(r *reader) error {
	var number string
	for _, member := range []struct {
		key   string
		value *string
	}{{"promise", &number}, {"says", &c.says}, {"control", &c.breaks}, {"package", &c.pkg}, {"test", &c.test}} {
		var err error
		if *member.value, err = r.member(member.key); err != nil {
			return err
		}
	}
	var err error
	if c.promise, err = strconv.Atoi(number); err != nil {
		return fmt.Errorf("reading the promise's number: %w", err)
	}
	if err := c.check(); err != nil {
		return err
	}
	for r.at < len(r.lines) {
		h, err := r.hunk()
		if err != nil {
			return err
		}
		c.hunks = append(c.hunks, h)
	}
	if len(c.hunks) == 0 {
		return errors.New("a control without a patch breaks nothing")
	}
	return nil
}

func (c *control) check() error {
	switch {
	case c.promise < 1 || c.promise > lastPromise:
		return fmt.Errorf("promise %d is none of 1 to %d", c.promise, lastPromise)
	case !strings.HasPrefix(c.pkg, "./") || !filepath.IsLocal(c.pkg[2:]):
		return errors.New(`package must be written "./path"`)
	case !regexp.MustCompile(`^Test\w+(/\w+)*$`).MatchString(c.test):
		return errors.New("test must be one Test function, subtests after slashes")
	}
	return nil
}

// member is the value of a line "key: value".
func (r *reader) member(key string) (string, error) {
	line, _ := r.next()
	value, ok := strings.CutPrefix(line, key+": ")
	if !ok || value == "" || strings.TrimSpace(value) != value {
		return "", fmt.Errorf("%q must stand here, with its value", key+": ")
	}
	return value, nil
}

func (r *reader) hunk() (h hunk, err error) {
	if line, _ := r.next(); line != "" {
		return h, errors.New("an empty line must stand before each file")
	}
	if h.file, err = r.member("file"); err != nil {
		return h, err
	}
	if !filepath.IsLocal(h.file) {
		return h, errors.New("file must be a path from the module's root")
	}
	if line, _ := r.next(); line != "old:" {
		return h, errors.New(`"old:" must stand here`)
	}
	if h.old, err = r.until("new:"); err != nil {
		return h, err
	}
	if h.new, err = r.until("end"); err != nil {
		return h, err
	}
	if h.old == "" || h.old == h.new {
		return h, errors.New("a hunk must replace lines, and by others")
	}
	return h, nil
}

// until is the lines before one, each with its end.
func (r *reader) until(last string) (string, error) {
	var b strings.Builder
	for {
		line, ok := r.next()
		if !ok {
			return "", fmt.Errorf("%q is missing", last)
		}
		if line == last {
			return b.String(), nil
		}
		if line == "old:" || line == "new:" || line == "end" || strings.HasPrefix(line, "file: ") {
			return "", fmt.Errorf("%q must stand before %q", last, line)
		}
		b.WriteString(line + "\n")
	}
}
