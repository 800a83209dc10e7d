// Command promises runs Accord's promises (broker/design/0000-overview.md §2) and
// their controls:
//
//	controls/NN-name.txt: promise → test → what is broken
//	      ├─ the test as the tree is                        must pass
//	      └─ the test over the files patched by the control must fail
//
// A promise is kept by a test of its name; a control is a small patch that
// breaks the promise, applied by go test -overlay, so that nothing in the tree
// changes. A test that passes under its control proves nothing.
//
//	go run ./broker/promises [-run regexp] [-v]
//
// It ends with status 1 when a test fails, when one passes under its control,
// or when a control no longer applies or compiles.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
