// Command accord-witness is the online auditor: it follows a live log from
// outside and says, in one line each, what is wrong with it.
//
//	accord-witness monitor -log https://accord.example/log/1 -policy policy -state FILE [-every 30s] [-once]
//
//	checkpoint ─▶ signature, origin ─▶ not shorter, not another of the same size
//	                                      │ grown
//	     tiles, proven under the head ◀───┤
//	          │  the remembered head is their beginning
//	     entry bundles ─▶ each leaf is its tile's ─▶ root from the leaves = the signed root
//	                                      │
//	                    state fsynced and renamed ─▶ one line ─▶ exit status
//
// Nothing but the policy file is trusted: it names the log and the key of its
// checkpoints, and must come from a place the auditor trusts. The state file
// is the auditor's own memory: whoever can change it can hide a fork.
//
// Exit status: 0 all is well, 1 alarm (the log contradicts itself or what it
// signed), 2 cannot decide (unreachable, unreadable, unsigned, stale).
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
