package broker_test

import (
	"net/http"
	"testing"
)

// Every way to ask for a tile but its one path ends in a short 404, and leaves
// nothing.
func TestBadInputAtTheLogsAddresses(t *testing.T) {
	c := watch(t)
	publishedLog(t, c.Country)
	var probes []probe
	for _, path := range []string{
		"/log/2/checkpoint", "/log/01/checkpoint", "/log/1/checkpoint/", "/log/%31/checkpoint", "/log/-1/policy", "/log/2/policy", "/log/%00/policy", "/log/2/keys", "/log/1", "/auditor", "/auditor/",
		"/log/1/tile/", "/log/1/tile/0", "/log/1/tile/0/", "/log/1/tile/0/0", "/log/1/tile/0/00", "/log/1/tile/0/0000", "/log/1/tile/00/000.p/1",
		"/log/1/tile/0/999", "/log/1/tile/0/x000/000.p/1", "/log/1/tile/0/x001", "/log/1/tile/0/001/234", "/log/1/tile/0/x999/x999/x999/x999/x999/x999/999",
		"/log/1/tile/0/x9223372036854775807", "/log/1/tile/0/9223372036854775808", "/log/1/tile/0/+00", "/log/1/tile/0/-01", "/log/1/tile/0/0x0",
		"/log/1/tile/0/000.p/0", "/log/1/tile/0/000.p/256", "/log/1/tile/0/000.p/01", "/log/1/tile/0/000.p/-1", "/log/1/tile/0/000.p/1/", "/log/1/tile/0/000.p/",
		"/log/1/tile/0/000.p/1.p/1", "/log/1/tile/64/000.p/1", "/log/1/tile/-1/000.p/1", "/log/1/tile/7/000.p/1", "/log/1/tile/Entries/000.p/1",
		"/log/1/tile/0/%30%30%30.p/1", "/log/1/tile/0/%2e%2e/000.p/1", "/log/1/tile/0/../0/000.p/1", "/log/1/tile//000.p/1", "/log/1/tile/0/000%2ep/1",
		"/log/1/tile/0/000.p%2f1", "/log/1/tile/0/" + many(4000), "/log/1/tile/0/000.p/%00", "/log/1/tile/entries/000.p/99999999999999999999",
	} {
		probes = append(probes, probe{name: "GET " + shortened(path), target: path, want: shape{status: http.StatusNotFound}})
	}
	for _, path := range []string{"/log/1/checkpoint", "/log/1/tile/0/000.p/1", "/log/1/policy", "/log/1/keys"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
			probes = append(probes, probe{name: method + " " + path, method: method, target: path, want: shape{status: http.StatusNotFound}})
		}
		probes = append(probes, probe{name: "HEAD " + path, method: http.MethodHead, target: path, want: shape{status: http.StatusOK}})
	}
	c.play(t, probes...)
}

func shortened(path string) string {
	if len(path) > 60 {
		return path[:60]
	}
	return path
}

// Without an auditor's credential the openings do not exist for anybody, and no
// shape of the question matters.
func TestBadInputAtTheAuditorsAddresses(t *testing.T) {
	c := watch(t)
	secret := c.Secrets["auditor"]
	refused, wrong := shape{status: http.StatusUnauthorized}, shape{status: http.StatusBadRequest}
	var probes []probe
	for _, path := range []string{"/auditor/events.ndjson", "/auditor/export.csv"} {
		for name, header := range map[string]http.Header{
			"anonymous":      {},
			"another secret": {"Authorization": {"Bearer " + secret + "x"}},
			"no scheme":      {"Authorization": {secret}},
			"a client's":     basic("logiciels-du-preau", c.Secrets["logiciels-du-preau"]),
			"as basic":       basic("auditor", secret),
			"empty":          {"Authorization": {"Bearer "}},
			"two spaces":     {"Authorization": {"Bearer  " + secret}},
			"its hash":       {"Authorization": {"Bearer sha-256:" + secret}},
		} {
			probes = append(probes, probe{name: path + " " + name, target: path + "?from=0", header: header, want: refused})
		}
		probes = append(probes, probe{name: path + " in the query", target: path + "?access_token=" + secret, want: refused})
	}
	bearer := http.Header{"Authorization": {"Bearer " + secret}}
	for _, q := range []string{"from=-1", "from=01", "from=x", "from=0&from=1", "to=-1", "from=2&to=1", "from=99999999999999999999", "from=9223372036854775807", "limit=3", "from=%zz", "from="} {
		probes = append(probes, probe{name: "?" + q, target: "/auditor/events.ndjson?" + q, header: bearer, want: wrong})
	}
	probes = append(probes, probe{name: "POST", method: http.MethodPost, target: "/auditor/events.ndjson", header: bearer, want: shape{status: http.StatusNotFound}})
	c.play(t, probes...)
}
