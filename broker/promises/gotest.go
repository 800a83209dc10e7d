package main

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// A result is what one go test said.
type result struct {
	verdicts map[string]string // PASS, FAIL or SKIP, by test
	built    bool
	output   string
	took     time.Duration
}

// goTest runs some tests of one package, over an overlay unless that is empty.
// It never uses a remembered result.
func goTest(ctx context.Context, root, pkg string, tests []string, overlay string) result {
	patience := "-timeout=10m" // all tests of a package, one after the other
	if overlay != "" {
		patience = "-timeout=120s" // one test, which a broken promise may stop
	}
	args := []string{"test", "-v", "-count=1", "-vet=off", "-ldflags=-w", patience, "-p=1", "-run=" + pattern(tests)}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	command := exec.CommandContext(ctx, "go", append(args, pkg)...)
	command.Dir = root
	began := time.Now()
	out, _ := command.CombinedOutput() // the exit status says less than the output
	r := result{verdicts: verdicts(string(out)), output: string(out), took: time.Since(began)}
	r.built = !strings.Contains(r.output, "[build failed]") && !strings.Contains(r.output, "[setup failed]")
	return r
}

// pattern selects exactly some tests: ^A$/^B$|^C$.
func pattern(tests []string) string {
	var all []string
	for _, t := range tests {
		all = append(all, "^"+strings.ReplaceAll(t, "/", "$/^")+"$")
	}
	return strings.Join(all, "|")
}

// verdicts reads the lines "--- PASS: TestName (0.00s)", subtests indented.
func verdicts(output string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(output) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "--- ")
		if !ok {
			continue
		}
		verdict, rest, _ := strings.Cut(line, ": ")
		if name, _, ok := strings.Cut(rest, " ("); ok {
			all[name] = verdict
		}
	}
	return all
}
