// Command accord-verify is the offline auditor: it says whether what Accord
// handed out is genuine, with no network and nothing of Accord running.
//
//	accord-verify receipt   -jwks jwks.json receipt.jws [more.jws …]
//	accord-verify bundle    -policy policy file.accord [more.accord, folders …]
//	accord-verify delivery  -jwks jwks.json [-policy policy -opening proof] file.jwt
//	accord-verify log       -policy policy export.ndjson
//	accord-verify reconcile -policy policy -export export.ndjson …
//	accord-verify stats     -policy policy [-until time] export.ndjson
//
//	files ─▶ judge (consent/receipt, consent/audit) ─▶ report ─▶ text in French or English, or JSON
//
// Exit status: 0 genuine, 1 false, 2 cannot decide. Keys and policy must come
// from a place the auditor trusts: whoever chooses them decides what is genuine.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
