package broker_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker"
	"accord/broker/habilitations"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/consent/audit"
)

const canteenApproval = "valbrume-cantine"

// suspend stops the canteen's approval and holds the second from then on.
func suspend(t *testing.T, c *country.Country, reason string) (made store.Suspension, within func()) {
	t.Helper()
	at := time.Now()
	made, err := c.Broker.Suspend(t.Context(), canteenApproval, reason)
	if err != nil {
		t.Fatal(err)
	}
	return made, func() {
		t.Helper()
		if took := time.Since(at); took > time.Second {
			t.Errorf("frozen only after %s", took)
		}
	}
}

// nothingPasses: no request of the approval's client reaches a page or a source.
func nothingPasses(t *testing.T, c *country.Country, tok headless.Token) {
	t.Helper()
	if d := read(t, c, tok, quotient); d.Status != http.StatusForbidden || showsQuotient(d.Body) {
		t.Errorf("a delivery: %d %s", d.Status, d.Body)
	}
	if w := walk(t, c, canteen(t, c)); w.Page.Stopped == nil || w.Page.Stopped.Query().Get("error") == "" {
		t.Errorf("a new request: %d %.200s", w.Page.Status, w.Page.Words())
	}
}

// Promise 2: the transaction that logs a delivery sees the suspension.
func TestASuspensionFreezesLiveGrantsWithinASecond(t *testing.T) {
	c := ownCountry(t, nil)
	agreed, tok := token(t, c, canteen(t, c), "camille")
	if d := read(t, c, tok, quotient); d.Status != http.StatusOK {
		t.Fatalf("before: %d", d.Status)
	}
	before, deciding := walk(t, c, canteen(t, c)), walk(t, c, canteen(t, c))
	see(t, deciding, "camille")
	asked := len(c.CNAV.Requests())

	made, within := suspend(t, c, "misuse")
	nothingPasses(t, c, tok)
	within()
	for name, press := range map[string]func() error{
		"before the login":       func() error { return before.Do("accept") },
		"in sight of the values": func() error { return deciding.Do("accept") },
	} {
		if err := press(); err != nil {
			t.Error(name, err)
		}
	}
	for name, w := range map[string]*country.Walk{"before the login": before, "in sight of the values": deciding} {
		if w.Page.Status != http.StatusForbidden || !strings.Contains(w.Page.Words(), "Organisme suspendu Commune de Valbrume ne peut plus demander") {
			t.Errorf("%s: %d %.200s", name, w.Page.Status, w.Page.Words())
		}
	}
	if n := len(c.CNAV.Requests()); n != asked {
		t.Errorf("the source was asked %d times more", n-asked)
	}
	p, err := c.LookBack(agreed.StopAt(""), "camille")
	if err != nil || !strings.Contains(p.Words(), "Gelé") {
		t.Errorf("« Mes accords »: %v %.400s", err, p.Words())
	}
	logged := entryAt(t, c, made.Position)
	if logged.Kind != audit.ApprovalChanged || logged.event.Reason != "suspended:misuse" || logged.event.ID != canteenApproval {
		t.Errorf("the log says %+v", logged.event)
	}
	if report := replayed(t, c); report.Outcome != audit.Genuine {
		t.Errorf("the log replays as %s: %v", report.Outcome, report.Findings)
	}
}

func TestAnotherApprovalOfTheSameClientGoesOn(t *testing.T) {
	c := ownCountry(t, nil)
	suspend(t, c, "security")
	client, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	_, tok := token(t, c, client, "camille")
	if d := read(t, c, tok, quotient); d.Status != http.StatusOK {
		t.Errorf("%d %s", d.Status, d.Body)
	}
}

// changedApproval is the canteen's file as another version: other bytes.
func changedApproval(c *country.Country, change func(*consent.Approval)) []*consent.Approval {
	return changed(slices.Clone(c.Approvals), canteenApproval, change)
}

func changed(all []*consent.Approval, id string, change func(*consent.Approval)) []*consent.Approval {
	for i, a := range all {
		if a.ID == id {
			another := *a
			another.Bytes = append(slices.Clone(a.Bytes), []byte("# another version\n")...)
			another.Digest = audit.Digest(another.Bytes)
			change(&another)
			all[i] = &another
		}
	}
	return all
}

