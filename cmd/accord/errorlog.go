package main

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

// withoutAddresses takes what net/http has to say of a connection without the
// address it came from, which is a person's, and without a stack.
type withoutAddresses struct{ slog.Handler }

func (h withoutAddresses) Handle(ctx context.Context, r slog.Record) error {
	line, _, _ := strings.Cut(r.Message, "\n")
	addresses := regexp.MustCompile(`\[[\w:.%]+\](:\d+)?|\d{1,3}(\.\d{1,3}){3}(:\d+)?`)
	told := slog.NewRecord(r.Time, r.Level, "connection", r.PC)
	told.AddAttrs(slog.String("cause", addresses.ReplaceAllString(line, "(address)")))
	return h.Handler.Handle(ctx, told)
}
