package resource

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/consent"
)

// An address is one resource of the data grammar, in one of its versions.
type address struct {
	resource string
	missing  apiError // the upstream's own "not found", for an agreed absence
	period   func(*gin.Context, journey.Part) *apiError
	shape    shape // of an earlier version; nil: the newest, as the citizen saw it
}

// addresses are API Particulier's paths, where it has one; its /identite and
// /identifiant modes have none here, since the token says who it is about. The
// /france_connect twins exist where they do there.
func addresses() map[string]address {
	all := map[string]address{
		"/v3/identite":           {resource: consent.ResourceIdentity, missing: notFound("51003", "FranceConnect", "Identité absente"), period: anyPeriod},
		"/v3/dgfip/situation_ir": {resource: consent.ResourceSituationIR, missing: notFound("27003", "DGFiP", "Situation fiscale absente"), period: yearIsSnapshots},
		"/v3/dss/quotient_familial": {
			resource: consent.ResourceQuotientFamilial, missing: notFound("35003", "CNAF & MSA", "Dossier allocataire absent"), period: monthIsSnapshots,
		},
		"/v3/men/scolarites": version(schooling(), withoutBoarding), "/v4/men/scolarites": version(schooling(), withoutBoarding), "/v5/men/scolarites": schooling(),
		"/v3/cnous/etudiant_boursier": version(grantHolder(), flatGrantStatus), "/v4/cnous/etudiant_boursier": grantHolder(),
	}
	for resource, missing := range notFounds() {
		all["/v3/"+resource] = address{resource: resource, missing: missing, period: anyPeriod}
	}
	for _, path := range franceConnectTwins() {
		all[path+"/france_connect"] = all[path]
	}
	return all
}

// notFounds are the resources that have one version and no period, with the
// code of their absence (reference: API Particulier's provider codes).
func notFounds() map[string]apiError {
	const social = "Sécurité sociale"
	return map[string]apiError{
		consent.ResourceEAJE:             notFound("37003", "CNAV", "Pas d'enfant de moins de sept ans, ou pas de dossier"),
		consent.ResourceRSA:              notFound("36003", social, "Dossier absent"),
		consent.ResourcePPA:              notFound("36003", social, "Dossier absent"),
		consent.ResourceAAH:              notFound("36003", social, "Dossier absent"),
		consent.ResourceAEEH:             notFound("36003", social, "Dossier absent"),
		consent.ResourceASF:              notFound("36003", social, "Dossier absent"),
		consent.ResourceC2S:              notFound("36003", social, "Dossier absent"),
		consent.ResourceJobseeker:        notFound("24003", "France Travail", "Demandeur d'emploi inconnu"),
		consent.ResourceJobseekerBenefit: notFound("24003", "France Travail", "Aucun paiement"),
		consent.ResourceStudent:          notFound("25003", "MESRI", "Étudiant inconnu"),
		consent.ResourceNationalService:  notFound("39003", "DSNJ", "Personne inconnue"),
		consent.ResourceCivicService:     notFound("31003", "GIP-MDS", "Personne inconnue"),
		consent.ResourceAthlete:          notFound("41003", "SDH", "Sportif inconnu"),
		consent.ResourceVehicle:          notFound("42003", "ANTS", "Véhicule inconnu"),
	}
}

func schooling() address {
	return address{resource: consent.ResourceSchooling, missing: notFound("30003", "MEN", "Élève inconnu"), period: anyPeriod}
}

func grantHolder() address {
	return address{resource: consent.ResourceGrantHolder, missing: notFound("26003", "CNOUS", "Étudiant boursier inconnu"), period: anyPeriod}
}

func version(a address, s shape) address {
	a.shape = s
	return a
}

func franceConnectTwins() []string {
	return []string{
		"/v3/dss/quotient_familial", "/v3/dss/participation_familiale_eaje", "/v3/dss/revenu_solidarite_active", "/v3/dss/prime_activite",
		"/v3/dss/allocation_adulte_handicape", "/v3/dss/allocation_enfant_handicape", "/v3/dss/allocation_soutien_familial",
		"/v3/dss/complementaire_sante_solidaire", "/v3/dgfip/situation_ir", "/v3/mesri/statut_etudiant",
		"/v3/cnous/etudiant_boursier", "/v4/cnous/etudiant_boursier", "/v3/dsnj/service_national",
		"/v3/gip_mds/service_civique", "/v3/ants/extrait_immatriculation_vehicule",
	}
}

// notFound is a source's absence, which the citizen agreed to send.
func notFound(code, provider, title string) apiError {
	return apiError{
		status: http.StatusNotFound, Code: code, Title: title,
		Detail: "La source n'a rien pour cette personne ; elle a accepté que vous le sachiez.", Meta: map[string]string{"provider": provider},
	}
}

func anyPeriod(*gin.Context, journey.Part) *apiError { return nil }

// Grammar tells the paths that are answered in API Particulier's shape,
// mistakes included: /api, /v3, /v4, /v5 and what is below.
func Grammar(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first == "api" || first == "v3" || first == "v4" || first == "v5"
}

// An Address tells of one address what its description needs.
type Address struct {
	Path, Resource string
	Earlier        bool     // another shape than the newest
	Period         []string // query parameters held to what the person saw
	reshape        func([]string) []string
}

// Reshape gives the paths of this version's document from the newest's.
func (a Address) Reshape(paths []string) []string {
	if a.reshape == nil {
		return paths
	}
	return a.reshape(paths)
}

// Addresses are all of them, by path.
func Addresses() []Address {
	var all []Address
	for path, a := range addresses() {
		of := Address{Path: path, Resource: a.resource, Earlier: a.shape != nil}
		switch a.resource {
		case consent.ResourceQuotientFamilial:
			of.Period = []string{"annee", "mois"}
		case consent.ResourceSituationIR:
			of.Period = []string{"annee"}
		case consent.ResourceGrantHolder:
			of.reshape = renamed("statut_boursier.est_boursier", "est_boursier", "statut_boursier.")
		case consent.ResourceSchooling:
			of.reshape = renamed("", "", "regime_pensionnat.")
		}
		if a.shape == nil {
			of.reshape = nil
		}
		all = append(all, of)
	}
	slices.SortFunc(all, func(a, b Address) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// renamed gives one path another name and drops those below a member.
func renamed(from, to, below string) func([]string) []string {
	return func(paths []string) []string {
		var kept []string
		for _, p := range paths {
			switch {
			case p == from:
				kept = append(kept, to)
			case !strings.HasPrefix(p, below):
				kept = append(kept, p)
			}
		}
		return kept
	}
}
