package ui

import "encoding/json"

// examples are every page in every state worth looking at.
func examples() []example {
	list := []example{
		{"landing", Landing{Start: &Link{Name: "Valbrume", URL: "http://127.0.0.1:8082/"}}},
		{"connexion", connexion()},
		{"connexion-sensitive", sensitive()},
		{"connexion-untold", untold()},
		{"inputs", inputs()},
		{"inputs-wrong", inputsWrong()},
		{"child", child()},
		{"child-missing", childMissing()},
		{"consent-typed", typed()},
		{"consent-no-child", noChild()},
		{"waiting", Waiting{Requester: valbrume(), Pending: []string{"cnav", "dgfip"}, Seconds: 3, Again: "/accord?i=q7Zk2PfA"}},
		{"consent", consent()},
		{"consent-tariff", tariff()},
		{"wrong-data", wrongData()},
		{"consent-gdpr", consentGDPR()},
		{"consent-hidden", hidden()},
		{"consent-again", again()},
		{"consent-problem", problems()},
		{"consent-absent", outcome(NoFile, true)},
		{"reload", Reload{Requester: valbrume(), Purpose: canteen(), Wiped: at(14, 42), Chosen: []string{"cnaf_enfants"}, Form: form()}},
		{"receipt", receipt()},
		{"receipt-refused", receiptRefused()},
		{"receipt-renewed", receiptRenewed()},
		{"receipt-withdrawn", receiptWithdrawn()},
		{"accords", MyAccords{Accords: []Accord{accord(), refusal()}, Until: at(15, 0), Logout: Form{Action: "/deconnexion", CSRF: "c"}}},
		{"accords-page", MyAccords{Accords: []Accord{accord()}, Newer: "/mes-accords", Older: "/mes-accords?page=3", Until: at(15, 0)}},
		{"accords-empty", MyAccords{}},
		{"accords-found", MyAccords{Accords: []Accord{accord()}, Filter: filtered(), Found: 1, Until: at(15, 0), Export: "/mes-accords/export"}},
		{"accords-none", MyAccords{Filter: filtered()}},
		{"accords-bad-day", MyAccords{Accords: []Accord{accord()}, Filter: filtered(), Problems: []Problem{{Field: "f-au", Text: "days_swapped"}}}},
		{"accord-requests", AccordDetail{
			Accord: accord(), Events: append(events(), Event{Kind: KindExpired, At: at(14, 43), Computed: true}), Older: "/mes-accords/x?page=2", Erasure: "/mes-accords/x/effacement",
			Requests: []RequestLink{{Kind: RequestDispute, Reference: "R-K3QX-7PLM-2AZT", State: "open", At: at(15, 2), URL: "/mes-accords/demandes/R-K3QX-7PLM-2AZT"}},
		}},
		{"accord", AccordDetail{Accord: accord(), Events: events(), Receipts: []ReceiptLink{{Act: Granted, At: at(14, 32), HTML: "/recu/x", JWS: "/recu/x.jws", Bundle: "/recu/x.accord"}}}},
		{"change", change()},
		{"change-problem", changeProblem()},
		{"change-nothing", Change{Accord: accord(), Required: []string{"cnaf_quotient_familial"}, Declined: []string{"dgfip_nbpart"}, Form: form()}},
		{"changed", Changed{Accord: accord(), Left: []string{"dgfip_rfr"}, At: at(14, 40), Receipt: ReceiptLink{Act: Amended, At: at(14, 40), HTML: "/recu/y", JWS: "/recu/y.jws"}}},
		{"request-erasure", RequestForm{Kind: RequestErasure, Accord: accord(), Form: form()}},
		{"request-dispute", disputing()},
		{"request-wrong", disputingWrong()},
		{"requested-erasure", requested()},
		{"requested-dispute", disputed()},
		{"withdraw", Withdraw{Accord: accord(), Form: form()}},
		{"withdraw-gdpr", Withdraw{Accord: withdrawalOf(ConsentGDPR), Form: form()}},
		{"withdrawn", Withdrawn{Accord: accord(), At: at(14, 40), Receipt: ReceiptLink{Act: Retracted, At: at(14, 40), HTML: "/recu/y", JWS: "/recu/y.jws"}}},
		{"signin", SignIn{Form: form()}},
		{"signin-ended", SignIn{Form: form(), Ended: true}},
		{"signedout", SignedOut{FranceConnect: true}},
		{"logout", LogoutConfirm{Client: "Cantilène Logiciels", Form: form()}},
		{"stats", stats()},
		{"catalogue", Catalogue{Digest: "sha-256:2KNq6rXhZE414C8EJBlS8VSMIS7GHdN2LmlU1mev1hU", Sources: []CatalogueSource{
			{"cnav", []CatalogueDatum{{Datum: "allocation_adulte_handicape", Subject: "self", Unit: "benefit", Period: "current", Preview: "ticked", High: true, Special: true}}},
			{"francetravail", []CatalogueDatum{{Datum: "france_travail_inscription", Aliases: []string{"pole_emploi_inscription"}, Subject: "self", Unit: "record", Preview: "shown", Inputs: []string{"identifiant"}}}},
		}}},
		{"catalogue-one", Catalogue{One: "cnav", Sources: []CatalogueSource{
			{"cnav", []CatalogueDatum{{Datum: "allocation_adulte_handicape", Subject: "self", Unit: "benefit", Period: "current", Preview: "ticked", High: true, Special: true}}},
		}}},
		{"stats-few", Stats{From: "2026-10-27T12:00:00.000Z", Until: "2026-11-26T12:00:00.000Z", Origin: "accord.example/log/1", Fewest: 5}},
		{"connexion-identity", Connexion{Requester: valbrume(), Operator: operator(), Purpose: canteen(), Basis: ConsentGDPR, IdentityOnly: true, Session: true, OtherPath: Text{FR: "Sans compte."}, Form: form()}},
		{"desk-signin", DeskSignIn{Provider: "ProConnect", Ended: true, Form: form()}},
		{"desk-home", DeskHome{Agent: "Inès Vasseur", SIRET: "99900010200015", Approvals: []DeskApproval{{Requester: valbrume(), Purpose: canteen(), URL: "/guichet/demande?h=valbrume-ccas"}}, Until: at(18, 0), Logout: form()}},
		{"desk-form", deskForm()},
		{"desk-wait", DeskWait{Requester: valbrume(), State: "waiting", Address: "https://accord.example/rendez-vous/x", Code: "/guichet/code?d=x", Until: at(14, 42), Seconds: 3, Again: "/guichet/dossier?d=x"}},
		{"desk-result", DeskResult{Requester: valbrume(), Purpose: canteen(), Basis: Information, FileNumber: "2026-114", Sources: []Source{{ID: "cnav", Items: []Item{{Datum: "cnaf_quotient_familial", Unit: "EUR/month", Value: json.RawMessage(`{"quotient_familial":{"valeur":742}}`)}}}, {ID: "cnav", Outcome: NoFile, Absence: true, Items: []Item{{Datum: "cnaf_enfants", Unit: "persons"}}}}, Release: "019ab9c1", Position: "accord.example/log/1#42", Print: "/guichet/recu?d=x", Until: at(14, 42)}},
		{"desk-receipt", DeskReceipt{Receipt: assistedReceipt(), Look: "https://accord.example/mes-accords"}},
		{"desk-stop", DeskStop{Reason: StopCap, Back: "/guichet"}},
		{"invitation", Invitation{Requester: valbrume(), Form: form()}},
		{"confirm", Confirm{Connexion: connexion(), Problems: []Problem{{Field: "jour", Text: "birthdate"}}}},
		{"finished", Finished{Requester: valbrume(), Accepted: true, Receipt: "/recu/x"}},
		{"notice", Notice{Title: Text{FR: "Information"}, Paragraphs: []Text{{FR: "Un texte."}}, Back: &Link{Name: "Valbrume", URL: "/"}}},
	}
	list = append(list, example{"connexion-grid", connexionOfGrids()}, example{"consent-grid", grids()}, example{"consent-grid-none", unanswered()}, example{"receipt-grid", receiptOfGrids()})
	list = append(list, habilitationExamples()...)
	list = append(list, verifyExamples()...)
	list = append(list, publicExamples()...)
	for _, o := range []Outcome{Unknown, Ambiguous, NoFile, Unavailable, Refused} {
		list = append(list, example{"consent-" + string(o), outcome(o, false)})
	}
	return append(list, errorExamples()...)
}

