// Package operator does what the operators of an Accord do while it runs: it
// changes keys, erases, and gives a person's whole file. It is reached by the
// admin socket only, and knows each caller by the uid the kernel tells.
//
//	peer uid ─ admin.act (21) logged ─┬ POST /keys/rotate, /keys/compromise
//	                                  ├ POST /approvals/suspend, /approvals/reload   who may ask what
//	                                  ├ POST /extract           a person's whole file
//	                                  ├ POST /requests, /requests/answer   what citizens ask, and what is done about it
//	                                  ├ POST /desk/sample       acts of a desk whose paper a DPO looks at
//	                                  └ POST /erase/propose ─ another uid: /erase/confirm ─ /erase/finish
//	           GET /erase             what is proposed, and what is not yet erased
//
// An act is logged before it is done; one that cannot be logged is not done.
// The log tells the act, the uid and a proposal's number, never whom it was
// about.
//
// An erasure has two halves. Confirming destroys the rows' own keys and moves
// what survives under a new epoch key; finishing, once the keys folder and the
// store have new backups, destroys the epoch keys. Only then is it erased:
// until then an old page, or an old backup, still opens.
package operator
