package powercut

import (
	"bufio"
	"slices"
	"strings"
	"time"
)

// patience is how long a worker may take to do what a run waits for.
const patience = 20 * time.Second

// heard is what a worker tells.
type heard struct {
	lines          []string // once ended
	started, ended chan struct{}
}

// listen reads whole lines to the end; the last one may be cut.
func listen(out *bufio.Reader, once []string) *heard {
	h := &heard{started: make(chan struct{}), ended: make(chan struct{})}
	begun := false
	start := func(line string) {
		of := func(beginning string) bool { return strings.HasPrefix(line, beginning) }
		if !begun && (once == nil || slices.ContainsFunc(once, of)) {
			begun = true
			close(h.started)
		}
	}
	if once == nil {
		start("")
	}
	go func() {
		defer close(h.ended)
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				return
			}
			h.lines = append(h.lines, strings.TrimSuffix(line, "\n"))
			start(line)
		}
	}()
	return h
}
