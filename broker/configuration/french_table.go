package configuration

import "slices"

// sentences are the messages of the rules on approvals and of the reader, the
// particular before the general.
func sentences() []sentence {
	return slices.Concat(gridSentences(), approvalSentences(), readerSentences(), generalSentences())
}

func approvalSentences() []sentence {
	return []sentence{
		{"%s is no SIRET: write its 14 digits in quotation marks, the last one being the check digit", "%s n'est pas un SIRET : écrire ses 14 chiffres entre guillemets, le dernier étant la clé"},
		{"repeated is not available in this version: write once", "repeated n'existe pas dans cette version : écrire once"},
		{"%s is no mode: write once", "%s n'est pas un mode : écrire once"},
		{"is %d: with mode once, write 1", "vaut %s : avec le mode once, écrire 1"},
		{"goes with mode repeated: remove it", "va avec le mode repeated : l'enlever"},
		{"%s is not among the data of this approval: write one of them", "%s n'est pas une donnée de cette habilitation : en écrire une"},
		{"%s is no path of %s: write one of %s", "%s n'est pas un chemin de %s : écrire l'un de %s"},
		{"stands on the last band: remove it, so that every value falls somewhere", "est sur la dernière tranche : l'enlever, pour que toute valeur tombe quelque part"},
		{"is missing: write the first value that falls into the next band", "manque : écrire la première valeur de la tranche suivante"},
		{"is not above the band before: write the bands in ascending order", "n'est pas au-dessus de la tranche d'avant : écrire les tranches dans l'ordre croissant"},
		{"%s is no source of this approval's data: remove it", "%s n'est la source d'aucune donnée de cette habilitation : l'enlever"},
		{"lists no datum: write at least one under required or optional", "n'a aucune donnée : en écrire au moins une sous required ou optional"},
		{"%s is no year selector: write one of %s", "%s n'est pas un choix d'année : écrire l'un de %s"},
		{"%s is listed twice: remove one", "%s est écrit deux fois : en enlever une"},
		{"%s is not in the catalogue: write one of %s", "%s n'est pas au catalogue : écrire l'un de %s"},
		{"%s tells about other persons (%s), for whom the citizen cannot consent: remove it, or found the request on a public task (%s)", "%s parle d'autres personnes (%s), pour qui l'usager ne peut pas consentir : l'enlever, ou fonder la demande sur une mission publique (%s)"},
		{"is missing: tax data are under tax secrecy (LPF L103): write the reference of the text that lifts it for this purpose", "manque : les données fiscales sont couvertes par le secret fiscal (LPF L103) : écrire la référence du texte qui le lève pour ce but"},
		{"is missing: tax data are asked for a year: write at least one of %s", "manque : les données fiscales se demandent pour une année : écrire au moins l'un de %s"},
		{"goes with tax data, and none is listed: remove it", "va avec des données fiscales, et il n'y en a pas : l'enlever"},
		{"%s does not go with the act %s: write %s", "%s ne va pas avec l'acte %s : écrire %s"},
		{"%s belongs to the desk, where no one logs in: write %s", "%s est pour le guichet, où personne ne s'identifie : écrire %s"},
		{"%s is no act: write %s, or %s where consent really is the legal basis", "%s n'est pas un acte : écrire %s, ou %s si le consentement est vraiment la base légale"},
		{"%s lasts no time: write how long the data are kept, as P1Y", "%s ne dure rien : écrire combien de temps les données sont gardées, comme P1Y"},
		{"%s is no date: write the first day as YYYY-MM-DD", "%s n'est pas une date : écrire le premier jour, AAAA-MM-JJ"},
		{"%s is no date: write the last day as YYYY-MM-DD", "%s n'est pas une date : écrire le dernier jour, AAAA-MM-JJ"},
		{"lies before from: write a last day on or after %s", "est avant from : écrire un dernier jour à partir du %s"},
		{"%s is no mode: write once, or repeated", "%s n'est pas un mode : écrire once, ou repeated"},
		{"is %d: with mode repeated, write 2 to %d, the first fetch included", "vaut %s : avec le mode repeated, écrire 2 à %s, la première consultation comprise"},
		{"%s is longer than a year: write P12M or less", "%s dépasse un an : écrire P12M ou moins"},
		{"goes with ceilings.mode repeated: remove it, its tokens fetch again", "va avec ceilings.mode repeated : l'enlever"},
		{"lists no datum: write at least one under required or optional, or identity_only: true", "n'a aucune donnée : en écrire au moins une sous required ou optional, ou identity_only: true"},
		{"is %d: write how many look-ups one agent may ask for on one day, 1 to %d", "vaut %s : écrire combien de consultations un agent peut demander en un jour, de 1 à %s"},
		{"%s is no way to agree at a desk: write %s, %s or %s", "%s n'est pas une façon d'accepter au guichet : écrire %s, %s ou %s"},
		{"%s asks for the person's agreement, and %s is none: remove it", "%s demande l'accord de la personne, et %s n'en est pas un : l'enlever"},
		{"%s is never asked at a desk (sensitive, or needing FranceConnect or the citizen): make it optional, or remove desk", "%s n'est jamais demandé au guichet (sensible, ou exigeant FranceConnect ou l'usager) : le rendre facultatif, ou enlever desk"},
		{"the approval has no datum a desk may ask for: remove desk", "aucune donnée de l'habilitation ne se demande au guichet : enlever desk"},
		{"%s belongs to the desk, where no one logs in: write %s, or add desk", "%s est pour le guichet, où personne ne s'identifie : écrire %s, ou ajouter desk"},
		{"%d is no age of 15 to 18: write one, or leave the key out for 18", "%s n'est pas un âge de 15 à 18 ans : en écrire un, ou enlever la clé pour 18"},
		{"differs from the file's name: write %s, or rename the file", "n'est pas le nom du fichier : écrire %s, ou renommer le fichier"},
		{"is the registrar's to write: remove it", "est écrit par le registraire : l'enlever"},
		{"is missing: write the paper citizens no longer have to bring, in French (fr) and in English (en)", "manque : écrire le papier que les usagers n'auront plus à fournir, en français (fr) et en anglais (en)"},
		{"has more than 120 characters", "a plus de 120 caractères"},
		{"is no e-mail address: write where the registrar writes to", "n'est pas une adresse électronique : écrire où le registraire peut écrire"},
		{"%s is not a file of 1 byte to 20 MiB: put the signed charter there", "%s n'est pas un fichier de 1 octet à 20 Mio : y mettre la charte signée"},
		{"%s cannot be read by this user", "%s ne peut pas être lu par cet utilisateur"},
		{"is not the digest of %s: write %s, or leave the key out", "n'est pas l'empreinte de %s : écrire %s, ou enlever la clé"},
	}
}

