package main

import (
	"runtime/debug"
)

// Most memory is short-lived: pages and sealed interactions. Collecting less
// often costs some and saves a tenth of the processor; the limit keeps a flood
// of requests from taking the machine.
const (
	gcPercent   = 400
	memoryLimit = 512 << 20 // bytes; soft
)

// tuneMemory leaves an operator's own GOGC and GOMEMLIMIT alone.
func tuneMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
