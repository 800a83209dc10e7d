package ui

import (
	"strings"
	"testing"
)

// wording is the table of error pages: what each says happened.
var wording = []struct{ code, fr, en string }{
	{"A01", "Ce lien a expiré", "This link has expired"},
	{"A02", "Nous ne connaissons pas cette demande. L’adresse est peut-être incomplète.", "We do not know this request. The address may be incomplete."},
	{"A03", "Vous avez déjà répondu le 22 novembre 2026 à 14 h 40 : accepté.", "You already answered on 22 November 2026 at 2.40 pm: accepted."},
	{"A04", "Commune de Valbrume ne peut plus demander de données par Accord.", "Commune de Valbrume can no longer ask for data through Accord."},
	{"A05", "L’adresse de retour n’est pas reconnue. Par sécurité, nous ne vous y envoyons pas.", "The return address is not recognised. For safety we do not send you there."},
	{"A06", "demande des données auxquelles cet organisme n’a pas droit. La demande est bloquée.", "asks for data that this organisation has no right to. The request is blocked."},
	{"A07", "Vous avez arrêté l’identification.", "You stopped signing in."},
	{"A08", "FranceConnect ne répond pas.", "FranceConnect is not answering."},
	{"A09", "Nous avons perdu le fil de votre session, souvent parce que les cookies sont bloqués ou qu’un autre onglet était ouvert.", "We lost track of your session, often because cookies are blocked or another tab was open."},
	{"A10", "Cette demande exige une identification plus forte (FranceConnect+).", "This request needs a stronger sign-in (FranceConnect+)."},
	{"A11", "La CAF ou la MSA ne vous trouve pas avec cette identité.", "CAF or MSA cannot find you with this identity."},
	{"A12", "Plusieurs dossiers ressemblent au vôtre. Nous n’avons rien choisi à votre place.", "Several files look like yours. We chose none for you."},
	{"A13", "La CAF ou la MSA est indisponible.", "CAF or MSA is unavailable."},
	{"A14", "n’a rien pour cette période : octobre 2026.", "has nothing for this period: October 2026."},
	{"A15", "Votre session a pris fin", "Your session has ended"},
	{"A16", "Nous avons perdu le fil de votre session", "We lost track of your session"},
	{"A17", "Il y a un problème", "There is a problem"},
	{"A18", "Un représentant légal doit faire cette démarche.", "A legal representative must do this."},
	{"A19", "Trop de tentatives. Réessayez à 14 h 40.", "Too many attempts. Try again at 2.40 pm."},
	{"A20", "Accord est en maintenance jusqu’au 22 novembre 2026 à 14 h 40.", "Accord is under maintenance until 22 November 2026 at 2.40 pm."},
	{"A21", "Une erreur vient de chez nous.", "The error is ours."},
	{"A22", "Cette page n’existe pas.", "This page does not exist."},
}

func TestEachErrorSaysWhatHappenedWhetherAnythingWasSentAndTheWayBack(t *testing.T) {
	u := newUI(t, true)
	pages := map[string]Page{}
	for _, e := range errorExamples() {
		pages[strings.TrimPrefix(e.name, "error-")] = e.page
	}
	if len(wording) != 22 {
		t.Fatalf("%d wordings", len(wording))
	}
	for _, w := range wording {
		for lang, want := range map[string]string{"fr": w.fr, "en": w.en} {
			root := parse(t, render(t, u, lang, pages[w.code]).Body.String())
			got := words(tags(root, "main")[0])
			sent := map[string]string{"fr": "Rien n’a été transmis.", "en": "Nothing was sent."}[lang]
			switch w.code {
			case "A03", "A09", "A15", "A16", "A17", "A19", "A20", "A21", "A22": // not proven by the code alone
				sent = strings.Join(strings.Fields(u.speech[lang].text("error."+w.code+".sent")), " ")
			}
			for _, needed := range []string{want, sent, "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", w.code} {
				if !strings.Contains(got, needed) {
					t.Errorf("%s %s: %q is not in %q", w.code, lang, needed, got)
				}
			}
			if back := byID(root, "return"); back == nil || attr(back, "href") != "https://valbrume.example/" {
				t.Errorf("%s %s: no way back", w.code, lang)
			}
		}
	}
}

func TestNothingWasSentIsSaidOnlyWhenItIsProven(t *testing.T) {
	u := newUI(t, true)
	for sent, want := range map[Sent]string{SentNothing: "Rien n’a été transmis.", SentChecking: "Nous vérifions si quelque chose a été transmis."} {
		for _, code := range []string{"A08", "A13", "A21"} {
			page := render(t, u, "fr", ErrorPage{Code: code, Sent: sent}).Body.String()
			if !strings.Contains(page, want) {
				t.Errorf("%s %s: %q is missing", code, sent, want)
			}
			if sent == SentChecking && strings.Contains(page, "Rien n’a été transmis") {
				t.Errorf("%s claims that nothing was sent while it is being checked", code)
			}
		}
	}
}

func TestAnErrorPageWithoutDetailsIsStillASentence(t *testing.T) {
	u := newUI(t, false)
	for _, code := range append(codes(), "", "B99") {
		for _, lang := range languages() {
			page := render(t, u, lang, ErrorPage{Code: code}).Body.String()
			if strings.Contains(page, "⟦") || strings.Contains(page, "{") || strings.Contains(page, "  .") {
				t.Errorf("%s %s: %s", code, lang, page)
			}
		}
	}
}
