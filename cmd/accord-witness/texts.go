package main

import "strings"

const (
	french  = "fr"
	english = "en"
)

// language is -lang, else that of the environment: French where LANG begins
// with fr, else English.
func language(asked string, getenv func(string) string) string {
	if asked != "" {
		return asked
	}
	if strings.HasPrefix(getenv("LANG"), french) {
		return french
	}
	return english
}

// texts are the sentences of one language.
type texts struct {
	usage, missing, bounds string
	well                   string // size, growth
	marks                  map[int]string
	sentences              map[word]string
	colon                  string // as the language sets it
}

func textsIn(lang string) texts {
	if lang == french {
		return frenchTexts()
	}
	return englishTexts()
}

func frenchTexts() texts {
	return texts{
		usage: "usage : accord-witness monitor -log ADRESSE -policy FICHIER -state FICHIER [-every 30s] [-once] [-full]\n" +
			"        [-stale 24h] [-timeout 30s] [-tries 3] [-lang fr|en]\n" +
			"codes de sortie : 0 tout va bien, 1 alerte, 2 indécidable",
		missing: "il faut monitor, -log, -policy et -state",
		bounds:  "-every vaut au moins 1s, -timeout plus que 0, -stale au moins 0, -tries au moins 1",
		well:    "%d entrées, dont %d nouvelles, toutes vérifiées",
		marks:   map[int]string{exitWell: "BIEN", exitAlarm: "ALERTE", exitUndecided: "INDÉCIDABLE"},
		sentences: map[word]string{
			fork:        "le journal montre une autre histoire que celle déjà signée",
			rollback:    "le journal est plus court qu'il ne l'était",
			badEntry:    "cette entrée n'est pas celle que couvre la racine signée",
			badTile:     "les empreintes servies ne mènent pas à la racine signée",
			badRoot:     "les entrées ne donnent pas la racine signée",
			unreachable: "le journal ne répond pas",
			unreadable:  "la réponse n'est pas une tuile lisible",
			unsigned:    "pas de point de contrôle signé par la clé de ce journal",
			stale:       "le journal n'a pas grandi depuis trop longtemps",
			ownState:    "le fichier d'état ne peut pas servir",
		},
		colon: " : ",
	}
}

func englishTexts() texts {
	return texts{
		usage: "usage: accord-witness monitor -log ADDRESS -policy FILE -state FILE [-every 30s] [-once] [-full]\n" +
			"       [-stale 24h] [-timeout 30s] [-tries 3] [-lang fr|en]\n" +
			"exit status: 0 all is well, 1 alarm, 2 cannot decide",
		missing: "monitor, -log, -policy and -state are needed",
		bounds:  "-every is at least 1s, -timeout above 0, -stale at least 0, -tries at least 1",
		well:    "%d entries, %d of them new, all checked",
		marks:   map[int]string{exitWell: "WELL", exitAlarm: "ALARM", exitUndecided: "CANNOT DECIDE"},
		sentences: map[word]string{
			fork:        "the log shows another history than the one already signed",
			rollback:    "the log is shorter than it was",
			badEntry:    "this entry is not the one under the signed root",
			badTile:     "the hashes served do not lead to the signed root",
			badRoot:     "the entries do not give the signed root",
			unreachable: "the log does not answer",
			unreadable:  "the answer is no tile that can be read",
			unsigned:    "no checkpoint signed by this log's key",
			stale:       "the log has not grown for too long",
			ownState:    "the state file cannot be used",
		},
		colon: ": ",
	}
}
