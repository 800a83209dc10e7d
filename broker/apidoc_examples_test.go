package broker_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/broker/apidoc"
	"accord/broker/resource"
	"accord/cmd/accord-demo/country"
	"accord/consent"
)

// A subject is of whom a resource tells something, and what they give for it.
type subject struct {
	persona string
	typed   []string // fields of /saisie and their values; nil: nothing is asked there
	child   string   // of those on the file
}

// subjects are the personas of the examples, by resource.
func subjects() map[string]subject {
	sabine := subject{persona: "sabine", typed: []string{consent.InputJobseekerID, country.SabineJobseeker}}
	return map[string]subject{
		consent.ResourceIdentity: {persona: "helene"}, consent.ResourceQuotientFamilial: {persona: "camille"},
		consent.ResourceSituationIR: {persona: "camille"}, consent.ResourceEAJE: {persona: "marie-ange"},
		consent.ResourceRSA: {persona: "nadia"}, consent.ResourcePPA: {persona: "camille"}, consent.ResourceAAH: {persona: "simon"},
		consent.ResourceAEEH: {persona: "aminata"}, consent.ResourceASF: {persona: "camille"}, consent.ResourceC2S: {persona: "marie-ange"},
		consent.ResourceJobseeker: sabine, consent.ResourceJobseekerBenefit: sabine,
		consent.ResourceStudent: {persona: "lucas"}, consent.ResourceGrantHolder: {persona: "lucas"},
		consent.ResourceSchooling:       {persona: "camille", typed: []string{consent.InputSchool, country.LeoSchool}, child: "1"},
		consent.ResourceNationalService: {persona: "lucas"}, consent.ResourceCivicService: {persona: "simon"},
		consent.ResourceAthlete: {persona: "thibaut", typed: []string{consent.InputAthleteID, country.ThibautAthlete}},
		consent.ResourceVehicle: {persona: "thibaut", typed: []string{consent.InputPlate, country.ThibautPlate}},
	}
}

// TestEveryResourceIsDeliveredAsItsExample plays a whole journey for each
// address of the data, everything agreed, on one day of 2026: what is delivered
// keeps its schema and is, byte for byte, the example of /openapi.yaml.
func TestEveryResourceIsDeliveredAsItsExample(t *testing.T) {
	c := exampleCountry(t)
	recorded := map[string]bool{}
	for _, a := range resource.Addresses() {
		t.Run(a.Path, func(t *testing.T) {
			got := delivered(t, c, a)
			breaches, err := described(t, exampleName(a)).Check(dataMember(t, got))
			if err != nil || len(breaches) > 0 {
				t.Errorf("breaks its schema: %v %v", breaches, err)
			}
			sameAsExample(t, exampleName(a), got, *update && !recorded[exampleName(a)])
			recorded[exampleName(a)] = true
		})
	}
	answersAsExample(t, c)
	consentRequiredAsExample(t, c)
	trueLog(t, c)
}

// answersAsExample plays a journey under the approval that asks for answers in
// place of the quotient and of the address.
func answersAsExample(t *testing.T, c *country.Country) {
	t.Helper()
	scopes := []string{"cnaf_quotient_familial", "cnaf_adresse"}
	client, err := c.Client(country.Editor, "saint-aubin-cantine", scopes...)
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, c, client)
	see(t, w, "camille")
	got := read(t, c, exchanged(t, w, scopes...), quotient)
	name := strings.ReplaceAll(consent.ResourceQuotientFamilial, "/", "_")
	breaches, err := described(t, name).Check(dataMember(t, got.Body))
	if err != nil || len(breaches) > 0 || !strings.Contains(got.Body, consent.AnswersMember) {
		t.Errorf("answered %d %s: %v %v", got.Status, got.Body, breaches, err)
	}
	sameAsExample(t, name+"_"+consent.AnswersMember, got.Body, *update)
}

