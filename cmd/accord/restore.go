package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"time"

	"accord/broker/boltstore"
	"accord/broker/configuration"
)

// restore puts a backup in place of the store, which nobody may be serving.
func restore(ctx context.Context, in invocation, args []string) error {
	f := flags("restore")
	file := f.String("config", defaultConfig, "")
	verify := f.Bool("verify", false, "")
	newLog := f.Bool("new-log", false, "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if *verify && *newLog {
		return fmt.Errorf("%w: -verify changes nothing, -new-log ends a log", errUsage)
	}
	c, err := in.loadPlaces(*file)
	if err != nil {
		return err
	}
	store, backup := storeConfig(c), f.Arg(0)
	if *verify {
		store.Path = backup
		r, err := boltstore.Compare(store)
		if err != nil {
			return explained(err)
		}
		fmt.Fprintf(in.stdout, "%s: current, %s", backup, describe(r))
		return nil
	}
	if *newLog {
		return in.restoreAsNewLog(ctx, c, backup)
	}
	r, err := boltstore.Restore(ctx, store, backup)
	if err != nil {
		return explained(err)
	}
	fmt.Fprintf(in.stdout, "%s: in place, %s", backup, describe(r))
	return nil
}

// restoreAsNewLog goes on from an older copy under the next log's name. The
// keyring is told last: until then a run that was cut short can be run again.
func (in invocation) restoreAsNewLog(ctx context.Context, c *configuration.Configuration, backup string) error {
	origin, err := nextOrigin(c.Ring.Origin())
	if err != nil {
		return err
	}
	next, err := c.Ring.NextLog(origin)
	if err != nil {
		return err
	}
	r, err := boltstore.RestoreAsNewLog(ctx, storeConfig(c), boltstore.NextLog{Origin: origin, Signer: next.Signer, Verifier: next.Verifier}, backup)
	if err != nil {
		return explained(err)
	}
	if err := next.Keep(time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: in place as %s, %s", backup, origin, describe(r))
	fmt.Fprintf(in.stderr, "%s has ended; its grants too. Tell the auditors, and back up the keys folder: it names the new log\n", c.Ring.Origin())
	return nil
}

// nextOrigin counts the log of "<host>/log/<n>" up.
func nextOrigin(origin string) (string, error) {
	host, n := path.Split(origin)
	number, err := strconv.Atoi(n)
	if err != nil {
		return "", fmt.Errorf("naming the log after %s: %w", origin, err)
	}
	return host + strconv.Itoa(number+1), nil
}

// explained tells what to do about what was refused.
func explained(err error) error {
	switch {
	case errors.Is(err, boltstore.ErrGuard):
		return fmt.Errorf("%w\nlook for a newer copy first: the acts after this one would be lost", err)
	case errors.Is(err, boltstore.ErrLocked):
		return fmt.Errorf("%w\nstop accord serve first", err)
	}
	return err
}
