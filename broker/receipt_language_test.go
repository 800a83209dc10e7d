package broker_test

import (
	"net/url"
	"strings"
	"testing"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// A receipt says in which language the page was, and keeps the digest of the
// very screen the form came from and of the notice published in that language.
func TestAReceiptKeepsTheLanguageAndTheDigestOfTheTextShown(t *testing.T) {
	c := theCountry(t)
	digests := map[string]bool{}
	for _, lang := range []string{"fr", "en"} {
		w := (&errorWorld{Country: c, lang: lang}).opens(t, c, canteen(t, c), nil)
		see(t, w, "camille")
		_, _, form, err := w.Page.Form("accept", nil)
		if err != nil {
			t.Fatal(err)
		}
		do(t, w, "accept")
		tok, err := w.Request.Exchange(w.Page.Stopped)
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := receipt.Parse([]byte(tok.Receipt))
		if err != nil {
			t.Fatal(err)
		}
		if r.Language != lang || r.Notice.ScreenDigest != form.Get("texte") || !strings.HasSuffix(r.Notice.URI, "/"+lang) {
			t.Errorf("%s: language %s, screen %s of %s, notice %s", lang, r.Language, r.Notice.ScreenDigest, form.Get("texte"), r.Notice.URI)
		}
		u, err := url.Parse(r.Notice.URI)
		if err != nil {
			t.Fatal(err)
		}
		if notice := gets(t, w, c.Accord+u.Path); audit.Digest([]byte(notice.Body)) != r.Notice.Digest {
			t.Errorf("%s: the digest is not that of the notice", lang)
		}
		digests[r.Notice.Digest], digests[r.Notice.ScreenDigest] = true, true
	}
	if len(digests) != 4 {
		t.Errorf("%d digests of two texts and two screens", len(digests))
	}
}
