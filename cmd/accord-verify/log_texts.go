package main

import (
	"fmt"

	"accord/consent/audit"
)

// logTexts are the sentences of log and reconcile in one language.
type logTexts struct {
	usageLog, usageReconcile      string
	usageStats                    string
	window, acts, answered, fewer string
	day                           string // of a day's count, in steps
	missingLog, missingReconcile  string
	colon, progress, read, more   string
	leaf, whole                   string
	provesLog, compared, hidden   string
	marks                         map[bool]string // by whether the finding only leaves it open
	verdicts                      map[outcome]string
	rules                         map[string]string
}

func logTextsIn(lang string) logTexts {
	if lang == french {
		return frenchLogTexts()
	}
	return englishLogTexts()
}

// place names a leaf, or the log as a whole.
func (t logTexts) place(index int64) string {
	if index < 0 {
		return t.whole
	}
	return fmt.Sprintf(t.leaf, index)
}

func frenchLogTexts() logTexts {
	return logTexts{
		usageLog: "usage : accord-verify log -policy politique [-checkpoint ancien]… [-lang fr|en] [-json] export.ndjson\n" +
			"codes de sortie : 0 conforme, 1 faux, 2 indécidable",
		usageReconcile: "usage : accord-verify reconcile -policy politique -export export.ndjson\n" +
			"          (-source ID -requests liste.txt | -recipient SIRET -releases liste.txt) [-lang fr|en] [-json]\n" +
			"codes de sortie : 0 rien de caché, 1 un appel ou une remise caché, 2 indécidable",
		usageStats: "usage : accord-verify stats -policy politique [-until 2026-11-26T12:00:00.000Z] [-lang fr|en] [-json] export.ndjson\n" +
			"codes de sortie : 0 journal conforme, 1 faux, 2 indécidable",
		window:           "  du %s au %s, justificatifs rendus inutiles :",
		acts:             "  en tout %s justificatifs ; accords : %s ; refus : %s ; retraits : %s",
		answered:         "%d appels, disponible %d,%d %%, 95 %% des réponses en %d ms",
		fewer:            "moins de %d",
		day:              "%s, jour entier (UTC) : %d à %d",
		missingLog:       "il faut -policy et un export",
		missingReconcile: "il faut -policy, -export, et soit -source avec -requests, soit -recipient avec -releases",
		colon:            " : ", progress: "%d lignes lues …",
		read:     "  journal %s : %d feuilles, %d reçus vérifiés, %d effacées, %d anciens points de contrôle, racine %s",
		more:     "… et %d autres",
		leaf:     "feuille %d,",
		whole:    "journal entier,",
		marks:    map[bool]string{false: "NON", true: " ? "},
		verdicts: map[outcome]string{genuine: "CONFORME", notTrue: "FAUX", undecided: "INDÉCIDABLE"},
		provesLog: "  Prouve que le journal est celui que l'opérateur a signé, que rien n'y a été réécrit depuis les anciens points de contrôle,\n" +
			"  et que chaque remise inscrite suit un accord vivant. Ce qui n'a jamais été inscrit se cherche avec « reconcile ».",
		compared: "  %d identifiants dans la liste, %d au journal : %d cachés, %d non confirmés par la liste ; %d feuilles de ce genre effacées",
		hidden:   "absent du journal",
		rules:    frenchRules(),
	}
}

func englishLogTexts() logTexts {
	return logTexts{
		usageLog: "usage: accord-verify log -policy policy [-checkpoint older]… [-lang fr|en] [-json] export.ndjson\n" +
			"exit status: 0 true, 1 false, 2 cannot decide",
		usageReconcile: "usage: accord-verify reconcile -policy policy -export export.ndjson\n" +
			"         (-source ID -requests list.txt | -recipient SIRET -releases list.txt) [-lang fr|en] [-json]\n" +
			"exit status: 0 nothing hidden, 1 a hidden call or delivery, 2 cannot decide",
		usageStats: "usage: accord-verify stats -policy policy [-until 2026-11-26T12:00:00.000Z] [-lang fr|en] [-json] export.ndjson\n" +
			"exit status: 0 the log is true, 1 false, 2 cannot decide",
		window:           "  from %s to %s, documents made unnecessary:",
		acts:             "  %s documents in all; agreements: %s; refusals: %s; withdrawals: %s",
		answered:         "%d calls, available %d.%d %%, 95 %% of answers within %d ms",
		fewer:            "fewer than %d",
		day:              "%s, whole day (UTC): %d to %d",
		missingLog:       "-policy and one export are needed",
		missingReconcile: "-policy, -export, and either -source with -requests or -recipient with -releases are needed",
		colon:            ": ", progress: "%d lines read …",
		read:     "  log %s: %d leaves, %d receipts verified, %d erased, %d older checkpoints, root %s",
		more:     "… and %d more",
		leaf:     "leaf %d,",
		whole:    "whole log,",
		marks:    map[bool]string{false: "NO ", true: " ? "},
		verdicts: map[outcome]string{genuine: "TRUE", notTrue: "FALSE", undecided: "CANNOT DECIDE"},
		provesLog: "  Proves that this is the log the operator signed, that nothing was rewritten since the older checkpoints,\n" +
			"  and that each logged delivery follows a live consent. What was never logged is looked for with \"reconcile\".",
		compared: "  %d ids in the list, %d in the log: %d hidden, %d not confirmed by the list; %d leaves of the kind erased",
		hidden:   "not in the log",
		rules:    englishRules(),
	}
}

