package consent

import (
	"fmt"
	"slices"
	"time"
)

// A Period is what a request may say about when: zero members leave it to the
// source, which tells its latest.
type Period struct {
	Year, Month int // of the quotient familial, as API Particulier's annee and mois
	Campaign    int // of the student grant (annee_campagne): the year it begins
}

// firstCampaign is the oldest grant campaign CNOUS tells.
const firstCampaign = 2021

// IsZero tells that nothing was asked.
func (p Period) IsZero() bool { return p == Period{} }

// At completes an asked month: without year it is this year's, without month
// this month's, as API Particulier does. A completed period stays what it was
// on the day it was asked.
func (p Period) At(at time.Time) Period {
	now := at.In(frenchZone())
	if p.Month != 0 && p.Year == 0 {
		p.Year = now.Year()
	}
	if p.Year != 0 && p.Month == 0 {
		p.Month = int(now.Month())
	}
	return p
}

// During gives the request for a period. The error is a *Refusal
// (invalid_request): a month that no source tells (CAF and MSA: this year and
// the two before, not the future; CNOUS: from 2021 to last year), or a period
// of what is not asked.
func (r Request) During(p Period, at time.Time) (Request, error) {
	r.Period = p.At(at)
	if err := r.Period.refused(r, at.In(frenchZone())); err != nil {
		return Request{}, err
	}
	return r, nil
}

func (p Period) refused(r Request, now time.Time) error {
	asks := func(resource string) bool { return slices.Contains(Resources(r.Data()), resource) }
	ahead := p.Year > now.Year() || p.Year == now.Year() && p.Month > int(now.Month())
	switch {
	case p.Year != 0 && !asks(ResourceQuotientFamilial):
		return refuseRequest(ReasonPeriodUnused, "annee and mois go with the quotient familial: ask for it, or leave them out")
	case p.Year != 0 && (p.Month < 1 || p.Month > 12):
		return refuseRequest(ReasonPeriod, "mois must be 1 to 12")
	case p.Year != 0 && (ahead || p.Year < now.Year()-2):
		return refuseRequest(ReasonPeriod, "annee and mois must not be in the future, and annee at least %d", now.Year()-2)
	case p.Campaign != 0 && !asks(ResourceGrantHolder):
		return refuseRequest(ReasonPeriodUnused, "annee_campagne goes with the data of CNOUS: ask for one, or leave it out")
	case p.Campaign != 0 && (p.Campaign < firstCampaign || p.Campaign >= now.Year()):
		return refuseRequest(ReasonPeriod, "annee_campagne must be %d to %d", firstCampaign, now.Year()-1)
	}
	return nil
}

// Of gives the period asked of a datum, as pages and provenance write it:
// AAAA-MM for a month, AAAA-AAAA for a campaign, "" when none was asked.
func (p Period) Of(d Datum) string {
	switch {
	case d.Resource == ResourceQuotientFamilial && d.Period == PeriodMonth && p.Year != 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	case d.Resource == ResourceGrantHolder && p.Campaign != 0:
		return fmt.Sprintf("%d-%d", p.Campaign, p.Campaign+1)
	}
	return ""
}
