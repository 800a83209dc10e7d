package issuer

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	maxForm       = 64 << 10 // bytes of a body or query
	maxParameters = 200      // of one request, known or not
)

// parameters are those of one request, each known one at most once. "resource"
// alone may be repeated (RFC 8707 §2): its values are joined by spaces, which
// no address holds.
type parameters map[string]string

// known lists the parameters that may stand in a request only once (RFC 6749
// §3.1, §3.2). Others are ignored, as the same sections want.
func known() []string {
	return []string{
		"client_id", "client_secret", "client_assertion", "client_assertion_type",
		"response_type", "response_mode", "redirect_uri", "scope", "state", "nonce",
		"code_challenge", "code_challenge_method", "request", "request_uri", "registration",
		"prompt", "max_age", "display", "ui_locales", "claims_locales", "id_token_hint",
		"login_hint", "acr_values", "claims", "authorization_details", "dpop_jkt",
		"recipient", "purpose", "annee", "mois", "annee_campagne", "until", "fetches",
		"grant_management_action", "grant_id", "grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint", "access_token",
		"post_logout_redirect_uri", "logout_hint",
	}
}

// formParameters reads the POST body of a client's own request: no parameter,
// known or not, may stand there twice (RFC 6749 §3.2).
func formParameters(w http.ResponseWriter, r *http.Request) (parameters, *Error) {
	body, e := readForm(w, r)
	if e != nil {
		return nil, e
	}
	return parseParameters(body, true)
}

// readForm reads a POST body. Parameters in the query are refused: queries
// stand in logs, and a code or secret there is a leak (design note 0001, B2).
func readForm(w http.ResponseWriter, r *http.Request) (string, *Error) {
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return "", invalidRequest("parameters belong in the body, not in the query")
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return "", &Error{
			Code: "invalid_request", Status: http.StatusUnsupportedMediaType,
			Description: "send application/x-www-form-urlencoded",
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if limit := (*http.MaxBytesError)(nil); errors.As(err, &limit) {
		return "", tooLarge(r.URL.Path, string(body))
	}
	if err != nil {
		return "", invalidRequest("the body could not be read").WithCause(err)
	}
	return string(body), nil
}

// tooLarge is the answer to a body of which only begun was read. Where the limit
// was met within authorization_details, that is what a client must mend (RFC 9396
// §5); nothing more is read to find out.
func tooLarge(path, begun string) *Error {
	const code = "invalid_authorization_details"
	cut := begun[strings.LastIndexByte(begun, '&')+1:]
	if strings.HasPrefix(cut, "authorization_details=") && slices.Contains(errorCode(code).At, path) {
		return invalidDetails(errors.New("the body is larger than 64 KiB"))
	}
	return &Error{
		Code: "invalid_request", Status: http.StatusRequestEntityTooLarge,
		Description: "the body is larger than 64 KiB",
	}
}

// queryOrFormParameters reads GET parameters from the query, POST ones from
// the body (OpenID Connect Core §3.1.2.1).
func queryOrFormParameters(w http.ResponseWriter, r *http.Request) (parameters, *Error) {
	if r.Method != http.MethodPost {
		return parseParameters(r.URL.RawQuery, false)
	}
	body, e := readForm(w, r)
	if e != nil {
		return nil, e
	}
	return parseParameters(body, false)
}

// parseParameters holds known parameters to one value, or all of them.
func parseParameters(raw string, strict bool) (parameters, *Error) {
	if len(raw) > maxForm || strings.Count(raw, "&") >= maxParameters {
		return nil, invalidRequest("too many or too long parameters")
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, invalidRequest("the parameters cannot be read").WithCause(errors.New("malformed query"))
	}
	for name := range values {
		if strict && len(values[name]) > 1 && name != "resource" {
			return nil, invalidRequest("a parameter stands there more than once")
		}
	}
	p := parameters{}
	for _, name := range known() {
		if len(values[name]) > 1 {
			return nil, invalidRequest("the parameter " + name + " stands there more than once")
		}
		if v := values.Get(name); v != "" {
			p[name] = v // RFC 6749 §3.1: without a value is as if omitted
		}
	}
	if all := values["resource"]; len(all) > 0 {
		p["resource"] = strings.Join(all, " ")
	}
	return p, nil
}
