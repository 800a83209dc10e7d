package consent

import "regexp"

// Validate checks an approval by itself and against the catalogue, and gives
// every mistake at once, in the order of the file's keys; nil when there is
// none. It never panics, whatever the file held.
func (a *Approval) Validate(c *Catalogue) []Problem {
	var p problems
	checkName(&p, "$.id", a.ID)
	p.match("$.version", a.Version, shape(`[0-9A-Za-z.-]{1,32}`), `a version of at most 32 letters, digits, dots and hyphens, as "1.0.0"`)
	checkParty(&p, "$.service_provider", a.ServiceProvider)
	if a.Editor != nil {
		checkParty(&p, "$.editor", *a.Editor)
	}
	checkPurpose(&p, a.Purpose)
	optionalText(&p, "$.simplification", a.Simplification, 200)
	p.match("$.charter", a.Charter, shape(`sha-256:[A-Za-z0-9_-]{43}`), "sha-256: followed by the 43 base64url characters of the digest of the signed charter")
	checkLegal(&p, a.Legal, a.Desk != nil)
	checkUse(&p, a)
	checkMinimumAge(&p, a.MinimumAge)
	checkData(&p, a, c)
	checkCeilings(&p, a.Ceilings)
	checkDesk(&p, a, c)
	checkGrids(&p, a, c)
	checkSources(&p, a, c)
	checkDates(&p, a.Dates)
	if a.Resumes != "" {
		p.match("$.resumes", a.Resumes, shape(`[0-9A-Za-z.:\[\]-]{1,255}/log/[0-9]{1,9}#[0-9]{1,16}`), "the position accord approvals suspend printed, as accord.example/log/1#42, or leave the key out")
	}
	return p.found
}

// shape compiles a pattern that a whole value must match. Approvals are read
// at start and reload only, so nothing is kept.
func shape(pattern string) *regexp.Regexp { return regexp.MustCompile(`\A(?:` + pattern + `)\z`) }

func checkName(p *problems, path, name string) {
	p.match(path, name, shape(`[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?`), "1 to 64 lower-case letters, digits and hyphens, as valbrume-cantine")
}

func optionalText(p *problems, path string, t Text, limit int) {
	if !t.empty() {
		p.text(path, t, limit)
	}
}

func checkParty(p *problems, path string, party Party) {
	p.line(path+".name", party.Name, 200)
	if !ValidSIRET(party.SIRET) {
		p.add(path+".siret", `%s is no SIRET: write its 14 digits in quotation marks, the last one being the check digit`, quoted([]string{party.SIRET}))
	}
	p.line(path+".address", party.Address, 300)
	p.match(path+".dpo", party.DPO, shape(`[^@\s]{1,64}@[^@\s]{1,180}|https://[^\s]{1,200}`), "the e-mail address or the https address of the data protection officer")
	if party.DPO != "" {
		p.line(path+".dpo", party.DPO, 255)
	}
}

func checkPurpose(p *problems, purpose Purpose) {
	checkName(p, "$.purpose.id", purpose.ID)
	p.text("$.purpose.label", purpose.Label, 120)
	p.text("$.purpose.text", purpose.Text, 400)
	p.match("$.purpose.type", purpose.Type, shape(`dpv:[A-Z][A-Za-z]{2,80}`), "a purpose of W3C's Data Privacy Vocabulary, as dpv:PublicBenefit or dpv:RequestedServiceProvision")
	p.text("$.purpose.service", purpose.Service, 120)
}
