package resource

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent"
)

// again answers one resource to a token that was given for a refresh token: it
// is fetched anew, under the citizen's recurring grant. The identity the source
// is asked about is opened by the token, for this request alone.
func (d *Deliverer) again(c *gin.Context, a address, f sending, state store.TokenState, token string) *apiError {
	b, err := boundOf(state, token)
	if err != nil || b.Identity == nil {
		d.Log.ErrorContext(c.Request.Context(), "opening a renewed token", "cause", err)
		return &errOurs
	}
	request, e := d.agreedTo(state.Grant, b, a)
	if e != nil {
		return e
	}
	by := asking{
		grant: state.Grant, snapshot: snapshotOf(token, state.Grant.ID), identity: *b.Identity, token: token, refused: renewedRefusal,
	}
	o, e := d.fetch(c.Request.Context(), by, request, a)
	if e != nil {
		return e
	}
	return d.releaseFetched(c, a, f, o)
}

// agreedTo is what of a resource may be asked again without the citizen. It
// authorises nothing: store.QuerySource does.
func (d *Deliverer) agreedTo(g store.Grant, b journey.Bound, a address) (consent.Request, *apiError) {
	approval, ok := d.Approval(g.Approval, g.Client)
	if !ok {
		return consent.Request{}, &errNotInForce
	}
	ids := slices.DeleteFunc(slices.Clone(g.Data), func(id string) bool { return !slices.Contains(b.Scopes, id) })
	data := d.dataOf(approval, ids, a.resource)
	if len(data) == 0 {
		return consent.Request{}, &errScope
	}
	request, ok := approval.FetchAgain(data, nil)
	if !ok {
		return consent.Request{}, &errAbsent
	}
	return request, nil
}

// renewedRefusal is why the store authorised nothing with a renewed token.
func renewedRefusal(err error) *apiError {
	switch {
	case errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrNotFound):
		return &errToken
	case errors.Is(err, store.ErrExpired):
		return &errExpired
	case errors.Is(err, store.ErrNotCovered):
		return &errUsedUp
	case errors.Is(err, store.ErrConflict):
		return &errReadOnce
	}
	return &errBusy
}

// What a renewed token may be answered instead of data.
var (
	errAbsent = apiError{
		status: http.StatusForbidden, Code: "00191", Title: "Présence nécessaire",
		Detail: "Ces données ne s'obtiennent qu'en présence de la personne : elle doit repasser par Accord.",
		Meta:   map[string]string{"reason": "citizen_presence_required"},
	}
	errNotInForce = apiError{
		status: http.StatusForbidden, Code: "00190", Title: "Habilitation interrompue",
		Detail: "L'habilitation de cet accord n'est pas en vigueur. Rien n'a été demandé ni transmis.",
		Meta:   map[string]string{"reason": "consent_required"},
	}
	errUsedUp = apiError{
		status: http.StatusForbidden, Code: "00190", Title: "Nouvel accord nécessaire",
		Detail: "Toutes les consultations acceptées par la personne ont été faites, ou l'habilitation n'est plus en vigueur.",
		Meta:   map[string]string{"reason": "consent_required"},
	}
	errReadOnce = apiError{
		status: http.StatusForbidden, Code: "00193", Title: "Ressource déjà lue",
		Detail: "Un jeton d'accès renouvelé lit chaque ressource une seule fois : en demander un autre avec le jeton de renouvellement.",
		Meta:   map[string]string{"reason": "refresh_required"},
	}
)
