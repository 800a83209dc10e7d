package broker_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

// transport is an approval whose band is of an income per share: the divisor is
// another datum, which is not asked for.
func transport(t *testing.T, siret string) string {
	t.Helper()
	example, err := os.ReadFile("../cmd/accord/examples/approvals/hautes-brumes-transport.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(example)
	from, to := strings.Index(text, "\ndata:\n"), strings.Index(text, "\nceilings:\n")
	text = strings.Replace(text[:from]+`
data:
  required:
    - id: dgfip_rfr
      why: {fr: Connaître la tranche de réduction, en: To know the band of the discount}
      grid: revenu-par-part
  years:
    - dgfip_annee_n_moins_1
grids:
  - id: revenu-par-part
    datum: dgfip_rfr
    path: revenu_fiscal_reference
    per: nombre_parts
    bands:
      - below: 14736
        code: reduit
        label: {fr: tarif réduit, en: reduced fare}
      - label: {fr: plein tarif, en: full fare}
`+text[to:], "id: hautes-brumes-transport", "id: hautes-brumes-tranches", 1)
	text = strings.Replace(text, "99900061500016", siret, 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hautes-brumes-tranches.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Camille's income of 18 420 € over 1,25 shares is exactly 14 736 € a share.
func TestABandOfIncomePerShareIsWorkedOutFromTwoDataAndLogged(t *testing.T) {
	c, err := country.Start(t.Context(), country.Options{Approvals: transport(t, "99900051600016"), Wrap: func(b *broker.Config) {
		b.Clients[2].Approvals = []string{"hautes-brumes-tranches"}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the test has said what it had to
	client, err := c.Client(country.Region, "hautes-brumes-tranches", "dgfip_rfr", "dgfip_annee_n_moins_1")
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, c, client)
	if !strings.Contains(w.Page.Words(), "Accord consulte aussi pour ce calcul : Nombre de parts") {
		t.Errorf("before the login the page says %s", w.Page.Words())
	}
	see(t, w, "camille")
	shown := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(w.Page.Words())
	if !strings.Contains(shown, "18420") && !strings.Contains(shown, "18 420") || !strings.Contains(shown, "1.25") && !strings.Contains(shown, "1,25") {
		t.Errorf("the values are not shown: %s", shown)
	}
	_, tok := token(t, c, client, "camille")
	d := read(t, c, tok, "/v3/dgfip/situation_ir")
	if got, want := d.Body, `{"data":{"reponses":{"revenu-par-part":{"code":"B","libelle":"plein tarif"}}},"links":{},"meta":{}}`; got != want {
		t.Errorf("delivered %s, want %s", got, want)
	}
	asked := 0
	for _, e := range logOf(t, c) {
		if e.event.Source == "dgfip" {
			asked++
			if got := e.event.Data; !slices.Equal(got, []string{"dgfip_rfr", "dgfip_nbpart"}) {
				t.Errorf("the log says that %v was asked", got)
			}
		}
	}
	if report := replayed(t, c); asked == 0 || report.Outcome != audit.Genuine {
		t.Errorf("asked %d times; the auditor says %s: %v", asked, report.Outcome, report.Findings)
	}
}

// The region has the income itself under its other approval: its band would
// hide nothing.
func TestABandIsRefusedToWhomTheValueIsSentUnderAnotherApproval(t *testing.T) {
	c, err := country.Start(t.Context(), country.Options{Approvals: transport(t, "99900061500016")})
	if err == nil {
		_ = c.Close() // the test has failed already
		t.Fatal("a band and its value were approved for one recipient")
	}
	if !strings.Contains(err.Error(), "revenu_fiscal_reference") || !strings.Contains(err.Error(), "hautes-brumes-tran") {
		t.Errorf("the refusal says %v", err)
	}
}
