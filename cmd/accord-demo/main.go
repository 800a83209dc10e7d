// Command accord-demo starts a whole country on loopback: Accord, a
// FranceConnect simulator, a town hall, the data sources. Nothing in it is
// real: it is a simulator, not FranceConnect.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