func frenchRules() map[string]string {
	return map[string]string{
		audit.RuleLine: "ligne illisible", audit.RuleOrder: "ligne déplacée", audit.RuleCount: "lignes manquantes ou en trop",
		audit.RuleRoot: "les feuilles ne donnent pas la racine signée", audit.RuleOlder: "un ancien point de contrôle n'est pas le début de ce journal",
		audit.RuleEvent: "événement mal formé", audit.RuleTime: "l'heure recule", audit.RulePrev: "chaînage rompu",
		audit.RuleOpened: "ouverture ou clôture du journal", audit.RuleApproval: "habilitation non annoncée, changée, suspendue, retirée ou terminée",
		audit.RuleQuery: "source interrogée sans demande de la personne", audit.RuleQueryData: "source interrogée au-delà de la demande",
		audit.RuleQueryGrant: "source interrogée sans accord durable vivant, ou au-delà", audit.RuleUnfetched: "remise de ce qui n'a pas été demandé à la source",
		audit.RuleAnswer: "réponse sans interrogation", audit.RuleConsent: "décision sans consultation préalable, ou répétée",
		audit.RuleDesk:     "guichet sans son agent, ou donnée sensible au guichet",
		audit.RuleUnagreed: "remise sans accord", audit.RuleEnded: "remise après le retrait", audit.RuleExpired: "remise après la fin de l'accord",
		audit.RuleParty: "remise à un autre que celui de l'accord", audit.RuleFields: "remise de données non accordées",
		audit.RuleFetches: "plus de consultations que le plafond", audit.RuleEnding: "fin d'un accord qui n'est pas vivant",
		audit.RuleRenewal: "choix changé d'un accord qui n'est pas vivant, ou pour plus que ce qui était accordé",
		audit.RuleReceipt: "reçu et événement se contredisent", audit.RuleDigest: "reçu absent ou autre que celui inscrit",
		audit.RuleKey: "clé inconnue ou hors service à cette feuille", audit.RuleSignature: "signature fausse",
		audit.RuleSigned: "reçu antidaté ou gardé pour plus tard", audit.RuleCompromised: "clé compromise à cette feuille",
		audit.RuleKeyEvent: "événement de clé mal formé", audit.RuleErasure: "effacement mal déclaré",
		audit.RuleNoConsent: "acte effacé sans l'accord ou la demande qui le précède", audit.RuleEarly: "effacement trop tôt, sans demande", audit.RuleMissing: "contenu manquant, sans effacement déclaré",
	}
}

func englishRules() map[string]string {
	return map[string]string{
		audit.RuleLine: "unreadable line", audit.RuleOrder: "line out of place", audit.RuleCount: "lines missing or too many",
		audit.RuleRoot: "the leaves do not give the signed root", audit.RuleOlder: "an older checkpoint is not a beginning of this log",
		audit.RuleEvent: "malformed event", audit.RuleTime: "time goes back", audit.RulePrev: "broken chain",
		audit.RuleOpened: "opening or closing of the log", audit.RuleApproval: "approval not announced, changed, suspended, removed or past its end",
		audit.RuleQuery: "source queried without the person's request", audit.RuleQueryData: "source queried beyond the request",
		audit.RuleQueryGrant: "source queried without a live recurring agreement, or beyond it", audit.RuleUnfetched: "delivery of what no source was asked for",
		audit.RuleAnswer: "answer without query", audit.RuleConsent: "decision without a look-up before it, or a second one",
		audit.RuleDesk:     "desk without its agent, or sensitive data at a desk",
		audit.RuleUnagreed: "delivery without consent", audit.RuleEnded: "delivery after the withdrawal", audit.RuleExpired: "delivery after the consent's end",
		audit.RuleParty: "delivery to another than agreed", audit.RuleFields: "delivery of data not agreed",
		audit.RuleFetches: "more fetches than the ceiling", audit.RuleEnding: "end of a consent that is not live",
		audit.RuleRenewal: "changed choice of a consent that is not live, or for more than was agreed",
		audit.RuleReceipt: "receipt and event contradict each other", audit.RuleDigest: "receipt missing or not the one logged",
		audit.RuleKey: "key unknown or not in force at this leaf", audit.RuleSignature: "false signature",
		audit.RuleSigned: "receipt back-dated or kept for later", audit.RuleCompromised: "key compromised at this leaf",
		audit.RuleKeyEvent: "malformed key event", audit.RuleErasure: "erasure wrongly declared",
		audit.RuleNoConsent: "erased act without the consent or request before it", audit.RuleEarly: "erased too soon, at nobody's request", audit.RuleMissing: "opening missing, no erasure names it",
	}
}
