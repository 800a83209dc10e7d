package providers_test

import (
	"context"
	"testing"

	"accord/providers"
)

// An account answers with its own name as operator, and counts.
type account struct {
	name  string
	asked int
}

func (a *account) ID() string { return "cnav" }

func (a *account) Query(_ context.Context, q providers.Query) providers.Answer {
	a.asked++
	return providers.Answer{Outcome: providers.NoFile, Provenance: providers.Provenance{Source: "cnav", Operator: a.name + " for " + q.Recipient}}
}

func TestEachRecipientIsAskedAboutUnderTheAccountItsApprovalNames(t *testing.T) {
	own, valbrume := &account{name: "own"}, &account{name: "valbrume"}
	source := providers.ByCredential{Own: own, Named: map[string]providers.Source{"valbrume": valbrume}}
	if source.ID() != "cnav" {
		t.Errorf("id %q", source.ID())
	}
	for credential, want := range map[string]string{"": "own for 99900010900017", "valbrume": "valbrume for 99900010900017"} {
		a := source.Query(context.Background(), providers.Query{Credential: credential, Recipient: "99900010900017"})
		if a.Provenance.Operator != want {
			t.Errorf("credential %q: asked %q, want %q", credential, a.Provenance.Operator, want)
		}
	}
}

// The source's own account must not stand in for one that is missing: the
// administration would log the wrong body.
func TestAnUnknownAccountIsRefusedWithoutACall(t *testing.T) {
	own := &account{name: "own"}
	a := providers.ByCredential{Own: own}.Query(context.Background(), providers.Query{Credential: "valbrume"})
	if a.Outcome != providers.Refused || a.Cause == nil || a.Provenance.Source != "cnav" || own.asked != 0 {
		t.Errorf("outcome %s (%v) of %q after %d calls; want refused, a cause, cnav, 0", a.Outcome, a.Cause, a.Provenance.Source, own.asked)
	}
}
