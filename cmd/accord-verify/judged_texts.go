package main

import (
	"slices"

	"accord/consent/audit"
)

// judgedTexts are the sentences on bundles and deliveries in one language.
type judgedTexts struct {
	texts
	bundleUsage, bundleMissing          string
	deliveryUsage, deliveryMissing      string
	checks                              map[string]string // by audit.Check.Name
	proves                              map[string]string // by what a genuine file proves
	notBundle, notDelivery, notEvidence string            // what it does not prove
	signatureOnly                       string
	place, summary, progress            string // formats
	resource, source, period            string
	retrieved, release                  string
}

// provesNo is what a genuine file leaves open.
func (t judgedTexts) provesNo(j judged) string {
	switch {
	case j.Delivery != nil && slices.Contains(j.Proves, audit.ProvesDigest):
		return t.notDelivery
	case j.Delivery != nil:
		return t.signatureOnly + " " + t.notDelivery
	case slices.Contains(j.Proves, audit.ProvesLogin):
		return t.notBundle + " " + t.notEvidence
	}
	return t.notBundle
}

func judgedTextsIn(lang string) judgedTexts {
	if lang == french {
		return frenchJudged()
	}
	return englishJudged()
}

func frenchJudged() judgedTexts {
	const exits = "codes de sortie : 0 authentique, 1 faux, 2 indécidable"
	return judgedTexts{
		texts:           frenchTexts(),
		bundleUsage:     "usage : accord-verify bundle -policy politique [-lang fr|en] [-json] fichier.accord [autres.accord, dossiers, exports.zip …]\n" + exits,
		bundleMissing:   "il faut -policy et au moins un fichier .accord",
		deliveryUsage:   "usage : accord-verify delivery -jwks jwks.json [-policy politique -opening preuve] [-lang fr|en] [-json] fichier.jwt [autres.jwt …]\n" + exits,
		deliveryMissing: "il faut -jwks et au moins une livraison ; -policy et -opening vont ensemble, pour une seule livraison",
		checks: map[string]string{
			"form":           "le fichier se lit et a sa seule forme admise",
			"checkpoint":     "la tête du journal est signée par la clé de la politique fournie",
			"opening":        "l'événement du journal est ouvert, dans sa seule forme admise",
			"inclusion":      "cet événement figure au journal, à cette place",
			"receipt_logged": "l'événement désigne ce reçu, à l'octet près",
			"key_logged":     "la clé de signature a été annoncée au journal",
			"certificate":    "le certificat de cachet est celui de cette clé",
			"key":            "la clé de signature figure dans l'historique fourni",
			"signature":      "la signature est celle de cette clé, sur ces octets",
			"key_time":       "la clé était en service à cette date et à cette place du journal",
			"content":        "le contenu respecte toutes les règles",
			"agreement":      "le reçu et l'événement disent le même acte",
			"evidence":       "FranceConnect a signé une connexion pour cette demande même",
			"witnesses":      "des témoins ont contresigné la tête du journal",
			"digest":         "le journal porte l'empreinte de ces données mêmes",
		},
		proves: map[string]string{
			audit.ProvesAct:    "Prouve que l'acte a été scellé tel qu'il est écrit et que rien n'y a été changé.",
			audit.ProvesLogged: "Prouve que l'acte figure au journal, sous une tête signée par la clé de la politique.",
			audit.ProvesKey:    "Prouve que la clé de signature avait été annoncée au journal auparavant.",
			audit.ProvesLogin:  "Prouve que FranceConnect a attesté une connexion pour cette demande, pour autant que la clé annoncée au journal est bien la sienne.",
			audit.ProvesSigned: "Prouve que ces données ont été scellées pour ce destinataire, à cette date.",
			audit.ProvesDigest: "Prouve que le journal porte cette livraison et l'empreinte de ces données.",
		},
		notBundle: "Ne prouve pas que l'accord n'a pas été retiré depuis : il faut interroger le journal. Ne montre pas si un événement de clé a été omis : " +
			"l'audit du journal entier le fait. La politique doit venir d'une source sûre.",
		notEvidence:   "Prouve la connexion, pas le clic.",
		signatureOnly: "Signature seulement : sans preuve d'ouverture, rien n'est dit du journal.",
		notDelivery: "Ne prouve pas que les données sont encore exactes. " +
			"L'historique de clés et la politique doivent venir d'une source sûre.",
		place: "feuille %d du journal %s, qui en compte %d", summary: "%d authentiques, %d faux, %d indécidables",
		progress: "%d sur %d", resource: "ressource", source: "source", period: "période", retrieved: "obtenu le", release: "livraison",
	}
}

func englishJudged() judgedTexts {
	const exits = "exit status: 0 genuine, 1 false, 2 cannot decide"
	return judgedTexts{
		texts:           englishTexts(),
		bundleUsage:     "usage: accord-verify bundle -policy policy [-lang fr|en] [-json] file.accord [more.accord, folders, exports.zip …]\n" + exits,
		bundleMissing:   "-policy and at least one file .accord are needed",
		deliveryUsage:   "usage: accord-verify delivery -jwks jwks.json [-policy policy -opening proof] [-lang fr|en] [-json] file.jwt [more.jwt …]\n" + exits,
		deliveryMissing: "-jwks and at least one delivery are needed; -policy and -opening go together, for one delivery",
		checks: map[string]string{
			"form":           "the file can be read and has its one form",
			"checkpoint":     "the log's head is signed by the key of the policy given",
			"opening":        "the log's event is opened, in its one form",
			"inclusion":      "that event stands in the log, at that place",
			"receipt_logged": "the event names this receipt, to the byte",
			"key_logged":     "the signing key was announced in the log",
			"certificate":    "the seal certificate is that key's",
			"key":            "the signing key is in the history given",
			"signature":      "the signature is that key's, over these bytes",
			"key_time":       "the key was in use at that time and at that place of the log",
			"content":        "the content keeps every rule",
			"agreement":      "receipt and event tell the same act",
			"evidence":       "FranceConnect signed a login for this very request",
			"witnesses":      "witnesses cosigned the log's head",
			"digest":         "the log holds the digest of these very data",
		},
		proves: map[string]string{
			audit.ProvesAct:    "Proves that the act was sealed as it is written, and that nothing in it was changed.",
			audit.ProvesLogged: "Proves that the act stands in the log, under a head signed by the policy's key.",
			audit.ProvesKey:    "Proves that the signing key had been announced in the log before.",
			audit.ProvesLogin:  "Proves that FranceConnect vouched for a login for this request, as far as the key announced in the log is its own.",
			audit.ProvesSigned: "Proves that these data were sealed for this recipient, at that time.",
			audit.ProvesDigest: "Proves that the log holds this delivery and the digest of these data.",
		},
		notBundle: "Does not prove that it was not withdrawn since: ask the log. Does not show whether a key event was left out: " +
			"the audit of the whole log does. The policy must come from a place you trust.",
		notEvidence:   "It proves the login, not the click.",
		signatureOnly: "Signature only: without an opening, nothing is said of the log.",
		notDelivery: "Does not prove that the data still hold. " +
			"The key history and the policy must come from a place you trust.",
		place: "leaf %d of the log %s, of %d leaves", summary: "%d genuine, %d false, %d undecided",
		progress: "%d of %d", resource: "resource", source: "source", period: "period", retrieved: "retrieved", release: "release",
	}
}
