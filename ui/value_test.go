package ui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func flat(lines []Line) string {
	var out []string
	for _, l := range lines {
		if l.Label != "" {
			out = append(out, l.Label+"="+l.Text)
			continue
		}
		out = append(out, l.Text)
	}
	return strings.ReplaceAll(strings.Join(out, " | "), "\u00a0", " ")
}

func TestValuesAreWrittenInTheReadersWords(t *testing.T) {
	u := newUI(t, true)
	for _, c := range []struct{ unit, raw, fr, en string }{
		{
			"EUR/month", `{"quotient_familial":{"fournisseur":"CNAF","valeur":872,"annee":2026,"mois":10,"annee_calcul":2026,"mois_calcul":9}}`,
			"872 € | Période=octobre 2026 | Calculé en=septembre 2026 | Calculé par=CNAF", "€872 | Period=October 2026 | Worked out in=September 2026 | Worked out by=CNAF",
		},
		{"EUR/month", `{"quotient_familial":{"valeur":null}}`, "Non renseigné", "Not given"},
		{"EUR/year", `{"revenu_fiscal_reference":1234567,"annee_revenus":"2025"}`, "1\u202f234\u202f567 € | Année des revenus=2025", "€1,234,567 | Year of the income=2025"},
		{"EUR/year", `{"revenu_fiscal_reference":-42}`, "−42 €", "€−42"},
		{"EUR/year", `{"revenu_fiscal_reference":12345678901234567890.10}`, "12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890,10 €", "€12,345,678,901,234,567,890.10"},
		{"EUR/year", `{"revenu_fiscal_reference":1e3}`, "1e3 €", "€1e3"},
		{"shares", `{"nombre_parts":2.5}`, "2,5 parts", "2.5 shares"},
		{"shares", `{"nombre_parts":1.5}`, "1,5 part", "1.5 shares"},
		{"shares", `{"nombre_parts":1}`, "1 part", "1 share"},
		{"shares", `{"nombre_parts":2.75}`, "2,75 parts", "2.75 shares"},
		{"count", `{"nombre_personnes_a_charge":0}`, "0", "0"},
		{"enum:situation_famille", `{"situation_famille":"M"}`, "Marié(e) (M)", "Married (M)"},
		{"enum:situation_famille", `{"situation_famille":"inconnue"}`, "inconnue", "inconnue"},
		{"enum:gender", `{"gender":"female"}`, "Féminin", "Female"},
		{"date", `{"birthdate":"1984-03-09"}`, "9 mars 1984", "9 March 1984"},
		{"date", `{"birthdate":"1984-03-01"}`, "1er mars 1984", "1 March 1984"},
		{"date", `{"birthdate":"1984-03-00"}`, "mars 1984 (jour inconnu)", "March 1984 (day unknown)"},
		{"date", `{"birthdate":"1984-00-00"}`, "1984 (jour et mois inconnus)", "1984 (day and month unknown)"},
		{"date", `{"birthdate":"demain"}`, "demain", "demain"},
		{"commune", `{"birthplace":"99999"}`, "commune de code INSEE 99999", "municipality with INSEE code 99999"},
		{"country", `{"birthcountry":"99100"}`, "France (code INSEE 99100)", "France (INSEE code 99100)"},
		{"country", `{"birthcountry":"99999"}`, "pays de code INSEE 99999", "country with INSEE code 99999"},
		{"text", `{"family_name":"KERVADEC"}`, "KERVADEC", "KERVADEC"},
		{"text", `{"given_name":"Solène Marie","given_name_array":["Solène","Marie"]}`, "Solène Marie | Prénom=Solène | Prénom=Marie", "Solène Marie | First name=Solène | First name=Marie"},
		{"text", `"KERVADEC"`, "KERVADEC", "KERVADEC"},
		{"persons", `{"enfants":[]}`, "Personne", "Nobody"},
		{
			"persons", `{"enfants":[{"nom_naissance":"KERVADEC","nom_usage":"LE GOFF","prenoms":"MAËL JEAN","date_naissance":"2017-05-03","sexe":"M"},{"nom_naissance":"KERVADEC","prenoms":"LOU","date_naissance":"0000-00-00","sexe":"F"}]}`,
			"MAËL JEAN KERVADEC (nom d’usage : LE GOFF), né le 3 mai 2017, sexe masculin | LOU KERVADEC, date de naissance inconnue (0000-00-00), sexe féminin",
			"MAËL JEAN KERVADEC (name used: LE GOFF), born on 3 May 2017, sex male | LOU KERVADEC, date of birth unknown (0000-00-00), sex female",
		},
		{
			"persons", `{"enfants":[{"nom_naissance":"KERVADEC","prenoms":"LOU","date_naissance":"2019-12-00","sexe":"F"}]}`,
			"LOU KERVADEC, née en décembre 2019 (jour inconnu), sexe féminin", "LOU KERVADEC, born in December 2019 (day unknown), sex female",
		},
		{
			"address", `{"adresse":{"destinataire":"Madame KERVADEC","complement_information":null,"numero_libelle_voie":"1 RUE DU LAVOIR","code_postal_ville":"00000 VALBRUME","pays":"FRANCE"}}`,
			"Madame KERVADEC | 1 RUE DU LAVOIR | 00000 VALBRUME | FRANCE", "Madame KERVADEC | 1 RUE DU LAVOIR | 00000 VALBRUME | FRANCE",
		},
		{"address", `{"adresse_taxation":"1 RUE DU LAVOIR 00000 VALBRUME"}`, "1 RUE DU LAVOIR 00000 VALBRUME", "1 RUE DU LAVOIR 00000 VALBRUME"},
		{
			"benefit", `{"est_beneficiaire":true,"date_debut_droit":"2026-05-01"}`,
			"Bénéficiaire : Oui | Depuis le : 1er mai 2026", "Beneficiary: Yes | Since: 1 May 2026",
		},
		{"benefit", `{"status":"ouvrant_droit","date_debut_droit":null}`, "Situation : Un enfant y donne droit | Depuis le : Non renseigné", "Status: A child entitles to it | Since: Not given"},
		{
			"record", `{"statut_actuel":{"contrat_trouve":false},"statut_passe":{"contrat_trouve":true}}`,
			"Contrat actuel, contrat trouvé : Non | Contrat passé, contrat trouvé : Oui", "Current contract, contract found: No | Past contract, contract found: Yes",
		},
		{
			"list", `{"paiements":[{"date_versement":"2026-10-04","montant_total":1123.40},{"date_versement":"2026-11-04","montant_total":0}]}`,
			"Versement : 4 octobre 2026 · Total : 1 123,40 € | Versement : 4 novembre 2026 · Total : 0 €", "Payment: 4 October 2026 · Total: €1,123.40 | Payment: 4 November 2026 · Total: €0",
		},
		{"list", `{"paiements":[]}`, "Aucun", "None"},
		{"record", `{}`, "Non renseigné", "Not given"},
		{"EUR/year", ``, "Non renseigné", "Not given"},
		{"EUR/year", `{`, "Non renseigné", "Not given"},
		{"EUR/year", `{}`, "Non renseigné", "Not given"},
	} {
		if got := flat(u.FormatValue(c.unit, json.RawMessage(c.raw), "fr")); got != strings.ReplaceAll(c.fr, "\u00a0", " ") {
			t.Errorf("%s %s\n got %q\nwant %q", c.unit, c.raw, got, c.fr)
		}
		if got := flat(u.FormatValue(c.unit, json.RawMessage(c.raw), "en")); got != c.en {
			t.Errorf("%s %s\n got %q\nwant %q", c.unit, c.raw, got, c.en)
		}
	}
}

