package apiparticuliersim

import (
	"math"
	"strconv"
	"strings"
)

func nationalServiceOf(p Person, _ request, _ func(string) bool) (map[string]any, *failure) {
	return map[string]any{"statut_service_national": p.NationalService.Status, "commentaires": some(p.NationalService.Remark)}, nil
}

func civicServiceOf(p Person, _ request, has func(string) bool) (map[string]any, *failure) {
	const scope = "gip_mds_service_civique_"
	data := map[string]any{}
	put(data, has, scope+"statut_actuel", "statut_actuel", p.CivicService.Present.masked(has))
	put(data, has, scope+"statut_passe", "statut_passe", p.CivicService.Past.masked(has))
	return data, nil
}

func (c *Contract) masked(has func(string) bool) map[string]any {
	one := map[string]any{"contrat_trouve": c != nil}
	if c == nil {
		c = &Contract{}
	}
	const scope = "gip_mds_service_civique_"
	put(one, has, scope+"organisme_accueil", "organisme_accueil", map[string]any{"siret": some(c.SIRET), "raison_sociale": some(c.Host)})
	put(one, has, scope+"dates", "date_debut_contrat", some(c.From))
	put(one, has, scope+"dates", "date_fin_contrat", some(c.To))
	return one
}

func athleteOf(p Person, _ request, has func(string) bool) (map[string]any, *failure) {
	const scope = "sdh_statut_sportif_"
	data := map[string]any{}
	put(data, has, scope+"identite", "identite", map[string]any{
		"nom_naissance": p.BirthName, "nom_usage": p.UsageName, "prenoms": p.GivenNames, "date_naissance": p.Birthdate, "sexe": p.Sex,
	})
	put(data, has, scope+"est_sportif_de_haut_niveau", "est_sportif_de_haut_niveau", p.Athlete.Present != nil)
	put(data, has, scope+"a_ete_sportif_de_haut_niveau", "a_ete_sportif_de_haut_niveau", len(p.Athlete.Past) > 0)
	var present any
	if p.Athlete.Present != nil {
		present = p.Athlete.Present.block()
	}
	put(data, has, scope+"informations_statut", "informations_statut", present)
	past := make([]map[string]any, 0, len(p.Athlete.Past))
	for _, s := range p.Athlete.Past {
		one := s.block()
		one["fiche"] = s.Sheet
		past = append(past, one)
	}
	put(data, has, scope+"informations_statuts_precedents", "informations_statuts_precedents", past)
	return data, nil
}

func (s SportStatus) block() map[string]any {
	return map[string]any{
		"periode":                map[string]any{"date_debut_statut": s.From, "date_fin_statut": s.To},
		"federation":             map[string]any{"code_federation": s.FederationCode, "nom_federation": s.Federation, "nom_court_federation": s.Federation},
		"etablissement":          map[string]any{"code_etablissement": s.EstablishmentCode, "nom_etablissement": s.Establishment},
		"region":                 map[string]any{"code_region": s.RegionCode, "nom_region": s.Region},
		"categorie":              map[string]any{"code_categorie": s.CategoryCode, "nom_categorie": s.Category, "valeur": s.CategoryCode},
		"sportif_de_haut_niveau": true,
	}
}

