package broker_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// spoofs are headers that lesser software builds its own address from.
func spoofs() map[string]http.Header {
	evil := "evil.example"
	return map[string]http.Header{
		"104 Host": {"Host": {evil}}, "104 X-Forwarded-Host": {"X-Forwarded-Host": {evil}}, "Forwarded": {"Forwarded": {"host=" + evil + ";proto=https"}},
		"X-Forwarded-Proto": {"X-Forwarded-Proto": {"https"}}, "X-Forwarded-Prefix": {"X-Forwarded-Prefix": {"/" + evil}}, "X-Host": {"X-Host": {evil}},
		"X-Original-URL": {"X-Original-Url": {"/mes-accords"}}, "X-Rewrite-URL": {"X-Rewrite-Url": {"/mes-accords"}}, "X-HTTP-Method-Override": {"X-Http-Method-Override": {"POST"}},
	}
}

// Attack list, rows 78, 104 and 105: no header of a request changes an address
// that Accord gives, nor lets another site read it.
func TestNoHeaderChangesAnAddressThatAccordGives(t *testing.T) {
	c := watch(t)
	_, base := good(t, c)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	for name, header := range spoofs() {
		header.Set("Origin", "https://evil.example")
		for _, path := range []string{"/", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks", "/.well-known/accord/jwks.json", "/log/1/policy", "/notices/valbrume-cantine/1.0.0/fr", "/mes-accords"} {
			plain, spoofed := c.send(probe{target: path}, "fr"), c.send(probe{target: path, header: header}, "fr")
			if plain.body != spoofed.body || plain.status != spoofed.status || plain.header.Get("Location") != spoofed.header.Get("Location") {
				t.Errorf("%s changes %s: %d %.100s", name, path, spoofed.status, spoofed.body)
			}
			if allowed := spoofed.header.Get("Access-Control-Allow-Origin"); allowed != "" && allowed != "*" || spoofed.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s opens %s to another site: %v", name, path, spoofed.header)
			}
		}
		c.play(t, probe{name: name + " at authorize", target: "/authorize?" + base.Encode(), header: header, want: wantTo("/connexion?i="), leaves: trace{kept: 1}},
			probe{
				name: name + " at authorize, refused", target: "/authorize?" + with(base, "scope", "openid").Encode(), header: header,
				want: shape{status: http.StatusSeeOther, back: "invalid_scope", state: base.Get("state")},
			},
			probe{name: name + " at userinfo", target: "/userinfo", header: header, want: wantOAuth(http.StatusUnauthorized, "invalid_token")},
			probe{name: name + " at the data", target: quotient + "?recipient=" + tok.Recipient, header: header, want: wantAPI(http.StatusUnauthorized, "00101")})
	}
	if d := c.send(probe{target: "/.well-known/openid-configuration"}, ""); !strings.Contains(d.body, `"issuer":"`+c.Accord+`"`) {
		t.Errorf("control: discovery names another issuer: %.200s", d.body)
	}
}

// What is no HTTP never reaches a page; the connection is closed.
func TestWhatIsNoHTTPIsAnsweredBeforeAnyPage(t *testing.T) {
	c := watch(t)
	address := strings.TrimPrefix(c.Accord, "http://localhost")
	for name, row := range map[string]struct{ sent, want string }{
		"NUL in the path":       {"GET /connexion?i=\x00 HTTP/1.1\r\nHost: localhost" + address + "\r\n\r\n", "400"},
		"two Hosts":             {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400"},
		"no Host":               {"GET / HTTP/1.1\r\n\r\n", "400"},
		"header of 1 MiB":       {"GET / HTTP/1.1\r\nHost: localhost" + address + "\r\nX: " + many(1<<20) + "\r\n\r\n", "431"},
		"two lengths":           {"POST /token HTTP/1.1\r\nHost: localhost" + address + "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
		"length and chunks":     {"POST /token HTTP/1.1\r\nHost: localhost" + address + "\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
		"a space in the header": {"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "400"},
		"garbage":               {"\x16\x03\x01\x00\x00\r\n\r\n", "400"},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.trace(t)
			answered := exchange(t, "127.0.0.1"+address, row.sent)
			if !strings.Contains(answered, " "+row.want+" ") || strings.Contains(answered, "goroutine") {
				t.Errorf("answered %.100q", answered)
			}
			if left := c.trace(t).minus(before); left != (trace{}) {
				t.Errorf("left %+v", left)
			}
		})
	}
}

// exchange sends bytes and gives the first line of the answer.
func exchange(t *testing.T, address, sent string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	// The server may close before it has read all: the answer tells.
	_, _ = io.WriteString(conn, sent)
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	return line
}
