package consent

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const (
	shortPurpose = 6   // words a purpose has at least
	yearOfTariff = 366 // days
)

// purpose: a citizen must understand in one reading what is done.
func (r *remarks) purpose() {
	said := sentenceWords(r.approval.Purpose.Text.FR)
	if len(said) > 0 && len(said) < shortPurpose {
		r.add("purpose_short", "$.purpose.text", len(said))
	}
	if w := generic(said); w != "" {
		r.add("purpose_generic", "$.purpose.text", w)
	}
	if len(said) > 0 && !infinitive(said[0]) {
		r.add("purpose_no_verb", "$.purpose.text", said[0])
	}
	if r.approval.Simplification.empty() {
		r.add("no_simplification", "$.simplification")
	}
}

// sentenceWords are the words of a French sentence, in lower case; elided articles
// stand alone.
func sentenceWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) && c != '-' })
}

// generic is the first word that says nothing to a citizen.
func generic(said []string) string {
	empty := []string{
		"gestion", "gérer", "améliorer", "amélioration", "optimiser", "optimisation", "suivi", "traitement", "traiter", "divers", "diverses",
		"notamment", "etc", "besoins", "dispositifs", "dématérialisation", "faciliter", "fluidifier", "moderniser", "pilotage", "exploitation",
	}
	for _, w := range said {
		if slices.Contains(empty, w) {
			return w
		}
	}
	return ""
}

// infinitive tells a French verb by its ending.
func infinitive(w string) bool {
	return len(w) > 3 && (strings.HasSuffix(w, "er") || strings.HasSuffix(w, "ir") || strings.HasSuffix(w, "re"))
}

// use: for how long, in whose hands, and what else a citizen may do.
func (r *remarks) use() {
	a := r.approval
	if days := daysOf(a.Retention.Period); r.tariff && days > yearOfTariff {
		r.add("retention_long", "$.retention.period", a.Retention.Period)
	}
	if a.Refusal.URL == "" && !namesAPlace(a.Refusal.OtherPath.FR) {
		r.add("other_path", "$.refusal.other_path")
	}
	if a.AutomatedDecision {
		r.add("automated_decision", "$.automated_decision")
	}
	if a.Legal.Act == AccordPublicTask && len(a.Legal.Texts) > 0 && r.onlyGeneralTexts() {
		r.add("text_general", "$.legal.texts")
	}
}

// namesAPlace tells where, or how, someone does without Accord.
func namesAPlace(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc([]string{
		"guichet", "mairie", "accueil", "courrier", "poste", "bureau", "téléphon", "formulaire", "fiche", "en ligne", "gare", "secrétariat",
		"envoyez", "apportez", "déposez", "remplissez", "présentez", "joignez",
	}, func(w string) bool { return strings.Contains(s, w) })
}

// daysOf counts the days of an ISO 8601 duration in years, months, weeks and
// days, 0 for anything else.
func daysOf(period string) (days int) {
	number := ""
	for _, c := range strings.TrimPrefix(period, "P") {
		if unicode.IsDigit(c) {
			number += string(c)
			continue
		}
		n, err := strconv.Atoi(number)
		each, known := map[rune]int{'Y': 365, 'M': 30, 'W': 7, 'D': 1}[c]
		if err != nil || !known {
			return 0
		}
		days, number = days+n*each, ""
	}
	return days
}
