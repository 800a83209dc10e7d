package broker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"accord/broker/habilitations"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer"
)

// A registry is who may ask what at one moment. It is never written to: a
// change puts another in its place, so that whoever reads it sees one state.
type registry struct {
	clients   map[string]*issuer.Client
	approvals map[string]*consent.Approval
	published map[string]store.PublishedApproval // what the log last said of each
	versions  map[string]*consent.Approval       // by digest: those of this registry and the ones before it
}

// register indexes clients and approvals.
func register(clients []*issuer.Client, approvals []*consent.Approval) (*registry, error) {
	r := &registry{map[string]*issuer.Client{}, map[string]*consent.Approval{}, map[string]store.PublishedApproval{}, map[string]*consent.Approval{}}
	for _, c := range clients {
		if c.ID == consent.DeskClient {
			return nil, fmt.Errorf("client %s: the name is the desk's own", c.ID)
		}
		if r.clients[c.ID] != nil {
			return nil, fmt.Errorf("client %s is registered twice", c.ID)
		}
		r.clients[c.ID] = c
	}
	for _, a := range approvals {
		if r.approvals[a.ID] != nil {
			return nil, fmt.Errorf("approval %s is registered twice", a.ID)
		}
		r.approvals[a.ID], r.versions[a.Digest] = a, a
	}
	return r, nil
}

// remember takes over the versions of the registry before: a citizen may still
// have one on a page, for an hour. Reloads are few, and a version is small.
func (r *registry) remember(before *registry) {
	for digest, a := range before.versions {
		if _, ok := r.versions[digest]; !ok {
			r.versions[digest] = a
		}
	}
}

// version finds an approval by what a citizen was shown.
func (b *Broker) version(digest string) (*consent.Approval, bool) {
	a, ok := b.registry.Load().versions[digest]
	return a, ok
}

// standing is an approval with what the log says of it.
func (r *registry) standing(a *consent.Approval) habilitations.Standing {
	return habilitations.Standing{Approval: a, Published: r.published[a.ID]}
}

// of are the approvals a client may use at a time: one out of its dates or
// suspended is none.
func (r *registry) of(client string, at time.Time) (all []*consent.Approval) {
	c, ok := r.clients[client]
	if !ok {
		return nil
	}
	for _, id := range c.Approvals {
		if a, ok := r.approvals[id]; ok && r.standing(a).State(at) == habilitations.InForce {
			all = append(all, a)
		}
	}
	return all
}

// atDesk are the approvals agents may use at a time, by id.
func (r *registry) atDesk(at time.Time) (all []*consent.Approval) {
	for _, id := range slices.Sorted(maps.Keys(r.approvals)) {
		if a := r.approvals[id]; a.Desk != nil && r.standing(a).State(at) == habilitations.InForce {
			all = append(all, a)
		}
	}
	return all
}

// put makes a registry the one that counts, with what the log says now.
func (b *Broker) put(ctx context.Context, r registry) error {
	published, err := b.config.Store.Approvals(ctx)
	if err != nil {
		return fmt.Errorf("reading what the log says of the approvals: %w", err)
	}
	r.published = make(map[string]store.PublishedApproval, len(published))
	for _, p := range published {
		r.published[p.State.ID] = p
	}
	b.registry.Store(&r)
	return nil
}

// Standings are the approvals as they stand, by id.
func (b *Broker) Standings() (all []habilitations.Standing) {
	r := b.registry.Load()
	for _, a := range r.approvals {
		all = append(all, r.standing(a))
	}
	slices.SortFunc(all, func(x, y habilitations.Standing) int { return strings.Compare(x.Approval.ID, y.Approval.ID) })
	return all
}

// inForce tells whether anything may pass under an approval now.
func (b *Broker) inForce(id string) bool {
	r := b.registry.Load()
	a, ok := r.approvals[id]
	return ok && r.standing(a).State(b.config.Now()) == habilitations.InForce
}
