package apiparticulier_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"accord/providers"
	"accord/providers/apiparticulier"
	"accord/providers/sourcetest"
)

func errorsOf(codes ...string) string {
	body := ""
	for _, code := range codes {
		body += fmt.Sprintf(`,{"code":%q,"title":"Titre","detail":"texte","source":null,"meta":{"provider":"X"}}`, code)
	}
	return `{"errors":[` + body[1:] + `]}`
}

// row is an answer with one error code; its reference is the code.
func row(status int, code string, want providers.Outcome, cause string) sourcetest.Refusal {
	return sourcetest.Refusal{Reference: "4 " + code, Name: fmt.Sprint(status), Status: status, Body: errorsOf(code), Outcome: want, Cause: cause, Alarm: cause == "unlisted"}
}

func as(reference, name string, r sourcetest.Refusal) sourcetest.Refusal {
	r.Reference, r.Name = reference, name
	return r
}

func twice(r sourcetest.Refusal) sourcetest.Refusal {
	r.Attempts = 2
	return r
}

// The same at every administration; reference/api-particulier.md §4.
func everywhere() []sourcetest.Refusal {
	page := func(status int, name, cause string) sourcetest.Refusal {
		return sourcetest.Refusal{Name: name, Status: status, Body: "<html>", Outcome: providers.Unavailable, Cause: cause, Alarm: cause == "unlisted"}
	}
	rows := []sourcetest.Refusal{
		row(400, "00401", providers.Refused, "form of the request"),
		row(401, "00101", providers.Refused, "credentials"), row(401, "00103", providers.Refused, "credentials"), row(401, "00105", providers.Refused, "credentials"),
		row(401, "50001", providers.Refused, "FranceConnect"), row(401, "50002", providers.Refused, "FranceConnect"),
		row(403, "00100", providers.Refused, "entitlement lacks"), row(403, "00107", providers.Refused, "credentials"),
		row(404, "00402", providers.Unavailable, "unlisted"),
		row(409, "00015", providers.Unavailable, "in flight"),
		as("4 410", "removed", page(410, "", "unlisted")),
		row(422, "00203", providers.Refused, "parameter: code 00203"), row(422, "00210", providers.Refused, "parameter"),
		as("4 003xx", "name", row(422, "00361", providers.Refused, "parameter")), as("4 004xx", "name", row(422, "00420", providers.Refused, "parameter")),
		row(422, "00355", providers.Unknown, "civil register"), row(422, "00366", providers.Refused, "civil identity"), row(422, "00391", providers.Ambiguous, "several"),
		as("4 003xx", "two at once", sourcetest.Refusal{Status: 422, Body: errorsOf("00355", "00427"), Outcome: providers.Refused, Cause: "parameter"}),
		row(429, "00429", providers.Unavailable, "limit"), row(451, "00005", providers.Unavailable, "legal"),
		row(500, "00500", providers.Unavailable, "in error"), row(501, "00503", providers.Unavailable, "in error"), twice(row(502, "00501", providers.Unavailable, "in error")),
		as("", "404 of a gateway", page(404, "", "unlisted")), as("", "409 of a gateway", page(409, "", "unlisted")),
		as("", "422 of a gateway", page(422, "", "unlisted")), as("", "400 of a gateway", page(400, "", "unlisted")),
		as("", "403 of a gateway", sourcetest.Refusal{Status: 403, Body: "<html>", Outcome: providers.Refused, Cause: "credentials"}),
		as("", "page with 200", page(200, "", "shape")), as("", "error with 200", sourcetest.Refusal{Status: 200, Body: errorsOf("35003"), Outcome: providers.Unavailable, Cause: "incomplete"}),
		as("", "404 of an administration that was not asked", row(404, "01003", providers.Unavailable, "unlisted")),
		as("", "404 of six digits", row(404, "350003", providers.Unavailable, "unlisted")),
		as("", "404 without errors", sourcetest.Refusal{Status: 404, Body: `{"errors":[]}`, Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true}),
		as("", "404 with two errors", sourcetest.Refusal{Status: 404, Body: errorsOf("35003", "24003"), Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true}),
		as("", "no content", sourcetest.Refusal{Status: 204, Outcome: providers.Unavailable, Cause: "unlisted", Alarm: true}),
	}
	for _, r := range sourcetest.Common() {
		if r.Status == http.StatusUnauthorized {
			r.Attempts = 1 // nobody renews the token
		}
		rows = append(rows, r)
	}
	return rows
}

