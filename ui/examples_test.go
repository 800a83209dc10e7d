package ui

import (
	"encoding/json"
	"time"
)

// An example is one page state that every whole-page test walks.
type example struct {
	name string
	page Page
}

func at(hour, minute int) time.Time {
	return time.Date(2026, 11, 22, hour-1, minute, 0, 0, time.UTC) // Paris is one hour ahead in November
}

func form() Form {
	return Form{Action: "/accord", CSRF: "csrf-token-1", Interaction: "q7Zk2PfA", Text: "sha-256:ecran"}
}

func valbrume() Requester {
	return Requester{
		Name: "Commune de Valbrume", SIRET: "99900010200015", Service: "service scolaire", Editor: "Cantilène Logiciels",
		DPO: "dpo@valbrume.example", Return: "http://127.0.0.1:8082/",
	}
}

func operator() Operator {
	return Operator{Name: "Syndicat numérique du Val", DPO: "dpo@accord.example"}
}

func canteen() Text {
	return Text{FR: "Calculer le prix des repas de vos enfants à la cantine selon les revenus de votre foyer.", EN: "To work out the price of your children's school meals from your household's income."}
}

func consent() Consent {
	return Consent{
		Lang: "fr", Requester: valbrume(), Operator: operator(), NotMe: "/non-moi?i=q7Zk2PfA",
		Person:  Person{Name: "Solène Kervadec", Birthdate: "1984-03-09", Gender: "female"},
		Purpose: canteen(), PurposeID: "tarification-cantine", Basis: PublicTask,
		LegalTexts: []string{"CRPA, art. L.114-8", "délibération 2026-31"}, Approval: Link{Name: "valbrume-cantine"},
		Sources: []Source{family(), taxes()}, Retention: "P1Y", RetentionOf: Text{FR: "fin de l'année scolaire", EN: "end of the school year"}, Proof: "P5Y",
		Recipients:  []Text{{FR: "Agents du service scolaire", EN: "Staff of the school service"}},
		Consequence: Text{FR: "Sans justificatif, le tarif le plus élevé s'applique (7,20 € le repas).", EN: "Without a document, the highest tariff applies (€7.20 a meal)."},
		OtherPath:   Text{FR: "Déposez une attestation de quotient familial dans le formulaire ou au guichet de la mairie.", EN: "Upload a family quotient certificate in the form, or bring it to the town hall."},
		Contacts:    []Contact{{Source: "cnav", URL: "https://cnav.example/dpo"}},
		ValuesUntil: at(14, 42), SessionUntil: at(14, 52), Extend: "/accord?i=q7Zk2PfA&prolonger=1",
		Reference: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Form: form(),
	}
}

func family() Source {
	return Source{ID: "cnav", Operator: "CNAF", Outcome: Found, Items: []Item{
		{
			Datum: "cnaf_quotient_familial", Unit: "EUR/month", Period: "2026-10", Required: true,
			Why:   Text{FR: "pour calculer le tarif", EN: "to work out the tariff"},
			Value: json.RawMessage(`{"quotient_familial":{"fournisseur":"CNAF","valeur":872,"annee":2026,"mois":10}}`),
		},
		{
			Datum: "cnaf_enfants", Unit: "persons", Why: Text{FR: "applique la réduction à partir du 2e enfant", EN: "applies the reduction from the 2nd child on"},
			Value: json.RawMessage(`{"enfants":[{"nom_naissance":"KERVADEC","nom_usage":null,"prenoms":"MAËL JEAN","date_naissance":"2017-05-03","sexe":"M"},{"nom_naissance":"KERVADEC","prenoms":"LOUISON","date_naissance":"2019-12-00","sexe":"F"}]}`),
		},
	}}
}

func taxes() Source {
	return Source{ID: "dgfip", Operator: "DGFiP", Outcome: Found, Items: []Item{
		{
			Datum: "dgfip_rfr", Unit: "EUR/year", Period: "2025", Why: Text{FR: "sert de contrôle si le quotient manque"},
			Value: json.RawMessage(`{"annee_revenus":2025,"revenu_fiscal_reference":24500}`),
		},
		{Datum: "dgfip_nbpart", Unit: "shares", Period: "2025", Value: json.RawMessage(`{"nombre_parts":2.5}`)},
	}}
}

func consentGDPR() Consent {
	c := consent()
	c.Basis, c.Sources, c.Requester.Editor = ConsentGDPR, []Source{taxes()}, ""
	c.Later = &Later{Until: time.Date(2027, 8, 31, 10, 0, 0, 0, time.UTC), Fetches: 4, NotCovered: []string{"family_name"}}
	return c
}