func TestOnlyAVersionThatNamesTheSuspensionResumes(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	made, _ := suspend(t, c, "charter")
	if _, err := c.Broker.Suspend(t.Context(), canteenApproval, "misuse"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("suspended twice: %v", err)
	}
	if _, err := c.Broker.Reload(t.Context(), c.Clients, changedApproval(c, func(*consent.Approval) {})); err != nil {
		t.Fatal(err)
	}
	nothingPasses(t, c, tok)
	changes, err := c.Broker.Reload(t.Context(), c.Clients, changedApproval(c, func(a *consent.Approval) { a.Resumes = made.Position }))
	if err != nil || len(changes) != 1 || changes[0].Reason != audit.ApprovalResumed {
		t.Fatalf("%+v, %v", changes, err)
	}
	if d := read(t, c, tok, quotient); d.Status != http.StatusOK {
		t.Errorf("resumed: %d %s", d.Status, d.Body)
	}
	if w := walk(t, c, canteen(t, c)); !w.Page.Has("accept") {
		t.Errorf("resumed: %.200s", w.Page.Words())
	}
}

func TestASuspensionSurvivesARestartOfTheCountry(t *testing.T) {
	dir := t.TempDir()
	first, err := country.Start(t.Context(), country.Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = first.Broker.Suspend(t.Context(), canteenApproval, "authority")
	if err = errors.Join(err, first.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := country.Start(t.Context(), country.Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // a test's
	if w := walk(t, again, canteen(t, again)); w.Page.Stopped == nil {
		t.Errorf("after a restart the request reaches %.200s", w.Page.Words())
	}
}

func TestAReloadEndsJourneysOfAnotherVersionAndLeavesTheOthers(t *testing.T) {
	c := ownCountry(t, nil)
	mine := walk(t, c, canteen(t, c))
	client, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	other := walk(t, c, client)
	changes, err := c.Broker.Reload(t.Context(), c.Clients, changedApproval(c, func(*consent.Approval) {}))
	if err != nil || len(changes) != 1 || changes[0].ID != canteenApproval || changes[0].Reason != "" {
		t.Fatalf("%+v, %v", changes, err)
	}
	see(t, other, "camille")
	do(t, other, "accept")
	if other.Page.Stopped == nil || other.Page.Stopped.Query().Get("code") == "" {
		t.Errorf("the other commune's journey ends: %.200s", other.Page.Words())
	}
	do(t, mine, "accept")
	if mine.Page.Status != http.StatusForbidden {
		t.Errorf("the journey under the version before goes on: %d %.200s", mine.Page.Status, mine.Page.Words())
	}
	if _, tok := token(t, c, canteen(t, c), "camille"); read(t, c, tok, quotient).Status != http.StatusOK {
		t.Error("a new request under the new version is refused")
	}
	if again, err := c.Broker.Reload(t.Context(), c.Clients, changedApproval(c, func(*consent.Approval) {})); err != nil || len(again) > 0 {
		t.Errorf("what the log says is said again: %v, %v", again, err)
	}
}

func TestARemovedApprovalDeliversNothing(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	left := slices.DeleteFunc(slices.Clone(c.Approvals), func(a *consent.Approval) bool { return a.ID == canteenApproval })
	changes, err := c.Broker.Reload(t.Context(), c.Clients, left)
	if err != nil || len(changes) != 1 || changes[0].Reason != audit.ApprovalRemoved {
		t.Fatalf("%+v, %v", changes, err)
	}
	if d := read(t, c, tok, quotient); d.Status != http.StatusForbidden || showsQuotient(d.Body) {
		t.Errorf("%d %s", d.Status, d.Body)
	}
	if report := replayed(t, c); report.Outcome != audit.Genuine {
		t.Errorf("the log replays as %s: %v", report.Outcome, report.Findings)
	}
}

func TestAnExpiredApprovalDeliversNothing(t *testing.T) {
	var skew atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
	today := now().UTC().Truncate(24 * time.Hour)
	skew.Store(int64(time.Until(today.Add(24*time.Hour - 2*time.Minute)))) // two minutes before the last day ends
	c, err := country.Start(t.Context(), country.Options{Now: now, Wrap: func(b *broker.Config) {
		lastDay := today.Format(time.DateOnly)
		for i, a := range b.Approvals {
			if a.ID == canteenApproval {
				ends := *a
				ends.Dates.Until = lastDay
				b.Approvals[i] = &ends
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // a test's
	_, tok := token(t, c, canteen(t, c), "camille")
	if d := read(t, c, tok, quotient); d.Status != http.StatusOK {
		t.Fatalf("on the last day: %d %s", d.Status, d.Body)
	}
	waiting := walk(t, c, canteen(t, c))
	skew.Add(int64(2*time.Minute + time.Second))
	nothingPasses(t, c, tok)
	do(t, waiting, "accept")
	if waiting.Page.Status != http.StatusForbidden {
		t.Errorf("a journey of the last day goes on: %d %.200s", waiting.Page.Status, waiting.Page.Words())
	}
	var until string
	for _, e := range logOf(t, c) {
		if e.Kind == audit.ApprovalChanged && e.event.ID == canteenApproval {
			until = e.event.ValidUntil
		}
	}
	if want := today.Add(24 * time.Hour).Format(audit.TimeLayout); until != want {
		t.Errorf("the log says the end is %q, not %q", until, want)
	}
}

func TestEveryChangeOfAnApprovalIsAPublicEvent(t *testing.T) {
	c := ownCountry(t, nil)
	made, _ := suspend(t, c, "security")
	for _, change := range []func(*consent.Approval){
		func(a *consent.Approval) { a.Resumes = made.Position },
		func(a *consent.Approval) { a.Resumes, a.Dates.Until = made.Position, "2040-12-31" },
		func(a *consent.Approval) { a.Resumes, a.Dates.Until, a.Suspended = made.Position, "2040-12-31", true },
	} {
		if _, err := c.Broker.Reload(t.Context(), c.Clients, changedApproval(c, change)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Broker.Reload(t.Context(), c.Clients, nil); err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, e := range logOf(t, c) {
		if e.Kind != audit.ApprovalChanged || e.event.ID != canteenApproval {
			continue
		}
		reasons = append(reasons, e.event.Reason)
		if e.event.Digest == "" || e.Salt != [32]byte{} {
			t.Errorf("event %d has no digest, or is not public", e.Index)
		}
	}
	if want := []string{"", "suspended:security", "resumed", "renewed", "suspended:registrar", "removed"}; !slices.Equal(reasons, want) {
		t.Errorf("logged %q, want %q", reasons, want)
	}
}

func TestAnybodyReadsWhoMayAskWhat(t *testing.T) {
	c := ownCountry(t, nil)
	made, _ := suspend(t, c, "request")
	w := headless.New()
	p, err := w.Get(c.Accord + "/habilitations")
	if err != nil || p.Status != http.StatusOK || !strings.Contains(p.Words(), "Commune de Saint-Aubin-des-Prés") || !strings.Contains(p.Words(), "Suspendue") {
		t.Fatalf("the list: %v %d %.300s", err, p.Status, p.Words())
	}
	if p, err = w.Get(c.Accord + "/habilitations/" + canteenApproval); err != nil || !strings.Contains(p.Body, made.Position) || !strings.Contains(p.Words(), "À la demande de l’organisme") {
		t.Errorf("its page: %v %.600s", err, p.Words())
	}
	if p, err = w.Get(c.Accord + "/habilitations/nobody"); err != nil || p.Status != http.StatusNotFound {
		t.Errorf("nobody's page: %v %d", err, p.Status)
	}
	_, _, body, err := headless.Read(c.Accord+"/habilitations.json", "")
	var listed struct{ Habilitations []habilitations.Listed }
	if err = errors.Join(err, json.Unmarshal(body, &listed)); err != nil || len(listed.Habilitations) != len(c.Approvals) {
		t.Fatalf("the program's list: %v %.300s", err, body)
	}
	for _, l := range listed.Habilitations {
		suspended := l.ID == canteenApproval
		if suspended != (l.State == habilitations.Suspended) || suspended != (l.Suspended != nil) || l.Log == nil || l.Digest == "" || len(l.Data) == 0 && !l.IdentityOnly {
			t.Errorf("listed %+v", l)
		}
	}
}

func TestTheConsentPageLeadsToTheApproval(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	link, err := w.Page.LinkTo("/habilitations/")
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Get(link)
	if err != nil || p.Status != http.StatusOK || !strings.Contains(p.Words(), "Commune de Valbrume") {
		t.Errorf("%v %.300s", err, p.Words())
	}
}

// Refusing stays an ordinary outcome also when nothing could be agreed any more.
func TestWhoWasAskedBeforeASuspensionCanStillRefuse(t *testing.T) {
	c := ownCountry(t, nil)
	before, deciding := walk(t, c, canteen(t, c)), walk(t, c, canteen(t, c))
	see(t, deciding, "camille")
	suspend(t, c, "security")
	for name, w := range map[string]*country.Walk{"before the login": before, "in sight of the values": deciding} {
		t.Run(name, func(t *testing.T) {
			do(t, w, "refuse")
			onlyAccessDenied(t, w)
		})
	}
	if report := replayed(t, c); report.Outcome != audit.Genuine || report.Receipts != 2 {
		t.Errorf("the log replays as %s with %d receipts: %v", report.Outcome, report.Receipts, report.Findings)
	}
}
