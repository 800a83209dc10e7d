package issuer

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// planNamed begins the name of every module of the OpenID Foundation's plan
// fapi2-security-profile-final-test-plan, run with private_key_jwt and DPoP.
const planNamed = "fapi2-security-profile-final-"

// A planFlow is one way through as the plan goes it: a request pushed, the
// authorization endpoint, the code redeemed, a resource read. Pairs change
// parameters (an empty value removes one), claims change what is signed.
type planFlow struct {
	push      []string
	assertion claims // of the client at PAR
	outside   []string
	bind      bool // a proof at PAR too
	proofs    claims
	scheme    string // DPoP unless said
}

// A planWalk is what a flow was answered, as far as it got.
type planWalk struct {
	asked  url.Values // as pushed
	pushed *httptest.ResponseRecorder
	back   url.Values // authorization response
	token  *httptest.ResponseRecorder
	read   *httptest.ResponseRecorder
}

func (f *fixture) planProof(flow planFlow, method, path string, more claims) string {
	all := claims{}
	for _, some := range []claims{flow.proofs, more} {
		for name, value := range some {
			all[name] = value
		}
	}
	return f.proof(method, path, all)
}

// planPush is a flow's first step.
func (f *fixture) planPush(flow planFlow) (url.Values, *httptest.ResponseRecorder) {
	asked := with(f.request("fapi"), flow.push...)
	form := url.Values{"client_assertion_type": {assertionType}, "client_assertion": {f.assertion("fapi", flow.assertion)}}
	for name, values := range asked {
		form[name] = values
	}
	var proofs []string
	if flow.bind {
		proofs = []string{f.planProof(flow, http.MethodPost, pathPush, nil)}
	}
	return asked, f.proved(pathPush, "fapi", form, proofs...)
}

// planWalk goes a flow to its end and fails where a step is not answered well.
func (f *fixture) planWalk(flow planFlow) planWalk {
	f.t.Helper()
	var w planWalk
	w.asked, w.pushed = f.planPush(flow)
	if w.pushed.Code != http.StatusCreated {
		f.t.Fatalf("PAR: %d %s", w.pushed.Code, w.pushed.Body)
	}
	at := with(url.Values{"client_id": {"fapi"}, "request_uri": {member(f.t, w.pushed, "request_uri")}}, flow.outside...)
	w.back = location(f.t, f.authorize(at)).Query()
	form := exchangeForm("fapi", w.back.Get("code"))
	form.Set("redirect_uri", w.asked.Get("redirect_uri"))
	w.token = f.proved(pathToken, "fapi", form, f.planProof(flow, http.MethodPost, pathToken, nil))
	if w.token.Code != http.StatusOK {
		f.t.Fatalf("token: %d %s", w.token.Code, w.token.Body)
	}
	access := member(f.t, w.token, "access_token")
	scheme := flow.scheme
	if scheme == "" {
		scheme = "DPoP"
	}
	w.read = f.present(scheme+" "+access, f.planProof(flow, http.MethodGet, pathUserinfo, claims{"ath": athOf(access)}))
	return w
}

// planGood holds a finished flow to what the plan looks at in every one.
func planGood(t *testing.T, w planWalk) {
	t.Helper()
	par := object(t, w.pushed)
	if life, _ := par["expires_in"].(float64); life < 5 || life >= 600 || !strings.HasPrefix(w.pushed.Header().Get("Content-Type"), "application/json") {
		t.Errorf("PAR answered %v", par)
	}
	if w.back.Get("iss") != testIssuer || len(w.back.Get("code")) < 22 || w.back.Get("state") != w.asked.Get("state") || w.back.Has("state") != w.asked.Has("state") {
		t.Errorf("authorization response %v", w.back)
	}
	answer := object(t, w.token)
	if life, _ := answer["expires_in"].(float64); life <= 0 || answer["token_type"] != "DPoP" || answer["refresh_token"] != nil {
		t.Errorf("token answer %v", answer)
	}
	if w.read.Code != http.StatusOK {
		t.Errorf("resource: %d %s", w.read.Code, w.read.Body)
	}
	idToken := member(t, w.token, "id_token")
	if signed, err := jose.ParseSignedCompact(idToken, []jose.SignatureAlgorithm{jose.ES256}); err != nil || signed.Signatures[0].Protected.KeyID == "" {
		t.Errorf("the ID token is not signed with ES256 under a kid: %v", err)
	}
	told := toldBy(t, idToken)
	if nonce, there := told["nonce"]; there != w.asked.Has("nonce") || there && nonce != w.asked.Get("nonce") {
		t.Errorf("nonce %v, asked %s", nonce, w.asked.Get("nonce"))
	}
	for name := range told { // nothing that was not asked for
		if !strings.Contains(" iss sub aud exp iat auth_time nonce acr amr azp at_hash ", " "+name+" ") {
			t.Errorf("the ID token holds %s", name)
		}
	}
}
