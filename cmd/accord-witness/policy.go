package main

import (
	"fmt"
	"io"
	"os"

	"accord/consent/audit"
)

// readPolicy reads the C2SP tlog-policy file that names the log and its key.
// What it says of witnesses is passed over: this monitor is no judge of them.
func readPolicy(path string) (audit.Policy, error) {
	data, err := readFile(path, audit.MaxPolicy)
	if err != nil {
		return audit.Policy{}, fmt.Errorf("reading policy: %w", err)
	}
	return audit.ParsePolicy(data)
}

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s: more than %d bytes", path, limit)
	}
	return data, err
}
