package citizen

import (
	"strconv"
	"testing"

	"accord/ui"
)

func TestEveryAgreementStandsOnExactlyOnePage(t *testing.T) {
	for _, total := range []int{0, 1, perPage, perPage + 1, 3*perPage + 2} {
		all := make([]ui.Accord, total)
		for i := range all {
			all[i].URL = strconv.Itoa(i)
		}
		var met []string
		asked, newer := "", ""
		for pages := 0; ; pages++ {
			shown, n, older := pageOf(all, perPage, "/mes-accords", nil, asked)
			if len(shown) > perPage || pages > total {
				t.Fatalf("%d agreements: page %q shows %d", total, asked, len(shown))
			}
			if (n == "") != (pages == 0) || n != newer {
				t.Errorf("%d agreements: page %q leads back to %q, not %q", total, asked, n, newer)
			}
			for _, a := range shown {
				met = append(met, a.URL)
			}
			if older == "" {
				break
			}
			newer = pageAddress("/mes-accords", nil, pages+1)
			asked = older[len("/mes-accords?page="):]
		}
		if len(met) != total {
			t.Errorf("%d agreements: the pages show %d", total, len(met))
		}
		for i, url := range met {
			if url != strconv.Itoa(i) {
				t.Fatalf("%d agreements: place %d shows %s", total, i, url)
			}
		}
	}
}

func TestWhatIsNoPageShowsTheNearestPage(t *testing.T) {
	all := make([]ui.Accord, 2*perPage+1)
	for asked, want := range map[string]int{"": perPage, "0": perPage, "-1": perPage, "x": perPage, "99999999999999999999": perPage, "3": 1, "4": 1, "99": 1} {
		if shown, _, _ := pageOf(all, perPage, "/mes-accords", nil, asked); len(shown) != want {
			t.Errorf("page %q shows %d, not %d", asked, len(shown), want)
		}
	}
}