// gridSentences are those of the rules on grids that answer in a datum's place.
func gridSentences() []sentence {
	return []sentence{
		{"goes with a whole address, and none is listed: remove it", "va avec une adresse entière, et il n'y en a pas : l'enlever"},
		{"is missing: %s would be sent whole: write the reference of the text that needs it, or let a grid with any_of answer whether the person lives in the commune", "manque : %s partirait en entier : écrire la référence du texte qui l'exige, ou laisser une grille avec any_of répondre si la personne habite la commune"},
		{"has %d of the keys bands, ages and any_of: write one of them", "a %s des clés bands, ages et any_of : en écrire une"},
		{"goes with bands: remove it", "va avec bands : l'enlever"},
		{"%s stands in a list: write a single leaf", "%s est dans une liste : écrire une feuille unique"},
		{"has if_yes or if_no, which go with ages and any_of: remove them, each band has its label", "a if_yes ou if_no, qui vont avec ages et any_of : les enlever, chaque tranche a son label"},
		{"1 to 16 letters, digits, hyphens and underscores", "1 à 16 lettres, chiffres, tirets et tirets bas"},
		{"%s is the code of a band before: write each once", "%s est le code d'une tranche d'avant : n'écrire chacun qu'une fois"},
		{"is %d to %d: write completed years, 0 to 120, the lower one first", "va de %s à %s : écrire des années révolues, de 0 à 120, la plus petite d'abord"},
		{"%s is no date of birth: write one", "%s n'est pas une date de naissance : en écrire une"},
		{"says the same as a line before: remove it", "dit la même chose qu'une ligne d'avant : l'enlever"},
		{"is no commune of an address: write its postal code and its name, as %s", "n'est pas la commune d'une adresse : écrire son code postal et son nom, comme %s"},
		{"begins as an address does, and the datum is none: write the text itself", "commence comme une adresse, et la donnée n'en est pas une : écrire le texte lui-même"},
		{"%s is the id of another grid: write another one", "%s est l'identifiant d'une autre grille : en écrire un autre"},
		{"answers for no datum, and is no tariff table: write grid: %s on the datum it reads", "ne répond pour aucune donnée, et n'est pas une table de tarifs : écrire grid: %s sur la donnée qu'elle lit"},
		{"%s is no grid of this approval: write its id, or add it under grids", "%s n'est pas une grille de cette habilitation : écrire son identifiant, ou l'ajouter sous grids"},
		{"the grid %s reads %s: write the datum's own grid", "la grille %s lit %s : écrire la grille de la donnée elle-même"},
		{"%s is no leaf of %s: write one by which %s can be divided", "%s n'est pas une feuille de %s : en écrire une par laquelle diviser %s"},
		{"is the path itself: write another leaf", "est le chemin lui-même : écrire une autre feuille"},
		{"is part of %s, which tells about other persons (%s), for whom the citizen cannot consent", "fait partie de %s, qui parle d'autres personnes (%s), pour qui l'usager ne peut pas consentir"},
		{"the client_id FranceConnect gave the service provider, 8 to 128 characters without spaces", "le client_id que FranceConnect a donné à l'organisme, 8 à 128 caractères sans espace"},
	}
}

