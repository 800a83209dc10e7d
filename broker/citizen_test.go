package broker_test

import (
	"net/http"
	"strings"
	"testing"

	"accord/consent/receipt"
)

// Looking back shows every access by name, and withdrawing takes two clicks
// and leaves a signed receipt that names the agreement's.
func TestACitizenSeesEveryAccessAndWithdrawsInTwoClicks(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	p, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("the agreement's page: %v, %d", err, p.Status)
	}
	for _, line := range []string{"Vous avez demandé à voir", "Accord a interrogé : CAF ou MSA", "Réponse de CAF ou MSA", "Vous avez accepté", "Données transmises"} {
		if !strings.Contains(strings.ReplaceAll(p.Words(), "\u00a0", " "), line) {
			t.Errorf("the timeline lacks %q: %s", line, p.Words())
		}
	}
	asked, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	done, err := w.Press(asked, "submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	link, err := done.LinkTo("/recu/")
	if err != nil {
		t.Fatal(err)
	}
	file, err := w.Get(strings.TrimSuffix(link, ".jws") + ".jws")
	if err != nil {
		t.Fatal(err)
	}
	r, err := receipt.Verify([]byte(file.Body), c.Keys.ReceiptKeys())
	if err != nil || r.Event.Type != receipt.Withdrawn || r.PreviousReceipt != receipt.Digest([]byte(tok.Receipt)) {
		t.Fatalf("withdrawal receipt: %v, %s after %s", err, r.Event.Type, r.PreviousReceipt)
	}
	again, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID + "/retirer")
	if err != nil || again.Has("submit") && strings.Contains(again.URL.Path, "retirer") {
		t.Fatalf("an ended agreement can be withdrawn again: %v", err)
	}
}
