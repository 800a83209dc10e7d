package ui

import (
	"strconv"
	"strings"
	"time"
)

// Inputs is "/saisie": what the citizen must supply before the look-up, because
// the source does not find them by civil identity alone. Its two equal buttons
// are ids refuse (choix=refuser) and accept (choix=voir).
type Inputs struct {
	Requester Requester
	Purpose   Text
	Fields    []Field // in the order of the page
	OtherPath Text    // the way without Accord
	Again     bool    // the form came back without one of the two buttons
	Form      Form
}

// A Field is one thing to be typed or picked. Its texts are
// inputs.field.<Name>.*, its id f-<Name>.
type Field struct {
	Name     string   // of the catalogue's inputs, and of the form's field: immatriculation
	For      []string // catalogue ids of the data it serves
	Value    string   // as typed before
	Options  []string // to pick from, school years by the year they begin; none: typed
	Optional bool
	Problem  string // "" none; missing, wrong
}

// Digits tells the fields that hold digits only.
func (f Field) Digits() bool { return f.Name == "identifiant_sportif" }

// Wrong lists the fields to be corrected.
func (p Inputs) Wrong() []Field {
	var wrong []Field
	for _, f := range p.Fields {
		if f.Problem != "" {
			wrong = append(wrong, f)
		}
	}
	return wrong
}

// Failed tells that the page came back with something to correct.
func (p Inputs) Failed() bool { return p.Again || len(p.Wrong()) > 0 }

// Child is "/enfant": the children on the citizen's file at CAF or MSA, of whom
// one is chosen before the school is asked. Nobody is chosen at first. Buttons:
// refuse (choix=refuser) and accept (choix=choisir).
type Child struct {
	Requester Requester
	Purpose   Text
	For       []string     // catalogue ids of the data about the child
	Operator  string       // whose file: CAF, MSA; may be empty
	Children  []ChildShown // at least one
	Chosen    int          // number of the child chosen before, from 1; 0: none
	Sent      bool         // the list is itself asked for and will be shown among the data; otherwise it is sent to nobody
	Again     bool         // the form came back without one of the two buttons
	Missing   bool         // no child was chosen
	Session   time.Time    // end of the session
	Form      Form
}

// A ChildShown is one child of the file.
type ChildShown struct {
	Name      string // "MAËL JEAN KERVADEC"
	Birthdate string // YYYY-MM-DD, unknown parts 00
	Sex       string // F, M or anything else
}

// Failed tells that the page came back with something to correct.
func (p Child) Failed() bool { return p.Again || p.Missing }

func (Inputs) template() string { return "inputs" }
func (Inputs) leaves()          {}
func (Child) template() string  { return "child" }
func (Child) leaves()           {}

// inputs names what is asked for, for a sentence.
func (s *speech) inputs(names []string) string {
	var labels []string
	for _, name := range names {
		labels = append(labels, s.named("inputs.field."+name+".label", name))
	}
	return s.list(labels)
}

// schoolYear writes the year a school year begins as both its years.
func schoolYear(first string) string {
	year, err := strconv.Atoi(first)
	if err != nil {
		return first
	}
	return strconv.Itoa(year) + "-" + strconv.Itoa(year+1)
}

// childBorn is the date of birth in words: "né le 3 mai 2017".
func (s *speech) childBorn(c ChildShown) string {
	if c.Birthdate == "" {
		return ""
	}
	return s.born(c.Birthdate, c.Sex)
}

// childShown is a child in one line.
func (s *speech) childShown(c ChildShown) string {
	return strings.Trim(c.Name+", "+s.childBorn(c), ", ")
}
