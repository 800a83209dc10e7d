package broker_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/consent/audit"
	"accord/providers"
)

const (
	schooling   = "men_statut_scolarite"
	scholarship = "men_statut_boursier"
)

// school answers about the pupil it is asked about, by first name.
func school() *stub {
	return &stub{id: consent.SourceMEN, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceSchooling: func(q providers.Query) providers.Answer {
			doc, _ := json.Marshal(map[string]any{
				"annee_scolaire": q.Inputs["annee_scolaire"], "est_scolarise": true, "est_boursier": q.Inputs["enfant_prenoms"] == "LEO MARTIN",
				"statut_eleve": map[string]string{"code": "ST", "libelle": "SCOLAIRE"},
			})
			return found(string(doc))(q)
		},
	}}
}

// families gives a family file of the test's own.
func families(outcome providers.Outcome, children ...string) *stub {
	return &stub{id: consent.SourceCNAV, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceQuotientFamilial: func(q providers.Query) providers.Answer {
			if outcome != providers.Found {
				return outcomeOf(outcome)(q)
			}
			a := found(fmt.Sprintf(`{"quotient_familial":{"fournisseur":"CNAF","valeur":4242,"annee":2026,"mois":11,"annee_calcul":2026,"mois_calcul":11},
				"allocataires":[],"enfants":[%s],"adresse":{}}`, strings.Join(children, ",")))(q)
			a.Provenance.Operator = "CNAF"
			return a
		},
	}}
}

func kid(name, given, born, sex string) string {
	return fmt.Sprintf(`{"nom_naissance":%q,"nom_usage":null,"prenoms":%q,"date_naissance":%q,"sexe":%q}`, name, given, born, sex)
}

func twoKids() []string {
	return []string{kid("OSTERVAL", "LEO MARTIN", "2017-06-02", "M"), kid("OSTERVAL", "ZOE", "2019-00-00", "F")}
}

// toChildren walks to /enfant.
func toChildren(t *testing.T, c *country.Country, scopes ...string) *country.Walk {
	t.Helper()
	w := walk(t, c, tryoutClient(c, scopes...))
	if text := w.Page.Words(); !strings.Contains(text, "les enfants de votre dossier CAF ou MSA") || !strings.Contains(text, "Cette liste ne sera pas transmise") {
		t.Error("/connexion does not say that the children are looked up, and sent to nobody")
	}
	do(t, w, "accept")
	at(t, w, "/saisie", http.StatusOK)
	press(t, w, "accept", "code_etablissement", "0999999a")
	identified(t, w, "camille")
	return w
}

func TestAChildIsChosenFromTheFile(t *testing.T) {
	men, cnav := school(), families(providers.Found, twoKids()...)
	c := tryoutCountry(t, []string{schooling}, []string{scholarship}, nil, men, cnav)
	w := toChildren(t, c, schooling, scholarship)
	at(t, w, "/enfant", http.StatusOK)
	if strings.Contains(w.Page.Body, " checked") || !strings.Contains(w.Page.Words(), "ZOE OSTERVAL") {
		t.Fatal("a child is chosen beforehand, or one is not shown")
	}
	do(t, w, "accept")
	at(t, w, "/enfant", http.StatusUnprocessableEntity)
	press(t, w, "accept", "enfant", "3")
	at(t, w, "/enfant", http.StatusUnprocessableEntity)
	if n := len(men.about(consent.ResourceSchooling)); n != 0 {
		t.Fatalf("the school was asked %d times before a child was chosen", n)
	}
	press(t, w, "accept", "enfant", "1")
	at(t, w, "/accord", http.StatusOK)
	asked := men.about(consent.ResourceSchooling)
	want := map[string]string{
		"enfant_nom": "OSTERVAL", "enfant_prenoms": "LEO MARTIN", "enfant_date_naissance": "2017-06-02", "enfant_sexe": "M",
		"code_etablissement": "0999999A", "annee_scolaire": consent.SchoolYears(now())[0],
	}
	if len(asked) != 1 || !maps.Equal(asked[0].Inputs, want) {
		t.Fatalf("the school was asked with %v", asked)
	}
	citizens := map[string]bool{}
	for _, e := range logged(t, c, audit.SourceQueried) {
		citizens[e.event.Source], citizens[e.event.Citizen] = true, true
	}
	if len(citizens) != 3 || !citizens[consent.SourceMEN] || !citizens[consent.SourceCNAV] {
		t.Errorf("queries of %v: not two sources about one citizen", slices.Collect(maps.Keys(citizens)))
	}
	tok := exchanged(t, w, scholarship)
	if d := read(t, c, tok, "/v3/men/scolarites"); d.Status != http.StatusOK || string(d.Data["est_boursier"]) != "true" {
		t.Errorf("delivered %d %s", d.Status, d.Body)
	}
	trueLog(t, c)
}

