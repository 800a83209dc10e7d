package fcsim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// errorPage is FranceConnect's first error shape: a page of its own with a
// code, from which the client learns nothing.
func (s *Simulator) errorPage(w http.ResponseWriter, r *http.Request, status int, code string) {
	s.pages.message(w, s.layout(r), status, message{Code: code, ID: uuid.NewString()})
}

// redirectError is the second: back to the client, in the fragment when the
// response type asked for that.
func (s *Simulator) redirectError(w http.ResponseWriter, r *http.Request, q url.Values, e refusal) {
	back := url.Values{"error": {e.code}, "error_description": {e.description}, "state": {q.Get("state")}, "iss": {s.options.Issuer}}
	if e.scope != "" {
		back.Set("scope", e.scope)
	}
	mark := "?"
	if strings.Contains(q.Get("redirect_uri"), "?") {
		mark = "&"
	}
	if strings.Contains(q.Get("response_type"), "token") {
		mark = "#"
	}
	http.Redirect(w, r, q.Get("redirect_uri")+mark+back.Encode(), http.StatusSeeOther)
}

// jsonError is the third: token, userinfo and revocation. The code in
// error_uri is generated, as FranceConnect's Y04 ones are: not to branch on.
func jsonError(w http.ResponseWriter, status int, code, description, detail string) {
	sum := sha256.Sum256([]byte(code + description))
	generated := "Y04" + strings.ToUpper(hex.EncodeToString(sum[:]))[:5]
	writeJSON(w, status, "application/json; charset=utf-8", map[string]string{
		"error":             code,
		"error_description": description + " (" + detail + ")",
		"error_uri": "https://docs.partenaires.franceconnect.gouv.fr/fs/fs-technique/fs-technique-erreurs/?code=" +
			generated + "&id=" + uuid.NewString(),
	})
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "encoding", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader is gone: nothing to do
}
