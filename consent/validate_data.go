package consent

import (
	"fmt"
	"slices"
)

// checkData checks what may be asked against the catalogue, the legal basis
// and the rules on tax secrecy.
func checkData(p *problems, a *Approval, c *Catalogue) {
	if len(a.Data.Required)+len(a.Data.Optional) == 0 && !a.Data.IdentityOnly {
		p.add("$.data", "lists no datum: write at least one under required or optional, or identity_only: true")
	}
	seen := make(map[string]bool)
	checkList(p, a, c, "$.data.required", a.Data.Required, seen)
	checkList(p, a, c, "$.data.optional", a.Data.Optional, seen)
	checkFiscal(p, a, c)
	checkFullAddress(p, a, c)
	for i, y := range a.Data.Years {
		path := fmt.Sprintf("$.data.years[%d]", i)
		if !isYearSelector(y) {
			p.add(path, "%s is no year selector: write one of %s", quoted([]string{y}), quoted(yearSelectors()))
		} else if slices.Contains(a.Data.Years[:i], y) {
			p.add(path, "%s is listed twice: remove one", y)
		}
	}
}

func checkList(p *problems, a *Approval, c *Catalogue, list string, data []ApprovedDatum, seen map[string]bool) {
	for i, d := range data {
		path := fmt.Sprintf("%s[%d]", list, i)
		entry, known := c.Datum(d.ID)
		switch {
		case !known:
			p.add(path+".id", "%s is not in the catalogue: write one of %s", quoted([]string{d.ID}), quoted(IDs(c.data)))
		case seen[d.ID]:
			p.add(path+".id", "%s is listed twice: remove one", d.ID)
		case a.Legal.Act == ConsentGDPR && entry.Subject != SubjectSelf:
			p.add(path+".id", "%s tells about other persons (%s), for whom the citizen cannot consent: remove it, or found the request on a public task (%s)", d.ID, entry.Subject, AccordPublicTask)
		}
		seen[d.ID] = true
		p.text(path+".why", d.Why, 160)
	}
}

// checkFiscal ties together what goes with tax data and with nothing else.
func checkFiscal(p *problems, a *Approval, c *Catalogue) {
	fiscal := slices.ContainsFunc(a.data(c), func(d Datum) bool { return d.Type == TypeFiscal })
	if !fiscal {
		refuseIf(p, a.Legal.TaxSecrecy != "", "$.legal.tax_secrecy")
		refuseIf(p, len(a.Data.Years) > 0, "$.data.years")
		refuseIf(p, a.DGFiPTeleservice != "", "$.dgfip_teleservice")
		return
	}
	if a.Legal.TaxSecrecy == "" {
		p.add("$.legal.tax_secrecy", "is missing: tax data are under tax secrecy (LPF L103): write the reference of the text that lifts it for this purpose")
	} else {
		p.line("$.legal.tax_secrecy", a.Legal.TaxSecrecy, 160)
	}
	if len(a.Data.Years) == 0 {
		p.add("$.data.years", "is missing: tax data are asked for a year: write at least one of %s", quoted(yearSelectors()))
	}
	p.match("$.dgfip_teleservice", a.DGFiPTeleservice, shape(`[0-9A-Za-z._-]{1,64}`), "the identifier DGFiP gave the online service (ID_Teleservice)")
}

// checkFullAddress lets a whole address be asked only where a text needs it:
// whether somebody lives in the commune is answered by a grid.
func checkFullAddress(p *problems, a *Approval, c *Catalogue) {
	const path = "$.legal.full_address"
	whole := slices.DeleteFunc(a.data(c), func(d Datum) bool { return d.Unit != "address" || d.Answered != nil })
	switch {
	case len(whole) == 0 && a.Legal.FullAddress != "":
		p.add(path, "goes with a whole address, and none is listed: remove it")
	case len(whole) > 0 && a.Legal.FullAddress == "":
		p.add(path, "is missing: %s would be sent whole: write the reference of the text that needs it, or let a grid with any_of answer whether the person lives in the commune", quoted(IDs(whole)))
	case len(whole) > 0:
		p.line(path, a.Legal.FullAddress, 160)
	}
}

func refuseIf(p *problems, set bool, path string) {
	if set {
		p.add(path, "goes with tax data, and none is listed: remove it")
	}
}

// data gives the approved data the catalogue knows, required first.
func (a *Approval) data(c *Catalogue) []Datum {
	var data []Datum
	for _, d := range slices.Concat(a.Data.Required, a.Data.Optional) {
		if entry, ok := c.Datum(d.ID); ok {
			data = append(data, a.As(entry, c))
		}
	}
	return data
}

// Approved gives every datum of the approval, required first, each as the
// approval has it: what a store mirrors, so that a delivery is checked against
// it.
func (a *Approval) Approved(c *Catalogue) []Datum { return a.data(c) }