func errorExamples() []example {
	var list []example
	for _, code := range codes() {
		list = append(list, example{"error-" + code, ErrorPage{
			Code: code, Reference: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Requester: "Commune de Valbrume", Source: "cnav", Period: "2026-10",
			Accepted: true, At: at(14, 40), Return: &Link{Name: "Commune de Valbrume", URL: "https://valbrume.example/"},
			Restart: &Link{URL: "/connexion?i=q7Zk2PfA"}, Contact: "aide@accord.example",
		}})
	}
	return list
}

func deskForm() DeskForm {
	return DeskForm{
		Requester: valbrume(), Purpose: canteen(), Basis: PublicTask, Cap: 40, Required: []Asked{{Datum: "cnaf_quotient_familial", Required: true}},
		Optional: []Asked{{Datum: "cnaf_enfants", Why: Text{FR: "la part de chaque enfant", EN: "each child's share"}}}, Agreements: []string{"signed_paper", "counter", "own_phone"},
		Entry: DeskEntry{FamilyName: "VALEMBOIS", Optional: []string{"cnaf_enfants"}, Agreement: "counter"}, Problems: []Problem{{Field: "jour", Text: "birthdate"}}, Form: form(),
	}
}

func assistedReceipt() Receipt {
	r := receipt()
	r.Level, r.Assisted = "", "agent-desk:counter"
	return r
}
