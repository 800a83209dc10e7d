package resource

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/oidc/issuer"
)

// An apiError is one error in API Particulier v3's shape: a code of five
// digits (two of the provider, three of the case), title and detail. Its
// sentences are Accord's own.
type apiError struct {
	status   int
	Code     string            `json:"code"`
	Title    string            `json:"title"`
	Detail   string            `json:"detail"`
	Source   map[string]string `json:"source,omitempty"`
	Meta     map[string]string `json:"meta,omitempty"`
	noAccess bool              // answered with WWW-Authenticate
	// challenge is the WWW-Authenticate of a refused proof.
	challenge string
	wait      string // Retry-After in seconds, where the status has another
}

// The one table of what /v3 may answer instead of data.
var (
	errToken = apiError{
		status: http.StatusUnauthorized, Code: "00101", Title: "Jeton refusé", noAccess: true,
		Detail: "Le jeton d'accès est absent, inconnu, ou l'accord de la personne a pris fin.",
	}
	errExpired = apiError{
		status: http.StatusUnauthorized, Code: "00103", Title: "Jeton expiré", noAccess: true,
		Detail: "Le jeton d'accès vit dix minutes après le code.",
	}
	errProof = apiError{
		status: http.StatusUnauthorized, Code: "00192", Title: "Preuve de possession refusée",
		Detail: "Le jeton d'accès est lié à une clé : l'en-tête DPoP doit porter une preuve neuve, signée par cette clé (RFC 9449). L'en-tête WWW-Authenticate dit ce qui manque.",
	}
	errScope = apiError{
		status: http.StatusForbidden, Code: "00100", Title: "Donnée hors de l'accord",
		Detail: "La personne n'a pas donné son accord pour cette donnée, ou l'habilitation ne la couvre plus.",
	}
	errRecipient = apiError{
		status: http.StatusUnprocessableEntity, Code: "00210", Title: "Destinataire invalide",
		Detail: "recipient doit être le SIRET (14 chiffres) de l'organisme qui reçoit les données.", Source: map[string]string{"parameter": "recipient"},
	}
	errOtherRecipient = apiError{
		status: http.StatusForbidden, Code: "00100", Title: "Autre destinataire",
		Detail: "L'accord de la personne a été donné pour un autre organisme.", Source: map[string]string{"parameter": "recipient"},
	}
	errPeriod = apiError{
		status: http.StatusUnprocessableEntity, Code: "00356", Title: "Autre période",
		Detail: "La personne a vu et accepté une autre période : retirer annee et mois, ou demander celle de l'accord.", Source: map[string]string{"parameter": "annee"},
	}
	errAddress = apiError{
		status: http.StatusNotFound, Code: "00402", Title: "Adresse inconnue",
		Detail: "Accord ne sert pas de donnée à cette adresse.",
	}
	errMethod = apiError{
		status: http.StatusMethodNotAllowed, Code: "00405", Title: "Méthode refusée",
		Detail: "Les données se lisent par GET seulement.",
	}
	errForm = apiError{
		status: http.StatusNotAcceptable, Code: "00406", Title: "Format refusé",
		Detail: "Accord répond en application/json ou, signé, en application/jwt.", Source: map[string]string{"parameter": "Accept"},
	}
	errOurs = apiError{
		status: http.StatusInternalServerError, Code: "00500", Title: "Erreur interne",
		Detail: "Rien n'a été transmis. Réessayer ; si l'erreur dure, contacter l'exploitant d'Accord.",
	}
	errBusy = apiError{
		status: http.StatusServiceUnavailable, Code: "00503", Title: "Momentanément indisponible",
		Detail: "Rien n'a été transmis. Réessayer après quelques secondes.",
	}
)

// encoded is the bytes of the member errors.
func (e apiError) encoded() []byte {
	b, err := json.Marshal([]apiError{e})
	if err != nil {
		return []byte("[]") // strings only: cannot happen
	}
	return b
}

func refuse(c *gin.Context, e apiError) {
	switch {
	case e.challenge != "":
		c.Header("WWW-Authenticate", e.challenge)
	case e.Code == errToken.Code && c.GetHeader("Authorization") == "":
		c.Writer.Header()["Www-Authenticate"] = issuer.Schemes("/v3")
	case e.noAccess:
		c.Header("WWW-Authenticate", issuer.Challenge(c.Request, issuer.NewError("invalid_token", "the access token is not valid")))
	}
	switch {
	case e.wait != "":
		c.Header("Retry-After", e.wait)
	case e.status == http.StatusServiceUnavailable:
		c.Header("Retry-After", "2")
	case e.status == http.StatusTooManyRequests:
		c.Header("Retry-After", "1")
	}
	c.Data(e.status, "application/json; charset=utf-8", append(append([]byte(`{"errors":`), e.encoded()...), '}'))
}
