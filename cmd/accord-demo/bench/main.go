// Command bench measures what broker/design/0000-overview.md §10 has goals for,
// and prints it with commit, machine and date. Everything is on loopback, in
// temporary folders, and ends by itself.
//
//	this process: client, FranceConnect, CNAV and DGFiP simulators
//	   │ HTTP                                   ╲ control pipe: CPU time, profile
//	child process: Accord alone, bbolt on the real disk
//	child process: the yardstick (package baseline), in memory
//
// Server and yardstick are measured in turn, at each number of flows in flight,
// in rounds; the medians are printed. Client and servers share the machine, so
// the ratio of the two rates tells more than either: journeys/s alone is a floor.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"
)

// options of one run.
type options struct {
	dir     string        // under which temporary folders are made: its disk is measured
	short   bool          // one round, little time
	plain   bool          // plain request and client_secret_basic, not pushed and private_key_jwt
	fapi    bool          // a client of profile fapi2: pushed request, private_key_jwt, and DPoP to the last delivery
	only    string        // journeys, fapi2, token, deliveries, lookups, receipts, pages or start; "" = all
	profile string        // file for a CPU profile of Accord
	rounds  int           // of the journeys
	each    time.Duration // of one measurement
	flights []int         // journeys in flight
	writers []int         // of the sequencer
	leaves  int           // of the store that is started
}

const profileAt = 64 // journeys in flight

func main() {
	if serving() {
		exit(serveControl())
		return
	}
	debug.SetGCPercent(400) // of this process, which is not measured
	exit(run(read(os.Args[1:]), os.Stdout))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func read(args []string) options {
	o := options{rounds: 3, each: 5 * time.Second, flights: []int{1, 16, 64}, writers: []int{1, 16, 256}, leaves: 100_000}
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	f.StringVar(&o.dir, "dir", "bin", "make temporary folders here: this disk is measured")
	f.BoolVar(&o.short, "short", false, "one round, in less than 40 s: for a look, not for a figure")
	f.BoolVar(&o.plain, "plain", false, "plain authorization request and client_secret_basic instead of pushed and private_key_jwt")
	f.StringVar(&o.only, "only", "", "journeys, fapi2, token, deliveries, lookups, receipts, pages or start")
	f.StringVar(&o.profile, "profile", "", "write a CPU profile of Accord at 64 journeys in flight, or those of -flight, to this file, and nothing else; of fapi2 or deliveries with -only")
	f.DurationVar(&o.each, "each", o.each, "length of one measurement")
	flight := f.Int("flight", 0, "measure journeys at this number in flight only; 0 = 1, 16 and 64")
	_ = f.Parse(args) // ExitOnError
	exit(os.MkdirAll(o.dir, 0o700))
	if *flight > 0 {
		o.flights = []int{*flight}
	}
	if o.short {
		o.rounds, o.each, o.leaves = 1, 1500*time.Millisecond, 20_000
	}
	return o
}

func run(o options, w io.Writer) error {
	printMachine(w, o)
	if o.profile != "" {
		return profileAccord(o, w)
	}
	for _, part := range []struct {
		name string
		run  func(options, io.Writer) error
	}{{"journeys", journeys}, {"fapi2", fapi2}, {"token", tokenAlone}, {"deliveries", deliveries}, {"lookups", lookups}, {"receipts", receipts}, {"pages", pages}, {"start", start}} {
		if o.only != "" && o.only != part.name {
			continue
		}
		if err := part.run(o, w); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}
