// Command accord is the consent data broker.
//
//	accord init DIR ─→ accord.yaml, keys, folders ─ edit ─→ accord check-config ─→ accord serve
//	accord backup ─→ a verified copy ─→ accord restore, held against the fork guard
//	accord approvals apply, preview, sign, refuse, renew, resume: what a registrar runs
//	accord approvals suspend, reload: what operators do to them while it runs
//	accord keys, erase, extract: what operators do while it runs, each act in the log
//
// Everything an operator writes is documented key by key in examples/.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
