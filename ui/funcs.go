package ui

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// funcs are what templates may call, bound to one language.
func (s *speech) funcs() template.FuncMap {
	return template.FuncMap{
		"t": s.text, "say": s.say, "own": s.own, "has": s.has, "plain": s.plain,
		"label": s.datum, "labels": s.labels, "given": s.given, "what": s.what, "whose": s.whose,
		"source": s.source, "sourceName": s.sourceName, "sources": s.sources,
		"date": s.timeDate, "clock": s.timeClock, "when": s.timeWhen,
		"whenWords": s.when, "dateWords": s.date, "clockWords": s.clock,
		"period": s.period, "span": s.span, "birth": s.bornOn,
		"rights": s.rights, "list": s.list, "siret": siret, "contact": contact,
		"value": s.value, "values": values, "contexts": s.contexts, "heading": s.heading, "headingAmong": s.headingAmong, "lead": Receipt.lead, "event": s.event, "letter": s.letter, "sex": sexForm,
		"word": s.word, "error": s.failure,
		"required": Source.required, "optional": Source.optional, "found": Source.found, "sends": Source.sends,
		"group":   func(g Group, required bool) []Asked { return g.pick(required) },
		"one":     func(s string) []string { return []string{s} },
		"pair":    func(a, b any) [2]any { return [2]any{a, b} },
		"nothing": func() DeskEntry { return DeskEntry{} },
		"field":   func(d string) string { return "d-" + strings.ReplaceAll(d, "_", "-") },
		"inputs":  s.inputs, "schoolYear": schoolYear, "childBorn": s.childBorn, "nth": func(i int) int { return i + 1 },
		"ticked": slices.Contains[[]string], "childShown": s.childShown,
		"basis": Basis.orPublicTask, "missing": s.missing,
		"count": s.told, "counted": s.count, "band": s.band, "groupName": s.groupName,
		"errorTitle": func(code string) string { return s.failure(ErrorPage{Code: code}).Title }, "percent": s.percent, "seconds": s.seconds, "unitWords": s.unitWords,
		"number":  func(n int64) string { return s.digits(strconv.FormatInt(n, 10)) },
		"verdict": s.verdict, "sign": verdictSign, "facts": s.statement, "delivered": s.deliveredData,
		"shownSource": shownSource, "answerWords": s.answerWords, "only": s.only, "tariff": s.tariff, "outcomeCode": Source.code,
	}
}

// missing names the sources whose required data cannot be sent.
func (s *speech) missing(p Consent) string {
	var ids []string
	for _, source := range p.Missing() {
		ids = append(ids, source.ID)
	}
	return s.sources(ids)
}

func (g Group) pick(required bool) []Asked {
	var picked []Asked
	for _, a := range g.Data {
		if a.Required == required {
			picked = append(picked, a)
		}
	}
	return picked
}

// orPublicTask gives a basis that has texts; the empty one is the usual one.
func (b Basis) orPublicTask() string {
	if b == "" {
		return string(PublicTask)
	}
	return string(b)
}

// plain gives a text of an approval without marks, for titles.
func (s *speech) plain(t Text) string {
	return cmp.Or(t.in(s.lang), t.FR)
}

// own writes a text of Accord's code in the reader's language, punctuated as
// the locale files are.
func (s *speech) own(t Text) string { return punctuate(s.plain(t), s.text("rule.spaces") == "french") }

func (s *speech) what(id string) string  { return s.named("datum."+id+".what", "") }
func (s *speech) whose(id string) string { return s.named("datum."+id+".subject", "") }

// word gives the text of prefix.value, or the value itself.
func (s *speech) word(prefix, value string) string { return s.named(prefix+"."+value, value) }

// bornOn writes a person's date of birth: "née le 9 mars 1984".
func (s *speech) bornOn(p Person) string { return s.born(p.Birthdate, p.Gender) }

// sexForm is the grammatical form of a gender: f, m or x.
func sexForm(gender string) string {
	switch gender {
	case "female":
		return "f"
	case "male":
		return "m"
	}
	return "x"
}