// TestNothingThatWouldBeSentIsHiddenFromTheCitizen draws documents of any
// shape: each of their strings must stand in some line (promise 4).
func TestNothingThatWouldBeSentIsHiddenFromTheCitizen(t *testing.T) {
	u := newUI(t, true)
	units := []string{"EUR/month", "EUR/year", "shares", "count", "persons", "address", "text", "date", "enum:sexe", "commune", "country", "benefit", "record", "list"}
	names := []string{"a", "valeur", "annee", "mois", "annee_calcul", "fournisseur", "enfants", "nom_naissance", "prenoms", "sexe", "date_naissance", "adresse", "destinataire", "pays"}
	rapid.Check(t, func(rt *rapid.T) {
		var sent []string
		var draw func(depth int) any
		draw = func(depth int) any {
			switch k := rapid.IntRange(0, 3).Draw(rt, "kind"); {
			case k == 0 && depth > 0:
				object := map[string]any{}
				for _, n := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 4, rapid.ID).Draw(rt, "names") {
					object[n] = draw(depth - 1)
				}
				return object
			case k == 1 && depth > 0:
				list := []any{}
				for range rapid.IntRange(0, 3).Draw(rt, "length") {
					list = append(list, draw(depth-1))
				}
				return list
			}
			sent = append(sent, fmt.Sprintf("canary%dq", len(sent)))
			return sent[len(sent)-1]
		}
		raw, err := json.Marshal(draw(4))
		if err != nil {
			rt.Fatal(err)
		}
		for _, lang := range languages() {
			shown := flat(u.FormatValue(rapid.SampledFrom(units).Draw(rt, "unit"), raw, lang))
			for _, s := range sent {
				if !strings.Contains(shown, s) {
					rt.Fatalf("%s would be sent and is not shown: %s → %s", s, raw, shown)
				}
			}
		}
	})
}

func TestMomentsAreParisTimeInWords(t *testing.T) {
	u := newUI(t, true)
	summer := at(14, 32).AddDate(0, -4, 0)
	for lang, want := range map[string][]string{
		"fr": {"22 novembre 2026 à 14 h 32", "15 h 32", "12 mois", "1 an", "octobre 2026", "revenus 2025", "trimestre"},
		"en": {"22 November 2026 at 2.32 pm", "3.32 pm", "12 months", "1 year", "October 2026", "income of 2025", "trimestre"},
	} {
		s := u.speech[lang]
		got := []string{s.when(at(14, 32)), s.clock(summer), s.span("P12M"), s.span("P1Y"), s.period("2026-10"), s.period("2025"), s.period("trimestre")}
		for i := range got {
			if strings.ReplaceAll(got[i], "\u00a0", " ") != want[i] {
				t.Errorf("%s: %q, want %q", lang, got[i], want[i])
			}
		}
	}
}