// exampleCountry is a country on one day, with a registration for everything.
func exampleCountry(t *testing.T) *country.Country {
	t.Helper()
	clients, approvals := t.TempDir(), t.TempDir()
	write(t, filepath.Join(clients, tryout+".yaml"), tryoutRegistration())
	write(t, filepath.Join(approvals, tryout+".yaml"), everythingApproved())
	began, day := time.Now(), time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)
	c, err := country.Start(t.Context(), country.Options{
		Clients: clients, Approvals: approvals, Now: func() time.Time { return day.Add(time.Since(began)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return c
}

func everythingApproved() string {
	return strings.NewReplacer(
		"legal: {", `legal: {tax_secrecy: "LPF:L113 (essai)", full_address: "Texte d'essai", `,
		"ceilings:", "  years: ["+consent.YearNMinus1+"]\ndgfip_teleservice: ESSAI\nceilings:",
	).Replace(tryoutApproval(nil, consent.IDs(consent.DefaultCatalogue().Data())))
}

// delivered is the body of an address after a journey in which everything of
// its resource was asked, ticked, typed and agreed.
func delivered(t *testing.T, c *country.Country, a resource.Address) string {
	t.Helper()
	who, known := subjects()[a.Resource]
	if !known {
		t.Fatalf("no example is played of %s", a.Resource)
	}
	var scopes []string
	for _, d := range consent.DefaultCatalogue().Data() {
		if d.Resource == a.Resource {
			scopes = append(scopes, d.ID)
		}
	}
	asked := scopes
	if a.Resource == consent.ResourceSituationIR {
		asked = append(slices.Clone(scopes), consent.YearNMinus1)
	}
	w := walk(t, c, tryoutClient(c, asked...))
	press(t, w, "accept", asItems(scopes)...)
	if who.typed != nil {
		at(t, w, "/saisie", http.StatusOK)
		press(t, w, "accept", who.typed...)
	}
	identified(t, w, who.persona)
	if who.child != "" {
		at(t, w, "/enfant", http.StatusOK)
		press(t, w, "accept", "enfant", who.child)
	}
	at(t, w, "/accord", http.StatusOK)
	got := read(t, c, exchanged(t, w, scopes...), a.Path)
	if got.Status != http.StatusOK {
		t.Fatalf("answered %d %s", got.Status, got.Body)
	}
	return got.Body
}

// consentRequiredAsExample presents the token of somebody who agreed to no later
// access; the address in it is written as of an example's issuer.
func consentRequiredAsExample(t *testing.T, c *country.Country) {
	t.Helper()
	got := presentAt(t, c, tokenAt(t, c, country.SchoolServices, "helene"), oldWay, valbrume(c))
	breaches, err := described(t, "errors").Check([]byte(got.Body))
	if got.Status != http.StatusForbidden || err != nil || len(breaches) > 0 || strings.Count(got.Body, c.Accord) != 1 {
		t.Errorf("answered %d %s: %v %v", got.Status, got.Body, breaches, err)
	}
	sameAsExample(t, "consent_required", strings.Replace(got.Body, c.Accord, "https://accord.example", 1), *update)
}

func asItems(ids []string) []string {
	var fields []string
	for _, id := range ids {
		fields = append(fields, "item", id)
	}
	return fields
}

func dataMember(t *testing.T, body string) []byte {
	t.Helper()
	var envelope struct{ Data, Links, Meta json.RawMessage }
	decode := json.NewDecoder(strings.NewReader(body))
	decode.DisallowUnknownFields()
	if err := decode.Decode(&envelope); err != nil || string(envelope.Links) != "{}" || string(envelope.Meta) != "{}" {
		t.Fatalf("no envelope of data, links and meta: %v", err)
	}
	return envelope.Data
}

// exampleName is the example's, and its schema's: mesri_statut_etudiant, and of
// an earlier version cnous_etudiant_boursier_v3.
func exampleName(a resource.Address) string {
	name := strings.ReplaceAll(a.Resource, "/", "_")
	if a.Earlier {
		name += "_" + strings.Split(a.Path, "/")[1]
	}
	return name
}

func sameAsExample(t *testing.T, name, body string, record bool) {
	t.Helper()
	file := filepath.Join("apidoc", "examples", name+".json")
	if record {
		if err := os.WriteFile(file, []byte(body+"\n"), 0o644); err != nil { //nolint:gosec // G306: a page everybody reads
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || strings.TrimSuffix(string(have), "\n") != body {
		t.Errorf("differs from %s: run go test ./broker -run TestEveryResourceIsDeliveredAsItsExample -update, then go test ./broker/apidoc -update (%v)", file, err)
	}
	if !strings.Contains(string(apidoc.Document()), ": "+body+"\n") && !*update {
		t.Errorf("/openapi.yaml does not hold the example of %s: run go test ./broker/apidoc -update", name)
	}
}
