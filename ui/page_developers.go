package ui

// Developers is "/developpeurs": how a service provider begins, in five calls.
type Developers struct {
	Prepare  string // lines of sh that draw what a request needs
	Calls    []APICall
	Further  []APICall      // about an agreement that was given
	Personas []PersonaStory // of the demonstration; none outside it
}

// An APICall is one request and the answer a test recorded of it.
type APICall struct {
	ID       string // texts dev.call.<ID>.title and .text
	Command  string // a line of sh
	Status   int
	Location string
	Body     string
}

// A PersonaStory is one invented person of the demonstration.
type PersonaStory struct {
	Name  string
	Story Text
}

// APIIndex is "/developpeurs/api": the groups of addresses.
type APIIndex struct {
	Groups []APIGroupLink // of agreement, service, public
	Data   []APIGroupLink // one for each resource
}

// An APIGroupLink leads to the page of one group. Its name is paper.<Resource>
// or the text dev.group.<ID>.
type APIGroupLink struct {
	ID       string
	Resource string // "dss_quotient_familial"; empty: no group of data
	Paths    []string
}

// APIGroup is "/developpeurs/api/{group}": its addresses, from the one OpenAPI
// description.
type APIGroup struct {
	Group      APIGroupLink
	Operations []APIOperation
}

// An APIOperation is one address and method.
type APIOperation struct {
	ID           string // for links within the page
	Method, Path string
	Twin         string // the same with a FranceConnect token; may be empty
	TwinMore     string // statuses that only the twin answers: "502"
	Summary      string // as the description has it, French
	Parameters   []APIMember
	Body         []APIMember // of a form
	Responses    []APIResponse
}

// An APIMember is a parameter, or a member of a document by its path.
type APIMember struct {
	Name     string // quotient_familial.valeur, enfants[].prenoms
	Type     string // OpenAPI's words: integer, string or null …
	Note     string // English, as the description has it
	Required bool
}

// An APIResponse is one answer; statuses with the same answer stand together.
type APIResponse struct {
	Statuses    string // "401, 406"
	Description string // English, as the description has it
	Kinds       string // content types
	Members     []APIMember
	Examples    []string // JSON, recorded
	Error       bool     // of the table of errors
}

// APIErrors is "/developpeurs/erreurs": the code's own tables.
type APIErrors struct {
	Data  []APIError
	Pages []PageError
}

// An APIError is one error of /v3. Title and detail are French, as answered.
type APIError struct {
	Status                      int
	Code, Title, Detail         string
	Parameter, Reason, Provider string // may be empty
}

// OAuthErrors is "/developpeurs/erreurs/oauth": the issuer's own table.
type OAuthErrors struct {
	Errors []OAuthError
}

// An OAuthError is one value of error in OAuth's answers; the text
// dev.oauth.<Code> says what to do.
type OAuthError struct {
	Code     string
	Statuses []int    // 303: on the way back to redirect_uri
	At       []string // addresses, and redirect_uri
}

// A PageError is one error page of the citizen's; its title is
// error.<Code>.title.
type PageError struct {
	Code   string // A01 to A22
	Status int
}

func (Developers) template() string  { return "developers" }
func (APIIndex) template() string    { return "apiindex" }
func (APIGroup) template() string    { return "apigroup" }
func (APIErrors) template() string   { return "apierrors" }
func (OAuthErrors) template() string { return "oautherrors" }

// groupName names a group of addresses in the reader's language.
func (s *speech) groupName(g APIGroupLink) string {
	if g.Resource != "" {
		return s.named("paper."+g.Resource, g.Resource)
	}
	return s.named("dev.group."+g.ID, g.ID)
}