func outcome(o Outcome, absence bool) Consent {
	c := consent()
	c.Sources[0].Outcome, c.Sources[0].Absence = o, absence
	return c
}

func hidden() Consent {
	c := consent()
	c.Sources[0].Items[1].Hidden, c.Sources[1].Items[0].Required = true, true
	c.Sources[1].Items = c.Sources[1].Items[:1]
	c.Sources = append(c.Sources, Source{ID: "franceconnect", Outcome: Found, Items: []Item{
		{Datum: "family_name", Unit: "text", Required: true, Value: json.RawMessage(`{"family_name":"KERVADEC"}`)},
		{Datum: "birthdate", Unit: "date", Required: true, Value: json.RawMessage(`{"birthdate":"1984-03-09"}`)},
	}})
	return c
}

func again() Consent {
	c := consent()
	c.Again = true
	return c
}

func problems() Consent {
	c := consent()
	c.Problems = []Problem{{Field: "d-cnaf-enfants", Text: "unknown_item"}}
	return c
}

func tariff() Consent {
	c := consent()
	c.Sources[0].Items[0].Tariffs = []Tariff{{Grid: "tarif-cantine", Answer: &Answer{"C", Text{FR: "4,10 € le repas", EN: "€4.10 a meal"}}}}
	c.Sources[0].Items[1].Tariffs = []Tariff{{Grid: "en-age", YesNo: true, Answer: &Answer{"oui", Text{FR: "un enfant en âge d'école", EN: "a child of school age"}}}, {Grid: "sans-reponse"}}
	return c
}

func wrongData() WrongData {
	return WrongData{
		Requester: valbrume(), OtherPath: consent().OtherPath, Receipt: "/recu/r-1", Reference: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1",
		Holders: []Holder{{"cnav", "CNAF et MSA", "3 rue de l'Exemple, 00000 Valbrume", "https://cnav.example/dpo"}, {Source: "dgfip", Name: "DGFiP"}},
	}
}

func connexion() Connexion {
	return Connexion{
		Requester: valbrume(), Operator: operator(), Purpose: canteen(), Basis: PublicTask,
		Groups: []Group{
			{Source: "cnav", Data: []Asked{{Datum: "cnaf_quotient_familial", Required: true, Why: Text{FR: "pour calculer le tarif", EN: "to work out the tariff"}}, {Datum: "cnaf_enfants"}}},
			{Source: "dgfip", Data: []Asked{{Datum: "dgfip_rfr", Period: "2025"}}},
		},
		OtherPath:   Text{FR: "Joignez vous-même une attestation de la CAF sur le site de la commune.", EN: "Attach a certificate from CAF yourself on the town's site."},
		Consequence: Text{FR: "le tarif maximal (7,20 €) s'appliquera."}, Form: Form{Action: "/connexion", CSRF: "csrf-token-1", Interaction: "q7Zk2PfA"},
	}
}

func sensitive() Connexion {
	c := connexion()
	c.Sensitive = []Asked{{Datum: "revenu_solidarite_active", Required: true, Why: Text{FR: "ouvre droit au tarif social", EN: "opens the social tariff"}}, {Datum: "complementaire_sante_solidaire"}}
	c.Typed, c.Children, c.ListOnly = []string{"identifiant", "code_etablissement"}, true, true
	return c
}

func untold() Connexion {
	c := sensitive()
	c.Ticked, c.Untold = []string{"complementaire_sante_solidaire"}, []string{"revenu_solidarite_active"}
	return c
}

func inputs() Inputs {
	return Inputs{
		Requester: valbrume(), Purpose: canteen(), OtherPath: Text{FR: "Déposez un certificat de scolarité au guichet.", EN: "Bring a school certificate to the desk."},
		Fields: []Field{
			{Name: "identifiant", For: []string{"france_travail_inscription"}},
			{Name: "ine", For: []string{"mesri_admissions"}, Optional: true},
			{Name: "immatriculation"},
			{Name: "identifiant_sportif"},
			{Name: "code_etablissement"},
			{Name: "annee_scolaire", Options: []string{"2026", "2025", "2024"}},
		},
		Form: Form{Action: "/saisie", CSRF: "csrf-token-1", Interaction: "q7Zk2PfA"},
	}
}

func inputsWrong() Inputs {
	p := inputs()
	p.Fields[0].Problem = "missing"
	p.Fields[2].Value, p.Fields[2].Problem = "AA-12", "wrong"
	p.Fields[5].Value = "2025"
	return p
}

