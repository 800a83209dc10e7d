package fcsim

// in gives the text in lang, French when there is no other.
func (t Text) in(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.FR
}

// words are the pages' own sentences.
type words struct {
	NotFC, NotFCMore, Skip, Language                              string
	PickTitle, PickText, PickMore, Stories, All, Others, Be, Back string
	ConsentTitle, ConsentAs, Anonymous, Continue, Data            string
	ErrorTitle, ErrorText, ErrorCode                              string
	LoggedOut, LoggedOutText, Landing                             string
}

func wordsIn(lang string) words {
	if lang == "en" {
		return english()
	}
	return french()
}

func french() words {
	return words{
		NotFC:         "Simulateur, ce n'est pas FranceConnect.",
		NotFCMore:     "Toutes les personnes sont inventées.",
		Skip:          "Aller au contenu",
		Language:      "Langue",
		PickTitle:     "Qui voulez-vous être ?",
		PickText:      "Vous vous identifiez auprès de",
		PickMore:      "Choisissez un personnage : aucun mot de passe n'est demandé.",
		Stories:       "Des histoires à essayer",
		All:           "Tous les personnages",
		Others:        "Les autres personnages",
		Be:            "Être",
		Back:          "Revenir sur",
		ConsentTitle:  "Vous allez vous connecter",
		ConsentAs:     "Vous continuez en tant que",
		Anonymous:     "Aucune donnée personnelle ne sera transmise au service.",
		Continue:      "Continuer sur",
		Data:          "Données transmises",
		ErrorTitle:    "Une erreur est survenue",
		ErrorText:     "La connexion ne peut pas continuer. Retournez au service et recommencez.",
		ErrorCode:     "Code d'erreur :",
		LoggedOut:     "Vous êtes déconnecté",
		LoggedOutText: "La session du simulateur est terminée.",
		Landing:       "Cette adresse sert à s'identifier depuis un service de la démonstration. Commencez par le service.",
	}
}

func english() words {
	return words{
		NotFC:         "Simulator, this is not FranceConnect.",
		NotFCMore:     "All persons are invented.",
		Skip:          "Skip to content",
		Language:      "Language",
		PickTitle:     "Who do you want to be?",
		PickText:      "You are logging in to",
		PickMore:      "Choose a character: no password is asked.",
		Stories:       "Stories to try",
		All:           "All characters",
		Others:        "The other characters",
		Be:            "Be",
		Back:          "Return to",
		ConsentTitle:  "You are about to log in",
		ConsentAs:     "You continue as",
		Anonymous:     "No personal data will be sent to the service.",
		Continue:      "Continue to",
		Data:          "Data sent",
		ErrorTitle:    "Something went wrong",
		ErrorText:     "The login cannot go on. Return to the service and start again.",
		ErrorCode:     "Error code:",
		LoggedOut:     "You are logged out",
		LoggedOutText: "The simulator's session has ended.",
		Landing:       "This address is for logging in from one of the demonstration's services. Start from the service.",
	}
}
