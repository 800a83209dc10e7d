package cnav

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"accord/providers"
)

const france = "99100" // INSEE country code

// correlation is the header of the request id, there and back.
const correlation = "X-Correlation-ID"

const maxHistory = 24 // months

// Causes of a query that is not made.
var (
	errResource = errors.New("resource not configured")
	errPeriod   = errors.New("month asked is not within the last 24")
	errNow      = errors.New("resource is of today only")
)

// A period is the month a resource is asked for.
type period struct{ year, month int }

func (p period) String() string { return fmt.Sprintf("%04d-%02d", p.year, p.month) }

// before counts the months from p to later.
func (p period) before(later period) int { return (later.year-p.year)*12 + later.month - p.month }

// today in France. The day begins there up to two hours before UTC's; an hour
// early is right in winter and late by one in summer, never in the hub's
// future.
func (s *Source) today() time.Time { return s.now().UTC().Add(time.Hour) }

// monthOf is the month asked: what q leaves open is today's.
func monthOf(q providers.Query, today time.Time) period {
	return period{cmp.Or(q.Year, today.Year()), cmp.Or(q.Month, int(today.Month()))}
}

// checkMonth refuses what no regime can answer.
func (r resource) checkMonth(a asked) error {
	back := a.month.before(monthOf(providers.Query{}, a.today))
	switch {
	case a.month.month < 1 || a.month.month > 12 || back < 0 || back > maxHistory:
		return errPeriod
	case !r.monthly && back != 0:
		return errNow
	}
	return nil
}

func (to *account) builder(q providers.Query, a asked) func(context.Context, string) (*http.Request, error) {
	v := parameters(q.Identity)
	if to.monthly {
		v.Set("anneeDemandee", strconv.Itoa(a.month.year))
		v.Set("moisDemande", fmt.Sprintf("%02d", a.month.month))
	}
	address := to.url + "?" + v.Encode()
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, errors.New("request to the hub cannot be made")
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(correlation, requestID)
		r.Header.Set("X-APIPART-FSFINAL", q.Recipient)
		return r, nil
	}
}

// parameters are the civil identity as the hub wants it. The nom d'usage stays
// home: it is the login's word, not the civil register's, and is not needed.
func parameters(i providers.Identity) url.Values {
	v := url.Values{
		"nomNaissance":      {providers.PlainName(i.FamilyName)},
		"listePrenoms":      {providers.PlainName(i.GivenName)},
		"dateNaissance":     {i.RawBirthdate()},
		"codePaysNaissance": {i.Birthcountry},
	}
	if i.Birthcountry == france {
		v.Set("codeLieuNaissance", i.Birthplace)
	}
	// An unspecified sex is left out: the hub knows M and F only, and naming
	// one would be a guess.
	switch i.Gender {
	case "male":
		v.Set("genre", "M")
	case "female":
		v.Set("genre", "F")
	}
	for name := range v {
		if v.Get(name) == "" {
			v.Del(name)
		}
	}
	return v
}
