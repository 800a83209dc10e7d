package boltstore

import (
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"
)

// schemaVersion is written at creation (meta, key schema, one byte). A newer one
// is refused at start. Version 1 had no refresh tokens: it is what it was, and
// marked 2 at start, since a program that knows none would not kill them with
// their grant.
const schemaVersion = 2

// A bucketName names rows of one kind. They are in clear unless said otherwise;
// what is in clear names persons by pseudonym only, secrets by SHA-256.
type bucketName string

const (
	metaBucket     bucketName = "meta"      // schema, head, checkpoint
	sealedBucket   bucketName = "sealed"    // place ‖ part → event, salt, receipt, each sealed
	wrapBucket     bucketName = "wraps"     // place → the keys of these three, under the epoch key
	tileBucket     bucketName = "tiles"     // log ‖ level ‖ index → up to 256 hashes
	entryBucket    bucketName = "entries"   // log ‖ index → C2SP bundle of up to 256 leaves
	grantBucket    bucketName = "grants"    // place of consent.granted → grantRow
	publicBucket   bucketName = "public"    // kind ‖ id → publicRow
	keyEventBucket bucketName = "keyevents" // place of each key event

	ridBucket     bucketName = "index/receipt"     // receipt id → place
	gidBucket     bucketName = "index/grant"       // grant id → place of consent.granted
	citizenBucket bucketName = "index/citizen"     // citizen ‖ 0 ‖ place → receipt id
	textBucket    bucketName = "index/text"        // digest → exact bytes of what was announced; address → digest of the newest
	requestBucket bucketName = "index/query"       // source request id → place of source.queried
	releaseBucket bucketName = "index/delivery"    // release id → place of its event
	actsBucket    bucketName = "index/interaction" // interaction id → place of its last event or its consent.granted; written when its row is forgotten
	erasedBucket  bucketName = "index/erased"      // place of an erased event → place of the erasure.done that names it

	interactBucket bucketName = "state/interaction" // interaction id → interactionRow
	answerBucket   bucketName = "state/answer"      // interaction id → sealed answer, by its owner
	codeBucket     bucketName = "state/code"        // SHA-256 → codeRow
	tokenBucket    bucketName = "state/token"       // SHA-256 → tokenRow
	refreshBucket  bucketName = "state/refresh"     // SHA-256 → refreshRow
	handedBucket   bucketName = "state/handed"      // SHA-256 of a replaced refresh token → its successor, sealed under it
	snapshotBucket bucketName = "state/snapshot"    // snapshot id → sealed values, by their owner
	deskBucket     bucketName = "state/desk"        // SIRET ‖ 0 ‖ agent ‖ 0 ‖ day → look-ups asked
	askedBucket    bucketName = "state/asked"       // citizen ‖ 0 ‖ reference → a citizen's request, sealed under the epoch key
	expiryBucket   bucketName = "state/expiry"      // ms ‖ bucket ‖ 0 ‖ key: what Sweep forgets when
)

const (
	indexHome = "index"
	stateHome = "state"
)

// home is the bbolt bucket where rows lie, and what stands before their keys.
// Every bucket a commit touches costs the writing of its upper pages, so the
// small ones share two.
func (b bucketName) home() (bucket, prefix string) {
	switch b {
	case ridBucket, gidBucket, citizenBucket, requestBucket, releaseBucket, actsBucket, erasedBucket, textBucket:
		return indexHome, string(b[len(indexHome)+1:][:2])
	case interactBucket, answerBucket, codeBucket, tokenBucket, refreshBucket, handedBucket, snapshotBucket, deskBucket, askedBucket, expiryBucket:
		return stateHome, string(b[len(stateHome)+1:][:2])
	default:
		return string(b), ""
	}
}

// rows is where b's rows lie, and the key of one there: it may be key itself.
func (b bucketName) rows(tx *bbolt.Tx, key []byte) (*bbolt.Bucket, []byte) {
	bucket, prefix := b.home()
	if prefix != "" {
		key = slices.Concat([]byte(prefix), key)
	}
	return tx.Bucket([]byte(bucket)), key
}

// homes lists the bbolt buckets, made at creation.
func homes() []string {
	return []string{
		string(metaBucket), string(sealedBucket), string(wrapBucket), string(tileBucket), string(entryBucket),
		string(grantBucket), string(publicBucket), string(keyEventBucket), indexHome, stateHome,
	}
}

// buckets lists every kind of row.
func buckets() []bucketName {
	return []bucketName{
		metaBucket, sealedBucket, wrapBucket, tileBucket, entryBucket, grantBucket, publicBucket, keyEventBucket,
		ridBucket, gidBucket, citizenBucket, requestBucket, releaseBucket, actsBucket, erasedBucket, textBucket,
		interactBucket, answerBucket, codeBucket, tokenBucket, refreshBucket, handedBucket, snapshotBucket, deskBucket, askedBucket, expiryBucket,
	}
}

// sequential tells the buckets that only grow at their right edge: their pages
// are filled whole.
func (b bucketName) sequential() bool {
	switch b {
	case sealedBucket, wrapBucket, tileBucket, entryBucket, keyEventBucket:
		return true
	default:
		return false
	}
}

// A place is a row's key: log number ‖ leaf index, big-endian, so that rows lie
// in log order and a restored store's new log never meets the old one's rows.
type place [12]byte

func placeOf(log uint32, index int64) place {
	var p place
	binary.BigEndian.PutUint32(p[:4], log)
	binary.BigEndian.PutUint64(p[4:], uint64(index))
	return p
}

func parsePlace(b []byte) (place, bool) {
	if len(b) != len(place{}) {
		return place{}, false
	}
	return place(b), true
}

func (p place) log() uint32 { return binary.BigEndian.Uint32(p[:4]) }

func (p place) index() int64 { return int64(binary.BigEndian.Uint64(p[4:])) }

func tileKey(log uint32, level int, index int64) []byte {
	key := binary.BigEndian.AppendUint32(nil, log)
	key = append(key, byte(level))
	return binary.BigEndian.AppendUint64(key, uint64(index))
}
