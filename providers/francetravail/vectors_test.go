package francetravail_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/sourcetest"
)

// A vector is the status of an answer of France Travail's, and what its body
// must become as either resource's; as payments it follows a good status.
type vector struct {
	code             int
	status, payments providers.Outcome
}

func (v vector) check(t *testing.T, name string, body []byte, whose func(resource string) providers.Query) {
	t.Helper()
	if a := query(t, whose(status), answer(v.code, string(body)), nil); a.Outcome != v.status {
		t.Errorf("%s as status: outcome %s (%v), want %s", name, a.Outcome, a.Cause, v.status)
	}
	if a := query(t, camille(payments), answer(200, whole), answer(v.code, string(body))); a.Outcome != v.payments {
		t.Errorf("%s as payments: outcome %s (%v), want %s", name, a.Outcome, a.Cause, v.payments)
	}
}

// Our own invented answers, in testdata: every shape France Travail is known
// to send.
func TestVectorsOfFranceTravail(t *testing.T) {
	const found, unknown, none, down = providers.Found, providers.Unknown, providers.NoFile, providers.Unavailable
	vectors := map[string]vector{
		"status":                      {200, found, down},
		"status_ended":                {200, found, down},
		"status_few_members":          {200, found, down},
		"status_without_registration": {206, none, down},
		"payments":                    {200, down, found},
		"payments_none":               {200, down, none},
		"payments_not_registered":     {200, down, none},
		"error_unknown":               {404, unknown, none},
		"error_timeout":               {500, down, down},
		"token":                       {200, down, down},
	}
	bodies := sourcetest.Vectors(t)
	if len(bodies) != len(vectors) {
		t.Errorf("%d files in testdata, %d listed here", len(bodies), len(vectors))
	}
	for name, v := range vectors {
		v.check(t, name, bodies[name], camille)
		if v.status == found || v.status == none {
			v.status = providers.Refused
			v.check(t, name+" asked by another", bodies[name], hugo)
		}
	}
}

// samples are raw payloads of France Travail, read where they are and not kept
// here: by path below the folder.
func samples(t *testing.T) map[string][]byte {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "fixtures", "apistration", "siade", "spec", "fixtures", "payloads", "france_travail")
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
	if err != nil || len(found) < 7 {
		t.Fatalf("%d raw samples (%v), want 7 at least", len(found), err)
	}
	return found
}

func TestOurVectorsCoverTheShapesOfTheRawSamples(t *testing.T) {
	vectors := map[string]string{}
	for name, body := range sourcetest.Vectors(t) {
		vectors[sourcetest.Shape(body)] = name
	}
	for path, body := range samples(t) {
		shape := sourcetest.Shape(body)
		if _, ok := vectors[shape]; !ok || shape == "" {
			t.Errorf("%s: no vector in testdata has its shape: %s", path, shape)
		}
	}
}

// Every raw sample is one more case; its invented person's for a status.
func TestRawSamplesOfFranceTravail(t *testing.T) {
	bearer := func(resource string) providers.Query {
		return typed(ask(resource, "x", person("Dupont", "Jean Albert", "1990-01-01")), "jean")
	}
	const found, unknown, none, down = providers.Found, providers.Unknown, providers.NoFile, providers.Unavailable
	for path, body := range samples(t) {
		v, listed := map[string]vector{
			"statut/valid.json":                         {200, found, down},
			"statut/not_found.json":                     {404, unknown, none},
			"partial_content.json":                      {206, none, down},
			"timeout.json":                              {500, down, down},
			"indemnites/valid.json":                     {200, down, found},
			"indemnites/not_enrolled.json":              {200, down, none},
			"indemnites/enrolled_without_payments.json": {200, down, none},
		}[path]
		if !listed {
			t.Errorf("%s is not listed here", path)
			continue
		}
		v.check(t, path, body, bearer)
		if strings.HasPrefix(path, "statut/valid") || path == "partial_content.json" {
			v.status = providers.Refused
			v.check(t, path+" asked by another", body, camille)
		}
	}
}
