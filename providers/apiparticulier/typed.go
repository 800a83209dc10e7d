package apiparticulier

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"accord/providers"
	"accord/providers/upstream"
)

var errInput = errors.New("what the citizen must give for this resource is missing or not of its form")

const maxInput = 100 // bytes of an identifiant

var licence = regexp.MustCompile(`^[0-9]{1,20}$`)

// typedBy asks path by something the citizen typed.
func typedBy(path, parameter, value string, q providers.Query) question {
	v := url.Values{"recipient": {q.Recipient}, parameter: {value}}
	return question{path: path, parameters: v, whom: q.Identity, bound: true, typed: true, input: value}
}

// jobseeker is France Travail's register.
func jobseeker() *resource {
	who := object(is("civilite", text().orNull()), is("nom_naissance", text()), is("nom_usage", text().orNull()), is("prenom", text()),
		is("sexe", text().orNull()), is("date_naissance", birthdate()))
	category := object(is("code", integer()), is("libelle", text().orNull()))
	where := texts(text().orNull(), "code_postal", "code_cog_insee_commune", "localite", "ligne_voie", "ligne_complement_destinataire",
		"ligne_complement_adresse", "ligne_complement_distribution", "ligne_nom")
	return &resource{
		operator: "France Travail", codes: []int{24}, ask: askJobseeker("/v3/france_travail/statut/identifiant", ""),
		data: object(masked("identifiant", text()), masked("identite", who), masked("contact", object(texts(text().orNull(), "telephone", "telephone2", "email")...)),
			masked("adresse", object(where...)),
			masked("inscription", object(is("date_debut", date()), is("date_fin", date().orNull()), is("categorie", category),
				is("code_certification_cnav", text().orNull())))),
		scopes: map[string][]string{
			"pole_emploi_identifiant": {"identifiant"}, "pole_emploi_identite": {"identite"}, "pole_emploi_contact": {"contact"},
			"pole_emploi_adresse": {"adresse"}, "pole_emploi_inscription": {"inscription"},
		},
		persons: one("identite", "nom_naissance", "prenom"),
	}
}

// payments name only the identifiant: whose it is, the register tells first.
func payments() *resource {
	payment := object(is("date_versement", date()), is("montant_total", number()), is("montant_allocations", number()), is("montant_aides", number()),
		is("montant_autres", number()))
	const path = "/v3/france_travail/"
	return &resource{
		operator: "France Travail", codes: []int{24}, ask: askJobseeker(path+"indemnites/identifiant", path+"statut/identifiant"),
		data:   object(is("identifiant", text()), masked("paiements", list(1000, payment))),
		scopes: map[string][]string{"pole_emploi_paiements": {"paiements"}},
		check:  ofIdentifiantAsked, before: jobseeker(),
	}
}

func askJobseeker(path, before string) asker {
	return func(q providers.Query, _ day) (question, error) {
		name := q.Inputs["identifiant"]
		if name == "" || len(name) > maxInput || strings.ContainsFunc(name, unicode.IsControl) {
			return question{}, errInput
		}
		k := typedBy(path, "identifiant", name, q)
		k.before = before
		return k, nil
	}
}

func ofIdentifiantAsked(a answered) error {
	if told := fmt.Sprint(a.tree["identifiant"]); !strings.EqualFold(told, a.asked.input) {
		return upstream.ErrAnotherPerson
	}
	return nil
}

// athlete is the Sport Data Hub's list of high-level athletes.
func athlete() *resource {
	const scope = "sdh_statut_sportif_"
	who := object(is("nom_naissance", text()), is("nom_usage", text().orNull()), is("prenoms", text()), is("date_naissance", birthdate()),
		is("sexe", oneOf("M", "F").orNull()))
	past := append([]member{is("fiche", integer())}, sportStatus()...)
	return &resource{
		operator: "Sport Data Hub", codes: []int{41}, ask: askAthlete,
		data: object(masked("identite", who), masked("est_sportif_de_haut_niveau", flag()), masked("a_ete_sportif_de_haut_niveau", flag()),
			masked("informations_statut", object(sportStatus()...).orNull()), masked("informations_statuts_precedents", list(200, object(past...)))),
		scopes: map[string][]string{
			scope + "identite": {"identite"}, scope + "est_sportif_de_haut_niveau": {"est_sportif_de_haut_niveau"},
			scope + "a_ete_sportif_de_haut_niveau": {"a_ete_sportif_de_haut_niveau"}, scope + "informations_statut": {"informations_statut"},
			scope + "informations_statuts_precedents": {"informations_statuts_precedents"},
		},
		persons: one("identite", "nom_naissance", "prenoms"),
	}
}

func sportStatus() []member {
	some := func(names ...string) shape { return object(texts(text().orNull(), names...)...) }
	return []member{
		is("periode", object(is("date_debut_statut", date().orNull()), is("date_fin_statut", date().orNull()))),
		is("federation", some("code_federation", "nom_federation", "nom_court_federation")),
		is("etablissement", some("code_etablissement", "nom_etablissement")), is("region", some("code_region", "nom_region")),
		is("categorie", some("code_categorie", "nom_categorie", "valeur")), is("sportif_de_haut_niveau", flag().orNull()),
	}
}

func askAthlete(q providers.Query, _ day) (question, error) {
	number := q.Inputs["identifiant_sportif"]
	if !licence.MatchString(number) {
		return question{}, errInput
	}
	return typedBy("/v3/sdh/statut_sportif/identifiant", "identifiant", number, q), nil
}
