package ui

// Privacy is "/donnees-personnelles": who is responsible, what is kept, how
// long, and the rights (GDPR 13, 14), with the cookies.
type Privacy struct {
	Operator Body
	DPO      string // mail or https address
	Joint    bool   // joint controller (GDPR 26), not processor (GDPR 28)
	Kept     []Kept
	Cookies  []Cookie
}

// A Body is an organisation by its civil particulars.
type Body struct{ Name, SIRET, Address string }

// A Kept is one line of what is kept, where and how long.
type Kept struct{ What, Where, Long Text }

// A Cookie is one that Accord may set; its purpose is the text
// privacy.cookie.<Purpose>.
type Cookie struct {
	Name    string
	Purpose string
	Long    Text
}

func (Privacy) template() string { return "privacy" }