// Of one administration.
func particular() map[string][]sourcetest.Refusal {
	const found, unknown, none = providers.Unavailable, providers.Unknown, providers.NoFile
	own := func(code string) []sourcetest.Refusal {
		return []sourcetest.Refusal{
			as("4 XX003", "not found", row(404, code+"003", unknown, "not known")),
			as("4 XX015", "several", row(409, code+"015", providers.Ambiguous, "several")),
			as("", "unlisted 404 of its own", row(404, code+"777", found, "unlisted")),
			as("", "unlisted 409 of its own", row(409, code+"003", found, "unlisted")),
		}
	}
	family := []sourcetest.Refusal{row(404, "23003", none, "no file"), row(404, "10003", none, "no file"), row(404, "40003", none, "no file")}
	return map[string][]sourcetest.Refusal{
		"dss/quotient_familial":                 slices.Concat(own("35"), family),
		"dss/participation_familiale_eaje":      slices.Concat(own("36"), []sourcetest.Refusal{row(404, "37003", none, "no file")}),
		"dss/complementaire_sante_solidaire":    own("36"),
		"mesri/statut_etudiant":                 own("25"),
		"cnous/etudiant_boursier":               own("26"),
		"men/scolarites":                        slices.Concat(own("30"), []sourcetest.Refusal{row(404, "30004", none, "not at school")}),
		"france_travail/statut":                 own("24"),
		"dsnj/service_national":                 slices.Concat(own("39"), []sourcetest.Refusal{row(422, "39400", providers.Refused, "ages 16 to 25")}),
		"gip_mds/service_civique":               own("31"),
		"sdh/statut_sportif":                    own("41"),
		"ants/extrait_immatriculation_vehicule": own("42"),
	}
}

func TestEveryRefusalOfTheReferenceHasItsOutcome(t *testing.T) {
	for resource, own := range particular() {
		t.Run(resource, func(t *testing.T) {
			rows := slices.Concat(everywhere(), own)
			if resource == "cnous/etudiant_boursier" { // a code of somebody else's is not absence
				rows = append(rows, as("", "the funds' code", row(404, "23003", providers.Unavailable, "unlisted")))
			}
			sourcetest.Refuse(t, sourcetest.Table{
				Reference: referenceOf(rows), Rows: rows, Query: queryOf(resource, ines(), true),
				Make: func(client *http.Client, alarm func(source, what string)) (providers.Source, error) {
					a, err := apiparticulier.New(apiparticulier.Config{URL: "https://particulier.example", Token: token, HTTP: client, Alarm: alarm, Now: now})
					if err != nil {
						return nil, err
					}
					return a.Source(sources()[resource]), nil
				},
			})
		})
	}
}

// referenceOf wants every row of §4 that this source can meet, and of rows
// those particular to it.
func referenceOf(rows []sourcetest.Refusal) []string {
	all := append(sourcetest.CommonReference(), "4 00401", "4 00101", "4 00103", "4 00105", "4 50001", "4 50002", "4 00100", "4 00107", "4 XX003", "4 00402",
		"4 00015", "4 XX015", "4 410", "4 00203", "4 00210", "4 003xx", "4 004xx", "4 00355", "4 00366", "4 00391", "4 00429", "4 00005", "4 00500", "4 00503", "4 00501")
	for _, r := range rows {
		if r.Reference != "" && !slices.Contains(all, r.Reference) {
			all = append(all, r.Reference)
		}
	}
	return all
}
