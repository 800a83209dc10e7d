package consent

// A Text is a sentence for citizens in both languages of the pages. Both are
// obligatory: a page never falls back on another language's words.
type Text struct {
	FR string `yaml:"fr"` // French
	EN string `yaml:"en"` // English
}

// In gives the text in a language, "en" or French for anything else.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.FR
}

func (t Text) empty() bool { return t.FR == "" && t.EN == "" }
