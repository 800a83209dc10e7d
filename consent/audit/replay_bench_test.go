package audit_test

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/audit"
	"accord/consent/ledger"
)

// BenchmarkWholeLog replays journeys as they stand in an export; receipts/s is
// the figure of design §10.
func BenchmarkWholeLog(b *testing.B) {
	l := newLog(b)
	for range 500 {
		l.agreed().deliver()
	}
	var lines [][]byte
	for _, line := range l.lines {
		encoded, err := audit.EncodeExportLine(line)
		l.ok(err)
		lines = append(lines, encoded)
	}
	head := l.head()
	for b.Loop() {
		r := audit.NewReplay(audit.ReplayOptions{Origin: origin})
		for _, line := range lines {
			r.AddEncoded(line)
		}
		if report := r.Finish(head); report.Outcome != audit.Genuine || report.Receipts != 500 {
			b.Fatal(report.Findings)
		}
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
	b.ReportMetric(float64(len(lines)*b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkRoot rebuilds the root from bare leaves.
func BenchmarkRoot(b *testing.B) {
	leaves := make([]ledger.Leaf, 1<<20)
	for i := range leaves {
		leaves[i] = ledger.Leaf{1, 4, byte(i), byte(i >> 8), byte(i >> 16)}
	}
	var root tlog.Hash
	for b.Loop() {
		root = audit.RootOf(leaves)
	}
	b.ReportMetric(float64(len(leaves)*b.N)/b.Elapsed().Seconds(), "leaves/s")
	_ = root
}

func BenchmarkAppend(b *testing.B) {
	leaves := make([]ledger.Leaf, 1<<18)
	for b.Loop() {
		tree := ledger.NewTree()
		for _, l := range leaves {
			tree.Append(l.Hash())
		}
	}
	b.ReportMetric(float64(len(leaves)*b.N)/b.Elapsed().Seconds(), "leaves/s")
}
