package ledger

import (
	"encoding/binary"
	"fmt"
)

// EntryBytes is the length of one leaf within an entry bundle.
const EntryBytes = 2 + LeafSize

// AppendEntry adds one leaf to a bundle: its length as 2 bytes big-endian,
// then the leaf. C2SP tlog-tiles, log entries.
func AppendEntry(bundle []byte, l Leaf) []byte {
	bundle = binary.BigEndian.AppendUint16(bundle, LeafSize)
	return append(bundle, l[:]...)
}

// EntryBundle packs the leaves under one tile of level 0, at most 256.
func EntryBundle(leaves []Leaf) []byte {
	bundle := make([]byte, 0, len(leaves)*EntryBytes)
	for _, l := range leaves {
		bundle = AppendEntry(bundle, l)
	}
	return bundle
}

// ParseEntryBundle reads a bundle of 1 to 256 leaves, whole.
func ParseEntryBundle(bundle []byte) ([]Leaf, error) {
	n := len(bundle) / EntryBytes
	if len(bundle)%EntryBytes != 0 || n == 0 || n > tileWidth {
		return nil, fmt.Errorf("parsing entry bundle: %d bytes", len(bundle))
	}
	leaves := make([]Leaf, n)
	for i := range leaves {
		entry := bundle[i*EntryBytes:][:EntryBytes]
		if length := binary.BigEndian.Uint16(entry); length != LeafSize {
			return nil, fmt.Errorf("parsing entry bundle: entry %d has length %d", i, length)
		}
		leaf, err := ParseLeaf(entry[2:])
		if err != nil {
			return nil, fmt.Errorf("parsing entry bundle: entry %d: %w", i, err)
		}
		leaves[i] = leaf
	}
	return leaves, nil
}
