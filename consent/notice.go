package consent

import (
	"bytes"
	"fmt"
	"strings"
)

// NoticeID names the notice of an approval in a language (each has its own
// bytes and digest), as receipts and the log do. Its
// version is the approval's.
func NoticeID(a *Approval, lang string) string { return "notice-" + a.ID + "-" + noticeLanguage(lang) }

// NoticePath is where the notice is published, below Accord's address.
func NoticePath(a *Approval, lang string) string {
	return "/notices/" + a.ID + "/" + a.Version + "/" + noticeLanguage(lang)
}

// Notice gives the exact bytes of what a citizen is told under an approval, in
// French or, for "en", in English: plain UTF-8 text, one statement a line.
// Equal approvals and catalogues give equal bytes; the digest goes into every
// receipt and is announced in the log (notice.published), so that the text
// shown can be proved later.
func Notice(a *Approval, c *Catalogue, lang string) []byte {
	n := noticeWriter{lang: noticeLanguage(lang)}
	n.out.Grow(usualNotice)
	w := noticeWords(n.lang)
	n.line(w.title, "")
	n.line("id", NoticeID(a, lang))
	n.line("version", a.Version)
	n.line(w.catalogue, c.Digest())
	n.gap()
	n.party(w.who, a.ServiceProvider)
	if a.Editor != nil {
		n.party(w.through, *a.Editor)
	}
	n.line(w.purpose, a.Purpose.Label.In(n.lang)+" — "+a.Purpose.Text.In(n.lang)+" ["+a.Purpose.ID+", "+a.Purpose.Type+"]")
	n.line(w.service, a.Purpose.Service.In(n.lang))
	n.optional(w.replaces, a.Simplification)
	n.line(w.act, w.acts[a.Legal.Act])
	n.line(w.basis, strings.Join(append([]string{a.Legal.Basis}, legalOf(a).TextRefs...), " ; "))
	n.gap()
	n.data(w.required, a.Data.Required, a, c)
	n.data(w.optional, a.Data.Optional, a, c)
	if a.Data.IdentityOnly {
		n.line(w.identifier, "")
	}
	n.list(w.years, a.Data.Years)
	if a.Desk != nil {
		n.line(w.desk, w.atDesk)
	}
	n.gap()
	n.use(a, w)
	return n.out.Bytes()
}

const usualNotice = 4 << 10 // bytes

type noticeWriter struct {
	out  bytes.Buffer
	lang string
}

// use writes what becomes of the data, and what a refusal leads to.
func (n *noticeWriter) use(a *Approval, w words) {
	for _, r := range a.Recipients {
		n.line(w.recipient, r.In(n.lang))
	}
	n.line(w.kept, a.Retention.Period+" — "+a.Retention.Rule.In(n.lang))
	n.list(w.locations, a.locations())
	transfers := a.transfers(n.lang)
	if a.Transfers.empty() {
		transfers = w.none
	}
	n.line(w.transfers, transfers)
	n.line(w.automated, w.yesNo[a.AutomatedDecision])
	n.line(w.fetches, w.fetchesOf(a.Ceilings))
	n.gap()
	n.line(w.consequence, a.Refusal.Consequence.In(n.lang))
	n.line(w.otherPath, strings.TrimSpace(a.Refusal.OtherPath.In(n.lang)+" "+a.Refusal.URL))
	n.list(w.rights, a.Legal.Act.Rights())
}

func (n *noticeWriter) line(label, text string) {
	n.out.WriteString(label)
	if text != "" {
		n.out.WriteString(colon(n.lang))
		n.out.WriteString(text)
	}
	n.out.WriteByte('\n')
}

// colon follows each language's typography.
func colon(lang string) string {
	if lang == "fr" {
		return " : "
	}
	return ": "
}

func (n *noticeWriter) gap() { n.out.WriteByte('\n') }

func (n *noticeWriter) party(label string, p Party) {
	n.line(label, fmt.Sprintf("%s, SIRET %s, %s, DPO %s", p.Name, p.SIRET, p.Address, p.DPO))
}

func (n *noticeWriter) optional(label string, t Text) {
	if !t.empty() {
		n.line(label, t.In(n.lang))
	}
}

func (n *noticeWriter) list(label string, items []string) {
	if len(items) > 0 {
		n.line(label, strings.Join(items, ", "))
	}
}

// data writes each datum with the very fields it opens: a catalogue id alone
// would let its meaning drift.
func (n *noticeWriter) data(label string, data []ApprovedDatum, a *Approval, c *Catalogue) {
	if len(data) == 0 {
		return
	}
	n.line(label, "")
	for _, d := range data {
		entry, _ := c.Datum(d.ID)
		entry = a.As(entry, c)
		n.line(fmt.Sprintf("- %s (%s; %s)", d.ID, entry.Source, strings.Join(entry.Paths, ", ")), d.Why.In(n.lang))
		n.answers(entry)
	}
}

// answers writes what is sent in a datum's place: one of these, never its value.
func (n *noticeWriter) answers(d Datum) {
	if d.Answered == nil {
		return
	}
	n.line("  "+noticeWords(n.lang).answer+" "+strings.Join(d.Answered.Shown, ", "), "")
	for _, a := range d.Answered.Grid.Answers() {
		n.line("  - "+a.Code, a.Label.In(n.lang))
	}
}

func noticeLanguage(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "fr"
}
