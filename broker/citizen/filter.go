package citizen

import (
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // days are Paris days on machines without a zone database too
	"unicode"

	"golang.org/x/text/unicode/norm"

	"accord/ui"
)

// The fields of the list's form.
const (
	fieldState = "etat"
	fieldBody  = "organisme"
	fieldFrom  = "du"
	fieldUntil = "au"
	fieldWords = "mots"
)

// mostWords bounds the words looked for, in bytes.
const mostWords = 200

// A filter is what a citizen looks for in their list; what is zero keeps
// everything.
type filter struct {
	state       ui.State
	body        string    // SIRET
	from, until time.Time // of the decision: first moment, and the first one after
	fromDay     string    // as it came
	untilDay    string
	words       string
}

// filterOf reads the form. A day that is none, or an end before its beginning,
// is told beside its field.
func (p *Pages) filterOf(q url.Values) (filter, []ui.Problem) {
	f := filter{
		state: ui.State(q.Get(fieldState)), body: q.Get(fieldBody), fromDay: strings.TrimSpace(q.Get(fieldFrom)),
		untilDay: strings.TrimSpace(q.Get(fieldUntil)), words: strings.TrimSpace(cut(q.Get(fieldWords))),
	}
	if !slices.Contains(ui.States(), f.state) {
		f.state = ""
	}
	var problems []ui.Problem
	var ok bool
	if f.from, ok = day(f.fromDay, 0); !ok {
		problems = append(problems, ui.Problem{Field: "f-" + fieldFrom, Text: "bad_day"})
	}
	if f.until, ok = day(f.untilDay, 1); !ok {
		problems = append(problems, ui.Problem{Field: "f-" + fieldUntil, Text: "bad_day"})
	}
	if len(problems) == 0 && !f.until.IsZero() && !f.from.Before(f.until) {
		problems = append(problems, ui.Problem{Field: "f-" + fieldUntil, Text: "days_swapped"})
	}
	return f, problems
}

func cut(s string) string {
	if len(s) <= mostWords {
		return s
	}
	return strings.ToValidUTF8(s[:mostWords], "")
}

// day reads a day, as a person or an address writes it, and gives
// the first moment, in Paris, of the day that many days later; zero for none.
func day(s string, later int) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.Time{}, false
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		s = strings.NewReplacer(" ", "/", ".", "/", "-", "/").Replace(s)
	}
	for _, layout := range []string{time.DateOnly, "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, s, paris); err == nil {
			return t.AddDate(0, 0, later), true
		}
	}
	return time.Time{}, false
}

// query is the filter as the addresses of its pages carry it.
func (f filter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		fieldState: string(f.state), fieldBody: f.body, fieldFrom: f.fromDay, fieldUntil: f.untilDay, fieldWords: f.words,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// shown is the form as it was sent, with the bodies there are to choose from.
func (f filter) shown(lines []line) ui.Filter {
	out := ui.Filter{State: f.state, Body: f.body, From: f.fromDay, Until: f.untilDay, Words: f.words, Active: len(f.query()) > 0}
	seen := map[string]bool{}
	for _, l := range lines {
		if r := l.Requester; !seen[r.SIRET] {
			seen[r.SIRET] = true
			out.Bodies = append(out.Bodies, ui.Requester{Name: r.Name, SIRET: r.SIRET})
		}
	}
	slices.SortFunc(out.Bodies, func(a, b ui.Requester) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// of keeps the lines looked for.
func (f filter) of(p *Pages, lang string, lines []line) []line {
	words := strings.Fields(fold(f.words))
	var kept []line
	for _, l := range lines {
		if f.keeps(l) && f.says(p, lang, l, words) {
			kept = append(kept, l)
		}
	}
	return kept
}

func (f filter) keeps(l line) bool {
	return (f.state == "" || l.State == f.state) && (f.body == "" || l.Requester.SIRET == f.body) &&
		(f.from.IsZero() || !l.At.Before(f.from)) && (f.until.IsZero() || l.At.Before(f.until))
}

// says tells whether each word is among those of the line: who, why, which
// data, its reference.
func (f filter) says(p *Pages, lang string, l line, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := []string{l.Requester.Name, l.Requester.SIRET, l.Purpose.FR, l.Purpose.EN, l.URL}
	for _, id := range l.Data {
		text = append(text, p.UI.DatumLabel(lang, id))
	}
	all := fold(strings.Join(text, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

// fold makes words comparable: no marks, no case, one kind of apostrophe.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
