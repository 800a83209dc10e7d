package main

import (
	"context"
	"fmt"

	"accord/broker/configuration"
)

const defaultConfig = "accord.yaml"

// checkConfig reports every mistake with file, line and what to write.
func checkConfig(_ context.Context, in invocation, args []string) error {
	f := flags("check-config")
	file := f.String("config", defaultConfig, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	c, err := in.load(*file)
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: right: %d clients, %d approvals\n", *file, len(c.Clients.IDs()), len(c.Approvals.IDs()))
	return nil
}

// load reads the configuration and prints its mistakes, warnings too.
func (in invocation) load(file string) (*configuration.Configuration, error) {
	return in.loadBy(configuration.Load, file)
}

// loadPlaces is load for what only needs the store and the keys.
func (in invocation) loadPlaces(file string) (*configuration.Configuration, error) {
	return in.loadBy(configuration.LoadPlaces, file)
}

func (in invocation) loadBy(load func(string) (*configuration.Configuration, []configuration.Mistake), file string) (*configuration.Configuration, error) {
	c, mistakes := load(file)
	refused := 0
	for _, m := range mistakes {
		fmt.Fprintln(in.stderr, m)
		if !m.Warning {
			refused++
		}
	}
	if c == nil {
		fmt.Fprintf(in.stderr, "%s: refused: %d mistakes\n", file, refused)
		return nil, errReported
	}
	return c, nil
}
