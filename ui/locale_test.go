package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLocalesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	u := newUI(t, true)
	fr := u.speech[fallback].texts
	if len(fr) < 300 {
		t.Errorf("only %d texts read", len(fr))
	}
	for _, lang := range languages()[1:] {
		sameKeys(t, lang, fr, u.speech[lang].texts)
	}
}

// sameKeys holds a language to the French file: keys, and with them plural and
// grammatical forms, and placeholders.
func sameKeys(t *testing.T, lang string, fr, other map[string]string) {
	t.Helper()
	placeholders := func(text string) []string {
		found := regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key, text := range fr {
		its, ok := other[key]
		if !ok {
			t.Errorf("%s lacks %s", lang, key)
			continue
		}
		if !strings.HasPrefix(key, "rule.") && !slices.Equal(placeholders(text), placeholders(its)) {
			t.Errorf("%s: %v in fr, %v in %s", key, placeholders(text), placeholders(its), lang)
		}
		if key == "number.group" {
			continue // a space
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(its) == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for key := range other {
		if _, ok := fr[key]; !ok {
			t.Errorf("fr lacks %s, which %s has", key, lang)
		}
	}
}

func TestEveryTextATemplateNamesExists(t *testing.T) {
	u := newUI(t, true)
	names := regexp.MustCompile(`\bt "([^"]+)"`)
	err := fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		source, err := templateFiles.ReadFile(path)
		for _, m := range names.FindAllSubmatch(source, -1) {
			if key := string(m[1]); !u.speech["fr"].has(key) {
				t.Errorf("%s names %s, which no locale holds", path, key)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func data() []string {
	return strings.Fields(`family_name given_name birthdate gender birthplace birthcountry preferred_username email
		cnaf_quotient_familial cnaf_allocataires cnaf_enfants cnaf_adresse dgfip_rfr dgfip_nbpart dgfip_sitfam dgfip_nbpac dgfip_aft
		cnav_participation_familiale_eaje_parametres_calcul cnav_participation_familiale_eaje_allocataires
		cnav_participation_familiale_eaje_enfants cnav_participation_familiale_eaje_adresse prime_activite
		prime_activite_majoration allocation_soutien_familial revenu_solidarite_active
		revenu_solidarite_active_majoration complementaire_sante_solidaire allocation_adulte_handicape
		cnav_allocation_enfant_handicape france_travail_inscription france_travail_identite france_travail_contact
		france_travail_adresse france_travail_identifiant france_travail_paiements mesri_admissions
		mesri_admission_inscrit mesri_admission_regime_formation mesri_admission_commune_etudes
		mesri_admission_etablissement_etudes mesri_identite cnous_statut_boursier cnous_echelon_bourse
		cnous_periode_versement cnous_ville_etudes cnous_email cnous_identite men_statut_scolarite men_statut_identite
		men_statut_etablissement men_statut_module_elementaire_formation men_statut_boursier men_echelon_bourse
		men_regime_pensionnat dsnj_statut_service_national gip_mds_service_civique_statut_actuel
		gip_mds_service_civique_statut_passe gip_mds_service_civique_organisme_accueil gip_mds_service_civique_dates
		sdh_statut_sportif_est_sportif_de_haut_niveau sdh_statut_sportif_a_ete_sportif_de_haut_niveau
		sdh_statut_sportif_informations_statut sdh_statut_sportif_informations_statuts_precedents
		sdh_statut_sportif_identite ants_extrait_immatriculation_vehicule_statut_rattachement
		ants_extrait_immatriculation_vehicule_donnees_immatriculation_vehicule
		ants_extrait_immatriculation_vehicule_caracteristiques_techniques_vehicule
		ants_extrait_immatriculation_vehicule_identite_particulier
		ants_extrait_immatriculation_vehicule_adresse_particulier`)
}

func TestEveryDatumHasAUniqueLabelASentenceAndASubject(t *testing.T) {
	u := newUI(t, true)
	for _, lang := range languages() {
		seen := map[string]string{}
		for _, id := range data() {
			s := u.speech[lang]
			for _, field := range []string{"label", "what", "subject"} {
				if !s.has("datum." + id + "." + field) {
					t.Errorf("%s: datum.%s.%s is missing", lang, id, field)
				}
			}
			label := strings.ToLower(s.datum(id))
			if seen[label] != "" {
				t.Errorf("%s: %s and %s share the label %q", lang, seen[label], id, label)
			}
			seen[label] = id
		}
	}
}

func TestEveryEventSourceRightAndErrorHasWords(t *testing.T) {
	u := newUI(t, true)
	var keys []string
	for _, kind := range strings.Fields(`consent.granted consent.refused release.completed release.failed consent.withdrawn consent.revoked
		key.activated key.retired key.compromised notice.published policy.changed erasure.done log.opened source.queried approval.changed
		log.closed consent.renewed admin.act lookup.requested source.answered`) {
		keys = append(keys, "event."+kind+".label")
	}
	for _, source := range strings.Fields("cnav dgfip franceconnect francetravail mesr cnous men dsnj gipmds sdh ants") {
		keys = append(keys, "source."+source+".name", "source."+source+".short", "source."+source+".subject", "source."+source+".kind")
	}
	for _, b := range []Basis{PublicTask, ConsentGDPR} {
		for _, right := range rightsOf(b) {
			short, _, _ := strings.Cut(right, ":")
			keys = append(keys, "rights."+short)
		}
	}
	for _, code := range codes() {
		for _, field := range []string{"title", "what", "sent", "todo"} {
			keys = append(keys, "error."+code+"."+field)
		}
	}
	for _, key := range keys {
		if !u.speech["fr"].has(key) {
			t.Errorf("%s is missing", key)
		}
	}
}

func TestFrenchTextsHaveNoBreakSpacesAndRealApostrophes(t *testing.T) {
	for key, text := range newUI(t, true).speech["fr"].texts {
		if regexp.MustCompile(` [:;?!»]|« |'`).MatchString(text) {
			t.Errorf("%s: %q", key, text)
		}
	}
}

func TestWordsThatPushOrMisleadAreBanned(t *testing.T) {
	u := newUI(t, true)
	for lang, banned := range map[string][]string{
		"fr": {"Accepter et continuer", "Êtes-vous sûr", "pour votre sécurité acceptez", "conforme RGAA", "OK"},
		"en": {"Accept and continue", "Are you sure", "OK"},
	} {
		for key, text := range u.speech[lang].texts {
			for _, b := range banned {
				if strings.Contains(text, b) {
					t.Errorf("%s %s: %q", lang, key, text)
				}
			}
		}
	}
	for _, key := range []string{"button.accept", "button.see", "button.simulator"} {
		if strings.Contains(u.speech["fr"].text(key), "Continuer") {
			t.Errorf("%s continues instead of accepting", key)
		}
	}
}

// TestNoMarkOfTheStateIsShipped looks at every file of the repository for what
// only the State, FranceConnect or DSFR may carry. The words are put together
// here so that this test does not find itself.
func TestNoMarkOfTheStateIsShipped(t *testing.T) {
	marks := []string{"font-family:" + "Mari" + "anne", "font-family: " + "Mari" + "anne", `"Mari` + `anne"`, "DSFR " + "v", "@gouvfr/" + "dsfr", "fr-" + "logo", "République<br>" + "Française", "fr-" + "connect__brand"}
	names := regexp.MustCompile(`(?i)(mar` + `ianne[-_.\w]*\.(woff2?|ttf|otf|svg)|dsfr[-_.\w]*\.(css|js)|france` + `connect[-_.\w]*\.(svg|png|webp))$`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // a file of another test that has gone meanwhile
		}
		if d.IsDir() {
			if n := d.Name(); n == ".git" || n == "node_modules" || n == "bin" {
				return filepath.SkipDir
			}
			return nil
		}
		if names.MatchString(d.Name()) {
			t.Errorf("%s must not be shipped", path)
		}
		if info, err := d.Info(); err != nil || info.Size() > 2<<20 {
			return nil
		}
		content, _ := os.ReadFile(path)
		for _, m := range marks {
			if strings.Contains(string(content), m) {
				t.Errorf("%s holds %q", path, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