func readerSentences() []sentence {
	return []sentence{
		{"anchors, aliases and tags are not accepted: write the value itself", "ancres, alias et étiquettes YAML ne sont pas acceptés : écrire la valeur elle-même"},
		{"write keys and values below it, as key: value", "écrire dessous des clés et des valeurs, comme clé: valeur"},
		{"a key is a plain word", "une clé est un mot simple"},
		{"%s stands twice: keep one", "%s est écrit deux fois : n'en garder qu'un"},
		{"write a list: one entry a line, each after a hyphen", "écrire une liste : une entrée par ligne, chacune après un tiret"},
		{"write one text", "écrire un texte"},
		{"write true or false", "écrire true ou false"},
		{"write a whole number", "écrire un nombre entier"},
		{"write a number", "écrire un nombre"},
		{"write what the documented example shows there", "écrire comme dans l'exemple documenté"},
		{"%q is not a key in %s: write one of %s", "%s n'est pas une clé de %s : écrire l'une de %s"},
		{"%q is not a key: write one of %s", "%s n'est pas une clé : écrire l'une de %s"},
		{"is larger than %d bytes", "dépasse %s octets"},
		{"is not UTF-8 text", "n'est pas du texte UTF-8"},
		{"holds a carriage return that ends no line: remove it", "contient un retour chariot qui ne finit aucune ligne : l'enlever"},
		{"nests lists or mappings more than %d deep", "imbrique plus de %s niveaux"},
		{"is empty", "est vide"},
		{"begins a second document: one file holds one", "commence un second document : un fichier n'en tient qu'un"},
		{"is not YAML: %s", "n'est pas du YAML : %s"},
		{"is not YAML", "n'est pas du YAML"},
		{"is not signed: a registrar runs accord approvals sign -key K %s", "n'est pas signée : un registraire lance accord approvals sign -key K %s"},
		{"its signature file %s cannot be read", "son fichier de signature %s ne peut pas être lu"},
		{"is signed by none of the registrars of accord.yaml", "n'est signée par aucun registraire de accord.yaml"},
		{"was altered after it was signed, or its signature was: a registrar reads it again and signs it anew", "a changé après sa signature, ou sa signature a changé : un registraire la relit et la signe de nouveau"},
		{"cannot be read: %s", "ne peut pas être lu : %s"},
		{"cannot be read", "ne peut pas être lu"},
		{"is not a file of at most %d bytes", "n'est pas un fichier d'au plus %s octets"},
	}
}

// generalSentences hold what other sentences name: shapes and lists.
func generalSentences() []sentence {
	return []sentence{
		{"is missing: write it, on one line of at most %d characters", "manque : l'écrire, sur une ligne d'au plus %s caractères"},
		{"begins or ends with a space: remove it", "commence ou finit par une espace : l'enlever"},
		{"holds a line break or an invisible character: write it on one line (after >- it may be broken in the file)", "contient un saut de ligne ou un caractère invisible : l'écrire sur une ligne (après >- elle peut être coupée dans le fichier)"},
		{"has %d characters: write at most %d", "a %s caractères : en écrire au plus %s"},
		{"has %d entries: write %d to %d", "a %s entrées : en écrire de %s à %s"},
		{"is missing: write %s", "manque : écrire %s"},
		{"%s is not accepted: write %s", "%s n'est pas accepté : écrire %s"},

		{`a version of at most 32 letters, digits, dots and hyphens, as "1.0.0"`, `une version d'au plus 32 lettres, chiffres, points et tirets, comme "1.0.0"`},
		{"sha-256: followed by the 43 base64url characters of the digest of the signed charter", "sha-256: suivi des 43 caractères base64url de l'empreinte de la charte signée"},
		{"1 to 64 lower-case letters, digits and hyphens, as valbrume-cantine", "1 à 64 lettres minuscules, chiffres et tirets, comme valbrume-cantine"},
		{"the e-mail address or the https address of the data protection officer", "l'adresse électronique ou l'adresse https du délégué à la protection des données"},
		{"a purpose of W3C's Data Privacy Vocabulary, as dpv:PublicBenefit or dpv:RequestedServiceProvision", "un but du Data Privacy Vocabulary du W3C, comme dpv:PublicBenefit ou dpv:RequestedServiceProvision"},
		{"the identifier DGFiP gave the online service (ID_Teleservice)", "l'identifiant que la DGFiP a donné au téléservice (ID_Teleservice)"},
		{"a country of ISO 3166-1, two capital letters, as FR", "un pays de la norme ISO 3166-1, deux capitales, comme FR"},
		{"an https address, or leave the key out", "une adresse https, ou enlever la clé"},
		{"an ISO 8601 duration in years, months, weeks or days, as P1Y, P6M or P30D", "une durée ISO 8601 en années, mois, semaines ou jours, comme P1Y, P6M ou P30D"},
		{"the position accord approvals suspend printed, as accord.example/log/1#42, or leave the key out", "la position qu'a écrite accord approvals suspend, comme accord.example/log/1#42, ou enlever la clé"},
		{"whom the registrar asks, at most 120 characters", "à qui le registraire s'adresse, 120 caractères au plus"},
		{"the file of the signed charter, beside this one", "le fichier de la charte signée, à côté de celui-ci"},
	}
}
