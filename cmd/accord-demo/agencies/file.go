package agencies

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"accord/consent/audit"
	"accord/oidc/serviceprovider"
)

// A dossier is what an agency's file keeps of one request: what it decided,
// and the signed deliveries that prove why, years later.
type dossier struct {
	Number    int
	Received  time.Time
	Decision  Decision
	Documents []document
}

const (
	mostDossiers = 200       // of one agency; a demonstration forgets
	maxDocument  = 512 << 10 // bytes of a posted form
)

func (s *Sites) enter(slug string, r result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entered++
	file := append(s.files[slug], dossier{Number: s.entered, Received: time.Now(), Decision: r.Decision, Documents: r.Documents})
	s.files[slug] = file[max(0, len(file)-mostDossiers):]
}

// dossiersOf are an agency's, newest first.
func (s *Sites) dossiersOf(slug string) []dossier {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []dossier
	for n := len(s.files[slug]) - 1; n >= 0; n-- {
		all = append(all, s.files[slug][n])
	}
	return all
}

// agent lists the dossiers. A real agency asks who is there first: this one is
// invented, and so are its people.
func (s *Sites) agent(w http.ResponseWriter, a Agency) {
	s.render(w, "agent", page{Agency: a, Dossiers: s.dossiersOf(a.Slug)})
}

// A verdict is what checking a document gave: genuine, refused, or undecided
// when the check could not be made.
type verdict struct {
	Outcome string
	Why     string // in French, when it is not genuine
	Said    audit.Delivery
}

// check says what a document is worth, the one kept or the one pasted. The
// file is not consulted: the document proves itself.
func (s *Sites) check(w http.ResponseWriter, r *http.Request, a Agency) {
	r.Body = http.MaxBytesReader(w, r.Body, maxDocument)
	said, err := s.clients[a.Slug].Verify(r.Context(), []byte(strings.TrimSpace(r.PostFormValue("document"))))
	v := verdict{Outcome: "genuine", Said: said}
	switch {
	case errors.Is(err, serviceprovider.ErrParties):
		v = verdict{Outcome: "refused", Why: "Accord a signé ce document pour un autre organisme."}
	case errors.Is(err, serviceprovider.ErrDelivery):
		v = verdict{Outcome: "refused", Why: "Ce n’est pas un document signé par Accord, ou il a été modifié depuis, ne serait-ce que d’un chiffre."}
	case err != nil:
		v = verdict{Outcome: "undecided", Why: "Les clés d’Accord n’ont pas pu être lues. Cela ne dit rien du document : réessayez plus tard."}
	}
	s.render(w, "verdict", page{Agency: a, Verdict: v})
}

// download gives a signed delivery, for accord-verify.
func (s *Sites) download(w http.ResponseWriter, r *http.Request, a Agency) {
	d, ok := s.document(a.Slug, r.PathValue("number"), r.PathValue("document"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	w.Header().Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(d.Resource, "/", "-")+`.jws"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(d.JWS)) // a reader that has gone is no error of ours
}

// document finds a dossier's nth signed delivery.
func (s *Sites) document(slug, number, nth string) (document, bool) {
	n, errN := strconv.Atoi(number)
	i, errI := strconv.Atoi(nth)
	for _, d := range s.dossiersOf(slug) {
		if errN == nil && errI == nil && d.Number == n && i >= 0 && i < len(d.Documents) {
			return d.Documents[i], true
		}
	}
	return document{}, false
}
