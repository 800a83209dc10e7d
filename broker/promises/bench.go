package main

import (
	"context"
	"slices"
)

// atOnce is how many go test run at a time: each builds and runs.
const atOnce = 2

// A job is one go test.
type job struct {
	pkg     string
	tests   []string
	control *control // nil: the tests as the tree is

	done   chan struct{} // closed once result and err are final
	result result
	err    error // the control could not be applied
}

// A trial is one control, and its test without it.
type trial struct {
	control
	alone, broken *job
}

// trialsOf gives each control its two jobs. The tests of one package run
// together when nothing is broken.
func trialsOf(controls []control) (jobs []*job, trials []trial) {
	alone := map[string]*job{}
	for _, c := range controls {
		j := alone[c.pkg]
		if j == nil {
			j = &job{pkg: c.pkg, done: make(chan struct{})}
			alone[c.pkg], jobs = j, append(jobs, j)
		}
		if !slices.Contains(j.tests, c.test) {
			j.tests = append(j.tests, c.test)
		}
	}
	for _, c := range controls {
		j := &job{pkg: c.pkg, tests: []string{c.test}, control: &c, done: make(chan struct{})}
		jobs = append(jobs, j)
		trials = append(trials, trial{control: c, alone: alone[c.pkg], broken: j})
	}
	return jobs, trials
}

// start does the jobs in their order, atOnce at a time, in the background.
func start(ctx context.Context, root, dir string, jobs []*job) {
	queue := make(chan *job, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	for range atOnce {
		go func() {
			for j := range queue {
				j.do(ctx, root, dir)
				close(j.done)
			}
		}()
	}
}

func (j *job) do(ctx context.Context, root, dir string) {
	overlay := ""
	if j.control != nil {
		if overlay, j.err = j.control.overlay(root, dir); j.err != nil {
			return
		}
	}
	j.result = goTest(ctx, root, j.pkg, j.tests, overlay)
}