// vehicleOf is the plate asked, or any under the fault OtherPerson.
func vehicleOf(p Person, q request, has func(string) bool) (map[string]any, *failure) {
	v, ok := p.vehicle(q.parameters.Get("immatriculation"))
	if !ok {
		v = p.Vehicles[0]
	}
	const scope = "ants_extrait_immatriculation_vehicule_"
	data := map[string]any{"identite_particulier": p.holder()}
	put(data, has, scope+"adresse_particulier", "adresse_particulier", map[string]any{
		"complement_information": nil, "num_voie": nil, "type_voie": nil, "libelle_voie": some(v.Street), "code_postal_ville": v.Zip, "libelle_commune": v.City,
		"lieu_dit": nil, "etage_escalier_appartement": nil, "extension": nil, "pays": "FRANCE",
	})
	put(data, has, scope+"statut_rattachement", "statut_rattachement", v.Role)
	put(data, has, scope+"donnees_immatriculation_vehicule", "donnees_immatriculation_vehicule", map[string]any{
		"numero_immatriculation": v.Plate, "date_premiere_immatriculation": v.FirstRegistered, "statut_location": map[string]any{"code": nil, "label": nil},
	})
	label := func(code string) map[string]any { return map[string]any{"code": code, "label": "Libellé de " + code} }
	put(data, has, scope+"caracteristiques_techniques_vehicule", "caracteristiques_techniques_vehicule", map[string]any{
		"marque": v.Brand, "type_variante_version": "SIM" + v.Model, "denomination_commerciale": v.Model, "masse_charge_maximale": v.Mass,
		"categorie_vehicule": label(v.Category), "genre_national": label(v.Genre), "cylindree": v.Displacement, "type_carburant": label(v.Fuel),
		"taux_co2": v.CO2, "classe_environnementale": label(v.Class),
	})
	return data, nil
}

// holder has unknown parts of the birth date as null.
func (p Person) holder() map[string]any {
	one := map[string]any{
		"nom": p.BirthName, "prenom": p.firstName(), "sexe_etat_civil": p.Sex, "code_departement_naissance": (p.Birthplace + "99")[:2],
	}
	parts := strings.Split(p.Birthdate+"--", "-")
	for n, name := range []string{"annee_date_naissance", "mois_date_naissance", "jour_date_naissance"} {
		one[name] = nil
		if v, err := strconv.Atoi(parts[n]); err == nil && v > 0 {
			one[name] = v
		}
	}
	return one
}

func jobseekerOf(p Person, _ request, has func(string) bool) (map[string]any, *failure) {
	j := p.Jobseeker
	title, sex := "M.", "Masculin"
	if p.Sex == "F" {
		title, sex = "MME", "Féminin"
	}
	data := map[string]any{}
	put(data, has, "pole_emploi_identifiant", "identifiant", j.Identifiant)
	put(data, has, "pole_emploi_identite", "identite", map[string]any{
		"civilite": title, "nom_naissance": p.BirthName, "nom_usage": some(p.UsageName), "prenom": p.firstName(), "sexe": sex, "date_naissance": p.Birthdate,
	})
	put(data, has, "pole_emploi_contact", "contact", map[string]any{"telephone": j.Phone, "telephone2": nil, "email": some(j.Email)})
	put(data, has, "pole_emploi_adresse", "adresse", map[string]any{
		"code_postal": j.Zip, "code_cog_insee_commune": j.Commune, "localite": j.Zip + " " + j.City, "ligne_voie": j.Street,
		"ligne_complement_destinataire": nil, "ligne_complement_adresse": nil, "ligne_complement_distribution": nil, "ligne_nom": p.BirthName,
	})
	put(data, has, "pole_emploi_inscription", "inscription", map[string]any{
		"date_debut": j.From, "date_fin": some(j.To), "code_certification_cnav": "VC",
		"categorie": map[string]any{"code": j.Category, "libelle": j.CategoryLabel},
	})
	return data, nil
}

func paymentsOf(p Person, _ request, _ func(string) bool) (map[string]any, *failure) {
	all := make([]map[string]any, 0, len(p.Jobseeker.Payments))
	for _, x := range p.Jobseeker.Payments {
		all = append(all, map[string]any{
			"date_versement": x.On, "montant_total": math.Round((x.Benefits+x.Help+x.Other)*100) / 100, "montant_allocations": x.Benefits, "montant_aides": x.Help, "montant_autres": x.Other,
		})
	}
	return map[string]any{"identifiant": p.Jobseeker.Identifiant, "paiements": all}, nil
}
