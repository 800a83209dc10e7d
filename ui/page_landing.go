package ui

// Landing is "/": what Accord does, in three sentences.
type Landing struct {
	Start    *Link  // the demonstration's town hall; nil outside the demonstration
	Needless *int64 // papers made needless in thirty days; nil when too few to be told
}

func (Landing) template() string { return "landing" }
