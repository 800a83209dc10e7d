package apiparticuliersim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/apiparticulier/apiparticuliersim"
)

func simulator() *apiparticuliersim.Simulator {
	return apiparticuliersim.New(apiparticuliersim.Options{
		Tokens: map[string][]string{"all": apiparticuliersim.Scopes(), "few": {"cnous_email", "mesri_admissions", "mesri_admission_inscrit"}, "none": nil},
		Now:    func() time.Time { return time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC) },
		Introspect: func(token string) (providers.Identity, []string, bool) {
			scopes := []string{"ants_extrait_immatriculation_vehicule_statut_rattachement", "ants_extrait_immatriculation_vehicule_identite_particulier"}
			return providers.Identity{FamilyName: "Tremblin", GivenName: "Camille", Birthdate: "2003-03-14"}, scopes, token == "fc"
		},
		People: []apiparticuliersim.Person{{
			BirthName: "TREMBLIN", GivenNames: "CAMILLE ELODIE", Birthdate: "2003-03-14", Sex: "F", Birthplace: "72999", INE: "123456789AB",
			Household: &apiparticuliersim.Household{
				Operator: "CNAF", Quotients: []apiparticuliersim.Quotient{{Year: 2023, Month: 1, Value: 500}}, Childcare: &apiparticuliersim.Childcare{},
				Children: []apiparticuliersim.Relative{{BirthName: "TREMBLIN", GivenNames: "LEO", Birthdate: "2019-10-14", Sex: "M"}},
			},
			Admissions: []apiparticuliersim.Admission{{From: "2026-09-01", To: "2027-08-31"}},
			Grants:     []apiparticuliersim.Grant{{Campaign: 2026, Email: "c@etu.example"}},
			Vehicles:   []apiparticuliersim.Vehicle{{Plate: "AB-123-CD", Role: "titulaire"}},
		}},
	})
}

func ask(t *testing.T, path, bearer string, q url.Values) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path+"?"+q.Encode(), nil)
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	w := httptest.NewRecorder()
	simulator().ServeHTTP(w, r)
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Code, answer
}

func civil() url.Values {
	return url.Values{
		"recipient": {"99900020100015"}, "nomNaissance": {"Tremblin"}, "prenoms[]": {"Camille"}, "anneeDateNaissance": {"2003"}, "moisDateNaissance": {"3"},
		"jourDateNaissance": {"14"}, "sexeEtatCivil": {"F"}, "codeCogInseePaysNaissance": {"99100"}, "codeCogInseeCommuneNaissance": {"72999"},
	}
}

