package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"accord/consent"
	"accord/consent/audit"
)

// An Application (demande d'habilitation) is the approval as the applicant
// writes it, with the two keys below and without what is the registrar's:
// dates, suspended, resumes, and the signature. cmd/accord/examples/application
// shows it filled in.
type Application struct {
	consent.Approval `yaml:",inline"`

	// Contact is whom the registrar asks; it does not go into the approval.
	Contact Contact `yaml:"contact"`
	// Engagement is the charter the service provider signed: a file beside the
	// application. The approval keeps its digest.
	Engagement string `yaml:"engagement"`
}

// A Contact is a person or a service of the applicant.
type Contact struct {
	Name  string `yaml:"name"`  // at most 120 characters
	Email string `yaml:"email"` // an e-mail address
}

const maxCharter = 20 << 20 // bytes of a signed charter

// A Draft is an approval made from an application: not signed, without dates.
type Draft struct {
	Approval *consent.Approval
	Bytes    []byte // of the file <id>.yaml
}

// ReadApplication makes the draft of an application, or tells every mistake at
// once. The draft is nil when anything is refused.
func ReadApplication(file string, c *consent.Catalogue) (*Draft, []Mistake) {
	data, err := readBounded(file)
	d := newDocument(file)
	if err != nil {
		d.at(0, "%s", err)
		return nil, d.mistakes
	}
	a := &Application{}
	d = read(file, data, a)
	if len(d.lines) == 0 {
		return nil, d.mistakes
	}
	d.checkApplication(a)
	digest := d.charter(a)
	for _, p := range a.Validate(c) {
		if !registrars(p.Path) && (p.Path != "$.charter" || a.Charter != "") {
			d.problem(p.Path, "%s", p.Message)
		}
	}
	if Refused(d.mistakes) {
		return nil, sorted(d.mistakes)
	}
	a.Charter = digest
	a.File, a.Approval.Bytes, a.Digest = file, data, audit.Digest(data)
	return &Draft{&a.Approval, draftOf(data, d, digest)}, sorted(d.mistakes)
}

// registrars tells the keys that are the registrar's to write.
func registrars(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "$."), ".")
	return slices.Contains([]string{"dates", "suspended", "resumes"}, first)
}

func (d *document) checkApplication(a *Application) {
	for path := range d.lines {
		if registrars(path) && strings.Count(path, ".") == 1 {
			d.problem(path, "is the registrar's to write: remove it")
		}
	}
	if a.Simplification == (consent.Text{}) {
		d.problem("$.simplification", "is missing: write the paper citizens no longer have to bring, in French (fr) and in English (en)")
	}
	d.need("$.contact.name", a.Contact.Name, "whom the registrar asks, at most 120 characters")
	if len([]rune(a.Contact.Name)) > 120 {
		d.problem("$.contact.name", "has more than 120 characters")
	}
	if name, domain, ok := strings.Cut(a.Contact.Email, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(a.Contact.Email, " \t") {
		d.problem("$.contact.email", "is no e-mail address: write where the registrar writes to")
	}
}

// charter is the digest of the signed charter, which a charter the application
// names itself must be.
func (d *document) charter(a *Application) string {
	if !d.need("$.engagement", a.Engagement, "the file of the signed charter, beside this one") {
		return ""
	}
	file := a.Engagement
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(d.file), file)
	}
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > maxCharter {
		d.problem("$.engagement", "%s is not a file of 1 byte to 20 MiB: put the signed charter there", a.Engagement)
		return ""
	}
	text, err := os.ReadFile(file)
	if err != nil {
		d.problem("$.engagement", "%s cannot be read by this user", a.Engagement)
		return ""
	}
	digest := audit.Digest(text)
	if a.Charter != "" && a.Charter != digest {
		d.problem("$.charter", "is not the digest of %s: write %s, or leave the key out", a.Engagement, digest)
	}
	return digest
}

// draftOf is the application's text without the applicant's two keys, and with
// the charter's digest. Comments stay.
func draftOf(data []byte, d *document, digest string) []byte {
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	var kept []string
	for n := 0; n < len(lines); n++ {
		if n+1 == d.lines["$.contact"] || n+1 == d.lines["$.engagement"] {
			for n+1 < len(lines) && strings.HasPrefix(lines[n+1], " ") { // the block below the key
				n++
			}
			continue
		}
		kept = append(kept, lines[n])
	}
	if _, ok := d.lines["$.charter"]; !ok {
		kept = append(kept, "", fmt.Sprintf("charter: %s", digest))
	}
	return joined(kept)
}

// ReadDraft reads an approval's file or an application that is right but for
// what its registrar has still to write. The approval is nil when anything else
// is refused.
func ReadDraft(file string, c *consent.Catalogue) (*consent.Approval, []Mistake) {
	data, err := readBounded(file)
	if err != nil {
		d := newDocument(file)
		d.at(0, "%s", err)
		return nil, d.mistakes
	}
	a := &consent.Approval{File: file, Bytes: data, Digest: audit.Digest(data)}
	d := read(file, data, a)
	if _, applies := d.lines["$.engagement"]; applies {
		draft, mistakes := ReadApplication(file, c)
		if draft == nil {
			return nil, mistakes
		}
		return draft.Approval, mistakes
	}
	for _, p := range a.Validate(c) {
		if !registrars(p.Path) && len(d.lines) > 0 {
			d.problem(p.Path, "%s", p.Message)
		}
	}
	if Refused(d.mistakes) {
		return nil, sorted(d.mistakes)
	}
	return a, sorted(d.mistakes)
}
