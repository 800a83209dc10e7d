package apiparticuliersim

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A rule gives the error code of a parameter that is missing or wrong, and the
// parameter's name; "" when it is right (reference/api-particulier.md §3.2).
type rule func(q url.Values, now time.Time) (code, parameter string)

var (
	nameForm    = regexp.MustCompile(`^[A-Za-zÀ-ÖØ-öø-ÿ' -]+$`)
	countryForm = regexp.MustCompile(`^(99\d{3}|92352)$`)
	communeForm = regexp.MustCompile(`^([013-9]\d|2[AB1-9])\d{3}$`)
)

// malformed gathers the errors of all rules, as API Particulier does.
func (r route) malformed(q url.Values, now time.Time) *failure {
	f := &failure{status: http.StatusUnprocessableEntity}
	for _, rule := range r.rules {
		if code, parameter := rule(q, now); code != "" {
			f.errors = append(f.errors, fail(0, code, "Entité non traitable", parameter).errors[0])
		}
	}
	if len(f.errors) == 0 {
		return nil
	}
	return f
}

func recipient(q url.Values, _ time.Time) (string, string) {
	switch siret := q.Get("recipient"); {
	case siret == "":
		return "00203", "recipient"
	case len(siret) != 14 || !luhn(siret):
		return "00210", "recipient"
	}
	return "", ""
}

func luhn(s string) bool {
	sum := 0
	for i, r := range s {
		d := int(r - '0')
		if d < 0 || d > 9 {
			return false
		}
		if (len(s)-i)%2 == 0 {
			d = d*2%10 + d*2/10
		}
		sum += d
	}
	return sum%10 == 0
}

func birthName(q url.Values, _ time.Time) (string, string) {
	if !nameForm.MatchString(q.Get("nomNaissance")) {
		return "00420", "nomNaissance"
	}
	return "", ""
}

func givenNames(q url.Values, _ time.Time) (string, string) {
	if len(q["prenoms[]"]) == 0 || strings.TrimSpace(strings.Join(q["prenoms[]"], "")) == "" {
		return "00421", "prenoms"
	}
	return "", ""
}

func someGivenNames(q url.Values, _ time.Time) (string, string) {
	for _, name := range q["prenoms[]"] {
		if !nameForm.MatchString(name) {
			return "00367", "prenoms"
		}
	}
	return "", ""
}

func partialBirthdate(q url.Values, now time.Time) (string, string) {
	date, whole, ok := dateOf(q)
	if !ok || whole && (date.Year() < 1900 || !date.Before(now.Truncate(24*time.Hour))) {
		return "00363", "dateNaissance"
	}
	return "", ""
}

func wholeBirthdate(q url.Values, _ time.Time) (string, string) {
	for name, code := range map[string]string{"anneeDateNaissance": "00422", "moisDateNaissance": "00423", "jourDateNaissance": "00424"} {
		if q.Get(name) == "" {
			return code, name
		}
	}
	if _, whole, ok := dateOf(q); !ok || !whole {
		return "00425", "dateNaissance"
	}
	return "", ""
}

// dateOf reads the three parts; whole when all are there.
func dateOf(q url.Values) (date time.Time, whole, ok bool) {
	parts := [3]int{1, 1, 1}
	whole = true
	for n, name := range []string{"anneeDateNaissance", "moisDateNaissance", "jourDateNaissance"} {
		if q.Get(name) == "" {
			whole = false
			continue
		}
		v, err := strconv.Atoi(q.Get(name))
		if err != nil || v < 1 {
			return date, false, false
		}
		parts[n] = v
	}
	date = time.Date(parts[0], time.Month(parts[1]), parts[2], 0, 0, 0, 0, time.UTC)
	return date, whole, int(date.Month()) == parts[1] && date.Day() == parts[2]
}

func sexNeeded(q url.Values, _ time.Time) (string, string) {
	if s := strings.ToUpper(q.Get("sexeEtatCivil")); s != "M" && s != "F" {
		return "00427", "sexeEtatCivil"
	}
	return "", ""
}

func birthCountry(q url.Values, _ time.Time) (string, string) {
	if !countryForm.MatchString(q.Get("codeCogInseePaysNaissance")) {
		return "00400", "codeCogInseePaysNaissance"
	}
	return "", ""
}

func birthCommune(q url.Values, _ time.Time) (string, string) {
	if q.Get("codeCogInseePaysNaissance") == "99100" && !communeForm.MatchString(q.Get("codeCogInseeCommuneNaissance")) {
		return "00365", "codeCogInseeCommuneNaissance"
	}
	return "", ""
}
