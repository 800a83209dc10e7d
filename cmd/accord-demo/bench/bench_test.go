package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// TestMain lets the test's binary be the servers too, as the command's is.
func TestMain(m *testing.M) {
	if serving() {
		exit(serveControl())
		return
	}
	os.Exit(m.Run())
}

func TestAJourneyAndAFlowAreWalkedToTheirEnd(t *testing.T) {
	for _, o := range []options{{}, {plain: true}, {fapi: true}} {
		o.dir = t.TempDir()
		p, err := startPair(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []*system{p.accord, p.baseline} {
			f, err := s.measure(2, 100*time.Millisecond)
			if err != nil {
				t.Error(err)
			}
			if f.rate <= 0 || f.serverCPU <= 0 || f.p99 < f.p50 {
				t.Errorf("%s: %+v", s.name, f)
			}
		}
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheTokenEndpointIsMeasuredAlone(t *testing.T) {
	var out bytes.Buffer
	if err := tokenAlone(options{dir: t.TempDir(), rounds: 1, flights: []int{1, 2}}, &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 6 {
		t.Errorf("%d lines:\n%s", lines, out.String())
	}
}

func TestPagesAreViewedAtTheirRate(t *testing.T) {
	p, err := startPair(options{dir: t.TempDir(), plain: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	all, err := viewed(options{rounds: 1, each: 100 * time.Millisecond}, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/api/ping", "/connexion", "/accord"} {
		if f := all[name]; len(f) != 1 || f[0].rate <= 0 || f[0].p99 < f[0].p50 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestTheYardstickChecksWhatItIsMeasuredFor(t *testing.T) {
	p, err := startPair(options{dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	w, err := p.baseline.walker(0)
	if err != nil {
		t.Fatal(err)
	}
	flow := w.(*passer)
	verifier, challenge := pkce()
	uri, err := flow.push("s", challenge)
	if err != nil {
		t.Fatal(err)
	}
	code, err := flow.authorize(uri, "s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flow.authorize(uri, "s"); err == nil {
		t.Error("a pushed request was taken twice")
	}
	token, err := flow.redeem(code, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flow.redeem(code, verifier); err == nil {
		t.Error("a code was taken twice")
	}
	proof, err := flow.site.keys.proof("GET", flow.site.issuer+"/userinfo", flow.nonce, token)
	if err != nil {
		t.Fatal(err)
	}
	a := ask{path: "/userinfo", headers: []string{"Authorization: DPoP " + token, proof}}
	if _, err := flow.line.expect(200, a); err != nil {
		t.Fatal(err)
	}
	if _, err := flow.line.expect(401, a); err != nil {
		t.Errorf("a proof was taken twice: %v", err)
	}
	other, err := newKeys()
	if err != nil {
		t.Fatal(err)
	}
	flow.site.keys = other
	if _, err := flow.proven("GET", 401, token, ask{path: "/userinfo", headers: []string{"Authorization: DPoP " + token}}); err != nil {
		t.Errorf("a token was taken with another key's proof: %v", err)
	}
}

func TestReceiptsAndStartArePrinted(t *testing.T) {
	o := options{dir: t.TempDir(), rounds: 1, each: 100 * time.Millisecond, writers: []int{1, 4}, leaves: 300}
	var out bytes.Buffer
	if err := receipts(o, &out); err != nil {
		t.Fatal(err)
	}
	if err := start(o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bare bbolt update, 1 writer", "sequencer, 4 writers", "leaves opens in"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

func TestBareRowsAreEachWrittenOnce(t *testing.T) {
	bare, err := openBare(filepath.Join(t.TempDir(), "bare.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer bare.close()
	f, err := write(repeat(bare.together(eventSize), 4), 100*time.Millisecond)
	if err != nil || f.rate <= 0 {
		t.Fatalf("%+v, %v", f, err)
	}
	var rows uint64
	err = bare.db.View(func(tx *bbolt.Tx) error {
		rows = uint64(tx.Bucket([]byte("rows")).Stats().KeyN)
		return nil
	})
	if err != nil || rows == 0 || rows != bare.n {
		t.Errorf("%d rows for %d answers, %v", rows, bare.n, err)
	}
}

func TestMedianAndPercentileAreThoseOfTheMiddle(t *testing.T) {
	rounds := []figure{{rate: 9, p99: 1}, {rate: 1, p99: 3}, {rate: 5, p99: 2}}
	if m := median(rounds); m.rate != 5 || m.p99 != 2 {
		t.Errorf("median %+v", m)
	}
	times := make([]time.Duration, 200)
	for i := range times {
		times[i] = time.Duration(i)
	}
	if percentile(times, 50) != 100 || percentile(times, 99) != 198 || percentile(times[:1], 99) != 0 {
		t.Error("percentiles")
	}
}
