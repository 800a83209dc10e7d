// Package boltstore is the embedded store: one bbolt file, one sequencer.
//
//	command ─▶ queue ─▶ sequencer ─ at most 256 jobs ─▶ one transaction, one stamp
//	             │                                         │ each job: check all, then write
//	       full: ErrOverloaded                             │ events sealed, leaves, tiles
//	                                                       │ head, signed checkpoint
//	          answers ◀──────────────── commit (fsync) ◀───┘
//	                                       │
//	                            guard file ◀┘ at most once a second; no checkpoint
//	                                          larger than it leaves the process
//
// Queries do not pass the sequencer. While it commits they read with transactions
// begun before (standby): nobody is told of an act that is not yet durable.
//
// The first commit or guard write that fails stops the store for good: after a
// failed fsync nobody knows what the disk holds, so nothing is retried.
//
// Beside the file lie, in other places: the epoch keys that wrap every sealed
// row (Config.Epochs), the guard (Config.Guard), and, only between a clean
// Close and the next Open, the temporary values (Path + ".temporary").
//
// Erasing goes in steps, each durable, taken up again after a crash:
//
//	Erase ─▶ erasure.done, then openings, receipts, keys and index rows go; the leaf stays
//	      ─▶ (keyring) next epoch ─▶ MoveWraps … 0 left: survivors' keys moved, free pages overwritten
//	      ─▶ (keyring) the old epoch's key destroyed: no copy of an old page opens
//
// bbolt has no page checksums. Each row carries a CRC of its place and value,
// sealed rows are authenticated, and Open recomputes the tree from its leaves;
// so a flipped byte stops the start or the read.
package boltstore
