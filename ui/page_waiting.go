package ui

// Waiting is shown while sources have not answered yet. It has no form.
type Waiting struct {
	Requester Requester
	Pending   []string // source ids still asked
	Seconds   int      // the header Refresh that Render sends: 3; 0 sends none
	Again     string   // address of this page, for readers whose browser does not refresh
}

func (Waiting) template() string { return "waiting" }
func (p Waiting) refresh() int   { return p.Seconds }
