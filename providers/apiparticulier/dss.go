package apiparticulier

import (
	"errors"
	"fmt"
	"strconv"

	"accord/providers"
)

// Error codes of the Sécurité sociale's branches.
const (
	codeMSA    = 10
	codeCNAF   = 23
	codeFamily = 35 // CNAF & MSA
	codeSocial = 36 // Sécurité sociale
	codeCNAV   = 37
	codeRNCPS  = 40
)

var (
	errPeriod      = errors.New("month asked is not within the last two years")
	errOtherPeriod = errors.New("source's answer is of another period")
)

// dss are the eight resources of the CNAV hub.
func dss() map[string]*resource {
	return map[string]*resource{
		"dss/quotient_familial":            quotient(),
		"dss/participation_familiale_eaje": childcare(),
		"dss/revenu_solidarite_active":     withIncrease("revenu_solidarite_active"),
		"dss/prime_activite":               withIncrease("prime_activite"),
		"dss/allocation_adulte_handicape":  benefit("allocation_adulte_handicape", "allocation_adulte_handicape", is("est_beneficiaire", flag()), since()),
		"dss/allocation_soutien_familial":  benefit("allocation_soutien_familial", "allocation_soutien_familial", is("est_beneficiaire", flag()), since()),
		"dss/allocation_enfant_handicape":  disabledChild(),
		"dss/complementaire_sante_solidaire": benefit("complementaire_sante_solidaire", "complementaire_sante_solidaire",
			is("est_beneficiaire", flag()), is("avec_participation", flag().orNull()), since()),
	}
}

func since() member { return is("date_debut_droit", date().orNull()) }

func socialCodes() []int { return []int{codeSocial, codeCNAV, codeCNAF, codeMSA, codeRNCPS} }

func quotient() *resource {
	value := object(is("fournisseur", oneOf("CNAF", "MSA", "RNCPS")), is("valeur", integer().orNull()), is("annee", integer()), is("mois", integer()),
		is("annee_calcul", integer()), is("mois_calcul", integer()))
	return &resource{
		operator: "CNAF & MSA", codes: []int{codeFamily, codeCNAF, codeMSA, codeCNAV, codeRNCPS}, ask: askQuotient,
		data: object(masked("quotient_familial", value), masked("allocataires", list(8, relative())), masked("enfants", list(40, relative())),
			masked("adresse", home())),
		scopes: map[string][]string{
			"cnaf_quotient_familial": {"quotient_familial"}, "cnaf_allocataires": {"allocataires"},
			"cnaf_enfants": {"enfants"}, "cnaf_adresse": {"adresse"},
		},
		persons: household(), check: ofMonthAsked,
	}
}

// relative is a person of a household's file.
func relative(more ...member) shape {
	return object(append([]member{
		is("nom_naissance", text()), is("nom_usage", text().orNull()), is("prenoms", text()), is("date_naissance", birthdate()), is("sexe", oneOf("M", "F")),
	}, more...)...)
}

func home() shape {
	return object(texts(text().orNull(), "destinataire", "complement_information", "complement_information_geographique", "numero_libelle_voie",
		"lieu_dit", "code_postal_ville", "pays")...)
}

func askQuotient(q providers.Query, today day) (question, error) {
	asked, err := monthOf(q, today.month())
	if err != nil {
		return question{}, err
	}
	k, err := ofPerson("/v3/dss/quotient_familial/identite", q.Identity, q.Recipient, familyNeeds()...)
	if err != nil {
		return question{}, err
	}
	k.parameters.Set("annee", strconv.Itoa(asked.year))
	k.parameters.Set("mois", strconv.Itoa(asked.month))
	k.month, k.period = asked, asked.String()
	return k, nil
}

func familyNeeds() []need { return []need{sex, country, commune, partialBirth} }

// monthOf is the month asked: of the current year or the two before, not in the
// future. Zero is the current one.
func monthOf(q providers.Query, now month) (month, error) {
	asked := month{q.Year, q.Month}
	if asked.year == 0 {
		asked.year = now.year
	}
	if asked.month == 0 {
		asked.month = now.month
	}
	future := asked.year > now.year || asked.year == now.year && asked.month > now.month
	if future || asked.year < now.year-2 || asked.month < 1 || asked.month > 12 {
		return asked, errPeriod
	}
	return asked, nil
}

// ofMonthAsked holds the answer to the month: API Particulier keeps quotients
// for a day, and one kept for another month is not this one.
func ofMonthAsked(a answered) error {
	q, ok := a.tree["quotient_familial"].(map[string]any)
	if !ok {
		return nil
	}
	if fmt.Sprint(q["annee"]) != strconv.Itoa(a.asked.month.year) || fmt.Sprint(q["mois"]) != strconv.Itoa(a.asked.month.month) {
		return errOtherPeriod
	}
	if q["valeur"] == nil {
		return errNoQuotient
	}
	return nil
}

// childcare is the family's contribution to a crèche (EAJE).
func childcare() *resource {
	const scope = "cnav_participation_familiale_eaje_"
	born := is("code_cog_insee_commune_naissance", text().orNull())
	income := object(is("valeur", integer()), is("annee_calcul", integer()))
	basis := object(is("nombre_enfants_a_charge", integer()), is("nombre_enfants_beneficiaire_aeeh", integer()), is("base_ressources_annuelles", income))
	return &resource{
		operator: "Sécurité sociale", codes: socialCodes(), ask: civil("/v3/dss/participation_familiale_eaje/identite", familyNeeds()...),
		data: object(masked("allocataires", list(8, relative(born))), masked("enfants", list(40, relative(born))), masked("adresse", home()),
			masked("parametres_calcul_participation_familiale", basis)),
		scopes: map[string][]string{
			scope + "allocataires": {"allocataires"}, scope + "enfants": {"enfants"}, scope + "adresse": {"adresse"},
			scope + "parametres_calcul": {"parametres_calcul_participation_familiale"},
		},
		persons: household(),
	}
}

// benefit is a status that one scope opens whole.
func benefit(name, scope string, members ...member) *resource {
	data := object()
	var paths []string
	for _, m := range members {
		data.members = append(data.members, masked(m.name, m.shape))
		paths = append(paths, m.name)
	}
	return &resource{
		operator: "Sécurité sociale", codes: socialCodes(), ask: civil("/v3/dss/"+name+"/identite", familyNeeds()...),
		data: data, scopes: map[string][]string{scope: paths},
	}
}

// withIncrease is a benefit whose increase (majoration) has a scope of its own.
func withIncrease(name string) *resource {
	r := benefit(name, name, is("est_beneficiaire", flag()), since())
	r.data.members = append(r.data.members, masked("avec_majoration", flag().orNull()))
	r.scopes[name+"_majoration"] = []string{"avec_majoration"}
	return r
}

func disabledChild() *resource {
	return benefit("allocation_enfant_handicape", "cnav_allocation_enfant_handicape",
		is("status", oneOf("allocataire", "ouvrant_droit", "non_beneficiaire")), since())
}
