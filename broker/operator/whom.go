package operator

import (
	"context"
	"fmt"
	"slices"

	"accord/broker/keyring"
	"accord/broker/store"
)

// Whom says whose records an act is about: exactly one member is set.
type Whom struct {
	Receipt     string `json:"receipt,omitempty"` // a receipt's reference
	Grant       string `json:"grant,omitempty"`
	Interaction string `json:"interaction,omitempty"` // that led to no grant
	Person      *Pivot `json:"person,omitempty"`
}

// A Pivot names a person as FranceConnect does; it comes in a request's body
// and is kept and logged nowhere. Without identité pivot: Issuer and Sub.
type Pivot struct {
	FamilyName   string `json:"family_name,omitempty"`
	GivenName    string `json:"given_name,omitempty"`
	Birthdate    string `json:"birthdate,omitempty"` // YYYY-MM-DD
	Gender       string `json:"gender,omitempty"`
	Birthplace   string `json:"birthplace,omitempty"`   // INSEE commune code
	Birthcountry string `json:"birthcountry,omitempty"` // INSEE country code
	Issuer       string `json:"issuer,omitempty"`
	Sub          string `json:"sub,omitempty"`
}

// A file is what belongs together: grants, and interactions that led to none.
type file struct {
	citizen      string // "" while nobody was known
	grants       []store.Grant
	interactions []string
}

// find resolves a reference; store.ErrNotFound when there is nothing.
func (o *Operators) find(ctx context.Context, w Whom) (file, error) {
	set := 0
	for _, given := range []bool{w.Receipt != "", w.Grant != "", w.Interaction != "", w.Person != nil} {
		if given {
			set++
		}
	}
	switch {
	case set != 1:
		return file{}, fmt.Errorf("one of receipt, grant, interaction, person: %w", errRequest)
	case w.Receipt != "":
		return o.ofReceipt(ctx, w.Receipt)
	case w.Grant != "":
		return o.ofGrant(ctx, w.Grant)
	case w.Interaction != "":
		_, err := o.Store.EventsOfInteraction(ctx, w.Interaction)
		return file{interactions: []string{w.Interaction}}, err
	}
	return o.ofPerson(ctx, keyring.Pivot(*w.Person))
}

func (o *Operators) ofReceipt(ctx context.Context, id string) (file, error) {
	r, err := o.Store.Receipt(ctx, id)
	if err != nil {
		return file{}, fmt.Errorf("finding the receipt: %w", err)
	}
	if r.Grant != "" {
		return o.ofGrant(ctx, r.Grant)
	}
	return file{citizen: r.Citizen, interactions: []string{r.Interaction}}, nil
}

func (o *Operators) ofGrant(ctx context.Context, id string) (file, error) {
	g, err := o.Store.Grant(ctx, id)
	if err != nil {
		return file{}, fmt.Errorf("finding the grant: %w", err)
	}
	return file{citizen: g.Citizen, grants: []store.Grant{g}}, nil
}

// ofPerson gathers everything under a person's pseudonym.
func (o *Operators) ofPerson(ctx context.Context, p keyring.Pivot) (f file, err error) {
	f.citizen = o.Keys.Citizen(p)
	if f.grants, err = o.Store.GrantsOf(ctx, f.citizen); err != nil {
		return f, fmt.Errorf("finding the person's grants: %w", err)
	}
	receipts, err := o.Store.ReceiptsOf(ctx, f.citizen)
	if err != nil {
		return f, fmt.Errorf("finding the person's receipts: %w", err)
	}
	for _, r := range receipts {
		if r.Grant == "" && !slices.Contains(f.interactions, r.Interaction) {
			f.interactions = append(f.interactions, r.Interaction)
		}
	}
	if len(f.grants)+len(f.interactions) == 0 {
		return f, fmt.Errorf("nothing is kept under this identity, as it is written: %w", store.ErrNotFound)
	}
	return f, nil
}
