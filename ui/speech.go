package ui

import (
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

// A speech is one language: its texts and its way to write dates and amounts.
type speech struct {
	lang  string
	paris *time.Location
	texts map[string]string
}

// embeddedTexts are those of the files this program carries, by language. One
// process may start many Accords: a demonstration's tests do.
var embeddedTexts = sync.OnceValues(func() (map[string]map[string]string, error) {
	return textsIn(localeFiles)
})

func textsIn(locales fs.FS) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range languagesIn(locales) {
		file, err := fs.ReadFile(locales, "locales/"+lang+".yaml")
		if err == nil {
			all[lang], err = parseTexts(file)
		}
		if err != nil {
			return nil, fmt.Errorf("ui: locale %s: %w", lang, err)
		}
	}
	return all, nil
}

// parseTexts flattens a locale file: datum: {cnaf_enfants: {label: …}} is read
// as "datum.cnaf_enfants.label". Only mappings and strings are allowed.
func parseTexts(file []byte) (map[string]string, error) {
	var tree map[string]any
	if err := yaml.Unmarshal(file, &tree); err != nil {
		return nil, err
	}
	rule, _ := tree["rule"].(map[string]any)
	texts := map[string]string{}
	return texts, flatten(texts, "", tree, rule["spaces"] == "french")
}

func flatten(texts map[string]string, prefix string, tree map[string]any, french bool) error {
	for name, value := range tree {
		key := prefix + name
		switch v := value.(type) {
		case string:
			texts[key] = punctuate(v, french)
		case map[string]any:
			if err := flatten(texts, key+".", v, french); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is a %T, write a quoted text", key, value)
		}
	}
	return nil
}

// punctuate gives French its no-break spaces and every text its real
// apostrophe, so that locale files can be typed on any keyboard.
func punctuate(text string, french bool) string {
	text = strings.ReplaceAll(text, "'", "’")
	if !french {
		return text
	}
	return strings.NewReplacer(" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!",
		"« ", "«\u00a0", " »", "\u00a0»").Replace(text)
}

// text gives the text of key with its {placeholders} filled from name, value
// pairs. A missing key shows itself in double brackets; tests look for them.
func (s *speech) text(key string, pairs ...string) string {
	text, ok := s.texts[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

func (s *speech) has(key string) bool {
	_, ok := s.texts[key]
	return ok
}

// in is a text of an approval in a language; approvals are written in French
// and, mostly, in English.
func (t Text) in(lang string) string { return map[string]string{"fr": t.FR, "en": t.EN}[lang] }

// say writes a text of an approval in the reader's language, or in French
// marked as French.
func (s *speech) say(t Text) template.HTML {
	if own := t.in(s.lang); own != "" || t.FR == "" {
		return template.HTML(template.HTMLEscapeString(own)) // #nosec G203 -- escaped
	}
	return template.HTML(`<span lang="fr">` + template.HTMLEscapeString(t.FR) + `</span>`) // #nosec G203 -- escaped
}

// list joins words: "a, b et c".
func (s *speech) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + s.text("word.and") + " " + words[last]
}

// labels names data by their catalogue ids.
func (s *speech) labels(ids []string) []string {
	var labels []string
	for _, id := range ids {
		labels = append(labels, s.datum(id))
	}
	return labels
}

// given names the data of an agreement as they are sent: of some, only an
// answer.
func (s *speech) given(a Accord, ids []string) []string {
	labels := s.labels(ids)
	for n, id := range ids {
		if slices.Contains(a.Answers, id) {
			labels[n] += " (" + s.text("grid.receipt") + ")"
		}
	}
	return labels
}

// datum is a datum's label; one that the catalogue of texts lacks shows its id.
func (s *speech) datum(id string) string {
	if id == identifier {
		return s.text("identity.label")
	}
	if key := "datum." + id + ".label"; s.has(key) {
		return s.text(key)
	}
	return id
}

// source is a source's short name, or its id.
func (s *speech) source(id string) string { return s.named("source."+id+".short", id) }

func (s *speech) sourceName(id string) string { return s.named("source."+id+".name", id) }

func (s *speech) named(key, otherwise string) string {
	if s.has(key) {
		return s.text(key)
	}
	return otherwise
}

// sources joins the short names of ids.
func (s *speech) sources(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, s.source(id))
	}
	return s.list(names)
}

// right names a right of the receipt: "complaint:CNIL" is complaint.
func (s *speech) right(code string) string {
	short, _, _ := strings.Cut(code, ":")
	return s.named("rights."+short, code)
}

// rights are those given, or the basis's own when none are.
func (s *speech) rights(given []string, basis Basis) []string {
	codes := given
	if len(codes) == 0 {
		codes = rightsOf(basis)
	}
	var words []string
	for _, code := range codes {
		if word := s.right(code); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// rightsOf lists what each basis gives: objection belongs to a public task,
// portability and erasure to consent (GDPR 20, 21, 17-3-b).
func rightsOf(b Basis) []string {
	if b == ConsentGDPR {
		return []string{"access", "rectification", "erasure", "restriction", "portability", "withdrawal", "complaint:CNIL"}
	}
	return []string{"access", "rectification", "restriction", "opposition", "complaint:CNIL"}
}

// siret groups the 14 digits: 999 000 102 00015.
func siret(digits string) string {
	if len(digits) != 14 {
		return digits
	}
	return digits[:3] + "\u00a0" + digits[3:6] + "\u00a0" + digits[6:9] + "\u00a0" + digits[9:]
}

// event says what happened, as the timeline does.
func (s *speech) event(e Event) string {
	source := ""
	if e.Source != "" {
		source = s.source(e.Source)
	}
	words := ""
	switch {
	case e.Outcome != "":
		words = s.text("event.source.answered."+string(e.Outcome), "source", source)
	case e.ForIdentity():
		words = s.text("event.lookup.requested.identity")
	default:
		words = s.text("event."+e.Kind+".label", "source", source)
	}
	if e.Reason != "" {
		words += " (" + s.word("reason", e.Reason) + ")"
	}
	return words
}
