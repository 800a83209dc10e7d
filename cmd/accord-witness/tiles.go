package main

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

const tileWidth = 1 << ledger.TileHeight

// tilePath is where C2SP tlog-tiles puts tile n of a level ("0", "1" …, or
// "entries"), cut to width when that is less than a full tile: 1234067 is
// x001/x234/067.
func tilePath(level string, n int64, width int) string {
	number := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	path := "tile/" + level + "/" + number
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

// widthAt is how wide tile n of a level is in a tree of that many entries.
func widthAt(n, entries int64) int { return int(min(tileWidth, entries-n<<ledger.TileHeight)) }

// tileSource reads the tiles of one tree over the net for
// tlog.TileHashReader, which proves each of them under the signed root before
// it lets a hash out. Proven tiles are kept but for the full ones of level 0,
// each of which is needed once: 1/256 of the log at most.
type tileSource struct {
	ctx  context.Context // of the one look this source lives for
	log  *remoteLog
	kept map[tlog.Tile][]byte
}

func newTileSource(ctx context.Context, log *remoteLog) *tileSource {
	return &tileSource{ctx, log, map[tlog.Tile][]byte{}}
}

// Height implements tlog.TileReader.
func (s *tileSource) Height() int { return ledger.TileHeight }

// ReadTiles implements tlog.TileReader.
func (s *tileSource) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if data[i] = s.kept[tile]; data[i] != nil {
			continue
		}
		hashes, err := s.log.cut(s.ctx, fmt.Sprint(tile.L), tile.N, tile.W, tlog.HashSize)
		if err != nil {
			return nil, at(tile.N<<((tile.L+1)*ledger.TileHeight), err)
		}
		data[i] = hashes
	}
	return data, nil
}

// SaveTiles implements tlog.TileReader; what comes here is proven.
func (s *tileSource) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		if tile.L > 0 || tile.W < tileWidth {
			s.kept[tile] = data[i]
		}
	}
}

// cut reads a tile or bundle of width entries of size bytes each. A log may
// have forgotten a partial tile once the full one exists: then the full one
// begins with it. C2SP tlog-tiles, partial tiles.
func (l *remoteLog) cut(ctx context.Context, level string, n int64, width, size int) ([]byte, error) {
	want := width * size
	data, err := l.fetch(ctx, tilePath(level, n, width), want)
	if errors.Is(err, errAbsent) && width < tileWidth {
		data, err = l.fetch(ctx, tilePath(level, n, tileWidth), tileWidth*size)
		data = data[:min(len(data), want)]
	}
	if err == nil && len(data) != want {
		err = fmt.Errorf("reading %s: %d bytes: %w", tilePath(level, n, width), len(data), errLength)
	}
	return data, err
}

// at says which leaf could not be examined, and for which reason.
func at(index int64, err error) error {
	if errors.Is(err, errLength) {
		return &trouble{unreadable, index, err}
	}
	return &trouble{unreachable, index, err}
}

// entries reads the leaves of bundle n in a log of size leaves.
func (l *remoteLog) entries(ctx context.Context, n, size int64) ([]ledger.Leaf, error) {
	data, err := l.cut(ctx, "entries", n, widthAt(n, size), ledger.EntryBytes)
	if err != nil {
		return nil, at(n<<ledger.TileHeight, err)
	}
	leaves, err := ledger.ParseEntryBundle(data)
	if err != nil {
		return nil, &trouble{unreadable, n << ledger.TileHeight, err}
	}
	return leaves, nil
}
