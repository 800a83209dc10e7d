package consent

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNoticeIsTheSameBytesEachTime(t *testing.T) {
	for _, id := range exampleIDs(t) {
		for _, lang := range []string{"fr", "en"} {
			first := Notice(example(t, id), DefaultCatalogue(), lang)
			if !bytes.Equal(first, Notice(example(t, id), DefaultCatalogue(), lang)) || !utf8.Valid(first) {
				t.Errorf("%s %s differs", id, lang)
			}
		}
		if bytes.Equal(Notice(example(t, id), DefaultCatalogue(), "fr"), Notice(example(t, id), DefaultCatalogue(), "en")) {
			t.Errorf("%s: one text for two languages", id)
		}
	}
}

// A changed word must show in the digest, whichever word it is.
func TestEverySentenceOfTheApprovalIsInItsNotice(t *testing.T) {
	a := example(t, "valbrume-cantine")
	a.Transfers = Text{FR: "vers nulle part", EN: "to nowhere"}
	for lang, other := range map[string]string{"fr": "en", "en": "fr"} {
		notice := string(Notice(a, DefaultCatalogue(), lang))
		for _, want := range []string{
			a.ServiceProvider.Name, a.ServiceProvider.SIRET, a.ServiceProvider.Address, a.ServiceProvider.DPO, a.Editor.Name,
			a.Purpose.ID, a.Purpose.Type, a.Purpose.Label.In(lang), a.Purpose.Text.In(lang), a.Purpose.Service.In(lang),
			a.Simplification.In(lang), a.Legal.Basis, a.Legal.Texts[0], a.Legal.Texts[1], a.Legal.TaxSecrecy,
			a.Recipients[0].In(lang), a.Recipients[1].In(lang), a.Retention.Period, a.Retention.Rule.In(lang), a.Transfers.In(lang),
			a.Refusal.Consequence.In(lang), a.Refusal.OtherPath.In(lang), a.Refusal.URL,
			a.Data.Required[0].ID, a.Data.Required[0].Why.In(lang), a.Data.Optional[0].ID, a.Data.Optional[0].Why.In(lang),
			a.Data.Years[0], "quotient_familial.valeur", a.Version, NoticeID(a, lang), DefaultCatalogue().Digest(),
		} {
			if !strings.Contains(notice, want) {
				t.Errorf("%s: %q is not in the notice", lang, want)
			}
		}
		if strings.Contains(notice, a.Purpose.Text.In(other)) {
			t.Errorf("%s holds the text in %s", lang, other)
		}
	}
}

func TestNoticeWordsAreCompleteInBothLanguages(t *testing.T) {
	for _, id := range exampleIDs(t) {
		for _, lang := range []string{"fr", "en"} {
			for line := range strings.Lines(string(Notice(example(t, id), DefaultCatalogue(), lang))) {
				if strings.HasPrefix(line, ":") || strings.HasPrefix(line, " :") {
					t.Errorf("%s %s: a line without its label: %q", id, lang, line)
				}
			}
		}
	}
}

func TestNoticeIsPublishedWhereReceiptsSay(t *testing.T) {
	for _, r := range requests(t) {
		n := BuildReceipt(input(t, r)).Notice
		if n.URI != "https://accord.example"+NoticePath(r.Approval, "fr") || n.ID != NoticeID(r.Approval, "fr") ||
			n.Digest != digest(Notice(r.Approval, DefaultCatalogue(), "fr")) {
			t.Errorf("notice %+v", n)
		}
	}
}
