package consent

import (
	"fmt"
	"strings"
)

func checkLegal(p *problems, l Legal, desk bool) {
	switch {
	case l.Act == InformationOnly && !desk:
		p.add("$.legal.act", "%s belongs to the desk, where no one logs in: write %s, or add desk", l.Act, AccordPublicTask)
	case l.Act.Basis() != "":
		if l.Basis != l.Act.Basis() {
			p.add("$.legal.basis", "%s does not go with the act %s: write %s", quoted([]string{l.Basis}), l.Act, l.Act.Basis())
		}
	default:
		p.add("$.legal.act", "%s is no act: write %s, or %s where consent really is the legal basis", quoted([]string{string(l.Act)}), AccordPublicTask, ConsentGDPR)
	}
	least := 1
	if l.Act == ConsentGDPR {
		least = 0
	}
	p.count("$.legal.texts", len(l.Texts), least, 10)
	for i, text := range l.Texts {
		p.line(fmt.Sprintf("$.legal.texts[%d]", i), text, 160)
	}
}

// checkUse checks what the service provider does with the data, and what a
// refusal leads to (GDPR 13).
func checkUse(p *problems, a *Approval) {
	p.count("$.recipients", len(a.Recipients), 1, 10)
	for i, r := range a.Recipients {
		p.text(fmt.Sprintf("$.recipients[%d]", i), r, 160)
	}
	checkPeriod(p, "$.retention.period", a.Retention.Period)
	p.text("$.retention.rule", a.Retention.Rule, 200)
	p.count("$.locations", len(a.Locations), 0, 30)
	for i, country := range a.Locations {
		p.match(fmt.Sprintf("$.locations[%d]", i), country, shape(`[A-Z]{2}`), "a country of ISO 3166-1, two capital letters, as FR")
	}
	optionalText(p, "$.transfers", a.Transfers, 300)
	p.text("$.refusal.consequence", a.Refusal.Consequence, 300)
	p.text("$.refusal.other_path", a.Refusal.OtherPath, 300)
	if u := a.Refusal.URL; u != "" {
		p.match("$.refusal.url", u, shape(`https://[^\s"<>]{1,500}`), "an https address, or leave the key out")
		p.line("$.refusal.url", u, 510)
	}
}

func checkPeriod(p *problems, path, period string) {
	p.match(path, period, shape(`P(?:\d{1,3}Y)?(?:\d{1,3}M)?(?:\d{1,3}W)?(?:\d{1,4}D)?`), "an ISO 8601 duration in years, months, weeks or days, as P1Y, P6M or P30D")
	if period != "" && !strings.ContainsAny(period, "123456789") {
		p.add(path, "%s lasts no time: write how long the data are kept, as P1Y", quoted([]string{period}))
	}
}

func checkDates(p *problems, d Dates) {
	from, err := parseDay(d.From)
	if err != nil {
		p.add("$.dates.from", "%s is no date: write the first day as YYYY-MM-DD", quoted([]string{d.From}))
	}
	until, err2 := parseDay(d.Until)
	if err2 != nil {
		p.add("$.dates.until", "%s is no date: write the last day as YYYY-MM-DD", quoted([]string{d.Until}))
	}
	if err == nil && err2 == nil && until.Before(from) {
		p.add("$.dates.until", "lies before from: write a last day on or after %s", d.From)
	}
}
