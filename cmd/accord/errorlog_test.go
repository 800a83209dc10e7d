package main

import (
	"log/slog"
	"strings"
	"testing"
)

func TestNoAddressOfAVisitorIsLogged(t *testing.T) {
	for _, said := range []string{
		"http: TLS handshake error from 192.0.2.7:50123: EOF\n",
		"http: TLS handshake error from [2001:db8::7%eth0]:50123: remote error: tls: unknown certificate\n",
		"http: panic serving 192.0.2.7:50123: boom\ngoroutine 7 [running]: 192.0.2.7\n",
	} {
		out := &log{}
		slog.NewLogLogger(withoutAddresses{slog.NewJSONHandler(out, nil)}, slog.LevelWarn).Print(said)
		if told := out.String(); strings.Contains(told, "192.0.2") || strings.Contains(told, "2001:db8") || !strings.Contains(told, "http: ") || !strings.Contains(told, "(address)") {
			t.Errorf("%q is told as %s", said, told)
		}
	}
}
