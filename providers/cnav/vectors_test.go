package cnav_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/sourcetest"
)

const (
	regimeCNAF = "00810011"
	regimeMSA  = "00171001"
)

// A vector is an answer of the hub's and what it must become.
type vector struct {
	status int
	regime string
	found  map[string]providers.Outcome // by resource; any other: unavailable; nil: all for each
	all    providers.Outcome
}

func (v vector) want(resource string) providers.Outcome {
	if v.found == nil {
		return v.all
	}
	if o, ok := v.found[resource]; ok {
		return o
	}
	return providers.Unavailable
}

func answersWith(t *testing.T, v vector, q providers.Query, body []byte) providers.Answer {
	t.Helper()
	return query(t, q, func(w http.ResponseWriter, _ *http.Request) {
		if v.regime != "" {
			w.Header().Set("X-APISECU-FD", v.regime)
		}
		w.WriteHeader(v.status)
		_, _ = w.Write(body)
	})
}

func only(resource string, o providers.Outcome) vector {
	return vector{status: 200, regime: regimeCNAF, found: map[string]providers.Outcome{resource: o}}
}

// drawsNothing is an answer about one who draws none of these.
func drawsNothing(resources ...string) vector {
	v := vector{status: 200, regime: regimeCNAF, found: map[string]providers.Outcome{}}
	for _, name := range resources {
		v.found[name] = providers.Found
	}
	return v
}

func vectors() map[string]vector {
	const qf, eaje, child, health = cnav.QuotientFamilial, cnav.ParticipationFamilialeEAJE, cnav.AllocationEnfantHandicape, cnav.ComplementaireSanteSolidaire
	funds := []string{cnav.RevenuSolidariteActive, cnav.PrimeActivite, cnav.AllocationAdulteHandicape, cnav.AllocationSoutienFamilial, child}
	nothing := vector{status: 200, regime: regimeCNAF, found: map[string]providers.Outcome{}}
	blank := only(qf, providers.Found)
	blank.regime = regimeMSA
	return map[string]vector{
		"household":                      only(qf, providers.Found),
		"household_without_children":     only(qf, providers.Found),
		"household_whole_address":        only(qf, providers.Found),
		"household_blank_birthdates":     blank,
		"household_null_address_lines":   only(qf, providers.Found),
		"household_without_quotient":     only(qf, providers.NoFile),
		"childcare":                      only(eaje, providers.Found),
		"childcare_some_birthplaces":     only(eaje, providers.Found),
		"childcare_all_birthplaces":      only(eaje, providers.Found),
		"childcare_no_child_under_seven": only(eaje, providers.NoFile),
		"benefit_rsa":                    only(cnav.RevenuSolidariteActive, providers.Found),
		"benefit_rsa_increased":          only(cnav.RevenuSolidariteActive, providers.Found),
		"benefit_prime":                  only(cnav.PrimeActivite, providers.Found),
		"benefit_prime_increased":        only(cnav.PrimeActivite, providers.Found),
		"benefit_aah":                    only(cnav.AllocationAdulteHandicape, providers.Found),
		"benefit_asf":                    only(cnav.AllocationSoutienFamilial, providers.Found),
		"benefit_child_drawn":            only(child, providers.Found),
		"benefit_child_undated":          only(child, providers.Found),
		"benefit_child_opening":          only(child, providers.Found),
		"benefit_child_other_quality":    nothing,
		"benefit_unknown_code":           nothing,
		"benefit_unknown_indicator":      nothing,
		"benefit_none":                   drawsNothing(funds...),
		"benefit_none_bare":              drawsNothing(funds...),
		"benefit_none_ended":             drawsNothing(funds...),
		"health_paid":                    only(health, providers.Found),
		"health_free":                    only(health, providers.Found),
		"health_none":                    only(health, providers.Found),
		"health_other_word":              nothing,
		"token":                          nothing,
		"error_40002":                    {status: 400, all: providers.Refused},
		"error_40409":                    {status: 404, all: providers.Unknown},
		"error_40406":                    {status: 404, all: providers.Unknown},
		"error_40401":                    {status: 404, regime: regimeCNAF, all: providers.NoFile},
	}
}

