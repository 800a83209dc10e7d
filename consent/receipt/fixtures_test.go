package receipt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"io"
	"testing"
	"time"
)

// repeatable signs the same bytes alike each time (RFC 6979), so that the
// vectors in testdata can be made again. Its keys are made from a published
// word and are worth nothing.
type repeatable struct{ *ecdsa.PrivateKey }

func (r repeatable) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.PrivateKey.Sign(nil, digest, opts)
}

func testSigner(t testing.TB, word string) Signer {
	t.Helper()
	scalar := sha256.Sum256([]byte(word))
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		t.Fatal(err)
	}
	kid, err := KeyID(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return Signer{KeyID: kid, Key: repeatable{private}, CertificateDigest: sha256.Sum256([]byte(word + " certificate"))}
}

func (s Signer) public() *ecdsa.PublicKey { return s.Key.Public().(*ecdsa.PublicKey) }

var (
	actTime   = time.Date(2026, 11, 22, 13, 21, 7, 412e6, time.UTC)
	keysStart = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
)

// testKeys holds the signing key and one retired before the act.
func testKeys(t testing.TB) (Signer, KeySet) {
	t.Helper()
	signer, old := testSigner(t, "accord test receipt key"), testSigner(t, "accord test retired key")
	retired, first, second := keysStart, int64(1), int64(812)
	return signer, KeySet{
		{
			KeyID: old.KeyID, Public: old.public(), CertificateDigest: old.CertificateDigest,
			NotBefore: keysStart.AddDate(0, -1, 0), RetiredAt: &retired, LogIndex: &first,
		},
		{
			KeyID: signer.KeyID, Public: signer.public(), CertificateDigest: signer.CertificateDigest,
			NotBefore: keysStart, LogIndex: &second,
		},
	}
}

func digestOf(word string) string { return Digest([]byte(word)) }

