package apiparticulier_test

import (
	"net/http"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/sourcetest"
)

// An exception is a vector that is not a whole answer about Inès.
type exception struct {
	resource string
	status   int
	outcome  providers.Outcome
}

func exceptions() map[string]exception {
	return map[string]exception{
		"v3_cnous_etudiant_boursier":                            {"cnous/etudiant_boursier", 200, providers.Refused},
		"v3_men_scolarites":                                     {"men/scolarites", 200, providers.Refused},
		"v4_men_scolarites":                                     {"men/scolarites", 200, providers.Refused},
		"v3_dss_quotient_familial_without_value":                {"dss/quotient_familial", 200, providers.NoFile},
		"v3_dss_quotient_familial_masked":                       {"dss/quotient_familial", 200, providers.Refused},
		"v3_mesri_statut_etudiant_masked":                       {"mesri/statut_etudiant", 200, providers.Refused},
		"v3_ants_extrait_immatriculation_vehicule_other_holder": {"ants/extrait_immatriculation_vehicule", 200, providers.Refused},
		"error_35003":                                           {"dss/quotient_familial", 404, providers.Unknown},
		"error_23003":                                           {"dss/quotient_familial", 404, providers.NoFile},
		"error_30004":                                           {"men/scolarites", 404, providers.NoFile},
		"error_26015":                                           {"cnous/etudiant_boursier", 409, providers.Ambiguous},
		"error_00355":                                           {"dss/prime_activite", 422, providers.Unknown},
		"error_25003":                                           {"mesri/statut_etudiant", 404, providers.Unknown},
	}
}

// Our own invented answers, in testdata: every resource and version, whole, cut
// by scopes, and of persons without the right. All but the exceptions are found
// for Inès, and for nobody else where they name her.
func TestVectorsOfAPIParticulier(t *testing.T) {
	covered := map[string]bool{}
	for name, body := range sourcetest.Vectors(t) {
		v, ok := exceptions()[name]
		if !ok {
			v = exception{resourceOfVector(name), 200, providers.Found}
			covered[v.resource] = true
		}
		q := queryOf(v.resource, ines(), true)
		a := answeredAt(t, q, v.status, string(body))
		if a.Outcome != v.outcome {
			t.Errorf("%s: outcome %s (%v), want %s", name, a.Outcome, a.Cause, v.outcome)
		}
		if v.status != http.StatusOK {
			continue
		}
		if a.Outcome == providers.Found {
			if err := verify(body, q, a); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		other := answeredAt(t, queryOf(v.resource, leo(), false), v.status, string(body))
		if bound(v.resource) == sourcetest.ByPerson && other.Outcome == providers.Found {
			t.Errorf("%s: found for somebody else", name)
		}
	}
	for resource := range sources() {
		if !covered[resource] {
			t.Errorf("no whole vector of %s", resource)
		}
	}
}

// An answer of one resource is no other's.
func TestNoVectorIsAnotherResources(t *testing.T) {
	for name, body := range sourcetest.Vectors(t) {
		if strings.HasPrefix(name, "error_") {
			continue
		}
		for resource := range sources() {
			same := shapeOf(resource) == shapeOf(resourceOfVector(name))
			if a := answeredAt(t, queryOf(resource, ines(), true), 200, string(body)); a.Outcome == providers.Found && !same {
				t.Errorf("%s is found as %s", name, resource)
			}
		}
	}
}

// shapeOf are a resource's members; the benefits have the same ones, and more
// are dropped.
func shapeOf(resource string) string {
	if members := topMembers()[resource]; !strings.HasPrefix(members, "est_beneficiaire") {
		return members
	}
	return "est_beneficiaire date_debut_droit"
}

func resourceOfVector(name string) string {
	for resource := range sources() {
		if _, rest, _ := strings.Cut(name, "_"); strings.HasPrefix(rest, strings.ReplaceAll(resource, "/", "_")) {
			return resource
		}
	}
	return ""
}
