package consent

import (
	"fmt"
	"slices"
)

const mostADay = 500 // look-ups one agent may ask for: more is no desk but a file

// checkDesk checks what agents may do. An approval whose required data no desk
// may ask for could never be used there.
func checkDesk(p *problems, a *Approval, c *Catalogue) {
	if a.Desk == nil {
		return
	}
	if n := a.Desk.DailyCap; n < 1 || n > mostADay {
		p.add("$.desk.daily_cap", "is %d: write how many look-ups one agent may ask for on one day, 1 to %d", n, mostADay)
	}
	p.count("$.desk.agreements", len(a.Desk.Agreements), 1, 3)
	for i, way := range a.Desk.Agreements {
		path := fmt.Sprintf("$.desk.agreements[%d]", i)
		switch {
		case way.Method() == "":
			p.add(path, "%s is no way to agree at a desk: write %s, %s or %s", quoted([]string{string(way)}), SignedPaper, AtCounter, OwnPhone)
		case slices.Contains(a.Desk.Agreements[:i], way):
			p.add(path, "%s is listed twice: remove one", way)
		case way == OwnPhone && a.Legal.Act == InformationOnly:
			p.add(path, "%s asks for the person's agreement, and %s is none: remove it", way, a.Legal.Act)
		}
	}
	checkDeskData(p, a, c)
}

func checkDeskData(p *problems, a *Approval, c *Catalogue) {
	for i, d := range a.Data.Required {
		if entry, known := c.Datum(d.ID); known && !entry.AtDesk() {
			p.add(fmt.Sprintf("$.data.required[%d].id", i), "%s is never asked at a desk (sensitive, or needing FranceConnect or the citizen): make it optional, or remove desk", d.ID)
		}
	}
	if required, optional := a.DeskData(c); len(required)+len(optional) == 0 {
		p.add("$.desk", "the approval has no datum a desk may ask for: remove desk")
	}
}
