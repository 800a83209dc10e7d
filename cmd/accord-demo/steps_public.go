package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// publicSteps are played last: they speak of what all the others left.
func publicSteps() []step {
	return []step{
		{"the signing keys are public", (*checker).keys},
		{"the log's policy is public", (*checker).published},
		{"the catalogue, the approvals and the interface are public", (*checker).described},
		{"the auditor reads the whole log, nobody else its openings", (*checker).export},
		{"the public figures are those whoever holds the log derives", (*checker).figures},
	}
}

// described opens what anyone may read about the service.
func (ch *checker) described() error {
	for path, holds := range map[string]string{
		"/donnees": "/donnees/cnav", "/donnees/cnav": "cnaf_quotient_familial", "/donnees.json": "cnaf_quotient_familial", "/habilitations": "Commune de Valbrume",
		"/habilitations.json": "valbrume-cantine", "/openapi.yaml": "openapi: 3.1", "/api/ping": "status", "/api/france_connect_jwks": "keys", "/verifier": `id="document"`, "/journal": `id="root"`,
		"/etat": "/etat.json", "/developpeurs": "curl", "/developpeurs/api/agreement": "/par", "/accessibilite": "RGAA", "/donnees-personnelles": "CNIL",
		"/mentions-legales": "SIRET", "/securite": "accord-verify", "/plan-du-site": "/affichage", "/.well-known/security.txt": "Expires",
	} {
		p, err := headless.New().Get(ch.Accord + path)
		if err != nil || p.Status != http.StatusOK || !strings.Contains(p.Body, holds) {
			return fmt.Errorf("%s: %v, status %d", path, err, status(p))
		}
	}
	return nil
}

// figures keeps the public figures, which follow the log at a distance, and the
// log after them: it must reach over what they count.
func (ch *checker) figures() error {
	err := soon(func() (bool, error) {
		if err := ch.download(headless.New(), ch.Accord+"/stats.json", "stats.json"); err != nil {
			return false, err
		}
		return ch.derived()
	})
	if err != nil {
		return err
	}
	if err := ch.export(); err != nil {
		return err
	}
	if same, err := ch.derived(); err != nil || !same {
		return fmt.Errorf("the log holds other figures for the same days: %v", err)
	}
	return nil
}

// derived tells whether the export gives the figures that were told, counts
// among them.
func (ch *checker) derived() (bool, error) {
	var told audit.Statistics
	if err := json.Unmarshal([]byte(ch.files["stats.json"]), &told); err != nil {
		return false, fmt.Errorf("the figures: %w", err)
	}
	again, err := derive(told, ch.files["export.ndjson"])
	counts := len(told.Papers) > 0 && len(told.Sources) > 0 && told.Agreements.Told() && told.Refusals.Told()
	return counts && reflect.DeepEqual(told, again), err
}

// derive counts an exported log again, for the window that was told.
func derive(told audit.Statistics, export string) (audit.Statistics, error) {
	until, err := time.Parse(audit.TimeLayout, told.Until)
	if err != nil {
		return audit.Statistics{}, fmt.Errorf("the figures: %w", err)
	}
	tally, index := audit.NewTally(told.Origin, time.Millisecond), int64(0)
	for line := range strings.Lines(export) {
		if index++; index == 1 {
			continue
		}
		one, err := audit.DecodeExportLine([]byte(strings.TrimSuffix(line, "\n")))
		if err != nil {
			return audit.Statistics{}, err
		}
		if len(one.Event) == 0 {
			continue
		}
		event, kind, err := audit.Decode(one.Event)
		if err != nil {
			return audit.Statistics{}, err
		}
		tally.Add(index-2, kind, &event)
	}
	figures, err := json.Marshal(tally.Figures(until))
	if err != nil {
		return audit.Statistics{}, err
	}
	var all audit.Statistics // as it is told: small counts masked
	return all, json.Unmarshal(figures, &all)
}
