package ui

// Landing is "/": what Accord does, in three sentences.
type Landing struct {
	Start *Link // the demonstration's town hall; nil outside the demonstration
}

func (Landing) template() string { return "landing" }
