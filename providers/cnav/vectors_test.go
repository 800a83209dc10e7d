package cnav_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/sourcetest"
)

// A vector is an answer of the hub's and what it must become.
type vector struct {
	status  int
	regime  string
	query   providers.Query
	outcome providers.Outcome
}

func answersWith(t *testing.T, v vector, body []byte) providers.Answer {
	t.Helper()
	return query(t, v.query, func(w http.ResponseWriter, _ *http.Request) {
		if v.regime != "" {
			w.Header().Set("X-APISECU-FD", v.regime)
		}
		w.WriteHeader(v.status)
		_, _ = w.Write(body)
	})
}

// Our own invented answers, in testdata: every shape the hub is known to send,
// those of its other resources included, which are never a household.
func TestVectorsOfTheHub(t *testing.T) {
	const cnaf, msa = "00810011", "00171001"
	whole := func(o providers.Outcome) vector { return vector{200, cnaf, camille(), o} }
	vectors := map[string]vector{
		"household":                    whole(providers.Found),
		"household_without_children":   whole(providers.Found),
		"household_whole_address":      whole(providers.Found),
		"household_blank_birthdates":   {200, msa, camille(), providers.Found},
		"household_null_address_lines": whole(providers.Found),
		"household_without_quotient":   whole(providers.NoFile),
		"childcare":                    whole(providers.Unavailable),
		"childcare_some_birthplaces":   whole(providers.Unavailable),
		"childcare_all_birthplaces":    whole(providers.Unavailable),
		"benefit":                      whole(providers.Unavailable),
		"benefit_with_quality":         whole(providers.Unavailable),
		"benefit_undated":              whole(providers.Unavailable),
		"indicator":                    whole(providers.Unavailable),
		"token":                        whole(providers.Unavailable),
		"error_40002":                  {400, "", camille(), providers.Refused},
		"error_40409":                  {404, "", camille(), providers.Unknown},
		"error_40406":                  {404, "", camille(), providers.Unknown},
		"error_40401":                  {404, cnaf, camille(), providers.NoFile},
	}
	bodies := sourcetest.Vectors(t)
	if len(bodies) != len(vectors) {
		t.Errorf("%d files in testdata, %d listed here", len(bodies), len(vectors))
	}
	for name, v := range vectors {
		if a := answersWith(t, v, bodies[name]); a.Outcome != v.outcome {
			t.Errorf("%s: outcome %s (%v), want %s", name, a.Outcome, a.Cause, v.outcome)
		}
		v.query = marieAnge()
		if a := answersWith(t, v, bodies[name]); v.status == 200 && a.Outcome != providers.Unavailable {
			t.Errorf("%s: outcome %s for somebody else, want unavailable", name, a.Outcome)
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

// Every raw sample is one more case: a household only where it is one, and of
// the person asked only.
func TestRawSamplesOfTheHub(t *testing.T) {
	champion := ask(person("Champion", "Jean-Pascal Romain", "1980-06-12", "male", "72999"))
	daughter := ask(person("Champion", "Aurélie", "2014-05-02", "female", "72999"))
	stranger := ask(person("Champion", "Jean-Pascal Romain", "1980-06-13", "male", "72999"))
	for path, body := range samples(t) {
		qf := strings.HasPrefix(path, "quotient_familial_v2/make_request_valid")
		for who, c := range map[string]struct {
			query providers.Query
			found bool
		}{
			"claimant": {champion, qf},
			"daughter": {daughter, qf && !strings.Contains(path, "without_children")},
			"stranger": {stranger, false},
		} {
			v := vector{query: c.query}
			v.status, v.regime, v.outcome = statusOf(path, c.found)
			if a := answersWith(t, v, body); a.Outcome != v.outcome {
				t.Errorf("%s asked by the %s: outcome %s (%v), want %s", path, who, a.Outcome, a.Cause, v.outcome)
			}
		}
	}
}

// statusOf tells from a sample's name how the hub sends it, and what it is.
func statusOf(path string, found bool) (status int, regime string, want providers.Outcome) {
	name := filepath.Base(path)
	switch {
	case strings.HasPrefix(name, "400"):
		return 400, "", providers.Refused
	case name == "404-identity-not-found.json", name == "404-regime-not-found.json", path == "participation_familiale_eaje/404.json":
		return 404, "", providers.Unknown
	case strings.HasPrefix(name, "404"):
		return 404, "00810011", providers.NoFile
	case found:
		return 200, "00810011", providers.Found
	}
	return 200, "00810011", providers.Unavailable
}
