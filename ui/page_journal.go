package ui

import "time"

// Journal is "/journal": the published log, to be looked at by anybody. It
// holds no person: leaves are commitments, and only public ones are opened.
type Journal struct {
	Origin      string
	Number      string // of the log, in its addresses
	Size        int64
	Root        string // base64, as in the checkpoint
	Newest      []JournalLine
	Problem     string // word of journal.problem: index, sizes; empty: none
	Consistency *Consistency
}

// A JournalLine is one leaf of a list.
type JournalLine struct {
	Index int64
	Kind  string    // event kind: consent.granted; texts journal.kind.<Kind>
	At    time.Time // of a public one; else zero
}

// A Consistency is whether an earlier head is the beginning of a later one.
type Consistency struct {
	From, To         int64
	FromRoot, ToRoot string
	Proof            []string // base64
	Holds            bool
}

// JournalEntry is "/journal/{index}": one leaf and the way to the root.
type JournalEntry struct {
	Line      JournalLine
	Leaf      string // hexadecimal
	Hash      string // base64 of the RFC 6962 leaf hash
	Origin    string
	Number    string
	Size      int64
	Root      string
	Steps     []JournalStep
	Holds     bool
	Opening   []JournalMember // of a public kind: what it says
	Exact     string          // its exact bytes, JSON
	Newer     int64           // index of the neighbour, -1: none
	Older     int64
	NotPublic bool
}

// A JournalStep joins a hash with its sibling.
type JournalStep struct {
	Sibling string
	Left    bool
	Hash    string
}

// A JournalMember is one member of a public event; texts journal.member.<Name>.
type JournalMember struct{ Name, Value string }

func (Journal) template() string      { return "journal" }
func (JournalEntry) template() string { return "journalentry" }

// Failed tells that a form came back with something to correct.
func (p Journal) Failed() bool { return p.Problem != "" }
