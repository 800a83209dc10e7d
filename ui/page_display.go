package ui

// Display is "/affichage": the reader chooses light or dark colours. Its form
// changes nothing but a cookie of this browser.
type Display struct {
	Theme string // one of Themes
	Kept  bool   // the choice was just kept
}

func (Display) template() string { return "display" }

// Themes are the choices, in the order of the page.
func (Display) Themes() []string { return Themes() }