func child() Child {
	return Child{
		Requester: valbrume(), Purpose: canteen(), For: []string{"men_statut_scolarite"}, Operator: "CNAF", Session: at(14, 52),
		Children: []ChildShown{{"MAËL JEAN KERVADEC", "2017-05-03", "M"}, {"LOUISON KERVADEC", "2019-12-00", "F"}},
		Form:     Form{Action: "/enfant", CSRF: "csrf-token-1", Interaction: "q7Zk2PfA"},
	}
}

func childMissing() Child {
	c := child()
	c.Missing, c.Sent = true, true
	return c
}

// typed is a consent page where an identifier led nowhere, and a school that was
// asked about a chosen child.
func typed() Consent {
	c := consent()
	c.NotTicked = []string{"complementaire_sante_solidaire"}
	c.Sources[1] = Source{ID: "francetravail", Outcome: Refused, Typed: true, Correct: true, Items: []Item{{Datum: "france_travail_inscription", Unit: "record"}}}
	c.Sources = append(c.Sources, Source{ID: "men", Outcome: Found, Child: &ChildShown{"MAËL JEAN KERVADEC", "2017-05-03", "M"}, Items: []Item{
		{Datum: "men_statut_boursier", Unit: "enum:any", Period: "2026-2027", Value: json.RawMessage(`{"est_boursier":true}`)},
	}})
	return c
}

func noChild() Consent {
	c := consent()
	c.Sources = append(c.Sources, Source{ID: "men", Outcome: NoFile, NoChild: true, Items: []Item{{Datum: "men_statut_boursier", Unit: "enum:any"}}})
	return c
}

func receipt() Receipt {
	return Receipt{
		ID: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Act: Granted, At: at(14, 32), ValidUntil: at(14, 43), Language: "fr",
		Requester: valbrume(), Operator: operator(), Purpose: canteen(), PurposeID: "tarification-cantine", Basis: PublicTask, LegalTexts: []string{"CRPA, art. L.114-8"},
		Data:      []ReceiptDatum{{Datum: "cnaf_quotient_familial", Source: "cnav", Required: true, Granted: true}, {Datum: "dgfip_rfr", Source: "dgfip"}},
		Retention: "P1Y", Recipients: []Text{{FR: "Agents du service scolaire"}}, Rights: []string{"access", "rectification", "restriction", "opposition", "complaint:CNIL"},
		Subject: "wT3n0V8wq2pS2o6m0bqv1QwT3n0V8wq2pS2o6m0bqv1", Level: "eidas1", ApprovalID: "valbrume-cantine", ApprovalDigest: "sha-256:2KNq6rXhZE414C8EJBlS8VSMIS7GHdN2LmlU1mev1hU",
		NoticeID: "notice-qf-cantine-3", NoticeDigest: "sha-256:jRTD4WEh4DTJYvCuiM61XZL3ATl08uR5EShxMEdbyGQ", ScreenDigest: "sha-256:L8konsRgI_GNEICaSLKmDpz05bVG5R0aU4HibL15T-Y",
		Digest: "sha-256:SH1flkzTPs9K8AzyJKMyoQzWmyhkD7kk4W0aiNxQsDA", KeyID: "cC9F78zNZeHbRwUk", Position: "accord.example/log/1#42",
		Proof: "P5Y", Refusal: []Text{{FR: "Le tarif le plus élevé s'applique."}, {FR: "Déposez une attestation."}}, Address: "https://accord.example/recu/019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Ends: "https://accord.example/mes-accords/x",
		JWS: "/recu/019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1.jws", Bundle: "/recu/019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1.accord", Keys: "https://accord.example/.well-known/accord/jwks.json", Withdraw: "/mes-accords/x/retirer", Accord: "/mes-accords/x",
	}
}

func receiptRefused() Receipt {
	r := receipt()
	r.Act, r.Stage, r.ValidUntil, r.Subject, r.Withdraw, r.Accord = Declined, "before_login", time.Time{}, "", "", ""
	r.Data = []ReceiptDatum{{Datum: "cnaf_quotient_familial", Source: "cnav", Required: true}}
	return r
}

func receiptRenewed() Receipt {
	r := receipt()
	r.Act, r.Previous, r.FromSession = Amended, r.Digest, true
	return r
}

