package apiparticulier_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/apiparticulier"
	sim "accord/providers/apiparticulier/apiparticuliersim"
)

// personIn is whoever an answer names first, or one of ours.
func personIn(data map[string]any) providers.Identity {
	who, _ := data["identite"].(map[string]any)
	if who == nil {
		who, _ = data["identite_particulier"].(map[string]any)
	}
	if list, _ := data["allocataires"].([]any); len(list) > 0 {
		who, _ = list[0].(map[string]any)
	}
	if who == nil {
		return ines()
	}
	pick := func(names ...string) string {
		for _, name := range names {
			switch v := who[name].(type) {
			case string:
				return v
			case []any:
				return strings.Trim(fmt.Sprint(v...), "[]")
			}
		}
		return ""
	}
	born := pick("date_naissance")
	if born == "" {
		born = fmt.Sprintf("%v-%02s-%02s", who["annee_date_naissance"], who["mois_date_naissance"], who["jour_date_naissance"])
	}
	i := identity(pick("nom_naissance", "nom"), pick("prenoms", "prenom"), born, "female")
	i.Birthdate = i.CompletedBirthdate()
	return i
}

func periodIn(data map[string]any) (year, month int) {
	q, _ := data["quotient_familial"].(map[string]any)
	read := func(v any) int {
		n, _ := v.(json.Number)
		i, _ := strconv.Atoi(n.String())
		return i
	}
	return read(q["annee"]), read(q["mois"])
}

// bend makes the citizen type what the answer is about.
func bend(q *providers.Query, data map[string]any) {
	switch q.Resource {
	case "men/scolarites":
		q.Inputs = map[string]string{"annee_scolaire": "2025", "code_etablissement": "0720001A"}
		q.Inputs["annee_scolaire"] = fmt.Sprint(data["annee_scolaire"])
	case "france_travail/statut", "france_travail/indemnites":
		q.Inputs = map[string]string{"identifiant": fmt.Sprint(data["identifiant"])}
	case "ants/extrait_immatriculation_vehicule":
		v, _ := data["donnees_immatriculation_vehicule"].(map[string]any)
		q.Inputs = map[string]string{"immatriculation": fmt.Sprint(v["numero_immatriculation"])}
	}
}

// wantedOf are the scopes whose members an answer has, by the names they share
// with the simulator's routes.
func wantedOf(resource string, data map[string]any) []string {
	if resource != "cnous/etudiant_boursier" { // the only mocks cut by FranceConnect's scopes
		return nil
	}
	var wanted []string
	for member, scope := range map[string]string{
		"identite": "cnous_identite", "email": "cnous_email", "statut_boursier": "cnous_statut_boursier", "echelon_bourse": "cnous_echelon_bourse",
		"periode_versement_bourse": "cnous_periode_versement", "etablissement_etudes": "cnous_ville_etudes",
	} {
		if _, ok := data[member]; ok {
			wanted = append(wanted, scope)
		}
	}
	return wanted
}

// answeredAt asks something that answers body to everything but the register
// of France Travail, which knows the person; in the year of the answer.
func answeredAt(t *testing.T, q providers.Query, status int, body string) providers.Answer {
	t.Helper()
	api := handled(func(w http.ResponseWriter, r *http.Request) {
		if q.Resource == "france_travail/indemnites" && strings.Contains(r.URL.Path, "/statut/") {
			registerOf(q).ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	then := today
	if q.Year != 0 {
		then = time.Date(q.Year, 12, 1, 0, 0, 0, 0, time.UTC)
	}
	a, err := apiparticulier.New(apiparticulier.Config{
		URL: "https://particulier.example", Token: token, Rate: 10_000, HTTP: &http.Client{Transport: api}, Now: func() time.Time { return then },
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Attempt = attempt
	return a.Source(sources()[q.Resource]).Query(context.Background(), q)
}

// registerOf knows one jobseeker: whoever asks, by what they type.
func registerOf(q providers.Query) http.Handler {
	return sim.New(sim.Options{Tokens: map[string][]string{token: sim.Scopes()}, Now: now, People: []sim.Person{{
		BirthName: q.Identity.FamilyName, GivenNames: q.Identity.GivenName, Birthdate: q.Identity.Birthdate, Sex: "F",
		Jobseeker: &sim.Jobseeker{Identifiant: q.Inputs["identifiant"], From: "2026-01-05", Category: 1},
	}}})
}

// handled is a transport that asks the handler without a network.
type handled func(http.ResponseWriter, *http.Request)

// RoundTrip answers as the handler does.
func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h(w, r)
	return w.Result(), nil
}
