package apiparticulier_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/providers"
	sim "accord/providers/apiparticulier/apiparticuliersim"

	"github.com/goccy/go-yaml"
)

// fixtures is the folder of API Particulier's own descriptions, read where it
// is and not kept here.
func fixtures(t *testing.T) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "fixtures", "apistration")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no descriptions of API Particulier beside the project; the shapes of its answers are not compared")
	}
	return folder
}

var described = sync.OnceValues(func() (map[string]any, error) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "apistration", "commons", "swagger", "openapi-particulier.yaml"))
	if err != nil {
		return nil, err
	}
	var all map[string]any
	return all, yaml.Unmarshal(data, &all)
})

// schemaOf is the schema of a path's 200.
func schemaOf(t *testing.T, path string) map[string]any {
	t.Helper()
	all, err := described()
	if err != nil {
		t.Fatal(err)
	}
	var at any = all
	for _, name := range []string{"paths", path, "get", "responses", "200", "content", "application/json", "schema"} {
		m, _ := at.(map[string]any)
		if at = m[name]; at == nil {
			t.Fatalf("%s: no %s in the description", path, name)
		}
	}
	schema, _ := at.(map[string]any)
	return schema
}

// What the simulator sends and what the connector gives are both what API
// Particulier describes, under a token that opens everything.
func TestAnswersAndDocumentsAreAsAPIParticulierDescribes(t *testing.T) {
	fixtures(t)
	for resource, query := range contracts() {
		t.Run(resource, func(t *testing.T) {
			a, s, server := account(t, sim.Scopes())
			var sent []byte
			s.SetMutation(func(b []byte) []byte { sent = slices.Clone(b); return b })
			query.Attempt = attempt
			answer := a.Source(sources()[query.Resource]).Query(t.Context(), query)
			if answer.Outcome != providers.Found {
				t.Fatalf("outcome %s (%v)", answer.Outcome, answer.Cause)
			}
			paths := server.Paths()
			schema := schemaOf(t, paths[len(paths)-1])
			if err := valid("answer", schema, decoded(t, sent)); err != nil {
				t.Errorf("simulator: %v", err)
			}
			properties, _ := schema["properties"].(map[string]any)
			data, _ := properties["data"].(map[string]any)
			if err := valid("document", data, decoded(t, answer.Document)); err != nil {
				t.Errorf("connector: %v", err)
			}
		})
	}
}

func contracts() map[string]providers.Query {
	all := map[string]providers.Query{}
	for resource := range sources() {
		all[resource] = queryOf(resource, ines(), true)
	}
	for _, resource := range []string{"mesri/statut_etudiant", "cnous/etudiant_boursier"} {
		all[resource+" by INE"] = with(all[resource], func(q *providers.Query) { q.Inputs["ine"] = "100200300AB" })
	}
	return all
}

// Every 200 of API Particulier's own mocks is one more case: each member it
// has can be wanted and is given as it was sent.
func TestMocksOfAPIParticulier(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures(t), "mocks", "payloads", "*", "*.yaml"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d mocks (%v)", len(files), err)
	}
	found := 0
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		resource := resourceOf(folder)
		var mock struct {
			Status  int    `yaml:"status"`
			Payload string `yaml:"payload"`
		}
		data, err := os.ReadFile(file)
		if err == nil {
			err = yaml.Unmarshal(data, &mock)
		}
		if err != nil {
			t.Fatal(err)
		}
		if mock.Status != 200 || resource == "" {
			continue
		}
		found++
		t.Run(folder+"/"+filepath.Base(file), func(t *testing.T) { checkMock(t, resource, mock.Payload) })
	}
	if found < 18 {
		t.Errorf("only %d mocks of 200 were read", found)
	}
}

// resourceOf reads api_particulier_v3_cnav_quotient_familial_with_civility.
func resourceOf(folder string) string {
	for resource := range sources() {
		name := strings.Replace(strings.Replace(resource, "dss/", "cnav/", 1), "/", "_", 1)
		if strings.Contains(folder, "_"+name+"_with_") && !strings.Contains(folder, "_v3_cnous_") {
			return resource
		}
	}
	return ""
}

func checkMock(t *testing.T, resource, payload string) {
	var envelope struct {
		Data map[string]any `json:"data"`
	}
	if err := loosely([]byte(payload), &envelope); err != nil {
		t.Fatal(err)
	}
	q := queryOf(resource, personIn(envelope.Data), true)
	q.Year, q.Month = periodIn(envelope.Data)
	bend(&q, envelope.Data)
	q.Data = wantedOf(resource, envelope.Data)
	a := answeredAt(t, q, 200, payload)
	if a.Outcome != providers.Found {
		t.Fatalf("outcome %s (%v)", a.Outcome, a.Cause)
	}
	var given map[string]any
	if err := loosely(a.Document, &given); err != nil {
		t.Fatal(err)
	}
	if err := same("data", given, envelope.Data); err != nil || len(given) != len(envelope.Data) {
		t.Errorf("%d members of %d: %v", len(given), len(envelope.Data), err)
	}
}
