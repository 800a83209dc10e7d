package consent

// An Operator is who runs Accord: an administration or its processor, named in
// the configuration and on every page and receipt.
type Operator struct {
	// Name, SIRET, Address and DPO are as in Party.
	Name    string `yaml:"name"`
	SIRET   string `yaml:"siret"`
	Address string `yaml:"address"`
	DPO     string `yaml:"dpo"`
	// Role towards the service providers: processor (GDPR 28) or
	// joint_controller (GDPR 26).
	Role string `yaml:"role"`
}

// Validate checks an operator; path is the YAML path of its key, as
// "$.operator".
func (o Operator) Validate(path string) []Problem {
	p := problems{found: o.party().Validate(path)}
	p.match(path+".role", o.Role, shape("processor|joint_controller"), "processor (GDPR 28) or joint_controller (GDPR 26)")
	return p.found
}

func (o Operator) party() Party {
	return Party{Name: o.Name, SIRET: o.SIRET, Address: o.Address, DPO: o.DPO}
}

// Validate checks an organisation; path is the YAML path of its key.
func (party Party) Validate(path string) []Problem {
	var p problems
	checkParty(&p, path, party)
	return p.found
}
