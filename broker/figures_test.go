package broker_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/consent/audit"
)

// TestPublicFiguresAreWhatTheLogSays: the figures served are those that whoever
// holds the exported log derives for the same instant.
func TestPublicFiguresAreWhatTheLogSays(t *testing.T) {
	c := ownCountry(t, nil)
	for range audit.FewestCounted {
		_, tok := token(t, c, canteen(t, c), "camille")
		read(t, c, tok, quotient)
		read(t, c, tok, quotient)
	}
	served := figuresOf(t, c, audit.FewestCounted)
	tally := audit.NewTally(served.Origin, time.Second)
	for index, line := range exportLines(t, c) {
		var e *audit.Event
		if len(line.Event) > 0 {
			e = new(audit.Event)
			if err := json.Unmarshal(line.Event, e); err != nil {
				t.Fatal(err)
			}
		}
		tally.Add(int64(index), audit.Kind(line.Kind), e)
	}
	until, err := time.Parse(audit.TimeLayout, served.Until)
	if err != nil {
		t.Fatal(err)
	}
	derived, _ := json.Marshal(tally.Figures(until))
	told, _ := json.Marshal(served)
	if !bytes.Equal(derived, told) {
		t.Errorf("served  %s\nderived %s", told, derived)
	}
	if len(served.Papers) != 1 || served.Papers[0].Count != audit.FewestCounted || served.Papers[0].Kind != consent.ResourceQuotientFamilial {
		t.Errorf("papers %+v", served.Papers)
	}
	_, _, page := fetched(t, c.Accord+"/stats?lang=fr")
	if !strings.Contains(page, "Attestation de quotient familial") || !strings.Contains(page, "moins de 5") {
		t.Errorf("page:\n%s", page)
	}
	if _, _, one := fetched(t, c.Accord+"/api/analytics/requestsLast30days"); !strings.Contains(one, `"count":5`) {
		t.Error(one)
	}
}

// figuresOf waits until the figures hold that many papers.
func figuresOf(t *testing.T, c *country.Country, papers int64) audit.Statistics {
	t.Helper()
	for until := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		status, _, body := fetched(t, c.Accord+"/stats.json")
		var s audit.Statistics
		if err := json.Unmarshal([]byte(body), &s); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s: %v", status, body, err)
		}
		if int64(s.Needless) >= papers {
			return s
		}
		if time.Now().After(until) {
			t.Fatalf("the figures lag behind: %s", body)
		}
	}
}

// exportLines is the whole published log, as the operator exports it.
func exportLines(t *testing.T, c *country.Country) []audit.ExportLine {
	t.Helper()
	publishedLog(t, c)
	w := httptest.NewRecorder()
	c.Broker.Export().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	var lines []audit.ExportLine
	for _, text := range bytes.Split(bytes.TrimSpace(w.Body.Bytes()), []byte("\n"))[1:] {
		line, err := audit.DecodeExportLine(text)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTheCataloguePageTellsEveryDatum(t *testing.T) {
	c := theCountry(t)
	_, _, all := fetched(t, c.Accord+"/donnees?lang=en")
	for _, d := range consent.DefaultCatalogue().Data() {
		if !strings.Contains(all, `href="/donnees/`+d.Source+`"`) {
			t.Errorf("no way to %s", d.ID)
		}
		if _, _, page := fetched(t, c.Accord+"/donnees/"+d.Source+"?lang=en"); !strings.Contains(page, `id="`+d.ID+`"`) {
			t.Errorf("no %s", d.ID)
		}
	}
	if status, _, _ := fetched(t, c.Accord+"/donnees/nowhere"); status != http.StatusNotFound {
		t.Errorf("no such source: %d", status)
	}
	if _, _, body := fetched(t, c.Accord+"/donnees.json"); audit.Digest([]byte(body)) != consent.DefaultCatalogue().Digest() {
		t.Error("the catalogue's JSON is not what receipts name")
	}
}
