package cnavsim_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/providers/cnav/cnavsim"
	"accord/providers/faults"
)

const id = "0198f2c4-6a00-7000-8000-000000000001"

// family is a hub that knows one MSA household and another, a stranger's.
func family() *cnavsim.Simulator {
	rights := []cnavsim.Quotient{{Year: 2023, Month: 1, Value: 500}}
	return cnavsim.New(cnavsim.Options{
		ClientID: "a", ClientSecret: "b", Now: func() time.Time { return time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC) },
		Households: []cnavsim.Household{{
			Operator: cnavsim.MSA, Quotients: rights, Base: cnavsim.Base{Value: 9800}, AEEH: 1,
			Allocataires: []cnavsim.Person{{BirthName: "TREMBLIN", GivenNames: "CAMILLE", Birthdate: "1988-03-14", Sex: "F", Birthplace: "72999", Rights: []cnavsim.Right{
				{Benefit: cnavsim.RSA, Since: "2024-01-01", Ended: true},
				{Benefit: cnavsim.RSAIncreased, Since: "2025-05-01"},
				{Benefit: cnavsim.AEEH},
				{Benefit: cnavsim.C2SPaid, Since: "2026-01-01"},
				{Benefit: cnavsim.ASF, Since: "2020-01-01", Ended: true},
			}}},
			Enfants: []cnavsim.Person{{BirthName: "TREMBLIN", GivenNames: "ALIX", Birthdate: "2023-01-09", Sex: "M"}},
		}, {
			Operator: cnavsim.CNAF, Quotients: rights,
			Allocataires: []cnavsim.Person{{BirthName: "AUTREVAL", GivenNames: "PAUL", Birthdate: "1970-01-01", Sex: "M"}},
		}},
	})
}

// asks for one resource under the token of a scope.
func asks(t *testing.T, s *cnavsim.Simulator, resource, scope string, more ...string) *httptest.ResponseRecorder {
	t.Helper()
	_, body := serve(s, tokenRequest(base64.URLEncoding.EncodeToString([]byte("a:b")), "grant_type=client_credentials&scope="+scope))
	granted := granted.FindStringSubmatch(body)
	if granted == nil {
		t.Fatalf("no token for %s: %s", scope, body)
	}
	q := url.Values{"nomNaissance": {"TREMBLIN"}, "listePrenoms": {"CAMILLE"}, "dateNaissance": {"1988-03-14"}}
	r := httptest.NewRequest(http.MethodGet, cnavsim.Path(resource)+"?"+q.Encode()+strings.Join(more, ""), nil)
	r.Header.Set("Authorization", "Bearer "+granted[1])
	r.Header.Set("X-Correlation-ID", id)
	r.Header.Set("X-APIPART-FSFINAL", "99900010900017")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestEachResourceTellsItsOwn(t *testing.T) {
	s := family()
	for resource, want := range map[string][]string{
		cnavsim.QuotientFamilial:             {`"quotientFamilial":500`, `"annee":2026`, `"mois":10`},
		cnavsim.ParticipationFamilialeEAJE:   {`"montantRessources":9800`, `"annee":2024`, `"nombreBeneficiaireAEH":1`, `"nombreEnfantACharge":1`, `"cogNaissance":"72999"`, `"cogNaissance":null`},
		cnavsim.RevenuSolidariteActive:       {`"indicateur":"BENEFICIAIRE"`, `"dateIndicateur":"2025-05-01"`, `"cd":"FA3101"`, `"cd":"FA3102"`, `"cd":20`},
		cnavsim.PrimeActivite:                {`"indicateur":"NON_BENEFICIAIRE"`, `"listePrestation":[]`},
		cnavsim.AllocationAdulteHandicape:    {`"indicateur":"NON_BENEFICIAIRE"`},
		cnavsim.AllocationEnfantHandicape:    {`"indicateur":"ALLOCATAIRE"`, `"qualiteBeneficiaire":"105"`},
		cnavsim.AllocationSoutienFamilial:    {`"indicateur":"NON_BENEFICIAIRE"`, `"cd":"FA0115"`},
		cnavsim.ComplementaireSanteSolidaire: {`{"dateIndicateur":"2026-01-01","indicateur":"BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE"}`},
	} {
		w := asks(t, s, resource, cnavsim.Scope(resource))
		for _, piece := range want {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), piece) {
				t.Errorf("%s: %d without %s: %s", resource, w.Code, piece, w.Body)
			}
		}
		if w.Header().Get("X-Correlation-ID") != id || w.Header().Get("X-APISECU-FD") != "00171001" {
			t.Errorf("%s: correlation id or regime missing", resource)
		}
	}
	if len(cnavsim.Resources()) != 8 {
		t.Error("not all resources asked")
	}
}

func TestATokenIsOfOneResource(t *testing.T) {
	s := family()
	if w := asks(t, s, cnavsim.AllocationSoutienFamilial, cnavsim.Scope(cnavsim.PrimeActivite)); w.Code != http.StatusForbidden {
		t.Errorf("status %d, want 403", w.Code)
	}
}

// As the hub: MSA keeps no past.
func TestMSAAnswersTodaysQuotientWhateverMonthIsAsked(t *testing.T) {
	w := asks(t, family(), cnavsim.QuotientFamilial, cnavsim.Scope(cnavsim.QuotientFamilial), "&anneeDemandee=2024&moisDemande=02")
	if !strings.Contains(w.Body.String(), `"annee":2026`) || !strings.Contains(w.Body.String(), `"mois":10`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAnotherPersonsBenefitComesUnderAnotherID(t *testing.T) {
	s := family()
	s.SetFault(faults.OtherPerson)
	for _, resource := range cnavsim.Resources() {
		w := asks(t, s, resource, cnavsim.Scope(resource))
		named := resource == cnavsim.QuotientFamilial || resource == cnavsim.ParticipationFamilialeEAJE
		if w.Code != http.StatusOK || (w.Header().Get("X-Correlation-ID") == id) != named || named != strings.Contains(w.Body.String(), "AUTREVAL") {
			t.Errorf("%s: %d under %s: %s", resource, w.Code, w.Header().Get("X-Correlation-ID"), w.Body)
		}
	}
}
