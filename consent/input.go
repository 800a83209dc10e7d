package consent

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ChildrenID is the datum among whose persons the citizen chooses a child. It
// is looked up for that alone when nobody asked for it, and then neither shown
// as to be sent, nor agreed, nor delivered.
const ChildrenID = "cnaf_enfants"

// Inputs gives what a citizen types before data can be looked up, each once, in
// the order of the page. The child (InputChild) is chosen, not typed.
func Inputs(data []Datum) []string {
	var needed []string
	for _, name := range typedInputs() {
		if slices.ContainsFunc(data, func(d Datum) bool { return slices.Contains(d.Inputs, name) }) {
			needed = append(needed, name)
		}
	}
	return needed
}

func typedInputs() []string {
	return []string{InputJobseekerID, InputINE, InputPlate, InputAthleteID, InputSchool, InputSchoolYear}
}

// InputOptional tells inputs that only help: civil identity may do without.
func InputOptional(name string) bool { return name == InputINE }

// InputIdentifies tells inputs that lead to one person by themselves, and could
// be somebody else's.
func InputIdentifies(name string) bool {
	switch name {
	case InputJobseekerID, InputINE, InputPlate, InputAthleteID:
		return true
	}
	return false
}

// needsInput tells whether the citizen must supply something before d is looked
// up.
func needsInput(d Datum) bool {
	return slices.ContainsFunc(d.Inputs, func(name string) bool { return !InputOptional(name) })
}

// NeedsChild tells whether a child must be chosen before d is looked up.
func NeedsChild(d Datum) bool { return slices.Contains(d.Inputs, InputChild) }

// maxTyped bounds what is typed, in bytes.
const maxTyped = 64

// NormalInput gives an input as sources want it: without spaces, in capitals
// where capitals do not count, a plate with its hyphens. ok is false for what
// has not the input's shape; empty has none.
//
//	identifiant          1 to 64 characters of ASCII, without space
//	ine                  11 letters and digits
//	immatriculation      AA-123-BB, or as before 2009 1234-AB-75
//	identifiant_sportif  1 to 20 digits
//	code_etablissement   7 digits and a letter
//	annee_scolaire       the year it begins, AAAA
func NormalInput(name, typed string) (value string, ok bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	value = strings.Join(strings.Fields(typed), "")
	switch name {
	case InputJobseekerID:
	case InputPlate:
		return normalPlate(value)
	default:
		value = strings.ToUpper(value)
	}
	shape, known := inputShapes()[name]
	return value, known && shape.MatchString(value)
}

func inputShapes() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		InputJobseekerID: shape(`[!-~]{1,64}`),
		InputINE:         shape(`[0-9A-Z]{11}`),
		InputAthleteID:   shape(`[0-9]{1,20}`),
		InputSchool:      shape(`[0-9]{7}[A-Z]`),
		InputSchoolYear:  shape(`20[0-9]{2}`),
	}
}

// Plates: since 2009 without I, O and U; before, a number, letters and the
// department.
const (
	plateToday  = `([A-HJ-NP-TV-Z]{2})([0-9]{3})([A-HJ-NP-TV-Z]{2})`
	plateBefore = `([1-9][0-9]{0,3})([A-HJ-NP-TV-Z]{1,3})(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])`
)

func normalPlate(typed string) (string, bool) {
	bare := strings.ToUpper(strings.ReplaceAll(typed, "-", ""))
	for _, form := range []string{plateToday, plateBefore} {
		if parts := shape(form).FindStringSubmatch(bare); parts != nil {
			return strings.Join(parts[1:], "-"), true
		}
	}
	return "", false
}

// SchoolYears gives the school years that may be asked at a time, by the year
// they begin: the current one first, then the two before. A school year begins
// in August, when pupils are registered.
func SchoolYears(at time.Time) []string {
	france := at.In(frenchZone())
	first := france.Year()
	if france.Month() < time.August {
		first--
	}
	return []string{strconv.Itoa(first), strconv.Itoa(first - 1), strconv.Itoa(first - 2)}
}