func codes(answer map[string]any) string {
	list, _ := answer["errors"].([]any)
	var all []string
	for _, e := range list {
		m, _ := e.(map[string]any)
		code, _ := m["code"].(string)
		all = append(all, code)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

const (
	qf, grant, student = "/v3/dss/quotient_familial/identite", "/v4/cnous/etudiant_boursier/identite", "/v3/mesri/statut_etudiant/identite"
	national, men      = "/v3/dsnj/service_national/identite", "/v5/men/scolarites/identite"
)

// The codes are those of reference/api-particulier.md §3.2 and §4.
func TestRefusalsAreAPIParticuliers(t *testing.T) {
	for name, c := range map[string]struct {
		path, bearer string
		change       func(url.Values)
		status       int
		codes        string
	}{
		"right":                        {qf, "all", func(url.Values) {}, 200, ""},
		"no token":                     {qf, "", func(url.Values) {}, 401, "00101"},
		"another token":                {qf, "x", func(url.Values) {}, 401, "00101"},
		"a token without a scope":      {qf, "none", func(url.Values) {}, 403, "00100"},
		"a token of other scopes":      {qf, "few", func(url.Values) {}, 403, "00100"},
		"no recipient":                 {qf, "all", func(q url.Values) { q.Del("recipient") }, 422, "00203"},
		"recipient no SIRET":           {qf, "all", func(q url.Values) { q.Set("recipient", "99900020100016") }, 422, "00210"},
		"two at once":                  {qf, "all", func(q url.Values) { q.Del("nomNaissance"); q.Del("sexeEtatCivil") }, 422, "00420 00427"},
		"name in digits":               {qf, "all", func(q url.Values) { q.Set("nomNaissance", "007") }, 422, "00420"},
		"first name in digits":         {qf, "all", func(q url.Values) { q.Set("prenoms[]", "007") }, 422, "00367"},
		"no country":                   {qf, "all", func(q url.Values) { q.Del("codeCogInseePaysNaissance") }, 422, "00400"},
		"born in France, nowhere":      {qf, "all", func(q url.Values) { q.Del("codeCogInseeCommuneNaissance") }, 422, "00365"},
		"born tomorrow":                {qf, "all", func(q url.Values) { q.Set("anneeDateNaissance", "2027") }, 422, "00363"},
		"day unknown":                  {qf, "all", func(q url.Values) { q.Del("jourDateNaissance") }, 422, "00355"},
		"next month":                   {qf, "all", func(q url.Values) { q.Set("mois", "11") }, 422, "00354"},
		"month in words":               {qf, "all", func(q url.Values) { q.Set("mois", "mai") }, 422, "00354"},
		"three years back":             {qf, "all", func(q url.Values) { q.Set("annee", "2023") }, 422, "00356"},
		"25 months back":               {qf, "all", func(q url.Values) { q.Set("annee", "2024"); q.Set("mois", "9") }, 404, "23003"},
		"of another sex":               {qf, "all", func(q url.Values) { q.Set("sexeEtatCivil", "m") }, 422, "00355"},
		"seven today":                  {"/v3/dss/participation_familiale_eaje/identite", "all", func(url.Values) {}, 404, "37003"},
		"no first name":                {grant, "all", func(q url.Values) { q.Del("prenoms[]") }, 422, "00421"},
		"no day":                       {grant, "all", func(q url.Values) { q.Del("jourDateNaissance") }, 422, "00424"},
		"no such day":                  {grant, "all", func(q url.Values) { q.Set("moisDateNaissance", "2"); q.Set("jourDateNaissance", "30") }, 422, "00425"},
		"campaign of this year":        {grant, "all", func(q url.Values) { q.Set("campaignYear", "2026") }, 422, "00368"},
		"campaign without a file":      {grant, "all", func(q url.Values) { q.Set("campaignYear", "2022") }, 404, "26003"},
		"stranger":                     {student, "all", func(q url.Values) { q.Set("prenoms[]", "Elodie") }, 404, "25003"},
		"INE malformed":                {"/v3/mesri/statut_etudiant/ine", "all", func(q url.Values) { q.Set("ine", "1") }, 422, "00360"},
		"INE":                          {"/v3/mesri/statut_etudiant/ine", "all", func(q url.Values) { q.Set("ine", "123456789AB") }, 200, ""},
		"no school year":               {men, "all", func(q url.Values) { q.Set("codeEtablissement", "0720001A") }, 422, "00411"},
		"school malformed":             {men, "all", func(q url.Values) { q.Set("anneeScolaire", "2026"); q.Set("codeEtablissement", "1") }, 422, "00410"},
		"too old for the service":      {national, "all", func(q url.Values) { q.Set("anneeDateNaissance", "1990") }, 422, "39400"},
		"of age, not in the file":      {national, "all", func(url.Values) {}, 404, "39003"},
		"identifiant left out":         {"/v3/france_travail/statut/identifiant", "all", func(url.Values) {}, 422, "00380"},
		"sport number in letters":      {"/v3/sdh/statut_sportif/identifiant", "all", func(q url.Values) { q.Set("identifiant", "12a") }, 422, "00380"},
		"vehicle under our token":      {"/v3/ants/extrait_immatriculation_vehicule/france_connect", "all", func(url.Values) {}, 401, "50002"},
		"vehicle without a plate":      {"/v3/ants/extrait_immatriculation_vehicule/france_connect", "fc", func(url.Values) {}, 422, "00430"},
		"vehicle of somebody else":     {"/v3/ants/extrait_immatriculation_vehicule/france_connect", "fc", func(q url.Values) { q.Set("immatriculation", "ZZ-999-ZZ") }, 404, "42003"},
		"vehicle, plate without marks": {"/v3/ants/extrait_immatriculation_vehicule/france_connect", "fc", func(q url.Values) { q.Set("immatriculation", "ab123cd") }, 200, ""},
	} {
		q := civil()
		c.change(q)
		if status, answer := ask(t, c.path, c.bearer, q); status != c.status || codes(answer) != c.codes {
			t.Errorf("%s: %d %s, want %d %s", name, status, codes(answer), c.status, c.codes)
		}
	}
}

// Unlike API Particulier's sandbox, and as its production does.
func TestOnlyWhatTheScopesOpenIsAnswered(t *testing.T) {
	members := func(v any) string {
		m, _ := v.(map[string]any)
		names := make([]string, 0, len(m))
		for name := range m {
			names = append(names, name)
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if _, answer := ask(t, grant, "few", civil()); members(answer["data"]) != "email" {
		t.Errorf("grant: %v", answer)
	}
	_, answer := ask(t, student, "few", civil())
	data, _ := answer["data"].(map[string]any)
	list, _ := data["admissions"].([]any)
	if members(data) != "admissions" || len(list) != 1 || members(list[0]) != "date_debut date_fin est_inscrit" {
		t.Errorf("student: %v", answer)
	}
	q := civil()
	q.Set("immatriculation", "AB-123-CD")
	_, answer = ask(t, "/v3/ants/extrait_immatriculation_vehicule/france_connect", "fc", q)
	if members(answer["data"]) != "identite_particulier statut_rattachement" || members(answer["meta"]) != "identity_matching" {
		t.Errorf("vehicle: %v", answer)
	}
}

func TestIntrospectTellsTheScopesAndPingAnswers(t *testing.T) {
	_, answer := ask(t, "/api/introspect", "few", nil)
	if scopes, _ := answer["scopes"].([]any); len(scopes) != 3 {
		t.Errorf("introspect: %v", answer)
	}
	w := httptest.NewRecorder()
	simulator().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/ping", nil))
	if w.Code != http.StatusNoContent {
		t.Errorf("ping: %d", w.Code)
	}
}
