package broker_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/consent/receipt/schematest"
)

// everyReceipt gives the receipts of the log, each verified.
func everyReceipt(t *testing.T, c *country.Country) (all []receipt.Receipt) {
	t.Helper()
	for _, e := range logOf(t, c) {
		if e.Receipt == "" {
			continue
		}
		stored, err := c.Store.Receipt(t.Context(), e.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		r, err := receipt.Verify(stored.JWS, c.Keys.ReceiptKeys())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// actsOf leaves an agreement and two refusals in the log.
func actsOf(t *testing.T, c *country.Country) []receipt.Receipt {
	t.Helper()
	token(t, c, canteen(t, c), "camille")
	do(t, walk(t, c, canteen(t, c)), "refuse")
	decided := walk(t, c, canteen(t, c))
	see(t, decided, "sabine")
	do(t, decided, "refuse")
	all := everyReceipt(t, c)
	if len(all) != 3 {
		t.Fatalf("%d receipts instead of 3", len(all))
	}
	return all
}

// A digest proves nothing once its text is lost: what receipts name by digest
// is kept, also when notice, approval, catalogue and policy have changed since.
func TestEachDigestInAReceiptCanBeDerivedAgainAfterItsTextChanged(t *testing.T) {
	c := ownCountry(t, nil)
	all := actsOf(t, c)
	requests := map[string]bool{"": true}
	for _, e := range logged(t, c, audit.LookupRequested) {
		sum := sha256.Sum256(e.Event)
		requests["sha-256:"+base64.RawURLEncoding.EncodeToString(sum[:])] = true
	}
	changeEverything(t, c)
	for _, r := range all {
		for member, digest := range map[string]string{
			"notice": r.Notice.Digest, "approval": r.Approval.Digest, "catalogue": r.Catalogue, "log.policy": r.Log.Policy,
		} {
			text, err := c.Store.PublicText(t.Context(), digest)
			if err != nil || audit.Digest(text) != digest {
				t.Errorf("%s of %s: %q: %v", member, r.Event.Type, text, err)
			}
		}
		if !requests[r.RequestDigest] {
			t.Errorf("request_digest of %s is no look-up's of the log", r.Event.Type)
		}
	}
}

// changeEverything announces other texts in the place of all there are.
func changeEverything(t *testing.T, c *country.Country) {
	t.Helper()
	text := []byte("something else")
	things := []store.Public{
		{Kind: audit.PolicyChanged, ID: "catalogue", Digest: audit.Digest(text), Text: text},
		{Kind: audit.PolicyChanged, ID: "log-policy", Digest: audit.Digest(text), Text: text},
	}
	for _, a := range c.Approvals {
		things = append(things,
			store.Public{Kind: audit.ApprovalChanged, ID: a.ID, Digest: audit.Digest(text), Text: text, Approval: &store.ApprovalState{ID: a.ID}},
			store.Public{Kind: audit.NoticePublished, ID: consent.NoticeID(a, "fr"), Digest: audit.Digest(text), Text: text, Address: consent.NoticePath(a, "fr")})
	}
	if err := c.Store.Announce(t.Context(), things); err != nil {
		t.Fatal(err)
	}
}

func TestEveryReceiptIssuedKeepsThePublishedSchema(t *testing.T) {
	schema, err := schematest.Compile(receipt.Schema())
	if err != nil {
		t.Fatal(err)
	}
	c := ownCountry(t, nil)
	for _, r := range actsOf(t, c) {
		payload, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if breaches, err := schema.Check(payload); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %v %v", r.Event.Type, breaches, err)
		}
	}
}
