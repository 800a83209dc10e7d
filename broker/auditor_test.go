package broker_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// linesOf reads lines of an export.
func linesOf(t testing.TB, body string) (all []audit.ExportLine) {
	t.Helper()
	for text := range strings.Lines(body) {
		l, err := audit.DecodeExportLine([]byte(strings.TrimSuffix(text, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func opening(t testing.TB, l audit.ExportLine) audit.Event {
	t.Helper()
	e, _, err := audit.Decode(l.Event)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// asAuditor reads one of the auditor's addresses with the credential.
func asAuditor(t testing.TB, c *country.Country, path string) (http.Header, string) {
	t.Helper()
	status, header, body, err := headless.Read(c.Accord+path, c.Secrets[country.Auditor])
	if err != nil || status != http.StatusOK {
		t.Fatalf("%s: status %d, %v", path, status, err)
	}
	return header, string(body)
}

func TestTheAuditorReadsEveryOpeningAndReceipt(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	_, head := publishedLog(t, c)
	header, body := asAuditor(t, c, "/auditor/events.ndjson")
	if header.Get("Cache-Control") != "no-store" || header.Get("Link") != "" {
		t.Errorf("headers %v", header)
	}
	first, rest, _ := strings.Cut(body, "\n")
	h, err := audit.DecodeExportHeader([]byte(first))
	if err != nil || h.From != 0 || h.To != head.Size || h.Checkpoint == "" {
		t.Fatalf("header %+v: %v", h, err)
	}
	leaves := leavesServed(t, c.Accord+"/log/1", head.Size)
	receipts := 0
	for i, l := range linesOf(t, rest) {
		leaf, err := l.LeafOf()
		if err != nil || l.I != int64(i) || leaf != leaves[i] {
			t.Fatalf("line %d is not the opening of its leaf: %v", i, err)
		}
		if e := opening(t, l); e.Receipt != "" {
			receipts++
			if receipt.Digest([]byte(l.JWS)) != e.Receipt {
				t.Errorf("line %d carries another receipt than its event names", i)
			}
		}
	}
	if receipts != 1 {
		t.Errorf("%d receipts came along", receipts)
	}
	if showsQuotient(body) && strings.Contains(body, "Camille") {
		t.Error("a value or a name is in the export")
	}
}

func TestARangeOfTheLogComesWithoutCheckpoint(t *testing.T) {
	c := ownCountry(t, nil)
	_, head := publishedLog(t, c)
	_, body := asAuditor(t, c, "/auditor/events.ndjson?from=2&to=5")
	first, rest, _ := strings.Cut(body, "\n")
	h, err := audit.DecodeExportHeader([]byte(first))
	if lines := linesOf(t, rest); err != nil || h.From != 2 || h.To != 5 || h.Checkpoint != "" || len(lines) != 3 || lines[0].I != 2 {
		t.Errorf("%+v with %q: %v", h, rest, err)
	}
	_, body = asAuditor(t, c, "/auditor/events.ndjson?from=1&to=999999")
	if first, _, _ = strings.Cut(body, "\n"); !strings.Contains(first, `"from":1,`) {
		t.Error(first)
	}
	if h, err = audit.DecodeExportHeader([]byte(first)); err != nil || h.To != head.Size {
		t.Errorf("a bound beyond the log: %+v, %v", h, err)
	}
}

func TestTheTableHoldsNoPseudonymOfACitizen(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	_, head := publishedLog(t, c)
	_, body := asAuditor(t, c, "/auditor/export.csv")
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || int64(len(rows)) != head.Size+1 || rows[0][0] != "rang" {
		t.Fatalf("%d rows for %d leaves: %v", len(rows), head.Size, err)
	}
	for _, e := range logOf(t, c) {
		for _, secret := range []string{e.event.Citizen, e.event.Subject} {
			if secret != "" && strings.Contains(body, secret) {
				t.Errorf("the pseudonym of event %d stands in the table", e.Index)
			}
		}
	}
	if !strings.Contains(body, "release.completed") || !strings.Contains(body, tok.Recipient) {
		t.Error("the delivery is not in the table")
	}
}
