package cnavsim

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/faults"

	"github.com/google/uuid"
)

// query answers one resource about one civil identity.
func (s *Simulator) query(resource string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(correlation, s.echo(resource, r))
		bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		scope, ok := s.scope(bearer)
		switch {
		case !ok:
			faults.JSON(w, http.StatusUnauthorized, `{"error":"invalid_token"}`)
		case scope != Scope(resource):
			faults.JSON(w, http.StatusForbidden, `{"error":"insufficient_scope"}`)
		default:
			s.answer(w, r, resource)
		}
	}
}

const correlation = "X-Correlation-ID"

// echo is the request's own id. Under OtherPerson a benefit has another's:
// nothing else could tell whose it is.
func (s *Simulator) echo(resource string, r *http.Request) string {
	if faults.WantsOtherPerson(r) && resource != QuotientFamilial && resource != ParticipationFamilialeEAJE {
		return uuid.NewString()
	}
	return r.Header.Get(correlation)
}

func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, resource string) {
	if code, reason := malformed(r); code != 0 {
		refuse(w, http.StatusBadRequest, code, reason)
		return
	}
	q := r.URL.Query()
	files := s.files(q, faults.WantsOtherPerson(r))
	switch {
	case len(files) > 1:
		refuse(w, http.StatusConflict, 40901, "Plusieurs dossiers correspondent")
	case len(files) == 1:
		s.file(w, q, files[0], resource)
	case s.registered(q):
		refuse(w, http.StatusNotFound, 40406, "Aucun rattachement trouvé")
	default:
		refuse(w, http.StatusNotFound, 40409, "Identité non trouvée")
	}
}

// malformed gives the hub's error code for a request it would not take.
func malformed(r *http.Request) (int, string) {
	q := r.URL.Query()
	siret := r.Header.Get("X-APIPART-FSFINAL")
	switch {
	case q.Get("nomNaissance") == "" && q.Get("nomUsage") == "":
		return 40002, "Nom de naissance ou nom d'usage absent"
	case !providers.ValidBirthdate(q.Get("dateNaissance")):
		return 40013, "Date de naissance non conforme"
	case q.Get("genre") != "" && q.Get("genre") != "M" && q.Get("genre") != "F":
		return 40013, "Genre non conforme"
	case q.Get("codePaysNaissance") == "99100" && q.Get("codeLieuNaissance") == "":
		return 40013, "Lieu de naissance absent"
	case uuid.Validate(r.Header.Get(correlation)) != nil:
		return 40013, "Identifiant de corrélation non conforme"
	case len(siret) != 14 || strings.Trim(siret, "0123456789") != "":
		return 40013, "Fournisseur de service final non conforme"
	}
	return 0, ""
}

// file answers of the household what the resource tells.
func (s *Simulator) file(w http.ResponseWriter, q url.Values, h Household, resource string) {
	w.Header().Set("X-APISECU-FD", map[Operator]string{CNAF: "00810011", MSA: "00171001"}[h.Operator])
	switch resource {
	case QuotientFamilial:
		s.quotient(w, q, h)
	case ParticipationFamilialeEAJE:
		send(w, h.nursery(s.options.Now().Year()))
	default:
		send(w, s.benefit(resource, h.asked(q)))
	}
}

func send(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the caller may be gone
}

// quotient answers for the month asked; MSA, which has no past, for today's
// whatever was asked.
func (s *Simulator) quotient(w http.ResponseWriter, q url.Values, h Household) {
	year, month, ok := s.month(q)
	if !ok {
		refuse(w, http.StatusBadRequest, 40013, "Période non conforme")
		return
	}
	if h.Operator == MSA {
		now := s.options.Now()
		year, month = now.Year(), int(now.Month())
	}
	right, ok := h.inForce(year, month)
	if !ok || s.months(year, month) > 24 {
		refuse(w, http.StatusNotFound, 40401, "Dossier absent pour la période")
		return
	}
	send(w, h.quotient(right))
}

// month reads the period asked; absent parts are today's.
func (s *Simulator) month(q url.Values) (year, month int, ok bool) {
	now := s.options.Now()
	year, month = now.Year(), int(now.Month())
	var err error
	if v := q.Get("anneeDemandee"); v != "" {
		year, err = strconv.Atoi(v)
	}
	if v := q.Get("moisDemande"); v != "" && err == nil {
		month, err = strconv.Atoi(v)
	}
	// A month that begins in France has an hour or two to go in UTC.
	return year, month, err == nil && month >= 1 && month <= 12 && !beginning(year, month).After(now.Add(2*time.Hour))
}

// months counts from the month asked to now.
func (s *Simulator) months(year, month int) int {
	now := s.options.Now()
	return (now.Year()-year)*12 + int(now.Month()) - month
}

func beginning(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

// inForce is the quotient of that month.
func (h Household) inForce(year, month int) (Quotient, bool) {
	var found Quotient
	ok := false
	for _, q := range h.Quotients {
		if q.Year*12+q.Month <= year*12+month {
			found, ok = q, true
		}
	}
	found.Year, found.Month = year, month
	return found, ok
}

func refuse(w http.ResponseWriter, status, code int, reason string) {
	faults.JSON(w, status, fmt.Sprintf(`{"errorCode":%d,"error":%q}`, code, reason))
}
