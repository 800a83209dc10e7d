package audit

import (
	"runtime"
	"slices"
	"time"

	"accord/consent/ledger"
)

// A Replay judges a whole log, line by line and in order, without trusting who
// exported it:
//
//	lines ─▶ batch ─▶ prepare (all cores: leaf, event, receipt's form)
//	                     │
//	                  rules, in log order (replay_*.go, a file for each group)
//	                     │
//	                  signatures (all cores) ─▶ findings ─▶ Finish ─▶ Report
//
// It keeps what a later line may have to be judged by: interactions of the last
// day, live grants, 40 bytes of each ended one, 8 of each receipt, keys,
// approvals, and the erased leaves no erasure has named yet. It shows that what was logged was in order;
// what was never logged only Reconcile can show.
type Replay struct {
	options ReplayOptions
	batch   []prepared
	size    int    // of this batch: small at first, as the first lines announce the keys
	next    int64  // index the next line must have
	time    string // of the last opened event, TimeLayout
	growth  growth
	state   state
	keys    signers
	public  published
	erased  map[int64]bare // not named by an erasure yet
	sets    sets
	report  Report
	checks  []signature // of the batch
}

// ReplayOptions say which log is judged and by what measure.
type ReplayOptions struct {
	Origin string              // of the log, from the policy
	Older  []ledger.Checkpoint // opened: seen earlier, must be its beginnings
	// What may be erased without a request had ended at least this long before;
	// 0 is RetentionGranted and RetentionRefused.
	Granted, Refused time.Duration
	Progress         func(lines int64) // called now and then; may be nil
	// Visit is called for each leaf that can be read, in order; e is nil once
	// its opening was erased. May be nil.
	Visit      func(kind Kind, e *Event)
	LeavesOnly bool // only lines, leaves and root: no rules, no receipts
}

// The least time before an erasure without request, after the end of a grant,
// and of an interaction that led to none (design §5: five years, six months,
// in their shortest spellings).
const (
	RetentionGranted = 5 * 365 * 24 * time.Hour
	RetentionRefused = 181 * 24 * time.Hour
)

// maxFindings bounds what a report lists; all are counted.
const maxFindings = 1000

const firstLines, batchLines = 32, 1024

// A Finding is one rule broken by one line.
type Finding struct {
	Index  int64  `json:"index"`  // leaf index; -1 of the log as a whole
	Rule   string `json:"rule"`   // as in Rules
	Detail string `json:"detail"` // English; never a value, an identity or a pseudonym
}

// A Report is the whole verdict.
type Report struct {
	Outcome  string           `json:"outcome"` // genuine, false, undecided
	Origin   string           `json:"origin"`
	Size     int64            `json:"size"` // leaves read
	Root     string           `json:"root"` // base64, rebuilt from the leaves
	Counts   map[string]int64 `json:"counts"`
	Erased   int64            `json:"erased"`   // leaves without opening
	Receipts int64            `json:"receipts"` // whose signature was checked
	Older    int              `json:"older"`    // older checkpoints compared
	Broken   int64            `json:"broken"`   // rules broken in all
	Doubtful int64            `json:"doubtful"` // findings that only leave it undecided
	Findings []Finding        `json:"findings,omitempty"`
}

// NewReplay starts the judgement of a log at its first leaf.
func NewReplay(o ReplayOptions) *Replay {
	if o.Granted == 0 {
		o.Granted = RetentionGranted
	}
	if o.Refused == 0 {
		o.Refused = RetentionRefused
	}
	return &Replay{
		options: o, size: firstLines, growth: newGrowth(o.Older), state: newState(), keys: signers{used: map[string]*used{}}, public: newPublished(),
		erased: map[int64]bare{}, report: Report{Origin: o.Origin, Counts: map[string]int64{}},
	}
}

// Add takes the next line.
func (r *Replay) Add(l ExportLine) { r.push(prepared{line: l}) }

// AddEncoded takes the next line as it stands in an export, and keeps nothing
// of b. A line that cannot be read is a finding.
func (r *Replay) AddEncoded(b []byte) { r.push(prepared{encoded: string(b), raw: true}) }

func (r *Replay) push(p prepared) {
	if r.batch = append(r.batch, p); len(r.batch) >= r.size {
		r.flush()
		r.size = min(2*r.size, batchLines)
	}
}

// Finish judges what only the end shows, against the log's checkpoint.
func (r *Replay) Finish(head ledger.Checkpoint) Report {
	r.flush()
	r.finishTree(head)
	if !r.options.LeavesOnly {
		r.finishErasures()
	}
	r.report.Size, r.report.Outcome = r.next, Genuine
	switch {
	case r.report.Broken > 0:
		r.report.Outcome = False
	case r.report.Doubtful > 0:
		r.report.Outcome = Undecided
	}
	return r.report
}

func (r *Replay) flush() {
	spread(len(r.batch), func(i int) { r.batch[i].prepare(r) })
	first := len(r.report.Findings)
	for i := range r.batch {
		r.judge(&r.batch[i])
	}
	r.verifyAll()
	slices.SortStableFunc(r.report.Findings[first:], func(a, b Finding) int { return int(a.Index - b.Index) })
	r.batch = r.batch[:0]
	r.state.forget(r.time)
	if r.options.Progress != nil {
		r.options.Progress(r.next)
	}
}

func (r *Replay) found(index int64, rule, detail string) {
	r.report.Broken++
	r.list(Finding{index, rule, detail})
}

// doubt notes what no operator need have done wrong, but nobody can rely on.
func (r *Replay) doubt(index int64, rule, detail string) {
	r.report.Doubtful++
	r.list(Finding{index, rule, detail})
}

func (r *Replay) list(f Finding) {
	if len(r.report.Findings) < maxFindings {
		r.report.Findings = append(r.report.Findings, f)
	}
}

// spread calls do for 0 … n-1 on all cores.
func spread(n int, do func(int)) {
	cores := min(runtime.GOMAXPROCS(0), n)
	done := make(chan struct{}, max(cores, 0))
	for first := range cores {
		go func() {
			for i := first; i < n; i += cores {
				do(i)
			}
			done <- struct{}{}
		}()
	}
	for range cores {
		<-done
	}
}
