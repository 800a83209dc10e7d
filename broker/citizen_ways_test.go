package broker_test

import (
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// lookBack is camille at « Mes accords ».
func lookBack(t *testing.T, c *country.Country) *headless.Browser {
	t.Helper()
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	return b
}

// historyOf is the page of an agreement and the list it stands in, in a
// language.
func historyOf(t *testing.T, c *country.Country, w *headless.Browser, grant, lang string) (detail, list string) {
	t.Helper()
	page, err := w.Get(c.Accord + "/mes-accords/" + grant + "?lang=" + lang)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Get(c.Accord + "/mes-accords?lang=" + lang)
	if err != nil {
		t.Fatal(err)
	}
	return page.Words(), all.Words()
}

func TestMyAgreementsSayThatOnlyAnAnswerIsSent(t *testing.T) {
	c := ownCountry(t, nil)
	client, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	_, tok := token(t, c, client, "camille")
	read(t, c, tok, quotient)
	b := lookBack(t, c)
	for lang, only := range map[string]string{"fr": "(seulement la réponse, pas la valeur)", "en": "(only the answer, not the value)"} {
		detail, list := historyOf(t, c, b, tok.GrantID, lang)
		if n := strings.Count(detail, only); n != 3 || strings.Count(list, only) != 1 { // head, agreement, delivery
			t.Errorf("%s: %d times in %.900s\nthe list: %.600s", lang, n, detail, list)
		}
	}
	_, whole := token(t, c, canteen(t, c), "camille")
	detail, _ := historyOf(t, c, b, whole.GrantID, "fr")
	if strings.Contains(detail, "seulement la réponse") {
		t.Error("a value that is sent is said not to be")
	}
}

func TestMyAgreementsSayHowTheBodyGotAtTheData(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := agreeLater(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	served(t, present(t, c, "camille"))
	b := lookBack(t, c)
	for lang, way := range map[string]string{"fr": "avec votre connexion chez l’organisme", "en": "with your login at the organisation"} {
		if detail, _ := historyOf(t, c, b, tok.GrantID, lang); strings.Count(detail, way) != 1 {
			t.Errorf("%s: %.1200s", lang, detail)
		}
	}
}
