package apiparticulier

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"accord/providers"
)

var (
	errINE      = errors.New("INE not of eleven letters and digits")
	errCampaign = errors.New("campaign asked is not between 2021 and last year")
	errSchool   = errors.New("school year or school not given or not of their form")
)

var (
	ine        = regexp.MustCompile(`^[0-9A-Za-z]{11}$`)
	school     = regexp.MustCompile(`^[0-9]{7}[A-Za-z]$`)
	schoolYear = regexp.MustCompile(`^([0-9]{4})(-[0-9]{4})?$`)
)

// student is the MESR's register of enrolments.
func student() *resource {
	training := object(is("libelle", text().orNull()), is("code", text().orNull()))
	establishment := object(is("uai", text().orNull()), is("nom", text().orNull()))
	admission := object(is("date_debut", date()), is("date_fin", date()), masked("est_inscrit", flag()), masked("regime_formation", training),
		masked("code_cog_insee_commune", text().orNull()), masked("etablissement_etudes", establishment))
	return &resource{
		operator: "MESR", codes: []int{25}, ask: askStudent,
		data: object(masked("identite", object(is("nom_naissance", text()), is("prenom", text()), is("date_naissance", birthdate()))),
			masked("admissions", list(100, admission))),
		scopes: map[string][]string{
			"mesri_identite": {"identite"}, "mesri_admissions": {"admissions"}, "mesri_admission_inscrit": {"admissions[].est_inscrit"},
			"mesri_admission_regime_formation":     {"admissions[].regime_formation"},
			"mesri_admission_commune_etudes":       {"admissions[].code_cog_insee_commune"},
			"mesri_admission_etablissement_etudes": {"admissions[].etablissement_etudes"},
		},
		persons: one("identite", "nom_naissance", "prenom"),
	}
}

func askStudent(q providers.Query, today day) (question, error) {
	return byINE("/v3/mesri/statut_etudiant", q, today, sex, commune)
}

// byINE asks by the student's number when they gave it, else by civil identity.
func byINE(path string, q providers.Query, _ day, needs ...need) (question, error) {
	number := q.Inputs["ine"]
	switch {
	case number == "":
		return ofPerson(path+"/identite", q.Identity, q.Recipient, needs...)
	case !ine.MatchString(number):
		return question{}, errINE
	}
	return typedBy(path+"/ine", "ine", number, q), nil
}

// grant is the CNOUS's register of student grants, version 4.
func grant() *resource {
	status := object(is("est_boursier", flag()), is("est_radie", flag()), is("date_radiation", date().orNull()))
	who := object(is("nom", text()), is("prenoms", list(20, text())), is("date_naissance", birthdate()), is("nom_commune_naissance", text().orNull()),
		is("sexe", oneOf("M", "F").orNull()))
	step := object(is("echelon", oneOf("0bis", "1", "2", "3", "4", "5", "6", "7").orNull()), is("echelon_bourse_regionale_provisoire", flag().orNull()))
	return &resource{
		operator: "CNOUS", codes: []int{26}, ask: askGrant,
		data: object(masked("identite", who), masked("email", text().orNull()), masked("statut_boursier", status), masked("echelon_bourse", step),
			masked("periode_versement_bourse", object(is("date_rentree", date().orNull()), is("duree", number().orNull()))),
			masked("etablissement_etudes", object(is("nom_commune", text().orNull()), is("nom_etablissement", text().orNull())))),
		scopes: map[string][]string{
			"cnous_identite": {"identite"}, "cnous_email": {"email"}, "cnous_statut_boursier": {"statut_boursier"},
			"cnous_echelon_bourse": {"echelon_bourse"}, "cnous_periode_versement": {"periode_versement_bourse"}, "cnous_ville_etudes": {"etablissement_etudes"},
		},
		persons: one("identite", "nom", "prenoms"),
	}
}

