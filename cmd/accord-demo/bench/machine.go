package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// printMachine says what the figures are of: without it they are of nothing.
func printMachine(w io.Writer, o options) {
	fmt.Fprintf(w, "commit     %s\n", commit())
	fmt.Fprintf(w, "date       %s\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"))
	fmt.Fprintf(w, "machine    %s, %d cores, Linux %s\n", field("/proc/cpuinfo", "model name"), runtime.NumCPU(), oneLine("/proc/sys/kernel/osrelease"))
	fmt.Fprintf(w, "disk       %s\n", filesystem(o.dir))
	fmt.Fprintf(w, "load       %s (1, 5, 15 min) before the run\n", strings.Join(strings.Fields(oneLine("/proc/loadavg"))[:3], " "))
	fmt.Fprintf(w, "go         %s, GOMAXPROCS %d\n\n", runtime.Version(), runtime.GOMAXPROCS(0))
}

// commit is of the tree in the current folder; "dirty" when files differ.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	id := strings.TrimSpace(string(out))
	if out, err := exec.Command("git", "status", "--porcelain").Output(); err != nil || len(out) > 0 {
		id += " dirty"
	}
	return id
}

// field is the value of the first "name : value" line of a file.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func oneLine(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return "unknown ? ?"
	}
	return strings.TrimSpace(string(b))
}

// filesystem is the type of the mount that holds dir.
func filesystem(dir string) string {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "unknown"
	}
	best, kind := "", "unknown"
	for line := range strings.Lines(oneLine("/proc/mounts")) {
		f := strings.Fields(line)
		if len(f) < 3 || len(f[1]) < len(best) {
			continue
		}
		if path == f[1] || strings.HasPrefix(path, strings.TrimSuffix(f[1], "/")+"/") {
			best, kind = f[1], f[2]
		}
	}
	return kind
}
