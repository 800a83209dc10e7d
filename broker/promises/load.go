package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// folder holds the controls, from the module's root.
const folder = "broker/promises/controls"

// moduleRoot is the folder of go.mod.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the module: %w", err)
	}
	file := strings.TrimSpace(string(out))
	if filepath.Base(file) != "go.mod" {
		return "", errors.New("looking for the module: not inside one")
	}
	return filepath.Dir(file), nil
}

// load reads every control, sorted by promise and test. All thirteen promises
// must have one, and one sentence each.
func load(root string) ([]control, error) {
	names, err := filepath.Glob(filepath.Join(root, folder, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("listing controls: %w", err)
	}
	var all []control
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading a control: %w", err)
		}
		c, err := parse(filepath.Base(name), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b control) int {
		return cmp.Or(cmp.Compare(a.promise, b.promise), cmp.Compare(a.pkg, b.pkg), cmp.Compare(a.test, b.test))
	})
	return all, complete(all)
}

func complete(all []control) error {
	says := map[int]string{}
	var errs []error
	last := 1
	for _, c := range all {
		if !strings.HasPrefix(c.name, fmt.Sprintf("%02d-", c.promise)) {
			errs = append(errs, fmt.Errorf("control %s is of promise %d: name it so", c.name, c.promise))
		}
		if says[c.promise] != "" && says[c.promise] != c.says {
			errs = append(errs, fmt.Errorf("control %s has another sentence for promise %d", c.name, c.promise))
		}
		says[c.promise] = c.says
	}
	for ; last <= lastPromise; last++ {
		if says[last] == "" {
			errs = append(errs, fmt.Errorf("promise %d has no control", last))
		}
	}
	return errors.Join(errs...)
}