// A single child is shown as well: it is the citizen who says whose data are
// looked up. And another can be chosen from the consent page.
func TestTheChoiceOfAChildIsTheCitizensAndCanBeChanged(t *testing.T) {
	men, cnav := school(), families(providers.Found, twoKids()[:1]...)
	c := tryoutCountry(t, []string{schooling}, nil, nil, men, cnav)
	alone := toChildren(t, c, schooling)
	at(t, alone, "/enfant", http.StatusOK)
	do(t, alone, "refuse")
	onlyAccessDenied(t, alone)

	cnav.answers = families(providers.Found, twoKids()...).answers
	w := toChildren(t, c, schooling)
	press(t, w, "accept", "enfant", "2")
	do(t, w, "child-0")
	at(t, w, "/enfant", http.StatusOK)
	press(t, w, "accept", "enfant", "1")
	at(t, w, "/accord", http.StatusOK)
	if n := len(cnav.about(consent.ResourceQuotientFamilial)); n != 2 {
		t.Errorf("the file was asked for %d times by two people's requests, want 2", n)
	}
	do(t, w, "reload")
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	if asked := men.about(consent.ResourceSchooling); len(asked) != 3 || asked[2].Inputs["enfant_prenoms"] != "LEO MARTIN" {
		t.Errorf("the child chosen is lost over a reload: %v", asked)
	}
	exchanged(t, w)
	trueLog(t, c)
}

// The list serves to choose. Nobody asked for it, so nobody is given it.
func TestTheChildsListIsNeverDelivered(t *testing.T) {
	men, cnav := school(), families(providers.Found, twoKids()...)
	c := tryoutCountry(t, []string{schooling}, []string{scholarship}, nil, men, cnav)
	w := toChildren(t, c, schooling, scholarship)
	press(t, w, "accept", "enfant", "1")
	if text := w.Page.Words(); strings.Contains(text, "ZOE") || strings.Contains(text, "4 242") || w.Page.Has("d-cnaf-enfants") {
		t.Error("the consent page shows the list, or the quotient beside it")
	}
	refused, err := w.Press(w.Page, "accept", values("item", consent.ChildrenID))
	if err != nil || refused.Stopped != nil || refused.Status != http.StatusUnprocessableEntity {
		t.Fatalf("the list can be agreed to: %v", err)
	}
	tok := exchanged(t, w)
	if got := dataOf(t, c, audit.LookupRequested); !slices.Contains(got, consent.ChildrenID) {
		t.Errorf("the look-up declares %v, not the list", got)
	}
	if got := dataOf(t, c, audit.ConsentGranted); !slices.Equal(got, []string{schooling}) {
		t.Errorf("granted %v", got)
	}
	if d := read(t, c, tok, quotient); d.Status == http.StatusOK || strings.Contains(d.Body, "ZOE") {
		t.Errorf("the family file is delivered: %d %s", d.Status, d.Body)
	}
	if d := read(t, c, tok, "/v3/men/scolarites"); strings.Contains(d.Body, "LEO") || d.Status != http.StatusOK {
		t.Errorf("delivered %d %s", d.Status, d.Body)
	}
	receiptLists(t, c, tok.Receipt, map[string]bool{schooling: true, scholarship: false})
	trueLog(t, c)
}

// Whatever keeps a child from being chosen is told as what it is, of CAF and
// MSA, and is no absence to send in the school's name.
func TestWithoutAChildTheSchoolIsNotAskedAndNothingIsSentInItsName(t *testing.T) {
	men, cnav := school(), families(providers.Found)
	c := tryoutCountry(t, []string{schooling}, nil, nil, men, cnav)
	for _, one := range []struct {
		outcome providers.Outcome
		says    string
	}{
		{providers.Found, "la CAF ou la MSA n’a aucun enfant à votre nom"},
		{providers.NoFile, "la CAF ou la MSA n’a aucun enfant à votre nom"},
		{providers.Unknown, "la CAF ou la MSA ne vous trouve pas"},
		{providers.Ambiguous, "la CAF ou la MSA a plusieurs dossiers"},
		{providers.Unavailable, "la CAF ou la MSA ne répond pas"},
		{providers.Refused, "la CAF ou la MSA a refusé de nous répondre"},
	} {
		t.Run(string(one.outcome), func(t *testing.T) {
			cnav.answers = families(one.outcome).answers
			w := toChildren(t, c, schooling)
			at(t, w, "/accord", http.StatusOK)
			text := strings.ToLower(w.Page.Words())
			if !strings.Contains(text, strings.ToLower(one.says)) || !strings.Contains(text, "l’école n’a pas été interrogée") {
				t.Errorf("the page says %.800s", text)
			}
			if len(men.about(consent.ResourceSchooling)) != 0 || w.Page.Has("accept") {
				t.Error("the school was asked, or its silence can be agreed to")
			}
			do(t, w, "refuse")
			onlyAccessDenied(t, w)
		})
	}
	trueLog(t, c)
}
