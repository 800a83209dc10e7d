package apiparticulier

import (
	"encoding/json"
	"regexp"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

var plate = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z -]{2,14}$`)

// vehicle is the ANTS's extract of a registration, in FranceConnect's mode
// only: FranceConnect's token is the bearer, and its scopes are the mask.
func vehicle() *resource {
	const scope = "ants_extrait_immatriculation_vehicule_"
	part := func(name string) member { return is(name, integer().orNull()) }
	who := object(is("nom", text()), is("prenom", text()), is("sexe_etat_civil", oneOf("M", "F").orNull()), part("annee_date_naissance"), part("mois_date_naissance"),
		part("jour_date_naissance"), is("code_departement_naissance", text().orNull()))
	where := texts(text().orNull(), "complement_information", "num_voie", "type_voie", "libelle_voie", "code_postal_ville", "libelle_commune",
		"lieu_dit", "etage_escalier_appartement", "extension", "pays")
	registration := object(is("numero_immatriculation", text()), is("date_premiere_immatriculation", date().orNull()), is("statut_location", coded("label")))
	return &resource{
		operator: "ANTS", codes: []int{42}, ask: askVehicle,
		data: object(is("identite_particulier", who), masked("adresse_particulier", object(where...)),
			masked("statut_rattachement", oneOf("locataire", "titulaire", "cotitulaire")), masked("donnees_immatriculation_vehicule", registration),
			masked("caracteristiques_techniques_vehicule", technical())),
		scopes: map[string][]string{
			scope + "identite_particulier": {"identite_particulier"}, scope + "adresse_particulier": {"adresse_particulier"},
			scope + "statut_rattachement": {"statut_rattachement"}, scope + "donnees_immatriculation_vehicule": {"donnees_immatriculation_vehicule"},
			scope + "caracteristiques_techniques_vehicule": {"caracteristiques_techniques_vehicule"},
		},
		check: ofHolderAsked,
	}
}

func technical() shape {
	figure := number().orNull()
	return object(is("marque", text().orNull()), is("type_variante_version", text().orNull()), is("denomination_commerciale", text().orNull()),
		is("masse_charge_maximale", figure), is("categorie_vehicule", coded("label")), is("genre_national", coded("label")), is("cylindree", figure),
		is("type_carburant", coded("label")), is("taux_co2", figure), is("classe_environnementale", coded("label")))
}

func askVehicle(q providers.Query, _ day) (question, error) {
	switch {
	case !plate.MatchString(q.Inputs["immatriculation"]):
		return question{}, errInput
	case q.FranceConnectToken == "":
		return question{}, errNoToken
	}
	k := typedBy("/v3/ants/extrait_immatriculation_vehicule/france_connect", "immatriculation", q.Inputs["immatriculation"], q)
	k.token, k.expires = q.FranceConnectToken, q.TokenExpires
	return k, nil
}

// ofHolderAsked wants ANTS's own word that the holder is FranceConnect's
// citizen, else the plate is another's. The word given, it is a fault when the
// holder named is not the person asked, or the plate another one.
func ofHolderAsked(a answered) error {
	overall, err := overallMatch(a.meta)
	if err != nil {
		return err
	}
	if !overall {
		return ErrAnothersIdentifier
	}
	named := standing{civil: holder}
	if !named.holds(a.tree["identite_particulier"], a.asked.whom) {
		return upstream.ErrAnotherPerson
	}
	told, ok := a.tree["donnees_immatriculation_vehicule"].(map[string]any)
	if ok && plain(told["numero_immatriculation"]) != plain(a.asked.input) {
		return upstream.ErrAnotherPerson
	}
	return nil
}

// overallMatch reads identity_matching.overall_match, by its exact name: a
// member that merely resembles it is none.
func overallMatch(meta json.RawMessage) (bool, error) {
	var members, matching map[string]json.RawMessage
	if json.Unmarshal(meta, &members) != nil || json.Unmarshal(members["identity_matching"], &matching) != nil {
		return false, upstream.ErrIncomplete
	}
	switch string(matching["overall_match"]) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, upstream.ErrShape
}

// plain is a plate without its hyphens and spaces.
func plain(v any) string {
	s, _ := v.(string)
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s))
}

// holder is the person on a registration. ANTS leaves unknown parts of the
// birth date null; those are taken as asked, the others must agree.
func holder(v map[string]any, asked providers.Identity) providers.Civil {
	date := strings.Split(asked.Birthdate, "-")
	for n, name := range []string{"annee_date_naissance", "mois_date_naissance", "jour_date_naissance"} {
		if part, ok := v[name].(json.Number); ok {
			date[n] = padded(part.String(), len(date[n]))
		}
	}
	return providers.Civil{BirthName: asText(v["nom"]), GivenNames: asText(v["prenom"]), Birthdate: strings.Join(date, "-")}
}

func padded(digits string, width int) string {
	return strings.Repeat("0", max(width-len(digits), 0)) + digits
}
