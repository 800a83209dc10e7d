package broker_test

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

func TestTokenOfAnotherServiceProviderIsRefused(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := agreeLater(t, c, canteen(t, c), "camille")
	access := tokenAt(t, c, country.AnotherProvider, "camille")
	before, _ := chainOf(t, c, tok.GrantID)
	refusedBy(t, presentAt(t, c, access, oldWay, valbrume(c)), 403, "00100", "")
	if after, _ := chainOf(t, c, tok.GrantID); len(after) != len(before) {
		t.Errorf("another provider's token was acted on: %v", after[len(before):])
	}
}

// Freshness, replay and form: what API Particulier does not look at.
func TestAPresentedTokenIsGoodOnceAndForAMinute(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, tok := agreeLater(t, c, canteen(t, c), "camille")
	town := valbrume(c)
	access := tokenAt(t, c, country.SchoolServices, "camille")
	served(t, presentAt(t, c, access, oldWay, town))
	refusedBy(t, presentAt(t, c, access, oldWay, town), 401, "50002", "")
	refusedBy(t, presentAt(t, c, strings.Repeat("x", 43), oldWay, town), 401, "50002", "")
	refusedBy(t, presentAt(t, c, "jeton;illisible", oldWay, town), 401, "50001", "")
	refusedBy(t, presentAt(t, c, access, oldWay, "99900010200016"), 422, "00210", "")
	refusedBy(t, presentAt(t, c, access, quotient, town), 401, "00101", "") // not the old way's address
	served(t, presentAt(t, c, tok.Access, oldWay, town))                    // Accord's own token is served there too
	old := tokenAt(t, c, country.SchoolServices, "camille")
	ahead.Store(int64(fcsim.TokenLife))
	refusedBy(t, presentAt(t, c, old, oldWay, town), 401, "50002", "")
}

func TestFranceConnectsOutageIsNoAbsence(t *testing.T) {
	nobody, err := franceconnect.NewDataProvider(franceconnect.DataProviderConfig{
		Issuer: "http://127.0.0.1:1/api/v2", ClientID: "x", ClientSecret: "x", ACR: "eidas1", SigningAlg: "ES256",
		DecryptionKeys: dataProviderKeys(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := ownCountry(t, func(b *broker.Config) { b.DataProvider = nobody })
	refusedBy(t, present(t, c, "camille"), 502, "51001", "")
	without := ownCountry(t, func(b *broker.Config) { b.DataProvider = nil })
	refusedBy(t, present(t, without, "camille"), 401, "00101", "")
}

// Promise 5, in the token way.
func TestTokenWayKeepsNeitherTokenNorIdentity(t *testing.T) {
	var logged journal
	data := t.TempDir()
	c, err := country.Start(t.Context(), country.Options{
		Data: data, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	client := canteen(t, c, "dgfip_rfr", "dgfip_annee_n_moins_1")
	agreeLater(t, c, client, "camille", "dgfip_rfr")
	canaries := []string{"TREMBLIN", "Tremblin", "1988-03-14", "18420", "TROIS FONTAINES"}
	for _, persona := range []string{"camille", "camille", "nadia"} {
		access := tokenAt(t, c, country.SchoolServices, persona, "dgfip_rfr", "dgfip_annee_n_moins_1")
		canaries = append(canaries, access)
		presentAt(t, c, access, oldWay, valbrume(c))
		presentAt(t, c, access, oldWayTax, valbrume(c))
		presentAt(t, c, access, oldWay, valbrume(c)) // again
	}
	canaries = append(canaries, "BELKORAN")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	searched := searchFiles(t, data, canaries)
	for _, canary := range canaries {
		if holds(logged.buf.Bytes(), canary) {
			t.Errorf("the log holds %.12s…", canary)
		}
	}
	if searched < 1<<14 || logged.buf.Len() == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}