// values are the lines of the value itself.
func values(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Label != "" })
}

// contexts are the lines that follow a value, but for the period when the
// datum's own name tells it already, and for who worked it out when the heading
// does.
func (s *speech) contexts(i Item, lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool {
		if l.Label == s.text("member.fournisseur") && l.Text == i.operator {
			return true
		}
		return l.Label == "" || i.Period != "" && (l.Text == s.period(i.Period) && (l.Label == s.text("member.period") || l.Label == s.text("member.period_calcul")) ||
			l.Label == s.text("member.annee_revenus") && l.Text == i.Period)
	})
}

// headingAmong is heading, with the data where a source answered in several
// parts: two sections of a page never bear the same name.
func (s *speech) headingAmong(all []Source, one Source) string {
	heading, parts := s.heading(one), 0
	for _, other := range all {
		if other.ID == one.ID {
			parts++
		}
	}
	if parts < 2 {
		return heading
	}
	var ids []string
	for _, i := range one.Items {
		ids = append(ids, i.Datum)
	}
	return heading + s.text("word.colon") + " " + s.list(s.labels(ids))
}

// heading names a source by who really answered: "Impôts (DGFiP)".
func (s *speech) heading(source Source) string {
	if source.Operator == "" {
		return s.sourceName(source.ID)
	}
	return s.named("source."+source.ID+".kind", source.ID) + " (" + source.Operator + ")"
}

// contact makes a link of a mail address or an https address, and leaves
// anything else as text.
func contact(address string) template.HTML {
	escaped := template.HTMLEscapeString(address)
	switch {
	case strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://"):
		return template.HTML(`<a class="ac-url" href="` + escaped + `">` + escaped + `</a>`) // #nosec G203 -- escaped, scheme checked
	case strings.Contains(address, "@") && !strings.ContainsAny(address, " :/?&\"'<>"):
		return template.HTML(`<a href="mailto:` + escaped + `">` + escaped + `</a>`) // #nosec G203 -- escaped, no other scheme
	}
	return template.HTML(escaped) // #nosec G203 -- escaped
}

// failureTexts are an error page's texts in one language.
type failureTexts struct{ Title, What, Sent, Todo string }

// failure fills the texts of an error page. A code without texts is our own
// fault, A21.
func (s *speech) failure(p ErrorPage) failureTexts {
	key := "error." + p.Code + "."
	if !s.has(key + "title") {
		key = "error.A21."
	}
	requester := p.Requester
	if requester == "" {
		requester = s.text("word.organisation")
	}
	pairs := []string{"requester", requester, "source", s.errorSource(p.Source), "answer", s.answer(p.Accepted)}
	pairs = append(pairs, "period", s.errorPeriod(p.Period), "when", s.errorTime(p))
	fill := func(name string) string { return s.text(key+name, pairs...) }
	sent := fill("sent")
	if p.Sent != "" {
		sent = s.word("sent", string(p.Sent))
	}
	return failureTexts{Title: fill("title"), What: fill("what"), Sent: sent, Todo: fill("todo")}
}

func (s *speech) answer(accepted bool) string {
	if accepted {
		return s.text("word.accepted")
	}
	return s.text("word.refused")
}

func (s *speech) errorSource(id string) string {
	if id == "" {
		return s.text("word.source")
	}
	return s.text("source." + id + ".subject")
}

func (s *speech) errorPeriod(p string) string {
	if p == "" {
		return s.text("word.period")
	}
	return s.period(p)
}

// errorTime writes the moment an error speaks of as its sentence needs it.
func (s *speech) errorTime(p ErrorPage) string {
	if p.At.IsZero() {
		return s.named("when."+p.Code+".unknown", "")
	}
	if !s.has("when." + p.Code + ".known") {
		return ""
	}
	return s.text("when."+p.Code+".known", "day", s.date(p.At), "hour", s.clock(p.At))
}
