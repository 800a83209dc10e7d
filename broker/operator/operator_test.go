package operator

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	anne  = 1001 // uids of two operators
	bruno = 1002
)

func confirming(id string) string { return `{"id":"` + id + `"}` }

func TestNobodyConfirmsWhatTheyProposed(t *testing.T) {
	w := newWorld(t)
	id := w.proposes(anne)
	if code, text := w.ask(anne, "/erase/confirm", confirming(id)); code != http.StatusForbidden {
		t.Errorf("the proposer: %d %s", code, text)
	}
	if slices.ContainsFunc(w.did, func(s string) bool { return strings.HasPrefix(s, "erase") }) {
		t.Errorf("erased by one operator: %v", w.did)
	}
	if code, text := w.ask(bruno, "/erase/confirm", confirming(id)); code != http.StatusOK || !strings.Contains(text, `"not_yet_erased":["2026-11.1"]`) {
		t.Errorf("another: %d %s", code, text)
	}
	if code, _ := w.ask(bruno, "/erase/confirm", confirming(id)); code != http.StatusNotFound {
		t.Errorf("a second time: %d", code)
	}
}

func TestAProposalLivesADay(t *testing.T) {
	w := newWorld(t)
	id := w.proposes(anne)
	w.now = w.now.Add(ProposalLives)
	if code, _ := w.ask(bruno, "/erase/confirm", confirming(id)); code != http.StatusNotFound {
		t.Errorf("after a day: %d", code)
	}
	if _, text := w.ask(bruno, "/erase", ""); strings.Contains(text, id) {
		t.Error("it is still listed")
	}
}

func TestACallerNobodyKnowsDoesNothing(t *testing.T) {
	for _, uid := range []int{-1, 65534} {
		for _, path := range []string{"/keys/rotate", "/keys/compromise", "/extract", "/erase/propose", "/erase/confirm", "/erase/finish", "/desk/sample", "/requests", "/requests/answer"} {
			w := newWorld(t)
			if code, _ := w.ask(uid, path, `{}`); code != http.StatusForbidden || len(w.did) > 0 {
				t.Errorf("uid %d, %s: %d, did %v", uid, path, code, w.did)
			}
		}
	}
}

// each act with what it does first when it is allowed to.
var acts = map[string]struct{ path, body, does string }{
	"rotate":     {"/keys/rotate", `{"role":"receipt"}`, "rotate receipt"},
	"compromise": {"/keys/compromise", `{"key":"kid","last_good":-1}`, "compromise kid -1"},
	"confirm":    {"/erase/confirm", "", "erase g_ended request RGPD-2026-17"},
	"finish":     {"/erase/finish", `{"store_backed_up":true,"keys_backed_up":"2026-11.1"}`, ""},
	"propose":    {"/erase/propose", `{"grant":"g_ended","reason":"retention"}`, ""},
	"extract":    {"/extract", `{"grant":"g_ended"}`, ""},
}

func TestAnActIsLoggedBeforeItIsDoneOrNotDone(t *testing.T) {
	for name, a := range acts {
		for _, fail := range []bool{false, true} {
			w := newWorld(t)
			body := a.body
			if name == "confirm" {
				body = confirming(w.proposes(anne))
			}
			w.did = nil
			if fail {
				w.fail = "log"
			}
			code, text := w.ask(bruno, a.path, body)
			switch {
			case fail && (code == http.StatusOK || len(w.did) > 0):
				t.Errorf("%s unlogged: %d, did %v", name, code, w.did)
			case !fail && (code != http.StatusOK || !strings.HasPrefix(w.did[0], "log ") || !strings.Contains(w.did[0], "uid 1002")):
				t.Errorf("%s: %d %s, did %v", name, code, text, w.did)
			case !fail && a.does != "" && w.did[1] != a.does:
				t.Errorf("%s did %v", name, w.did)
			}
		}
	}
}

func TestAProposalThatCouldNotBeLoggedWaitsOn(t *testing.T) {
	w := newWorld(t)
	id := w.proposes(anne)
	for _, fails := range []string{"log", "erase"} {
		w.fail = fails
		if code, _ := w.ask(bruno, "/erase/confirm", confirming(id)); code == http.StatusOK {
			t.Errorf("%s failed and it is told done", fails)
		}
	}
	w.fail = ""
	if code, text := w.ask(bruno, "/erase/confirm", confirming(id)); code != http.StatusOK {
		t.Errorf("afterwards: %d %s", code, text)
	}
}

