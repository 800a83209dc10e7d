package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A report prints each trial once it is over:
//
//	8  Once a withdrawal returns, no delivery begins under that grant.
//	   broker/boltstore.TestStore/Withdraw/WithdrawnConsentReleasesNothing    holds
//	     a delivery does not look whether the grant has ended: control fails as it must, 4.1 s
type report struct {
	out     io.Writer
	verbose bool
}

// print waits for each trial and returns how many defects there are.
func (r report) print(trials []trial) (defects int) {
	promise, test := 0, ""
	for _, t := range trials {
		<-t.alone.done
		<-t.broken.done
		if t.promise != promise {
			promise, test = t.promise, ""
			fmt.Fprintf(r.out, "%2d  %s\n", t.promise, t.says)
		}
		if t.pkg+t.test != test {
			test = t.pkg + t.test
			defects += r.alone(t)
		}
		defects += r.broken(t)
	}
	return defects
}

func (r report) alone(t trial) (defects int) {
	verdict := "holds"
	if t.alone.result.verdicts[t.test] != "PASS" {
		verdict, defects = "DOES NOT HOLD: "+t.alone.result.missing(t.test), 1
	}
	fmt.Fprintf(r.out, "    %s.%s  %s\n", strings.TrimPrefix(t.pkg, "./"), t.test, verdict)
	if defects > 0 {
		r.quote(t.alone.result.output)
	}
	return defects
}

func (r report) broken(t trial) (defects int) {
	verdict := t.judge()
	if verdict != "" {
		defects = 1
	} else {
		verdict = "control fails as it must"
	}
	took := t.broken.result.took.Round(100 * time.Millisecond).Seconds()
	fmt.Fprintf(r.out, "      %s: %s, %.1f s\n", t.breaks, verdict, took)
	if r.verbose || defects > 0 {
		r.quote(t.broken.result.output)
	}
	return defects
}

// judge is what is wrong with a control, "" when its test failed as it must.
func (t trial) judge() string {
	r := t.broken.result
	switch {
	case t.broken.err != nil:
		return "DEFECT: " + t.broken.err.Error()
	case r.verdicts[t.test] == "FAIL":
		return ""
	case r.verdicts[t.test] == "PASS":
		return "DEFECT: the test PASSES although the promise is broken"
	}
	return "DEFECT: " + r.missing(t.test)
}

// missing tells why a test did not pass.
func (r result) missing(test string) string {
	switch {
	case !r.built:
		return "it does not compile"
	case r.verdicts[test] == "":
		return "the test did not run to its end, or there is none of this name"
	}
	return "the test says " + r.verdicts[test]
}

const mostQuoted = 30 // lines

// quote prints what a test said, without the beginnings and ends of tests that passed.
func (r report) quote(output string) {
	n := 0
	for line := range strings.Lines(output) {
		if word := strings.TrimSpace(line); strings.HasPrefix(word, "=== ") || strings.HasPrefix(word, "--- PASS") || n >= mostQuoted {
			continue
		}
		n++
		fmt.Fprint(r.out, "        | ", strings.TrimRight(line, "\n"), "\n")
	}
}
