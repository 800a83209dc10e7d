package ui

// Notice is a plain page of text: what an approval or the operator publishes.
type Notice struct {
	Title      Text
	Paragraphs []Text
	Back       *Link // may be nil
}

func (Notice) template() string { return "notice" }