func grantedReceipt() Receipt {
	return Receipt{
		SchemaVersion: SchemaVersion, ISOProfile: ISOProfile,
		ReceiptID: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1",
		RecordID:  "019ab9c1-6ef0-7a11-8f02-77d0c1b2a3e4",
		GrantID:   "g_7Qm2mYwzv0mR2H3kQ0p1aA",
		Event: Event{
			Type: Granted, State: StateGiven, ConsentType: "explicit", BasisAct: AccordArt61E,
			Time: NewTime(actTime), ValidFrom: NewTime(actTime), ValidUntil: NewTime(actTime.Add(11 * time.Minute)),
			EntityID: "sub", Method: "unticked-checkbox+button",
		},
		Language: "fr",
		Subject: &Subject{
			ID: "wT3n0V8wq2pS2o6m0bqv1QwT3n0V8wq2pS2o6m0bqv1", IDType: "pairwise",
			Auth: Auth{
				IDP: "https://fc.example/api/v2", ACR: "eidas1", AuthTime: 1795353640,
				FCSubHash: "hm_GMor_dIpOoVpVa1wIvIPiApU4bmzZQ_K2Tx-QRlaAew",
				Evidence:  "hmac-sha-256:" + digestOf("id token")[len("sha-256:"):],
			},
		},
		Legal: Legal{
			Basis: BasisPublicTask, BasisOfRecipient: BasisPublicTask,
			TextRefs: []string{"CRPA:L114-8", "LPF:L135"}, Jurisdiction: "FR", Authority: "CNIL",
		},
		Notice: Notice{
			ID: "notice-qf-cantine-3", Version: "3.1.0", URI: "https://accord.example/notices/qf-cantine/3.1.0/fr",
			Digest: digestOf("notice"), ScreenDigest: digestOf("screen"),
		},
		Approval:  Approval{ID: "valbrume-cantine", Digest: digestOf("approval")},
		Catalogue: digestOf("catalogue"), RequestDigest: digestOf("request"),
		Parties: testParties(), Purposes: []Purpose{testPurpose()},
		Withdrawal: &Withdrawal{URI: "https://accord.example/mes-accords/019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Effect: "future-only"},
		Rights:     []string{RightAccess, RightRectification, RightRestriction, RightOpposition, "complaint:CNIL"},
		Log:        Log{Origin: "accord.example/log/1", Policy: digestOf("policy")},
	}
}

func testParties() []Party {
	return []Party{
		{ID: "siret:99900010200015", Role: "controller", Name: "Commune de Valbrume", Address: "1 place de la Mairie, 00000 Valbrume", Contact: "dpo@valbrume.example", Type: "recipient"},
		{ID: "siret:99900020100015", Role: "processor", Name: "Accord (opérateur)", Address: "2 rue de l'Exemple, 00000 Valbrume", Contact: "dpo@accord.example", Type: "broker"},
		{ID: "siret:99900030000015", Role: "source", Name: "CNAF", Address: "3 rue de l'Exemple, 00000 Valbrume", Contact: "https://cnaf.example/dpo", Type: "data_source"},
		{ID: "siret:99900040900014", Role: "source", Name: "DGFiP", Address: "4 rue de l'Exemple, 00000 Valbrume", Contact: "https://dgfip.example/dpo", Type: "data_source"},
	}
}

func testPurpose() Purpose {
	return Purpose{
		ID: "tarification-cantine", Type: "dpv:PublicBenefit", Label: "Calcul du tarif de la cantine scolaire",
		Service: "service:cantine-valbrume",
		Data: []Datum{
			{ID: "cnaf_quotient_familial", Type: "family", Attributes: []string{"quotient_familial.valeur"}, Granted: true, Source: "siret:99900030000015"},
			{ID: "dgfip_rfr", Type: "fiscal", Attributes: []string{"revenu_fiscal_reference"}, Optional: true, Source: "siret:99900040900014"},
		},
		Fetch: Fetch{Mode: "once", Max: 1}, Retention: Retention{Recipient: "P1Y", Rule: "fin de l'année scolaire"},
		Locations: []string{"FR"}, Transfers: "none",
	}
}

func consentReceipt() Receipt {
	r := grantedReceipt()
	r.Event.BasisAct = ConsentementArt61A
	r.Legal = Legal{Basis: BasisConsent, BasisOfRecipient: BasisConsent, Jurisdiction: "FR", Authority: "CNIL"}
	r.Rights = []string{RightAccess, RightRectification, RightErasure, RightRestriction, RightPortability, RightWithdrawal, "complaint:CNIL"}
	return r
}

func refusedReceipt(stage Stage) Receipt {
	r := grantedReceipt()
	r.Event.Type, r.Event.State, r.Event.Stage = Refused, StateRefused, stage
	r.Event.ValidFrom, r.Event.ValidUntil, r.Event.Method = "", "", "button"
	r.GrantID, r.Withdrawal = "", nil
	r.Purposes[0].Data[0].Granted = false
	if stage != StageDecision {
		r.Subject = nil
	}
	if stage == StageBeforeLogin {
		r.RequestDigest = ""
	}
	if stage == StageLogin {
		r.Notice.ScreenDigest = ""
	}
	return r
}

func withdrawnReceipt() Receipt {
	r := grantedReceipt()
	r.ReceiptID = "019ab9c9-6f0e-7c2a-9b7e-3d1f0a4c55e1"
	r.PreviousReceipt = digestOf("granted receipt")
	r.Event.Type, r.Event.State, r.Event.Method = Withdrawn, StateWithdrawn, "button+confirmation"
	r.Event.Time = NewTime(actTime.Add(5 * time.Minute))
	return r
}

// renewedReceipt is a choice changed later under the same record: the optional
// datum is agreed to as well, until a new end.
func renewedReceipt() Receipt {
	r := grantedReceipt()
	at := actTime.Add(6 * time.Minute)
	r.ReceiptID = "019ab9ca-6f0e-7c2a-9b7e-3d1f0a4c55e1"
	r.GrantID = "g_w8Qm2mYwzv0mR2H3kQ0p1g"
	r.PreviousReceipt = digestOf("granted receipt")
	r.Event.Type, r.Event.Time, r.Event.ValidFrom = Renewed, NewTime(at), NewTime(at)
	r.Event.ValidUntil = NewTime(at.Add(11 * time.Minute))
	subject := *grantedReceipt().Subject
	subject.Auth.AuthTime += 300
	r.Subject, r.RequestDigest = &subject, digestOf("second request")
	r.Purposes[0].Data[1].Granted = true
	return r
}

// vectors are the receipts published in testdata, by file name.
func vectors(t testing.TB) map[string]Receipt {
	withdrawn, renewed := withdrawnReceipt(), renewedReceipt()
	granted, _ := signed(t, grantedReceipt())
	withdrawn.PreviousReceipt, renewed.PreviousReceipt = Digest(granted), Digest(granted)
	return map[string]Receipt{
		"granted":              grantedReceipt(),
		"granted_consent":      consentReceipt(),
		"refused_before_login": refusedReceipt(StageBeforeLogin),
		"refused_login":        refusedReceipt(StageLogin),
		"refused_decision":     refusedReceipt(StageDecision),
		"withdrawn":            withdrawn,
		"renewed":              renewed,
	}
}

func signed(t testing.TB, r Receipt) ([]byte, KeySet) {
	t.Helper()
	signer, keys := testKeys(t)
	jws, err := Sign(r, signer, r.Event.Time.Time())
	if err != nil {
		t.Fatal(err)
	}
	return jws, keys
}
