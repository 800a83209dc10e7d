package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"accord/broker/operator"
	"accord/broker/store"
)

// requestsList tells what citizens asked, oldest first, in their own words.
func requestsList(ctx context.Context, in invocation, args []string) error {
	f, s, ask := flags("requests list"), socket{}, operator.ListRequests{}
	s.flags(f)
	f.BoolVar(&ask.All, "all", false, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var listed operator.Requests
	if err := call(ctx, path, "/requests", ask, &listed); err != nil {
		return err
	}
	for _, r := range listed.Requests {
		describeRequest(in, r)
	}
	if len(listed.Requests) == 0 {
		fmt.Fprintln(in.stdout, "aucune demande / no request")
	}
	return nil
}

func describeRequest(in invocation, r operator.Request) {
	about := ""
	if r.Event != nil {
		about = fmt.Sprintf("\tjournal %d\t%s", *r.Event, r.Reason)
	}
	fmt.Fprintf(in.stdout, "%s\t%s\t%s\t%s\t%s\t%s%s\n", r.ID, r.Kind, r.State, r.Made.UTC().Format(time.RFC3339), r.Recipient, r.Grant, about)
	for line := range strings.SplitSeq(r.Message, "\n") {
		if line = strings.Map(printable, line); line != "" {
			fmt.Fprintf(in.stdout, "    %s\n", line)
		}
	}
}

// printable keeps what somebody wrote from steering a terminal.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// requestsAnswer writes to the citizen, in « Mes accords ».
func requestsAnswer(ctx context.Context, in invocation, args []string) error {
	f, s, ask, state := flags("requests answer"), socket{}, operator.AnswerRequest{}, ""
	s.flags(f)
	f.StringVar(&state, "state", "", "")
	f.StringVar(&ask.Text, "text", "", "")
	f.StringVar(&ask.By, "by", "", "")
	if err := parse(f, identifierLast(f, args), 1, 1); err != nil {
		return err
	}
	ask.ID, ask.State = f.Arg(0), store.RequestState(state)
	if answer := (store.RequestAnswer{By: ask.By, Text: ask.Text, State: ask.State}); !answer.Sound() {
		return fmt.Errorf("%w: -state sent, answered (with -text) or closed; a text of at most %d bytes", errUsage, store.MostMessage)
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var r operator.Request
	if err := call(ctx, path, "/requests/answer", ask, &r); err != nil {
		return err
	}
	describeRequest(in, r)
	return nil
}
