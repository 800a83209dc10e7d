package standing

import (
	"accord/broker/clocks"
	"accord/ui"
)

func (p Pages) privacy() ui.Page {
	page := ui.Privacy{Operator: p.operator(), DPO: p.Operator.DPO, Joint: p.Operator.Role == "joint_controller", Cookies: p.cookies()}
	for _, r := range clocks.Retentions() {
		page.Kept = append(page.Kept, ui.Kept{What: ui.Text(r.What), Where: ui.Text(r.Where), Long: ui.Text(r.Long)})
	}
	return page
}

// cookies are all that any page of Accord sets; a whole journey compares them
// with what a browser was given (TestEveryCookieIsToldOnThePrivacyPage).
func (p Pages) cookies() []ui.Cookie {
	session := clocks.Minutes(clocks.WebSession)
	all := []ui.Cookie{
		{Name: p.host("accord-i-…"), Purpose: "interaction", Long: ui.Text(clocks.AtMost(clocks.InteractionAtMost))},
		{Name: p.host("accord"), Purpose: "session", Long: ui.Text(session)},
		{Name: p.host("accord-l-…"), Purpose: "login", Long: ui.Text(clocks.AtMost(clocks.OneOffGrant))},
	}
	if p.Desk {
		all = append(all,
			ui.Cookie{Name: p.host("accord-guichet"), Purpose: "agent", Long: ui.Text(clocks.Minutes(clocks.AgentSession))},
			ui.Cookie{Name: p.host("accord-guichet-login"), Purpose: "agent_login", Long: ui.Text(clocks.AtMost(clocks.AtFranceConnect))})
	}
	year := ui.Text{FR: "1 an, si vous choisissez", EN: "1 year, if you choose"}
	return append(all, ui.Cookie{Name: "lang", Purpose: "language", Long: year}, ui.Cookie{Name: "theme", Purpose: "theme", Long: year})
}

// host is a cookie's name as browsers know it.
func (p Pages) host(name string) string {
	if p.Loopback {
		return name
	}
	return "__Host-" + name
}
