package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the command was understood and could not be done
	exitUsage  = 2 // the command line was not understood
)

// An invocation is what a command has to work with.
type invocation struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// A command is one subcommand; its error is printed and gives exitFailed,
// unless it wraps errUsage.
type command struct {
	name, usage, about string
	run                func(ctx context.Context, in invocation, args []string) error
}

// errUsage marks a command line that was not understood.
var errUsage = errors.New("wrong usage")

// errReported marks a failure whose reasons were printed already.
var errReported = errors.New("reported")

func commands() []command {
	return []command{
		{"init", "init [-issuer URL] DIR", "make configuration, keys and folders in an empty folder", initialise},
		{"check-config", "check-config [-config FILE]", "report every mistake of the configuration at once", checkConfig},
		{"approvals keygen", "approvals keygen -name NAME -out FILE", "make a registrar's key", approvalsKeygen},
		{"approvals apply", "approvals apply [-out DIR] [-lang fr | en] APPLICATION", "make a draft approval of an application, or tell all that is missing", approvalsApply},
		{"approvals preview", "approvals preview [-config FILE] -out DIR FILE", "write the pages citizens will see, with remarks", approvalsPreview},
		{"approvals sign", "approvals sign -key FILE [-config FILE] [-from DAY] [-until DAY] APPROVAL...", "sign approvals over their exact bytes", approvalsSign},
		{"approvals refuse", "approvals refuse -key FILE -reason SENTENCE APPROVAL", "refuse an approval: a dated, signed decision beside it", approvalsRefuse},
		{"approvals renew", "approvals renew -key FILE -until DAY [-config FILE] APPROVAL...", "sign approvals anew with a later last day", approvalsRenew},
		{"approvals resume", "approvals resume -key FILE -suspension POSITION [-config FILE] APPROVAL", "sign a version that ends a suspension", approvalsResume},
		{"approvals check", "approvals check [-config FILE] [-remarks] [-lang fr | en] [DIR]", "check every approval of a folder: signatures, dates, remarks", approvalsCheck},
		{"approvals suspend", "approvals suspend -reason WORD [-config FILE | -socket PATH] ID", "stop everything under an approval at once, while serve runs", approvalsSuspend},
		{"approvals reload", "approvals reload [-config FILE | -socket PATH]", "let serve take changed approvals and clients: all or none", approvalsReload},
		{"serve", "serve [-config FILE] [-wait DURATION]", "run the broker until interrupted", serve},
		{"backup", "backup [-config FILE] [-rate MIB] OUT", "copy the store, running or not, and verify the copy", backup},
		{"export", "export [-config FILE] OUT", "write the whole log with its openings, for accord-verify log", export},
		{"restore", "restore [-config FILE] [-verify | -new-log] BACKUP", "put a copy in place; an older one only as a new log", restore},
		{"keys rotate", "keys rotate [-config FILE | -socket PATH] [receipt | id_token]", "put new signing keys in place, while serve runs", keysRotate},
		{"keys compromise", "keys compromise KID -last-good INDEX", "replace a key another knows, and log until where it counts", keysCompromise},
		{"keys franceconnect", "keys franceconnect FILE", "make or renew the keys FranceConnect encrypts for, as data provider", keysFranceConnect},
		{"erase propose", "erase propose -receipt ID | -grant ID | -person FILE … -request REF", "propose an erasure to another operator", erasePropose},
		{"erase confirm", "erase confirm [-socket PATH] PROPOSAL", "carry out what another operator proposed", eraseConfirm},
		{"erase finish", "erase finish -keys-backed-up EPOCH -backup OUT | -backed-up", "destroy the epoch keys: only then is it erased", eraseFinish},
		{"erase list", "erase list [-socket PATH]", "list proposals, and what is not yet erased", eraseList},
		{"requests list", "requests list [-all] [-config FILE | -socket PATH]", "list what citizens ask: erasures, disputes", requestsList},
		{"requests answer", "requests answer -state sent|answered|closed [-text SENTENCE] [-by WHO] REF", "answer a citizen's request, or say it was passed on", requestsAnswer},
		{"desk sample", "desk sample -month YYYY-MM [-n 20] [-recipient SIRET]", "draw the acts of a desk whose paper the DPO looks at", deskSample},
		{"extract", "extract -receipt ID | -grant ID | -person FILE … OUT", "write a person's whole file", extract},
	}
}

// run is the whole program, testable: its result is the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	in := invocation{getenv, stdout, stderr}
	for _, c := range commands() {
		if rest, ok := match(c.name, args); ok {
			return in.report(c, c.run(ctx, in, rest))
		}
	}
	if len(args) == 1 && (args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		usage(stdout)
		return exitOK
	}
	usage(stderr)
	return exitUsage
}

func (in invocation) report(c command, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(in.stdout, "usage: accord %s\n\n%s\n", c.usage, c.about)
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintf(in.stderr, "accord %s: %v\nusage: accord %s\n", c.name, err, c.usage)
		return exitUsage
	case !errors.Is(err, errReported):
		fmt.Fprintf(in.stderr, "accord %s: %v\n", c.name, err)
	}
	return exitFailed
}

// match cuts a command's words off args.
func match(name string, args []string) ([]string, bool) {
	words := splitWords(name)
	if len(args) < len(words) {
		return nil, false
	}
	for i, w := range words {
		if args[i] != w {
			return nil, false
		}
	}
	return args[len(words):], true
}

func usage(w io.Writer) {
	fmt.Fprint(w, "accord: a citizen sees, agrees or refuses; only then do data leave\n\nusage:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  accord %-50s %s\n", c.usage, c.about)
	}
}
