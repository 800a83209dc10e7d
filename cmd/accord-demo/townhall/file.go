package townhall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"accord/oidc/serviceprovider"
)

// A dossier is what the agent's file keeps of one family: the signed delivery
// proves the rest, years later.
type dossier struct {
	Number   int
	Commune  string // slug
	Received time.Time
	Result   result
	Document string // the delivery, a compact JWS
}

const mostDossiers = 1000

// enter puts a delivery into the agent's file.
func (t *TownHall) enter(commune string, r result) {
	if r.document == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.dossiers) >= mostDossiers {
		t.dossiers = t.dossiers[1:]
	}
	t.entered++
	t.dossiers = append(t.dossiers, dossier{Number: t.entered, Commune: commune, Received: time.Now(), Result: r, Document: r.document})
}

// dossiersOf are a commune's, newest first.
func (t *TownHall) dossiersOf(commune string) []dossier {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []dossier
	for n := len(t.dossiers) - 1; n >= 0; n-- {
		if t.dossiers[n].Commune == commune {
			all = append(all, t.dossiers[n])
		}
	}
	return all
}

// A verdict is what checking a document gave: genuine, refused, or undecided
// when the check could not be made.
type verdict struct {
	Outcome string
	Why     string // in French, when it is not genuine
	Said    *said
}

// said is what a genuine document says.
type said struct {
	Issuer, Source, Retrieved, Log, Release string
	Result                                  result
}

// verify checks a document against Accord's key history, as it is published
// now. The agent's file is not consulted: the document proves itself.
func (t *TownHall) verify(ctx context.Context, c Commune, document string) verdict {
	history, err := t.keyHistory(ctx)
	if err != nil {
		return verdict{Outcome: "undecided", Why: "L’historique des clés d’Accord n’a pas pu être lu. Cela ne dit rien du document : réessayez plus tard."}
	}
	d, err := serviceprovider.Verify([]byte(document), history, t.parties(c))
	switch {
	case errors.Is(err, serviceprovider.ErrParties):
		return verdict{Outcome: "refused", Why: "Accord a signé ce document pour un autre organisme."}
	case err != nil:
		return verdict{Outcome: "refused", Why: "Ce n’est pas un document signé par Accord, ou il a été modifié depuis, ne serait-ce que d’un chiffre."}
	}
	s := &said{Issuer: d.Issuer, Source: d.Source, Retrieved: day(d.Retrieved), Log: d.Log, Release: d.Release}
	if s.Result.Outcome = "absent"; d.Data != nil {
		read := s.Result.readData
		if c.Grid != "" {
			read = func(raw json.RawMessage) error { return s.Result.readAnswers(raw, c.Grid) }
		}
		if err := read(d.Data); err != nil {
			return verdict{Outcome: "undecided", Why: "Le document est signé par Accord, mais ce n’est ni un quotient familial ni une tranche."}
		}
	}
	return verdict{Outcome: "genuine", Said: s}
}

func (t *TownHall) parties(c Commune) serviceprovider.Parties {
	return serviceprovider.Parties{Issuer: t.config.Accord, ClientID: t.config.ClientID, Recipient: c.SIRET}
}

// keyHistory reads every key that ever signed for Accord.
func (t *TownHall) keyHistory(ctx context.Context) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.config.Accord+serviceprovider.KeyHistory, nil)
	if err != nil {
		return nil, err
	}
	answer, err := t.config.HTTP.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reading Accord's key history: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading Accord's key history: status %d", answer.StatusCode)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 1<<20))
}

// day writes a delivery's time as a person reads it, in universal time.
func day(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.UTC().Format("02/01/2006 à 15:04 UTC")
}
