package resource

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/oidc/issuer"
)

var errNoSnapshot = errors.New("the values were wiped")

// A release is one delivery, durable in the log.
type release struct {
	id       string
	position string // origin#index
	key      []byte // opens the digest in the log
}

func (r release) setHeaders(h http.Header) {
	h.Set("Accord-Release-Id", r.id)
	h.Set("Accord-Log", r.position)
	h.Set("Accord-Release-Key", base64.RawURLEncoding.EncodeToString(r.key))
}

// deliver makes the delivery of body durable: no byte of it may leave before
// this returned nil.
func (d *Deliverer) deliver(ctx context.Context, o opened, resources []string, body []byte) (release, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return release{}, fmt.Errorf("naming a release: %w", err)
	}
	r := release{id: id.String()}
	if r.key, err = responseKey(o.key, r.id); err != nil {
		return release{}, fmt.Errorf("deriving a release key: %w", err)
	}
	data, fields := delivered(o.snapshot, resources)
	l, err := d.Store.Deliver(ctx, o.authorisedBy(store.DeliverCmd{
		Recipient: o.state.Grant.Recipient,
		Event: audit.Event{
			Release: r.id, Snapshot: o.state.Snapshot.ID, Data: data, Fields: fields,
			ResponseDigest: responseDigest(r.key, body),
		},
	}))
	if err != nil {
		return release{}, err
	}
	r.position = l.Position.String()
	return r, nil
}

// authorisedBy names what a delivery stands on: the token of the decision, or
// the recurring grant just fetched under and the renewed token, if any.
func (o opened) authorisedBy(cmd store.DeliverCmd) store.DeliverCmd {
	if o.fetching != nil {
		cmd.Grant, cmd.Event.Citizen, cmd.Token = o.state.Grant.ID, o.state.Grant.Citizen, o.fetching.tokenHash()
		return cmd
	}
	cmd.Token = HashOf(o.token)
	return cmd
}

// delivered names what the resources of a snapshot hold: data, and the fields
// that really leave (an absence delivers none).
func delivered(s journey.Snapshot, resources []string) (data, fields []string) {
	for _, name := range resources {
		part := s.Parts[name]
		data = append(data, part.Data...)
		if part.Document != nil {
			fields = append(fields, part.Fields...)
		}
	}
	slices.Sort(data)
	slices.Sort(fields)
	return data, fields
}

// fail logs that nothing left.
func (d *Deliverer) fail(ctx context.Context, token, reason string) {
	id, err := uuid.NewV7()
	if err == nil {
		_, err = d.Store.FailDelivery(ctx, store.FailDeliveryCmd{
			Token: HashOf(token),
			Event: audit.Event{Release: id.String(), Reason: reason},
		})
	}
	if err != nil {
		d.Log.ErrorContext(ctx, "logging a failed delivery", "cause", err)
	}
}

// bearer reads the access token of a request: from its one header only, the
// scheme Bearer or DPoP in any case (RFC 6750 §2.1, RFC 9449 §7.1). A token in the query stands in logs: it
// is refused, also beside the header (RFC 9700 §4.3.2).
func bearer(r *http.Request) (string, bool) {
	token, ok := presentedToken(r, issuer.UsesDPoP(r))
	return token, ok && strings.HasPrefix(token, journey.TokenPrefix)
}

// anyBearer is bearer for FranceConnect's tokens too, which are bound to no key.
func anyBearer(r *http.Request) (string, bool) { return presentedToken(r, false) }

func presentedToken(r *http.Request, dpop bool) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 || r.URL.Query().Has("access_token") {
		return "", false
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	want := "Bearer"
	if dpop {
		want = "DPoP"
	}
	if !ok || !strings.EqualFold(scheme, want) || token == "" {
		return "", false
	}
	return token, true
}
