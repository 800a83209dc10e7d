package resource

import (
	"maps"
	"net/http"

	"accord/oidc/franceconnect"
	"accord/providers"
)

// What the token way may answer instead of data, in API Particulier's codes:
// 500xx is FranceConnect's, 51 FranceConnect as a provider. Codes 0019x are
// Accord's own; meta.reason names them for programs.
var (
	errMalformed = apiError{
		status: http.StatusUnauthorized, Code: "50001", Title: "Jeton FranceConnect invalide", noAccess: true,
		Detail: "FranceConnect ne reconnaît pas la forme de ce jeton d'accès.",
	}
	errInactive = apiError{
		status: http.StatusUnauthorized, Code: "50002", Title: "Jeton FranceConnect inconnu ou expiré", noAccess: true,
		Detail: "Le jeton d'accès de FranceConnect est inconnu ou a expiré : il vit 60 secondes.",
	}
	errReplayed = apiError{
		status: http.StatusUnauthorized, Code: "50002", Title: "Jeton FranceConnect déjà présenté", noAccess: true,
		Detail: "Un jeton d'accès de FranceConnect ouvre chaque ressource une seule fois.",
	}
	errNoTokenWay = apiError{
		status: http.StatusForbidden, Code: "00100", Title: "Voie non ouverte",
		Detail: "Aucune habilitation de cet organisme ne permet de présenter un jeton de FranceConnect.", Source: map[string]string{"parameter": "recipient"},
	}
	errOtherServiceProvider = apiError{
		status: http.StatusForbidden, Code: "00100", Title: "Autre fournisseur de service",
		Detail: "Ce jeton a été remis par FranceConnect à un autre fournisseur de service que celui de l'habilitation.",
	}
	errPresence = apiError{
		status: http.StatusForbidden, Code: "00191", Title: "Présence nécessaire",
		Detail: "Ces données ne s'obtiennent pas avec ce jeton : la personne doit passer par Accord, ou votre demande à FranceConnect porter leurs scopes.",
		Meta:   map[string]string{"reason": "citizen_presence_required"},
	}
	errConsent = apiError{
		status: http.StatusForbidden, Code: "00190", Title: "Accord nécessaire",
		Detail: "La personne n'a pas donné d'accord durable pour ces données. L'adresse de meta lui permet de le donner, complétée de redirect_uri, state, nonce et code_challenge.",
		Meta:   map[string]string{"reason": "consent_required"},
	}
	errExhausted = apiError{
		status: http.StatusForbidden, Code: "00190", Title: "Nouvel accord nécessaire",
		Detail: "Toutes les consultations acceptées par la personne ont été faites. L'adresse de meta lui permet d'en accepter d'autres, complétée de redirect_uri, state, nonce et code_challenge.",
		Meta:   map[string]string{"reason": "consent_required"},
	}
	errEnded = apiError{
		status: http.StatusForbidden, Code: "00190", Title: "Accord terminé",
		Detail: "L'accord de la personne a pris fin pendant la demande. Rien n'a été transmis.",
		Meta:   map[string]string{"reason": "consent_required"},
	}
)

// leadingTo adds the address where the citizen can agree.
func (e apiError) leadingTo(address string) *apiError {
	e.Meta = maps.Clone(e.Meta)
	e.Meta["authorization_request"] = address
	return &e
}

// franceConnectError is an answer FranceConnect did not give, or not in order.
func franceConnectError(err error) *apiError {
	e := apiError{status: http.StatusBadGateway, Meta: map[string]string{"provider": "FranceConnect"}}
	switch franceconnect.KindOf(err) {
	case franceconnect.Unavailable:
		e.Code, e.Title, e.Detail = "51001", "FranceConnect indisponible", "FranceConnect ne répond pas. Rien n'a été transmis. Réessayer après une nouvelle connexion de la personne."
	case franceconnect.Refused:
		e.Code, e.Title, e.Detail = "51006", "FranceConnect refuse Accord", "FranceConnect n'accepte pas l'identification d'Accord. Rien n'a été transmis. Contacter l'exploitant."
	default:
		e.Code, e.Title, e.Detail = "51999", "Réponse de FranceConnect refusée", "La réponse de FranceConnect n'est pas digne de foi. Rien n'a été transmis."
	}
	return &e
}

// sourceError is a source that told nothing, under its own provider's code.
func (a address) sourceError(o providers.Outcome) *apiError {
	provider := a.missing.Code[:2]
	e := apiError{status: http.StatusBadGateway, Meta: a.missing.Meta}
	switch o {
	case providers.Ambiguous:
		e.status, e.Code, e.Title = http.StatusConflict, provider+"015", "Plusieurs dossiers possibles"
		e.Detail = "Plusieurs dossiers ressemblent à celui de la personne : aucun n'a été choisi."
	case providers.Refused:
		e.Code, e.Title = provider+"006", "Demande refusée par l'administration"
		e.Detail = "L'administration refuse cette demande. Rien n'a été transmis."
	default:
		e.Code, e.Title = provider+"001", "Administration indisponible"
		e.Detail = "L'administration ne répond pas. Rien n'a été transmis, et cette consultation ne compte pas."
	}
	return &e
}
