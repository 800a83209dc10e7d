package broker

import (
	"context"
	"fmt"

	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
)

// announce tells the log what the public may check a receipt against: keys
// (9), the log's policy and the catalogue (13), notices (12), approvals (18).
// The store writes only what differs from its mirror.
func (b *Broker) announce(ctx context.Context) error {
	things := b.config.Keys.Announcements()
	things = append(things,
		store.Public{Kind: audit.PolicyChanged, ID: "log-policy", Digest: b.policyDigest(), Text: b.policy()},
		store.Public{Kind: audit.PolicyChanged, ID: "catalogue", Digest: b.config.Catalogue.Digest(), Text: b.config.Catalogue.Bytes()})
	for _, a := range b.config.Approvals {
		things = append(things, b.approvalChanged(a))
		for _, lang := range []string{"fr", "en"} {
			text := consent.Notice(a, b.config.Catalogue, lang)
			things = append(things, store.Public{
				Kind: audit.NoticePublished, ID: consent.NoticeID(a, lang),
				Digest: audit.Digest(text), Text: text, Address: consent.NoticePath(a, lang),
			})
		}
	}
	if err := b.config.Store.Announce(ctx, things); err != nil {
		return err
	}
	return b.config.Keys.Settle(b.config.Now()) // a rotation that was cut short
}

// approvalChanged carries what a delivery checks in its own transaction.
func (b *Broker) approvalChanged(a *consent.Approval) store.Public {
	from, until := a.Term()
	state := &store.ApprovalState{
		ID: a.ID, Digest: a.Digest, Recipient: a.ServiceProvider.SIRET, Purpose: a.Purpose.ID,
		InForce: !a.Suspended, NotBefore: from, NotAfter: until, MaxFetches: a.Ceilings.Fetches,
	}
	data := a.Approved(b.config.Catalogue)
	state.Data, state.Fields = consent.LookedUp(data), consent.Fields(data)
	state.Helpers = consent.IDs(a.Helpers(b.config.Catalogue))
	return store.Public{Kind: audit.ApprovalChanged, ID: a.ID, Digest: a.Digest, Approval: state, Text: a.Bytes}
}

// policyDigest names the log's policy file: its origin and verifier key.
func (b *Broker) policyDigest() string {
	return audit.Digest(b.policy())
}

func (b *Broker) policy() []byte {
	return []byte(fmt.Sprintf("log %s\n", b.config.Keys.LogVerifierKey()))
}
