package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"accord/consent/audit"
)

// details is how many files may be judged before a report of them all becomes
// too long: beyond it, genuine ones are counted only.
const details = 100

// bundleOptions are what the command line asks of `bundle`.
type bundleOptions struct {
	policy string
	json   bool
	files  []string
	texts  judgedTexts
}

// runBundle judges bundles, all cores at once:
//
//	accord-verify bundle -policy P [-lang fr|en] [-json] file.accord [more.accord, folders, exports.zip …]
func runBundle(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseBundleOptions(args, getenv)
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return misused(stderr, o.texts.bundleUsage)
	}
	policy, err := readPolicy(o.policy)
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return exitUndecided
	}
	files, closeAll := bundleFiles(o.files)
	defer closeAll()
	all := judgeAll(ctx, files, stderr, o.texts, func(file bundleFile) judged { return judgeBundle(ctx, file, policy) })
	return all.report(stdout, stderr, o.json, o.texts)
}

func parseBundleOptions(args []string, getenv func(string) string) (bundleOptions, error) {
	o := bundleOptions{texts: judgedTextsIn(language("", getenv))}
	flags := flag.NewFlagSet("bundle", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.policy, "policy", "", "policy of the log")
	flags.BoolVar(&o.json, "json", false, "JSON output")
	lang := flags.String("lang", "", "fr or en")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *lang != "" && *lang != french && *lang != english {
		return o, fmt.Errorf("-lang %s: fr or en", *lang)
	}
	o.texts = judgedTextsIn(language(*lang, getenv))
	if o.policy == "" || flags.NArg() == 0 {
		return o, errors.New(o.texts.bundleMissing)
	}
	o.files = flags.Args()
	return o, nil
}

// withinFolders puts a folder's bundles in its place.
func withinFolders(names []string) []string {
	var files []string
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if found, _ := filepath.Glob(filepath.Join(name, "*.accord")); len(found) > 0 {
				files = append(files, found...)
				continue
			}
		}
		files = append(files, name)
	}
	return files
}

func judgeBundle(ctx context.Context, file bundleFile, policy audit.Policy) judged {
	j := judged{File: file.name, names: audit.BundleChecks()}
	if file.fault != nil {
		return j.stopped(audit.Open, undecided, file.fault)
	}
	data, err := file.read()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return j.stopped(audit.Open, undecided, err)
	}
	b, err := audit.OpenBundle(data)
	if err != nil {
		return j.stopped(audit.Failed, notTrue, err)
	}
	v := audit.VerifyBundle(b, policy)
	j.Outcome, j.Checks, j.Receipt, j.Proves = outcome(v.Outcome), v.Checks, v.Receipt, v.Proves
	if v.Outcome == audit.Genuine {
		j.Log = &place{Origin: v.Origin, Index: v.Index, Size: v.Size}
	}
	return j
}

// judgeAll judges the files on all cores, says every second how far it is, and
// keeps their order.
func judgeAll[F any](ctx context.Context, files []F, stderr io.Writer, t judgedTexts, judge func(F) judged) verdicts {
	results, next, done := make([]judged, len(files)), make(chan int), make(chan struct{}, len(files))
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for i := range next {
				if results[i] = judge(files[i]); len(files) > details && results[i].Outcome == genuine {
					results[i] = judged{Outcome: genuine}
				}
				done <- struct{}{}
			}
		})
	}
	go func() {
		defer close(next)
		for i := range files {
			next <- i // judge says of a cancelled context that nothing was decided
		}
	}()
	progress(done, len(files), stderr, t)
	workers.Wait()
	return verdicts{files: results}
}

func progress(done <-chan struct{}, all int, stderr io.Writer, t judgedTexts) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for n := 0; n < all; {
		select {
		case <-done:
			n++
		case <-tick.C:
			fmt.Fprintf(stderr, t.progress+"\n", n, all)
		}
	}
}
