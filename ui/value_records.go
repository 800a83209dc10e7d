package ui

import (
	"slices"
	"strings"
)

// persons writes one line a person, or says that there is nobody.
func (s *speech) persons(list *node) []Line {
	if len(list.children) == 0 {
		return []Line{{Text: s.text("value.nobody")}}
	}
	var lines []Line
	for _, p := range list.children {
		if p.kind == array {
			lines = append(lines, s.rest(p)...)
			continue
		}
		if p.kind != object {
			lines = append(lines, Line{Text: p.text})
			continue
		}
		lines = append(lines, Line{Text: s.person(p)})
		lines = append(lines, s.rest(p, "nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe")...)
	}
	return lines
}

// person writes "Prénom NOM (nom d'usage : …), née le 9 mars 1984, sexe féminin".
func (s *speech) person(p *node) string {
	name := strings.TrimSpace(p.member("prenoms") + " " + p.member("nom_naissance"))
	if usage := p.member("nom_usage"); usage != "" {
		name += " " + s.text("value.usage", "name", usage)
	}
	parts := []string{name}
	sex := p.member("sexe")
	if date := p.member("date_naissance"); date != "" {
		parts = append(parts, s.born(date, sex))
	}
	if sex != "" {
		parts = append(parts, s.text("value.sex", "sex", s.enum("sexe", sex)))
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// born writes the date of birth of somebody of that sex (F, M, female, male
// or anything else).
func (s *speech) born(date, sex string) string {
	words, ok := s.birth(date)
	if !ok {
		return s.text("value.born_unknown", "date", date)
	}
	form := ".x"
	switch strings.ToLower(sex) {
	case "f", "female":
		form = ".f"
	case "m", "male":
		form = ".m"
	}
	if strings.Trim(date[min(len(date), 4):], "-0") == "" || partial(date) {
		return s.text("value.born_in"+form, "date", words)
	}
	return s.text("value.born_on"+form, "date", words)
}

// partial tells a date without its day: 1984, 1984-03, 1984-03-00.
func partial(date string) bool {
	return len(date) < len("1984-03-09") || strings.HasSuffix(date, "-00")
}

// address writes the known lines in the order of an envelope, then whatever
// else the document holds.
func (s *speech) address(n *node) []Line {
	envelope := []string{
		"destinataire", "complement_information", "complement_information_geographique",
		"numero_libelle_voie", "lieu_dit", "code_postal_ville", "pays",
	}
	var lines []Line
	for _, name := range envelope {
		if line := n.member(name); line != "" {
			lines = append(lines, Line{Text: line})
		}
	}
	return append(lines, s.rest(n, envelope...)...)
}

// rest shows every member not yet shown under its own name.
func (s *speech) rest(n *node, shown ...string) []Line {
	var lines []Line
	for _, c := range n.children {
		if slices.Contains(shown, c.name) && c.kind != object && c.kind != array {
			continue
		}
		lines = append(lines, s.context(c)...)
	}
	return lines
}

// context shows one member with its label: "Organisme : CNAF".
func (s *speech) context(n *node) []Line {
	label := s.named("member."+n.name, n.name)
	switch n.kind {
	case null:
		return []Line{{Label: label, Text: s.text("value.none")}}
	case object, array:
		if len(n.children) == 0 {
			return []Line{{Label: label, Text: s.text("value.nothing")}}
		}
		lines := []Line{}
		for _, c := range n.children {
			if c.name == "" {
				c.name = n.name
			}
			lines = append(lines, s.context(c)...)
		}
		return lines
	case number:
		if strings.HasPrefix(n.name, "mois") {
			return []Line{{Label: label, Text: s.monthNumber(n.text)}}
		}
	case boolean:
		return []Line{{Label: label, Text: s.enum("", n.text)}}
	}
	return []Line{{Label: label, Text: n.text}}
}

// monthNumber writes 10 as "octobre"; no month is shown as it came.
func (s *speech) monthNumber(digits string) string {
	if key := "month.m" + digits; s.has(key) {
		return s.text(key)
	}
	return digits
}
