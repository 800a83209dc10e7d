package broker_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

// What is shown to the verifier leaves no byte: not in a file of the data
// folder, not in a temporary one, not in the log, and no leaf.
func TestVerifierKeepsNothingOfWhatItIsGiven(t *testing.T) {
	var logged journal
	data, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	c, err := country.Start(t.Context(), country.Options{
		Data: data, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	band := signedDelivery(t, c, "saint-aubin-cantine")
	jws := resigned(t, c, band)
	publishedLog(t, c)
	leaves := c.Store.Health(t.Context()).Size
	if entries, err := os.ReadDir(temporary); err != nil || len(entries) > 0 {
		t.Fatalf("temporary files before: %d, %v", len(entries), err)
	}
	canaries := []string{"VALEMBOIS-93157", "93157 €", jws[len(jws)-60:], strings.Split(jws, ".")[1][:200], "une-phrase-collée-41877", "texte-joint-52966"}
	given := []map[string]string{{"document": jws}, {"document": altered(t, jws, "93157", "93158")}, {"document": "une-phrase-collée-41877"}, {"document": jws + strings.Repeat("41877", 20_000)}}
	for _, fields := range given {
		for _, path := range []string{"/verifier", "/verifier/attestation"} {
			shown(t, c, path, fields, nil)
			shown(t, c, path, nil, map[string][]byte{"fichier": []byte(fields["document"]), "texte": []byte("texte-joint-52966")})
		}
		posted(t, c.Accord+"/verifier?document=une-phrase-coll%C3%A9e-41877", "application/octet-stream", "application/json", []byte(fields["document"]))
	}
	picture := photographed(t, drawn(t, printedSheet(t, c, band), 6), 3, 1.2, 8)
	shown(t, c, "/verifier", nil, map[string][]byte{"fichier": picture})
	canaries = append(canaries, string(picture[len(picture)/2:len(picture)/2+64]))

	if got := c.Store.Health(t.Context()).Size; got != leaves {
		t.Errorf("checking wrote %d leaves", got-leaves)
	}
	if entries, err := os.ReadDir(temporary); err != nil || len(entries) > 0 {
		t.Errorf("%d temporary files, %v", len(entries), err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	searched := searchFiles(t, data, canaries)
	for _, canary := range canaries {
		if bytes.Contains(logged.buf.Bytes(), []byte(canary)) {
			t.Errorf("the log holds %.12q…", canary)
		}
	}
	t.Logf("%d canaries in %d bytes of files and %d of log: none found", len(canaries), searched, logged.buf.Len())
	if searched < 1<<14 || logged.buf.Len() == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}

// resigned is a delivery that Accord's key signed and its log never saw, with
// a name and an amount found nowhere else.
func resigned(t *testing.T, c *country.Country, jws string) string {
	t.Helper()
	d, err := audit.VerifyDelivery([]byte(jws), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	d.Data = []byte(`{"allocataires":[{"nom_naissance":"VALEMBOIS-93157"}],"quotient_familial":{"valeur":93157}}`)
	signed, err := audit.SignDelivery(d, c.Keys.Receipt(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}
