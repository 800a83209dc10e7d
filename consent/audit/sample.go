package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

const sampleLabel = "accord-desk-sample-v1\n"

// Sample draws at most n of the leaf indices, in ascending order: those whose
// SHA-256(label ‖ root ‖ index as 8 bytes big-endian) are smallest. root is that
// of the tree as it stood at the end of the time sampled, so that the choice is
// nobody's and anyone with the log draws the same.
func Sample(root tlog.Hash, indices []int64, n int) []int64 {
	drawn := slices.Clone(indices)
	slices.SortFunc(drawn, func(a, b int64) int {
		x, y := ticketOf(root, a), ticketOf(root, b)
		return bytes.Compare(x[:], y[:])
	})
	drawn = drawn[:min(n, len(drawn))]
	slices.Sort(drawn)
	return drawn
}

func ticketOf(root tlog.Hash, index int64) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64(append([]byte(sampleLabel), root[:]...), uint64(index)))
}
