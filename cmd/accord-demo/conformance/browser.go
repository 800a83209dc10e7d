package conformance

// A visit is what the suite's browser does from one address on: tasks in
// order, each on the page whose address matches ("*" stands for anything).
type visit struct {
	Match string `json:"match"`
	Limit int    `json:"match-limit,omitempty"` // of times it is used; 0: always
	Tasks []task `json:"tasks"`
}

type task struct {
	Task     string    `json:"task"`
	Match    string    `json:"match"`
	Optional bool      `json:"optional,omitempty"` // passed over on another page
	Commands []command `json:"commands,omitempty"`
}

// A command is click or wait, how the element is found, which one, and for wait
// the seconds at most, the expected words and what to do with the page.
type command []any

func click(id string) command { return command{"click", "id", id} }

func await(id string) command { return command{"wait", "id", id, 30} }

// shown waits for words and leaves the page as the picture that a module asks a
// person to look at; optional where not every module asks.
func shown(words string, optional bool) command {
	action := "update-image-placeholder"
	if optional {
		action += "-optional"
	}
	return command{"wait", "xpath", "//*", 10, words, action}
}

const (
	persona = "persona-camille"
	refused = "A0[1-9]" // the code on a page that ends here, in either language
)

// A Place is where the country of a registration is served.
type Place struct {
	Accord, FranceConnect string
	Recipient             string // SIRET of DataApproval's service provider
}

func (p Place) authorize() string { return p.Accord + "/authorize*" }

func (p Place) back(t Test) task {
	return task{Task: "Back at the suite", Match: t.callback() + "*", Commands: []command{{"wait", "id", "submission_complete", 10}}}
}

// agree goes the whole way of a request for data.
func (p Place) agree(t Test) visit {
	return visit{Match: p.authorize(), Tasks: []task{
		{Task: "Ask to see", Match: p.Accord + "/connexion*", Commands: []command{click("accept")}},
		{Task: "Log in", Match: p.FranceConnect + "*", Commands: []command{click(persona)}},
		{Task: "Go on", Match: p.FranceConnect + "*", Commands: []command{click("continue")}},
		{Task: "Agree", Match: p.Accord + "/*", Commands: []command{await("accept"), click("accept")}},
		p.back(t),
	}}
}

func (p Place) refuse(t Test) visit {
	return visit{Match: p.authorize(), Tasks: []task{
		{Task: "Refuse", Match: p.Accord + "/connexion*", Commands: []command{click("refuse")}},
		p.back(t),
	}}
}

// look opens the first page and leaves it.
func (p Place) look() visit {
	return visit{Match: p.authorize(), Limit: 1, Tasks: []task{
		{Task: "Look", Match: p.Accord + "/connexion*", Commands: []command{await("accept")}},
	}}
}

// stop is a request that ends on a page of Accord's.
func (p Place) stop() visit {
	return visit{Match: p.authorize(), Tasks: []task{
		{Task: "Stop here", Match: p.Accord + "/*", Commands: []command{shown(refused, false)}},
	}}
}

func once(v visit) visit {
	v.Limit = 1
	return v
}

// identify goes the way of openid alone. A second request of one browser may
// need less of it, and prompt=none nothing at all.
func (p Place) identify(t Test) visit {
	return visit{Match: p.authorize(), Tasks: []task{
		{Task: "Be recognised", Match: p.Accord + "/connexion*", Optional: true, Commands: []command{click("accept")}},
		{Task: "Log in", Match: p.FranceConnect + "*", Optional: true, Commands: []command{shown("FranceConnect", true), click(persona)}},
		{Task: "Go on", Match: p.FranceConnect + "*", Optional: true, Commands: []command{click("continue")}},
		p.back(t),
	}}
}

// leave confirms a logout where a page asks.
func (p Place) leave() visit {
	return visit{Match: p.Accord + "/session/end*", Tasks: []task{
		{Task: "Log out", Match: p.Accord + "/*", Optional: true, Commands: []command{shown("Accord", true), {"click", "id", "accept", "optional"}}},
		{Task: "Logged out", Match: "*"},
	}}
}
