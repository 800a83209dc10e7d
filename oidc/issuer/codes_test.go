package issuer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"accord/oidc/issuer/details"
)

// unlisted holds each answer a test gets to the table of errors: its code, with
// its status, at that endpoint. It is "" for a listed one.
func unlisted(r *http.Request, w *httptest.ResponseRecorder) string {
	at, code := "", ""
	if to, err := url.Parse(w.Header().Get("Location")); err == nil && to.Query().Has("error") {
		at, code = AtRedirect, to.Query().Get("error")
	} else if w.Header().Get("Content-Type") == "application/json" {
		var body struct{ Error string }
		_ = json.Unmarshal(w.Body.Bytes(), &body) // an answer without error is none
		at, code = strings.TrimSuffix(r.URL.Path, "/"), body.Error
	}
	if strings.HasPrefix(at, pathGrants) {
		at = pathOfGrants
	}
	documents := slices.Contains([]string{pathDiscovery, pathOAuth, pathJWKS, pathAuthorize, pathEndSession, details.Path}, at) // 405 alone
	if code == "" || documents && w.Code == http.StatusMethodNotAllowed {
		return ""
	}
	all := ErrorCodes()
	n := slices.IndexFunc(all, func(c ErrorCode) bool { return c.Code == code })
	if n < 0 || !slices.Contains(all[n].At, at) || !slices.Contains(all[n].Statuses(), w.Code) {
		return fmt.Sprintf("%d %s at %s is not in the table of errors", w.Code, code, at)
	}
	return ""
}

// What the table does not list does not leave, whoever made it.
func TestAnErrorThatIsNotInTheTableLeavesAsServerError(t *testing.T) {
	f := newFixture(t)
	e := NewError("invented_error", "")
	if e.HTTPStatus() != http.StatusInternalServerError || e.body().Code != "server_error" {
		t.Errorf("as JSON: %d %s", e.HTTPStatus(), e.body().Code)
	}
	req := &AuthorizationRequest{RedirectURI: redirectOf("basic")}
	if back := f.issuer.ErrorURL(req, "invented_error", ""); !strings.Contains(back, "error=server_error") {
		t.Errorf("on the way back: %s", back)
	}
}

func TestTheTableOfErrorsIsSortedAndTellsWhereEachIsMet(t *testing.T) {
	all := ErrorCodes()
	if !slices.IsSortedFunc(all, func(a, b ErrorCode) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("not sorted by code")
	}
	for n, c := range all {
		if c.Status < 400 || len(c.At) > 0 && len(c.Statuses()) == 0 || n > 0 && all[n-1].Code == c.Code {
			t.Errorf("%+v", c)
		}
	}
}