func TestItIsErasedOnlyOnceTheEpochKeyIsDestroyed(t *testing.T) {
	w := newWorld(t)
	id := w.proposes(anne)
	w.did, w.fail = nil, "move"
	if code, text := w.ask(bruno, "/erase/confirm", confirming(id)); code == http.StatusOK || !strings.Contains(text, "finish") {
		t.Errorf("moving failed: %d %s", code, text)
	}
	w.fail = ""
	if _, text := w.ask(bruno, "/erase", ""); !strings.Contains(text, "2026-11.1") {
		t.Errorf("it is not told as not yet erased: %s", text)
	}
	for _, body := range []string{`{}`, `{"store_backed_up":true}`, `{"keys_backed_up":"2026-11.2"}`, `{"store_backed_up":true,"keys_backed_up":"2026-11.1"}`} {
		if code, _ := w.ask(anne, "/erase/finish", body); code != http.StatusBadRequest {
			t.Errorf("%s: %d", body, code)
		}
	}
	code, text := w.ask(anne, "/erase/finish", `{"store_backed_up":true,"keys_backed_up":"2026-11.2"}`)
	if code != http.StatusOK || !strings.Contains(text, `"destroyed":["2026-11.1"]`) {
		t.Errorf("%d %s", code, text)
	}
	want := []string{
		"log erase.confirm: uid 1002, proposed by uid 1001", "erase g_ended request RGPD-2026-17", "next epoch",
		"log erase.finish: uid 1001", "move 2026-11.1", "move 2026-11.1", "move 2026-11.1", // an older copy of the keys destroys nothing
		"log erase.finish: uid 1001", "move 2026-11.1", "destroy 2026-11.1",
	}
	if !slices.Equal(w.did, want) {
		t.Errorf("did %q", w.did)
	}
	if _, text := w.ask(anne, "/erase", ""); !strings.Contains(text, `"not_yet_erased":null`) {
		t.Errorf("still told as not erased: %s", text)
	}
}

func TestALiveGrantIsNotProposed(t *testing.T) {
	w := newWorld(t)
	for body, want := range map[string]int{
		`{"grant":"g_live","reason":"retention"}`:                               http.StatusConflict,
		`{"person":{"sub":"d"},"reason":"request","request":"x"}`:               http.StatusConflict,
		`{"grant":"g_none","reason":"retention"}`:                               http.StatusNotFound,
		`{"receipt":"r_none","reason":"retention"}`:                             http.StatusNotFound,
		`{"interaction":"i_none","reason":"retention"}`:                         http.StatusNotFound,
		`{"person":{"sub":"nobody"},"reason":"retention"}`:                      http.StatusNotFound,
		`{"reason":"retention"}`:                                                http.StatusBadRequest,
		`{"grant":"g_ended","receipt":"r_given","reason":"retention"}`:          http.StatusBadRequest,
		`{"grant":"g_ended","reason":"because"}`:                                http.StatusBadRequest,
		`{"grant":"g_ended","reason":"request"}`:                                http.StatusBadRequest,
		`{"grant":"g_ended","reason":"retention","request":"x"}`:                http.StatusBadRequest,
		`{"grant":"g_ended","reason":"request","request":"é"}`:                  http.StatusBadRequest,
		`{"grant":"g_ended","reason":"retention","more":1}`:                     http.StatusBadRequest,
		`{"grant":"g_ended","reason":"retention"} {}`:                           http.StatusBadRequest,
		`{"person":{"family_name":"LEFEBVRE","x":1},"reason":"retention"}`:      http.StatusBadRequest,
		`{"grant":"` + strings.Repeat("g", maxBody) + `","reason":"retention"}`: http.StatusBadRequest,
	} {
		code, text := w.ask(anne, "/erase/propose", body)
		if code != want || strings.Contains(text, "LEFEBVRE") || len(w.did) > 0 {
			t.Errorf("%.80s: %d %s, did %v", body, code, text, w.did)
		}
	}
}

func TestAPersonsSetsAreTakenWhole(t *testing.T) {
	w := newWorld(t)
	for body, sets := range map[string][]string{
		`{"person":{"sub":"c"},"reason":"retention"}`:  {"g_ended", "i_2"},
		`{"receipt":"r_given","reason":"retention"}`:   {"g_ended"},
		`{"receipt":"r_refused","reason":"retention"}`: {"i_2"},
		`{"interaction":"i_2","reason":"retention"}`:   {"i_2"},
	} {
		_, text := w.ask(anne, "/erase/propose", body)
		var p Proposal
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(text)
		}
		var got []string
		for _, c := range p.Targets {
			got = append(got, c.Grant+c.Interaction)
		}
		if !slices.Equal(got, sets) {
			t.Errorf("%s takes %v", body, got)
		}
	}
}

