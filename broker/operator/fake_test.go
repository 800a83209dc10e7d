package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/broker/admin"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
)

// A world is a store and a keyring that keep what was asked of them, in order.
type world struct {
	t      *testing.T
	now    time.Time
	did    []string
	fail   string // what fails
	grants map[string]store.Grant
	acts   map[string]store.StoredReceipt // receipts
	wraps  map[string]int                 // left by epoch, not yet erased
	epoch  int
	served http.Handler
}

var errFails = errors.New("the store is closed")

func newWorld(t *testing.T) *world {
	ended := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	w := &world{
		t: t, now: ended.AddDate(0, 0, 1), epoch: 1, wraps: map[string]int{},
		grants: map[string]store.Grant{
			"g_ended": {ID: "g_ended", Citizen: "c", State: store.Given, ValidUntil: ended},
			"g_live":  {ID: "g_live", Citizen: "d", State: store.Given, ValidUntil: ended.AddDate(1, 0, 0)},
		},
		acts: map[string]store.StoredReceipt{
			"r_given":   {ID: "r_given", Citizen: "c", Grant: "g_ended", Interaction: "i_1", JWS: []byte("a.e30.b")},
			"r_refused": {ID: "r_refused", Citizen: "c", Interaction: "i_2", JWS: []byte("a.e30.b"), Sealed: []byte(`{"r":"x"}`)},
		},
	}
	w.served = New(Config{Store: w, Keys: w, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)}).Handler()
	return w
}

func (w *world) do(what string) error {
	if w.fail != "" && strings.HasPrefix(what, w.fail) {
		return errFails
	}
	w.did = append(w.did, what)
	return nil
}

func (w *world) LogAdmin(_ context.Context, act audit.Event) (store.Logged, error) {
	return store.Logged{}, w.do("log " + act.ID + ": " + act.Reason)
}

func (w *world) Announce(context.Context, []store.Public) error { return nil }

func (w *world) Grant(_ context.Context, id string) (store.Grant, error) {
	if g, ok := w.grants[id]; ok {
		return g, nil
	}
	return store.Grant{}, store.ErrNotFound
}

func (w *world) GrantsOf(_ context.Context, citizen string) (list []store.Grant, err error) {
	for _, g := range w.grants {
		if g.Citizen == citizen {
			list = append(list, g)
		}
	}
	return list, nil
}

func (w *world) Receipt(_ context.Context, id string) (store.StoredReceipt, error) {
	if r, ok := w.acts[id]; ok {
		return r, nil
	}
	return store.StoredReceipt{}, store.ErrNotFound
}

func (w *world) ReceiptsOf(_ context.Context, citizen string) (list []store.StoredReceipt, err error) {
	for _, r := range w.acts {
		if r.Citizen == citizen {
			list = append(list, r)
		}
	}
	return list, nil
}

func (w *world) EventsOf(context.Context, string) ([]store.Entry, error) { return w.entries("r_given") }

func (w *world) EventsOfInteraction(_ context.Context, id string) ([]store.Entry, error) {
	if id != "i_2" {
		return nil, store.ErrNotFound
	}
	return w.entries("r_refused")
}

func (w *world) entries(receipt string) ([]store.Entry, error) {
	zero := int64(0)
	queried, err := audit.Encode(audit.Event{V: 1, Kind: "source.queried", Time: "2026-11-01T12:00:00.000Z", Source: "cnav", RequestID: "q", Lookup: &zero})
	if err != nil {
		w.t.Fatal(err)
	}
	return []store.Entry{
		{Index: 1, Kind: audit.SourceQueried, Salt: [32]byte{1}, Event: queried},
		{Index: 2, Kind: audit.ConsentRefused, Salt: [32]byte{2}, Event: []byte("{}"), Receipt: receipt},
		{Index: 3, Erased: true},
	}, nil
}

func (w *world) RequestsOf(context.Context, string) ([]store.CitizenRequest, error) {
	return w.Requests(context.Background(), true)
}

func (w *world) Requests(context.Context, bool) ([]store.CitizenRequest, error) {
	event := int64(2)
	return []store.CitizenRequest{{ID: "R-1", Kind: store.RequestDispute, Grant: "g_ended", Citizen: "c", Event: &event, Message: "own words", State: store.RequestOpen}}, nil
}

func (w *world) AnswerRequest(_ context.Context, id string, a store.RequestAnswer) (store.CitizenRequest, error) {
	if id != "R-1" {
		return store.CitizenRequest{}, store.ErrNotFound
	}
	return store.CitizenRequest{ID: id, State: a.State}, w.do("answer " + id + " " + string(a.State) + " " + a.Text)
}

func (w *world) Erase(_ context.Context, cmd store.EraseCmd) (store.Erasure, error) {
	if err := w.do("erase " + cmd.Grant + cmd.Interaction + " " + cmd.Reason + " " + cmd.Request); err != nil {
		return store.Erasure{}, err
	}
	w.wraps[w.current()] = 2500
	return store.Erasure{Indices: []int64{7, 8}, Epochs: []string{w.current()}}, nil
}

func (w *world) current() string { return "2026-11." + strconv.Itoa(w.epoch) }

func (w *world) MoveWraps(_ context.Context, epoch string, most int) (int, error) {
	if err := w.do("move " + epoch); err != nil {
		return 0, err
	}
	w.wraps[epoch] = max(w.wraps[epoch]-most, 0)
	return w.wraps[epoch], nil
}

func (w *world) NotYetErased(context.Context) (epochs []string, err error) {
	for e := range w.wraps {
		epochs = append(epochs, e)
	}
	slices.Sort(epochs)
	return epochs, nil
}

func (w *world) Rotate(_ context.Context, role string, _ func() time.Time, _ keyring.Announce) ([]string, error) {
	return []string{"new"}, w.do("rotate " + role)
}

func (w *world) Compromise(_ context.Context, kid string, lastGood int64, _ func() time.Time, _ keyring.Announce) error {
	return w.do("compromise " + kid + " " + strconv.FormatInt(lastGood, 10))
}

func (w *world) Citizen(p keyring.Pivot) string { return p.Sub }

func (w *world) Epoch(time.Time) (string, [32]byte, error) { return w.current(), [32]byte{}, nil }

func (w *world) NextEpoch() (string, error) {
	w.epoch++
	return w.current(), w.do("next epoch")
}

func (w *world) DestroyEpoch(id string) error {
	if _, ok := w.wraps[id]; !ok {
		return fs.ErrNotExist
	}
	delete(w.wraps, id)
	return w.do("destroy " + id)
}

// ask is one request of a uid; -1 is somebody unknown.
func (w *world) ask(uid int, path, body string) (int, string) {
	w.t.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	if uid >= 0 {
		r = r.WithContext(admin.AsPeer(r.Context(), uid))
	}
	rec := httptest.NewRecorder()
	w.served.ServeHTTP(rec, r)
	text, err := io.ReadAll(rec.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return rec.Code, string(bytes.TrimSpace(text))
}

// proposes proposes to erase the ended grant, and gives the proposal's number.
func (w *world) proposes(uid int) string {
	w.t.Helper()
	code, text := w.ask(uid, "/erase/propose", `{"grant":"g_ended","reason":"request","request":"RGPD-2026-17"}`)
	var p Proposal
	if err := json.Unmarshal([]byte(text), &p); code != http.StatusOK || err != nil {
		w.t.Fatalf("%d %s", code, text)
	}
	return p.ID
}

func (w *world) Entries(context.Context, int64, int64) ([]store.Entry, error) {
	return nil, w.do("entries")
}
