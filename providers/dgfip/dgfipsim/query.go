package dgfipsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/faults"

	"github.com/google/uuid"
)

// query answers one income year of the person behind FranceConnect's token.
func (s *Simulator) query(w http.ResponseWriter, r *http.Request) {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !s.valid(bearer) {
		faults.JSON(w, http.StatusUnauthorized, `{"error":"invalid_token"}`)
		return
	}
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || uuid.Validate(r.Header.Get("X-Correlation-ID")) != nil {
		refuse(w, http.StatusBadRequest, "requête incorrecte")
		return
	}
	if !s.entitled(r.Header.Get("ID_Teleservice")) {
		refuse(w, http.StatusForbidden, "téléservice non habilité")
		return
	}
	who, scopes, ok := s.options.Introspect(r.Header.Get("X-FranceConnect-OAuth"))
	if !ok {
		refuse(w, http.StatusUnauthorized, "jeton FranceConnect non valide")
		return
	}
	s.answer(w, who, scopes, year, faults.WantsOtherPerson(r))
}

func (s *Simulator) entitled(teleservice string) bool {
	return teleservice != "" && (len(s.options.Teleservices) == 0 || slices.Contains(s.options.Teleservices, teleservice))
}

// answer gives the notice of who for year, cut to the scopes.
func (s *Simulator) answer(w http.ResponseWriter, who providers.Identity, scopes []string, year int, other bool) {
	all := s.notices(who, other)
	if len(all) == 0 {
		refuse(w, http.StatusForbidden, "usager inconnu")
		return
	}
	if !s.mayAsk(scopes, year, all) || !anyDatum(scopes) {
		refuse(w, http.StatusForbidden, "périmètre non autorisé")
		return
	}
	if n := slices.IndexFunc(all, func(n Notice) bool { return n.Year == year }); n >= 0 {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(all[n].body(scopes)) // the caller may be gone
		return
	}
	refuse(w, http.StatusNotFound, "aucun avis pour cette année")
}

// notices are those on which who is a declarant; other gives somebody else's.
func (s *Simulator) notices(who providers.Identity, other bool) []Notice {
	var out []Notice
	for _, n := range s.options.Notices {
		mine := slices.ContainsFunc(n.Declarants, func(d Declarant) bool {
			return who.Is(providers.Civil{BirthName: d.BirthName, GivenNames: d.GivenNames, Birthdate: d.Birthdate})
		})
		if mine != other {
			out = append(out, n)
		}
	}
	return out
}

// mayAsk says whether a year selector among the scopes covers year. N is the
// calendar year in France. The fallback opens n-2 only while n-1 has no notice.
func (s *Simulator) mayAsk(scopes []string, year int, all []Notice) bool {
	n := s.options.Now().UTC().Add(time.Hour).Year()
	has := func(scope string) bool { return slices.Contains(scopes, scope) }
	fallback := has("dgfip_annee_n_moins_2_si_indispo_n_moins_1")
	none := !slices.ContainsFunc(all, func(x Notice) bool { return x.Year == n-1 })
	switch n - year {
	case 1:
		return has("dgfip_annee_n_moins_1") || fallback
	case 2:
		return has("dgfip_annee_n_moins_2") || fallback && none
	case 3:
		return has("dgfip_annee_n_moins_3")
	}
	return false
}

func refuse(w http.ResponseWriter, status int, message string) {
	faults.JSON(w, status, fmt.Sprintf(`{"erreur":{"message":%q}}`, message))
}
