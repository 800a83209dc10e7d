// Package conformance makes what the OpenID Foundation's conformance suite
// needs of a running country: clients registered with the addresses of a test,
// and the configuration of each plan, with what its browser does on every page.
//
//	ParseTest(https://suite.example/test/a/accord) → Register → Clients: two of profile fapi2, three of profile oidc
//	                                                          → Files: fapi2.json, fapi2-oauth.json, oidcc.json, plans.txt
//
// Keys and secrets are drawn by Register, and stand in the files: they open
// nothing but the country they were drawn for.
package conformance

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// A Test is one alias of a suite, under whose address it is called back.
type Test struct {
	Address string // https://HOST/test/a/ALIAS, without a slash at its end
	Alias   string
}

var testPath = regexp.MustCompile(`^/test/a/([A-Za-z0-9_-]{1,64})$`)

// ParseTest reads the address of a test.
func ParseTest(address string) (Test, error) {
	address = strings.TrimSuffix(address, "/")
	u, err := url.Parse(address)
	wrong := errors.New("write the address of a test as https://HOST/test/a/ALIAS")
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return Test{}, wrong
	}
	alias := testPath.FindStringSubmatch(u.Path)
	if alias == nil {
		return Test{}, wrong
	}
	return Test{Address: address, Alias: alias[1]}, nil
}

func (t Test) callback() string { return t.Address + "/callback" }

// second is the callback of a plan's second client: a registered query that
// must come back as it is.
func (t Test) second() string { return t.callback() + "?dummy1=lorem&dummy2=ipsum" }

func (t Test) afterLogout() string { return t.Address + "/post_logout_redirect" }
