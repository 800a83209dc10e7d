package cnav

import (
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

// errPeriod says that the month asked is in the future or too old.
var errPeriod = errors.New("month asked is not within the last two years")

// A period is the month a quotient familial is asked for.
type period struct{ year, month int }

func (p period) String() string { return fmt.Sprintf("%04d-%02d", p.year, p.month) }

// period is the month asked: within the current year and the two before, not
// in the future.
func (s *Source) period(q providers.Query) (period, error) {
	// The month begins in France up to two hours before UTC's; an hour early
	// is right in winter and late by one in summer, never in the hub's future.
	now := s.now().UTC().Add(time.Hour)
	asked := period{year: q.Year, month: q.Month}
	if asked.year == 0 {
		asked.year = now.Year()
	}
	if asked.month == 0 {
		asked.month = int(now.Month())
	}
	future := asked.year > now.Year() || asked.year == now.Year() && asked.month > int(now.Month())
	if future || asked.year < now.Year()-2 || asked.month < 1 || asked.month > 12 {
		return asked, errPeriod
	}
	return asked, nil
}

func (s *Source) builder(q providers.Query, asked period) func(context.Context, string) (*http.Request, error) {
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"?"+parameters(q.Identity, asked).Encode(), nil)
		if err != nil {
			return nil, errors.New("request to the hub cannot be made")
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Correlation-ID", requestID)
		r.Header.Set("X-APIPART-FSFINAL", q.Recipient)
		return r, nil
	}
}

// parameters are the civil identity as the hub wants it. The nom d'usage stays
// home: it is the login's word, not the civil register's, and is not needed.
func parameters(i providers.Identity, asked period) url.Values {
	v := url.Values{
		"nomNaissance":      {providers.PlainName(i.FamilyName)},
		"listePrenoms":      {providers.PlainName(i.GivenName)},
		"dateNaissance":     {i.RawBirthdate()},
		"codePaysNaissance": {i.Birthcountry},
		"anneeDemandee":     {strconv.Itoa(asked.year)},
		"moisDemande":       {fmt.Sprintf("%02d", asked.month)},
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