// askGrant asks for the current campaign unless q.Year, or the citizen, names
// a past one.
func askGrant(q providers.Query, today day) (question, error) {
	year := q.Year
	if typed := q.Inputs["annee_campagne"]; year == 0 && typed != "" {
		var err error
		if year, err = strconv.Atoi(typed); err != nil || year == 0 {
			return question{}, errCampaign
		}
	}
	if year != 0 && (year < 2021 || year >= today.month().year) {
		return question{}, errCampaign
	}
	k, err := byINE("/v4/cnous/etudiant_boursier", q, today, sexSome, commune)
	if err == nil && year != 0 {
		k.period = strconv.Itoa(year)
		k.parameters.Set("campaignYear", k.period)
	}
	return k, err
}

// pupil is the ministry's register of pupils, version 5.
func pupil() *resource {
	who := object(is("nom", text()), is("prenom", text()), is("sexe", oneOf("M", "F")), is("date_naissance", birthdate()))
	return &resource{
		operator: "Éducation nationale", codes: []int{30}, ask: askPupil,
		data: object(masked("identite", who), masked("annee_scolaire", text()), masked("est_scolarise", flag()),
			masked("statut_eleve", object(is("code", text()), is("libelle", text().orNull()))),
			masked("etablissement", object(is("code_uai", text()), is("code_ministere_tutelle", text().orNull()))),
			masked("module_elementaire_formation", object(is("code_mef_stat", text().orNull()), is("libelle", text().orNull()))),
			masked("est_boursier", flag()), masked("echelon_bourse", integer().orNull()),
			masked("regime_pensionnat", object(is("code", oneOf("0", "1", "2", "3", "4", "5", "6")), is("libelle", text().orNull())).orNull())),
		scopes: map[string][]string{
			"men_statut_identite": {"identite"}, "men_statut_scolarite": {"annee_scolaire", "est_scolarise", "statut_eleve"},
			"men_statut_etablissement": {"etablissement"}, "men_statut_module_elementaire_formation": {"module_elementaire_formation"},
			"men_statut_boursier": {"est_boursier"}, "men_echelon_bourse": {"echelon_bourse"}, "men_regime_pensionnat": {"regime_pensionnat"},
		},
		persons: one("identite", "nom", "prenom"), check: ofSchoolYearAsked,
	}
}

// askPupil asks about the child the citizen chose or, when none, about the
// citizen. The child's name is typed: the answer must name them.
func askPupil(q providers.Query, _ day) (question, error) {
	year := schoolYear.FindStringSubmatch(q.Inputs["annee_scolaire"])
	if year == nil || !school.MatchString(q.Inputs["code_etablissement"]) {
		return question{}, errSchool
	}
	who := pupilOf(q)
	if err := who.Check(); err != nil {
		return question{}, err
	}
	k, err := ofPerson("/v5/men/scolarites/identite", who, q.Recipient, sex)
	if err != nil {
		return question{}, err
	}
	k.parameters.Set("anneeScolaire", year[0])
	k.parameters.Set("codeEtablissement", strings.ToUpper(q.Inputs["code_etablissement"]))
	k.bound, k.period = true, year[1]
	k.year, err = strconv.Atoi(year[1])
	return k, err
}

func pupilOf(q providers.Query) providers.Identity {
	if q.Inputs["enfant_nom"] == "" {
		return q.Identity
	}
	return providers.Identity{
		FamilyName: q.Inputs["enfant_nom"], GivenName: q.Inputs["enfant_prenoms"], Birthdate: q.Inputs["enfant_date_naissance"],
		Gender: map[string]string{"M": "male", "F": "female"}[strings.ToUpper(q.Inputs["enfant_sexe"])],
	}
}

func ofSchoolYearAsked(a answered) error {
	told, ok := a.tree["annee_scolaire"].(string)
	if ok && (len(told) < 4 || told[:4] != strconv.Itoa(a.asked.year)) {
		return errOtherPeriod
	}
	return nil
}
