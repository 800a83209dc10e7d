package apiparticuliersim

import (
	"net/url"
	"regexp"
	"strconv"
	"time"
)

var (
	ineForm      = regexp.MustCompile(`^([0-9]{9}[A-Za-z]{2}|[0-9]{10}[A-Za-z]|[0-9A-Za-z]{11})$`)
	schoolForm   = regexp.MustCompile(`^\d{7}[A-Za-z]$`)
	yearForm     = regexp.MustCompile(`^\d{4}(-\d{4})?$`)
	campaignForm = regexp.MustCompile(`^\d{4}$`)
	digitsForm   = regexp.MustCompile(`^\d+$`)
)

func quotientMonth(q url.Values, now time.Time) (string, string) {
	year, month, ok := monthAsked(q, now)
	switch {
	case !ok || month < 1 || month > 12:
		return "00354", "mois"
	case year > now.Year() || year < now.Year()-2:
		return "00356", "annee"
	case time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).After(now.Add(2 * time.Hour)):
		return "00354", "mois"
	}
	return "", ""
}

func monthAsked(q url.Values, now time.Time) (year, month int, ok bool) {
	year, month = now.Year(), int(now.Month())
	var err error
	if v := q.Get("annee"); v != "" {
		year, err = strconv.Atoi(v)
	}
	if v := q.Get("mois"); v != "" && err == nil {
		month, err = strconv.Atoi(v)
	}
	return year, month, err == nil
}

func ineNeeded(q url.Values, _ time.Time) (string, string) {
	if !ineForm.MatchString(q.Get("ine")) {
		return "00360", "ine"
	}
	return "", ""
}

func campaign(q url.Values, now time.Time) (string, string) {
	v := q.Get("campaignYear")
	year, err := strconv.Atoi(v)
	if v != "" && (err != nil || !campaignForm.MatchString(v) || year < 2021 || year >= now.Year()) {
		return "00368", "campaignYear"
	}
	return "", ""
}

func schoolAndYear(q url.Values, _ time.Time) (string, string) {
	switch {
	case !yearForm.MatchString(q.Get("anneeScolaire")):
		return "00411", "anneeScolaire"
	case !schoolForm.MatchString(q.Get("codeEtablissement")):
		return "00410", "codeEtablissement"
	}
	return "", ""
}

func youth(q url.Values, now time.Time) (string, string) {
	date, whole, ok := dateOf(q)
	if ok && whole && (date.AddDate(16, 0, 0).After(now) || !date.AddDate(26, 0, 0).After(now)) {
		return "39400", ""
	}
	return "", ""
}

func identifiant(q url.Values, _ time.Time) (string, string) {
	if q.Get("identifiant") == "" {
		return "00380", "identifiant"
	}
	return "", ""
}

func digits(q url.Values, _ time.Time) (string, string) {
	if !digitsForm.MatchString(q.Get("identifiant")) {
		return "00380", "identifiant"
	}
	return "", ""
}

func plateNeeded(q url.Values, _ time.Time) (string, string) {
	if q.Get("immatriculation") == "" {
		return "00430", "immatriculation"
	}
	return "", ""
}
