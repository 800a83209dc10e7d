package consent

// A remarkText is the two sentences of a remark.
type remarkText struct{ reason, write Text }

// RemarkIDs lists every remark there is, in the order an approval is read.
func RemarkIDs() []string {
	return []string{
		"many_data", "several_incomes", "full_address", "others_civil_status", "band", "sensitive_without_text",
		"purpose_short", "purpose_generic", "purpose_no_verb", "no_simplification", "retention_long", "other_path", "automated_decision", "text_general",
	}
}

// remarkWords are read by applicants and registrars: French first, then English.
func remarkWords() map[string]remarkText {
	return map[string]remarkText{
		"many_data": {
			Text{"Le but est un tarif, et %d données sont demandées : un tarif se calcule avec une ou deux.", "The purpose is a tariff, and %d data are asked for: one or two are enough to work it out."},
			Text{"Ne gardez que la donnée lue par la grille, et la preuve du lien avec l'enfant ou le foyer s'il le faut.", "Keep only the datum the table reads, and the link with the child or the household where it is needed."},
		},
		"several_incomes": {
			Text{"Plusieurs revenus sont demandés (%s) : ensemble, ils en disent plus que chacun.", "Several figures of income are asked for (%s): together they tell more than each alone."},
			Text{"Gardez-en un seul, ou rendez l'autre facultatif en disant dans quel cas il sert.", "Keep one, or make the other optional and say in which case it serves."},
		},
		"full_address": {
			Text{"%s donne l'adresse entière ; le plus souvent, seule la commune compte.", "%s gives the whole address; most often only the commune matters."},
			Text{"Demandez la réponse « habite la commune », ou dites quel texte exige l'adresse.", "Ask for the answer \"lives in the commune\", or name the text that requires the address."},
		},
		"others_civil_status": {
			Text{"%s donne l'état civil d'autres personnes, qui n'ont rien accepté.", "%s gives the civil status of other persons, who agreed to nothing."},
			Text{"Demandez un nombre (d'enfants, de personnes), ou dites pourquoi il faut les noms.", "Ask for a number (of children, of persons), or say why names are needed."},
		},
		"band": {
			Text{"%s part comme un montant, alors qu'une tranche suffit pour appliquer le tarif.", "%s leaves as a figure, although a band is enough to apply the tariff."},
			Text{"Inscrivez la grille dans l'habilitation et demandez la tranche au lieu de la valeur.", "Write the table into the approval and ask for the band instead of the value."},
		},
		"sensitive_without_text": {
			Text{"%s est une donnée sensible (RGPD, art. 9) et aucun texte ne dit pourquoi cet organisme en a besoin.", "%s is a special category of data (GDPR 9), and no text says why this body needs it."},
			Text{"Ajoutez sous legal.texts la délibération ou l'article qui la prévoit, ou retirez la donnée.", "Add to legal.texts the deliberation or article that provides for it, or remove the datum."},
		},
		"purpose_short": {
			Text{"Le but tient en %d mots : un usager ne peut pas savoir ce qui sera fait.", "The purpose is %d words long: a citizen cannot tell what will be done."},
			Text{"Écrivez ce qui est fait, pour qui et avec quel résultat : « Calculer le prix des repas de vos enfants à la cantine selon votre quotient familial. »", "Write what is done, for whom and with what result: \"To work out the price of your children's school meals from your family quotient.\""},
		},
		"purpose_generic": {
			Text{"« %s » ne dit rien à un usager.", "\"%s\" (in the French text) tells a citizen nothing."},
			Text{"Remplacez ce mot par l'acte lui-même : calculer, vérifier, attribuer, inscrire, remplir.", "Replace the word by the act itself: to work out, to check, to grant, to register, to fill in."},
		},
		"purpose_no_verb": {
			Text{"Le but commence par « %s » : sans verbe, on ne sait pas ce qui est fait.", "The French purpose begins with \"%s\": without a verb nobody knows what is done."},
			Text{"Commencez par un verbe à l'infinitif.", "Begin with a verb in the infinitive."},
		},
		"no_simplification": {
			Text{"Aucun papier n'est remplacé : on ne voit pas ce que l'usager y gagne.", "No paper is replaced: it does not show what a citizen gains."},
			Text{"Nommez sous simplification le justificatif que plus personne n'aura à fournir.", "Name under simplification the document nobody will have to bring any more."},
		},
		"retention_long": {
			Text{"La durée %s dépasse l'année pour laquelle un tarif vaut.", "%s is longer than the year a tariff is good for."},
			Text{"Écrivez P1Y ou moins, ou dites dans retention.rule quel texte impose davantage.", "Write P1Y or less, or say in retention.rule which text requires more."},
		},
		"other_path": {
			Text{"L'autre chemin ne dit ni où aller ni quoi envoyer.", "The other path says neither where to go nor what to send."},
			Text{"Écrivez le guichet, l'adresse ou le formulaire, et donnez refusal.url quand il existe.", "Write the desk, the address or the form, and give refusal.url where there is one."},
		},
		"automated_decision": {
			Text{"Une décision est prise sans personne (RGPD, art. 22).", "A decision is taken without a human being (GDPR 22)."},
			Text{"Dites dans refusal.consequence ce que la décision change et comment demander qu'une personne la revoie.", "Say in refusal.consequence what the decision changes and how to have a person look at it again."},
		},
		"text_general": {
			Text{"Le seul texte est l'article L.114-8, qui permet l'échange mais ne dit pas pourquoi cet organisme le fait.", "The only text is article L.114-8, which allows the exchange but does not say why this body makes it."},
			Text{"Ajoutez la délibération ou la décision qui fonde le service.", "Add the deliberation or decision the service rests on."},
		},
	}
}