// Our own invented answers, in testdata: every shape the hub is known to send,
// each asked of every resource.
func TestVectorsOfTheHub(t *testing.T) {
	bodies := sourcetest.Vectors(t)
	if len(bodies) != len(vectors()) {
		t.Errorf("%d files in testdata, %d listed here", len(bodies), len(vectors()))
	}
	for name, v := range vectors() {
		for _, resource := range cnav.Names() {
			if a := answersWith(t, v, of(resource, camille()), bodies[name]); a.Outcome != v.want(resource) {
				t.Errorf("%s as %s: outcome %s (%v), want %s", name, resource, a.Outcome, a.Cause, v.want(resource))
			}
		}
		for _, resource := range []string{cnav.QuotientFamilial, cnav.ParticipationFamilialeEAJE} {
			if a := answersWith(t, v, of(resource, marieAnge()), bodies[name]); v.status == 200 && a.Outcome != providers.Unavailable {
				t.Errorf("%s as %s: outcome %s for somebody else, want unavailable", name, resource, a.Outcome)
			}
		}
	}
}

// samples are raw payloads of the hub, read where they are and not kept here:
// by path below the folder.
func samples(t *testing.T) map[string][]byte {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "fixtures", "apistration", "siade", "spec", "fixtures", "payloads", "cnav")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no raw samples beside the project; testdata covers the same shapes")
	}
	found := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[path], err = os.ReadFile(filepath.Join(folder, path))
		}
		return err
	})
	if err != nil || len(found) < 33 {
		t.Fatalf("%d raw samples (%v), want 33 at least", len(found), err)
	}
	return found
}

func TestOurVectorsCoverTheShapesOfTheRawSamples(t *testing.T) {
	vectors := map[string]string{}
	for name, body := range sourcetest.Vectors(t) {
		vectors[sourcetest.Shape(body)] = name
	}
	covered := map[string]int{}
	for path, body := range samples(t) {
		shape := sourcetest.Shape(body)
		name, ok := vectors[shape]
		if !ok || shape == "" {
			t.Errorf("%s: no vector in testdata has its shape: %s", path, shape)
		}
		covered[name]++
	}
	t.Logf("%d shapes; raw samples by vector: %v", len(covered), covered)
}

// Every raw sample is one more case for every resource: an answer only to its
// own, and, where it names a household, of the person asked only.
func TestRawSamplesOfTheHub(t *testing.T) {
	champion := ask(person("Champion", "Jean-Pascal Romain", "1980-06-12", "male", "72999"))
	dupond := ask(person("Dupond", "Jean-Michel", "1981-06-30", "male", "72999"))
	for path, body := range samples(t) {
		v := sampled(path)
		for _, resource := range cnav.Names() {
			q := champion
			if resource == cnav.ParticipationFamilialeEAJE {
				q = dupond
			}
			if a := answersWith(t, v, of(resource, q), body); a.Outcome != v.want(resource) {
				t.Errorf("%s as %s: outcome %s (%v), want %s", path, resource, a.Outcome, a.Cause, v.want(resource))
			}
			named := resource == cnav.QuotientFamilial || resource == cnav.ParticipationFamilialeEAJE
			if a := answersWith(t, v, of(resource, camille()), body); named && v.status == 200 && a.Outcome != providers.Unavailable {
				t.Errorf("%s as %s: outcome %s for somebody else, want unavailable", path, resource, a.Outcome)
			}
		}
	}
}

// sampled tells from a sample's path how the hub sends it, and what it is.
func sampled(path string) vector {
	folder, name := filepath.Split(path)
	resource := "dss/" + strings.TrimSuffix(strings.TrimSuffix(folder, "/"), "_v2")
	switch {
	case strings.HasPrefix(name, "400"):
		return vector{status: 400, all: providers.Refused}
	case name == "404-identity-not-found.json", name == "404-regime-not-found.json", path == "participation_familiale_eaje/404.json":
		return vector{status: 404, all: providers.Unknown}
	case strings.HasPrefix(name, "404"):
		return vector{status: 404, regime: regimeCNAF, all: providers.NoFile}
	case strings.Contains(name, "no_kids_under_7"):
		return only(resource, providers.NoFile)
	case strings.Contains(name, "authentication"):
		return only(resource, providers.Unavailable)
	}
	return only(resource, providers.Found)
}
