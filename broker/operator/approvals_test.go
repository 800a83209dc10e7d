package operator

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/broker/store"
)

// Suspend and Reload make the world the broker's approvals.
func (w *world) Suspend(_ context.Context, id, reason string) (store.Suspension, error) {
	if id == "unknown" {
		return store.Suspension{}, store.ErrNotFound
	}
	return store.Suspension{Position: "accord.example/log/1#9", Time: w.now, Reason: reason}, w.do("suspend " + id + " " + reason)
}

func (w *world) Reload(context.Context) ([]Changed, error) {
	if slices.Contains(w.did, "spoil") {
		return nil, fmt.Errorf("%w:\napprovals/a.yaml:3: id: is missing", ErrMistakes)
	}
	return []Changed{{"a", "resumed", "accord.example/log/1#10"}}, w.do("reload")
}

func newApprovals(t *testing.T) *world {
	w := newWorld(t)
	w.served = New(Config{Store: w, Keys: w, Approvals: w, Log: slog.New(slog.DiscardHandler)}).Handler()
	return w
}

func TestASuspensionIsLoggedBeforeItIsMadeAndNamesNobody(t *testing.T) {
	w := newApprovals(t)
	code, text := w.ask(anne, "/approvals/suspend", `{"id":"valbrume-cantine","reason":"misuse"}`)
	if code != http.StatusOK || !strings.Contains(text, "accord.example/log/1#9") {
		t.Errorf("%d %s", code, text)
	}
	if want := []string{"log approvals.suspend: uid 1001, valbrume-cantine misuse", "suspend valbrume-cantine misuse"}; !slices.Equal(w.did, want) {
		t.Errorf("did %q", w.did)
	}
	for _, body := range []string{`{"id":"a","reason":"because of Camille"}`, `{"id":"Camille Dassigny","reason":"misuse"}`, `{"reason":"misuse"}`, `{}`, `[]`} {
		w := newApprovals(t)
		if code, _ := w.ask(anne, "/approvals/suspend", body); code != http.StatusBadRequest || len(w.did) > 0 {
			t.Errorf("%s: %d, did %q", body, code, w.did)
		}
	}
	if code, _ := w.ask(anne, "/approvals/suspend", `{"id":"unknown","reason":"misuse"}`); code != http.StatusNotFound {
		t.Errorf("unknown: %d", code)
	}
	w = newApprovals(t)
	w.fail = "log"
	if code, _ := w.ask(anne, "/approvals/suspend", `{"id":"a","reason":"misuse"}`); code == http.StatusOK || len(w.did) > 0 {
		t.Errorf("what cannot be logged is done: %q", w.did)
	}
}

func TestAReloadTellsWhatChangedOrWhatIsWrong(t *testing.T) {
	w := newApprovals(t)
	if code, text := w.ask(anne, "/approvals/reload", `{}`); code != http.StatusOK || !strings.Contains(text, `{"id":"a","reason":"resumed","position":"accord.example/log/1#10"}`) {
		t.Errorf("%d %s", code, text)
	}
	w.did = []string{"spoil"}
	if code, text := w.ask(anne, "/approvals/reload", `{}`); code != http.StatusConflict || !strings.Contains(text, "approvals/a.yaml:3: id: is missing") {
		t.Errorf("%d %s", code, text)
	}
	if code, _ := w.ask(65534, "/approvals/reload", `{}`); code != http.StatusForbidden {
		t.Errorf("nobody: %d", code)
	}
	if code, _ := newWorld(t).ask(anne, "/approvals/reload", `{}`); code != http.StatusNotFound {
		t.Errorf("without approvals: %d", code)
	}
}