func TestAnExtractHoldsReceiptsOpeningsAndAccesses(t *testing.T) {
	w := newWorld(t)
	_, text := w.ask(anne, "/extract", `{"person":{"sub":"c"}}`)
	var x Extract
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatal(text)
	}
	if x.Format != ExtractFormat || x.Citizen != "c" || len(x.Agreements) != 1 || len(x.Receipts) != 2 || len(x.Openings) != 4 || len(x.Accesses) != 2 || len(x.Erased) != 2 {
		t.Errorf("%s", text)
	}
	if x.Receipts[1].JWS != "a.e30.b" || string(x.Receipts[1].Content) != "{}" || string(x.Receipts[1].Evidence) != `{"r":"x"}` || x.Accesses[0].RequestID != "q" {
		t.Errorf("%s", text)
	}
	if len(w.did) != 1 || strings.Contains(w.did[0], `"c"`) {
		t.Errorf("did %v", w.did)
	}
}

func TestOnlyKeysThatRotateAreRotated(t *testing.T) {
	w := newWorld(t)
	for path, bodies := range map[string][]string{
		"/keys/rotate":     {`{}`, `{"role":"log"}`, `{"role":"citizen"}`, `nothing`},
		"/keys/compromise": {`{}`, `{"key":"k"}`, `{"last_good":1}`, `{"key":"k","last_good":-2}`, `{"key":"` + strings.Repeat("k", 65) + `","last_good":1}`},
	} {
		for _, body := range bodies {
			if code, _ := w.ask(anne, path, body); code != http.StatusBadRequest || len(w.did) > 0 {
				t.Errorf("%s %s: %d, did %v", path, body, code, w.did)
			}
		}
	}
}

func TestProposalsAreBounded(t *testing.T) {
	p := proposals{now: time.Now}
	for range maxProposals {
		if _, err := p.add(Proposal{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.add(Proposal{}); err == nil {
		t.Error("one more was kept")
	}
}

func TestReadingTheOpenedLogIsLoggedFirst(t *testing.T) {
	for _, fails := range []string{"", "log"} {
		w := newWorld(t)
		w.fail = fails
		w.served = New(Config{Store: w, Keys: w, Log: slog.New(slog.DiscardHandler)}).Logged("export", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			w.did = append(w.did, "read")
		}))
		w.ask(-1, "/export", "")
		w.ask(anne, "/export", "")
		if want := []string{"log export: uid 1001", "read"}; fails == "" && !slices.Equal(w.did, want) || fails != "" && len(w.did) > 0 {
			t.Errorf("%q: did %v", fails, w.did)
		}
	}
}

func TestRequestsAreReadAndAnsweredAsActs(t *testing.T) {
	w := newWorld(t)
	if code, text := w.ask(anne, "/requests", `{}`); code != http.StatusOK || !strings.Contains(text, "own words") || strings.Contains(text, `"citizen"`) {
		t.Errorf("listing: %d %s", code, text)
	}
	if code, text := w.ask(anne, "/requests/answer", `{"id":"R-1","state":"answered","text":"fait"}`); code != http.StatusOK {
		t.Errorf("answering: %d %s", code, text)
	}
	if want := []string{"log requests.list: uid 1001, 1 requests", "log requests.answer: uid 1001, R-1 answered", "answer R-1 answered fait"}; !slices.Equal(w.did, want) {
		t.Errorf("did %q", w.did)
	}
	for body, want := range map[string]int{
		`{"id":"R-1","state":"answered"}`: http.StatusBadRequest, `{"id":"R-1","state":"open","text":"x"}`: http.StatusBadRequest,
		`{"id":"R-2","state":"sent"}`: http.StatusNotFound, `{"id":"R-1","state":"sent","by":"a\nb"}`: http.StatusBadRequest,
		`{"id":"R-1","state":"answered","text":"` + strings.Repeat("x", 5000) + `"}`: http.StatusBadRequest,
	} {
		if code, text := w.ask(anne, "/requests/answer", body); code != want {
			t.Errorf("%.60s: %d %s", body, code, text)
		}
	}
}
