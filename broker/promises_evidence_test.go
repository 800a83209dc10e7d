package broker_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"accord/broker/keyring"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// FranceConnect's signature vouches for a login for this very request: the
// nonce it signed opens to the event lookup.requested of the interaction.
func TestFranceConnectsSignatureIsBoundToTheRecordedRequest(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	r, err := receipt.Verify([]byte(tok.Receipt), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	stored, err := c.Store.Receipt(t.Context(), r.ReceiptID)
	if err != nil {
		t.Fatal(err)
	}
	var evidence struct {
		IDToken string `json:"id_token"`
		R, Salt []byte
	}
	if err := json.Unmarshal(stored.Sealed, &evidence); err != nil {
		t.Fatal(err)
	}
	asked := logged(t, c, audit.LookupRequested)
	event := sha256.Sum256(asked[0].Event)
	if r.RequestDigest != "sha-256:"+base64.RawURLEncoding.EncodeToString(event[:]) {
		t.Fatal("the receipt names another request")
	}
	want := sha256.Sum256(append(event[:], evidence.R...))
	if got := claim(t, evidence.IDToken, "nonce"); got != hex.EncodeToString(want[:]) {
		t.Fatalf("FranceConnect signed nonce %v", got)
	}
	if r.Subject.Auth.Evidence != keyring.EvidenceDigest([32]byte(evidence.Salt), evidence.IDToken) {
		t.Fatal("the receipt's evidence is not the digest of the token kept")
	}
}

func claim(t *testing.T, jwt, name string) any {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims[name]
}

// The log announces each key an auditor needs, FranceConnect's included, each
// notice, policy and approval, once.
func TestTheLogAnnouncesKeysNoticesPoliciesAndApprovals(t *testing.T) {
	c := ownCountry(t, nil)
	token(t, c, canteen(t, c), "camille")
	token(t, c, canteen(t, c), "sabine")
	roles, seen := map[string]int{}, map[string]int{}
	for _, e := range logOf(t, c) {
		if e.Kind.Public() {
			seen[e.event.Kind+" "+e.event.ID]++
			roles[e.event.Role]++
		}
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s was announced %d times", what, n)
		}
	}
	for role, n := range map[string]int{"receipt": 1, "id_token": 2, "log": 1, "franceconnect": 1} {
		if roles[role] != n {
			t.Errorf("%d keys of role %s announced, want %d", roles[role], role, n)
		}
	}
	for _, a := range c.Approvals {
		if seen["approval.changed "+a.ID] != 1 || seen["notice.published "+consent.NoticeID(a, "fr")] != 1 {
			t.Errorf("approval %s or its notice was not announced", a.ID)
		}
	}
}

// Two legal bases, two acts: other words on the page, other rights in the
// receipt, never one passed off as the other.
func TestTwoLegalBasesGiveDifferentWordsRightsAndReceipts(t *testing.T) {
	c := theCountry(t)
	library, err := c.Client("mediatheque-valbrume", "valbrume-mediatheque", "family_name", "given_name")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	rights := map[string][]string{}
	for name, client := range map[string]func() string{
		"consentement_art6_1_a": func() string {
			w := walk(t, c, library)
			see(t, w, "camille")
			pages["consentement_art6_1_a"] = w.Page.Words()
			do(t, w, "accept")
			return w.Page.Stopped.Query().Get("code")
		},
		"accord_art6_1_e": func() string {
			w := walk(t, c, canteen(t, c))
			see(t, w, "camille")
			pages["accord_art6_1_e"] = w.Page.Words()
			do(t, w, "accept")
			return w.Page.Stopped.Query().Get("code")
		},
	} {
		if client() == "" {
			t.Fatalf("%s: no code", name)
		}
	}
	for _, a := range c.Approvals {
		rights[string(a.Legal.Act)] = a.Legal.Act.Rights()
	}
	public, own := pages["accord_art6_1_e"], pages["consentement_art6_1_a"]
	if strings.Contains(public, "6-1 a") || strings.Contains(own, "6-1 e") || strings.Contains(strings.ToLower(public), "consentement") {
		t.Fatal("one legal basis is passed off as the other")
	}
	if !strings.Contains(strings.ToLower(own), "consentement") {
		t.Fatal("the page of a consent does not say so")
	}
	if strings.Join(rights["accord_art6_1_e"], " ") == strings.Join(rights["consentement_art6_1_a"], " ") {
		t.Fatal("both give the same rights")
	}
}
