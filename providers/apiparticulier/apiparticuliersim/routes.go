package apiparticuliersim

import (
	"net/url"
	"time"
)

// A request is what a resource is asked.
type request struct {
	parameters url.Values
	now        time.Time
}

// A route is one resource in one mode.
type route struct {
	path          string
	code          string // of the administration in errors
	provider      string // its name there
	scopes        []string
	rules         []rule
	by            func(p Person, q url.Values) bool // nil: by civil identity
	holds         func(Person) bool                 // whether the administration knows the person
	franceConnect bool
	data          func(p Person, q request, has func(string) bool) (map[string]any, *failure)
}

func routes() []route {
	all := append(social(), students()...)
	return append(all, others()...)
}

// mode is the same resource asked in another way.
func (r route) mode(path string, by func(Person, url.Values) bool, rules ...rule) route {
	r.path, r.by, r.rules = path, by, rules
	return r
}

func inHousehold(p Person) bool { return p.Household != nil }

// social are the CNAV hub's.
func social() []route {
	family := func(name string, scopes []string, data func(Person, request, func(string) bool) (map[string]any, *failure), more ...rule) route {
		rules := append([]rule{recipient, birthName, someGivenNames, partialBirthdate, sexNeeded, birthCountry, birthCommune}, more...)
		return route{path: "/v3/dss/" + name + "/identite", code: "36", provider: "Sécurité sociale", scopes: scopes, rules: rules, holds: inHousehold, data: data}
	}
	qf := family("quotient_familial", []string{"cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse"}, quotientOf, quotientMonth)
	qf.code, qf.provider = "35", "CNAF & MSA"
	const eaje = "cnav_participation_familiale_eaje_"
	return []route{
		qf,
		family("participation_familiale_eaje", []string{eaje + "allocataires", eaje + "enfants", eaje + "adresse", eaje + "parametres_calcul"}, childcareOf),
		family("revenu_solidarite_active", []string{"revenu_solidarite_active", "revenu_solidarite_active_majoration"},
			increasedBenefit("revenu_solidarite_active", func(b Benefits) *Right { return b.RSA })),
		family("prime_activite", []string{"prime_activite", "prime_activite_majoration"},
			increasedBenefit("prime_activite", func(b Benefits) *Right { return b.Activity })),
		family("allocation_adulte_handicape", []string{"allocation_adulte_handicape"}, benefitOf(func(b Benefits) *Right { return b.Disability })),
		family("allocation_soutien_familial", []string{"allocation_soutien_familial"}, benefitOf(func(b Benefits) *Right { return b.Support })),
		family("allocation_enfant_handicape", []string{"cnav_allocation_enfant_handicape"}, disabledChildOf),
		family("complementaire_sante_solidaire", []string{"complementaire_sante_solidaire"}, healthOf),
	}
}

// students are MESR's, CNOUS's and the Éducation nationale's.
func students() []route {
	named := []rule{recipient, birthName, givenNames, wholeBirthdate}
	byINE := func(p Person, q url.Values) bool { return p.INE != "" && p.INE == q.Get("ine") }
	mesr := route{
		path: "/v3/mesri/statut_etudiant/identite", code: "25", provider: "MESRI", rules: append(named, sexNeeded),
		scopes: []string{
			"mesri_identite", "mesri_admissions", "mesri_admission_inscrit", "mesri_admission_regime_formation",
			"mesri_admission_commune_etudes", "mesri_admission_etablissement_etudes",
		},
		holds: func(p Person) bool { return p.Admissions != nil }, data: studentOf,
	}
	cnous := route{
		path: "/v4/cnous/etudiant_boursier/identite", code: "26", provider: "CNOUS", rules: append(named, campaign),
		scopes: []string{
			"cnous_statut_boursier", "cnous_echelon_bourse", "cnous_email", "cnous_periode_versement", "cnous_statut_bourse",
			"cnous_ville_etudes", "cnous_identite",
		},
		holds: func(p Person) bool { return p.Grants != nil }, data: grantOf,
	}
	men := route{
		path: "/v5/men/scolarites/identite", code: "30", provider: "MEN", rules: append(named, sexNeeded, schoolAndYear),
		scopes: []string{
			"men_statut_identite", "men_statut_scolarite", "men_statut_etablissement", "men_statut_module_elementaire_formation",
			"men_statut_boursier", "men_echelon_bourse", "men_regime_pensionnat",
		},
		holds: func(p Person) bool { return p.Schooling != nil }, data: pupilOf,
	}
	return []route{
		mesr, mesr.mode("/v3/mesri/statut_etudiant/ine", byINE, recipient, ineNeeded),
		cnous, cnous.mode("/v4/cnous/etudiant_boursier/ine", byINE, recipient, ineNeeded, campaign), men,
	}
}

func others() []route {
	civil := []rule{recipient, birthName, givenNames, wholeBirthdate}
	civic := "gip_mds_service_civique_"
	sport := "sdh_statut_sportif_"
	jobseeker := route{
		path: "/v3/france_travail/statut/identifiant", code: "24", provider: "France Travail", rules: []rule{recipient, identifiant},
		scopes: []string{"pole_emploi_identifiant", "pole_emploi_identite", "pole_emploi_adresse", "pole_emploi_contact", "pole_emploi_inscription"},
		by: func(p Person, q url.Values) bool {
			return p.Jobseeker != nil && p.Jobseeker.Identifiant == q.Get("identifiant")
		},
		holds: func(p Person) bool { return p.Jobseeker != nil }, data: jobseekerOf,
	}
	payments := jobseeker
	payments.path, payments.scopes, payments.data = "/v3/france_travail/indemnites/identifiant", []string{"pole_emploi_paiements"}, paymentsOf
	return []route{
		jobseeker, payments, vehicles(),
		{
			path: "/v3/dsnj/service_national/identite", code: "39", provider: "DSNJ", rules: append(civil, sexNeeded, birthCountry, youth),
			scopes: []string{"dsnj_statut_service_national"}, holds: func(p Person) bool { return p.NationalService != nil }, data: nationalServiceOf,
		},
		{
			path: "/v3/gip_mds/service_civique/identite", code: "31", provider: "GIP-MDS", rules: civil,
			scopes: []string{civic + "statut_actuel", civic + "statut_passe", civic + "organisme_accueil", civic + "dates"},
			holds:  func(p Person) bool { return p.CivicService != nil }, data: civicServiceOf,
		},
		{
			path: "/v3/sdh/statut_sportif/identifiant", code: "41", provider: "SDH", rules: []rule{recipient, digits},
			scopes: []string{
				sport + "identite", sport + "est_sportif_de_haut_niveau", sport + "a_ete_sportif_de_haut_niveau",
				sport + "informations_statut", sport + "informations_statuts_precedents",
			},
			by:    func(p Person, q url.Values) bool { return p.Athlete != nil && p.Athlete.Number == q.Get("identifiant") },
			holds: func(p Person) bool { return p.Athlete != nil }, data: athleteOf,
		},
	}
}

func vehicles() route {
	scope := "ants_extrait_immatriculation_vehicule_"
	return route{
		path: "/v3/ants/extrait_immatriculation_vehicule/france_connect", code: "42", provider: "ANTS", rules: []rule{recipient, plateNeeded},
		scopes: []string{
			scope + "identite_particulier", scope + "adresse_particulier", scope + "statut_rattachement",
			scope + "donnees_immatriculation_vehicule", scope + "caracteristiques_techniques_vehicule",
		},
		holds: func(p Person) bool { return len(p.Vehicles) > 0 }, franceConnect: true, data: vehicleOf,
	}
}
