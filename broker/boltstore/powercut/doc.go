// Package powercut is a disk that fails, and the test of the embedded store on
// it. It is a module of its own: only this test needs FUSE.
//
//	test ─ starts ─▶ file system (a process): Disk behind /dev/fuse
//	  │                 ▲ writes, fsyncs, renames
//	  ├──── starts ─▶ worker (a process): the store, journeys at 16 writers
//	  │                 └─ tells every act it acknowledged
//	  ├──── "cut" ──▶ file system: answers nothing more, keeps what was synced
//	  │                 and a random part of the rest, writes it to a folder
//	  └── opens the store in that folder: is every acknowledged act there?
//
// What a Disk forgets at a cut, and what one may hope of a real disk:
//
//	a page (4 KiB) written and not fsynced    dropped, kept, or torn at a sector
//	a file's length since its fsync           old or new
//	names made, moved, removed                a prefix of what happened since the
//	                                          folder's fsync, as of a journal
//
// It can also fail an fsync (and then forget the pages, as Linux does: a second
// fsync succeeds and saves nothing), fail a write, be full, or lie: say that it
// synced and do nothing. A lying disk is the control: on it the store must lose.
package powercut
