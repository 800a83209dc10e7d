package configuration

import (
	"strings"
	"testing"
)

// A second approval of the same commune that cuts other bands of the quotient,
// or sends it, would tell more than the first one's answer.
func TestApprovalsOfOneRecipientThatNarrowABandAreRefused(t *testing.T) {
	for name, tc := range map[string]struct{ old, new, line, want string }{
		"other bands":      {"below: 1300", "below: 1000", "- id: cnaf_quotient_familial", "together tell 700 to below 1000"},
		"the value itself": {"      grid: tarif-cantine\n", "", "- id: cnaf_quotient_familial", "its very value"},
	} {
		w := newWorld(t)
		second := strings.NewReplacer("id: saint-aubin-cantine", "id: saint-aubin-garderie", "id: tarification-cantine", "id: garderie").
			Replace(w.read(t, "approvals/saint-aubin-cantine.yaml"))
		changed := strings.Replace(second, tc.old, tc.new, 1)
		if changed == second {
			t.Fatal("nothing was changed: the test proves nothing")
		}
		// Named so that it comes first: the one at fault is then the later one.
		w.write(t, "approvals/garderie-saint-aubin.yaml", strings.Replace(changed, "id: saint-aubin-garderie", "id: garderie-saint-aubin", 1), 0o644)
		w.edit(t, "clients/logiciels-du-preau.yaml", "- saint-aubin-cantine", "- saint-aubin-cantine\n  - garderie-saint-aubin")
		w.sign(t)
		c, mistakes := Load(w.accord)
		line := w.lineOf(t, "approvals/saint-aubin-cantine.yaml", tc.line)
		if c != nil || !told(mistakes, "saint-aubin-cantine.yaml", line, tc.want) {
			t.Errorf("%s: got:%s", name, list(mistakes))
		}
	}
}