func change() Change {
	return Change{
		Accord: accord(), Required: []string{"cnaf_quotient_familial"}, Declined: []string{"dgfip_nbpart"},
		Optional: []ChangeItem{{Datum: "cnaf_enfants", Kept: true}, {Datum: "dgfip_rfr"}},
		Form:     Form{Action: "/mes-accords/x/modifier", CSRF: "c", Text: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1"},
	}
}

func changeProblem() Change {
	c := change()
	c.Problems = []Problem{{Field: "choix", Text: "nothing_unticked"}}
	return c
}

func disputing() RequestForm {
	e := events()[4]
	return RequestForm{Kind: RequestDispute, Accord: accord(), Event: &e, Form: form()}
}

func disputingWrong() RequestForm {
	f := disputing()
	f.Message, f.Problems = "Je ne comprends pas.", []Problem{{Field: "f-raison", Text: "no_reason"}, {Field: "f-message", Text: "long_message"}}
	return f
}

func requested() RequestPage {
	return RequestPage{
		Kind: RequestErasure, Reference: "R-K3QX-7PLM-2AZT", State: "answered", Made: at(15, 2), Until: at(15, 2).AddDate(2, 0, 0), Accord: accord(),
		Operator: operator(), Answers: []RequestAnswer{{At: at(15, 30), State: "sent"}, {At: at(16, 0), By: "DPO de Valbrume", State: "answered", Text: "C'est fait."}},
		Letter: Letter{Grant: "g_AAAAAAAAAAAAAAAAAAAAAA", Receipt: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Subject: "wT3n0V8wq2pS2o6m0bqv1QwT3n0V8wq2pS2o6m0bqv1", Data: []string{"cnaf_quotient_familial"}, Deliveries: events()[4:5], More: 3, Mail: "mailto:dpo@valbrume.example?subject=x&body=y"},
	}
}

func disputed() RequestPage {
	p, e := requested(), events()[4]
	p.Kind, p.State, p.Event, p.Reason, p.Message, p.Answers, p.Letter.Deliveries, p.Letter.More, p.Letter.Mail = RequestDispute, "open", &e, "not_me", "Je ne comprends pas.", nil, nil, 0, ""
	return p
}

func receiptWithdrawn() Receipt {
	r := receipt()
	r.Act, r.Previous, r.ValidUntil, r.Withdraw = Retracted, r.Digest, time.Time{}, ""
	return r
}

func accord() Accord {
	return Accord{
		URL: "/mes-accords/x", Requester: valbrume(), Purpose: canteen(), Basis: PublicTask, Data: []string{"cnaf_quotient_familial", "cnaf_enfants"},
		State: Active, At: at(14, 32), Until: at(14, 43), Delivered: at(14, 33), Withdraw: "/mes-accords/x/retirer",
	}
}

func filtered() Filter {
	return Filter{State: Active, Body: valbrume().SIRET, From: "01/11/2026", Until: "30/11/2026", Words: "cantine", Active: true, Bodies: []Requester{valbrume()}}
}

func refusal() Accord {
	a := accord()
	a.State, a.Until, a.Delivered, a.Withdraw = Rejected, time.Time{}, time.Time{}, ""
	return a
}

func events() []Event {
	return []Event{
		{Kind: "lookup.requested", At: at(14, 30), Data: []string{"cnaf_quotient_familial", "cnaf_enfants"}, Index: 37},
		{Kind: "source.queried", At: at(14, 31), Source: "cnav", ID: "0e5c0d9e-5cf9-4f6e-8f2e-6f0c1c1d2e3f", Index: 38},
		{Kind: "source.answered", At: at(14, 31), Source: "cnav", Outcome: Found, Index: 39},
		{Kind: "consent.granted", At: at(14, 32), Data: []string{"cnaf_quotient_familial"}, Index: 42},
		{Kind: "release.completed", At: at(14, 33), Data: []string{"cnaf_quotient_familial"}, ID: "019ab9c1-7000-7c2a-9b7e-3d1f0a4c55e1", Index: 43, Dispute: "/mes-accords/x/signaler?evenement=43"},
		{Kind: "consent.revoked", At: at(14, 34), Reason: "code_reuse", Index: 44},
	}
}

func withdrawalOf(b Basis) Accord {
	a := accord()
	a.Basis = b
	return a
}

func stats() Stats {
	many, some := int64(12345), int64(67)
	return Stats{
		From: "2026-10-27T12:00:00.000Z", Until: "2026-11-26T12:00:00.000Z", Origin: "accord.example/log/1", Fewest: 5,
		Needless: &many, Agreements: &many, Refusals: &some,
		Papers:  []PaperFigure{{"dss_quotient_familial", 12000}, {"dgfip_situation_ir", 345}},
		Sources: []SourceFigure{{"cnav", 12500, 998, 640}, {"dgfip", 400, 1000, 1205}},
	}
}
