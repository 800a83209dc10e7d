package broker_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/providers"
	"accord/providers/faults"
)

// An errorWorld is where the cases of the error table really happen.
type errorWorld struct {
	*country.Country
	lang  string
	clock *atomic.Int64 // ns beyond the machine's
	store *failingStore // of Country
	false *forger       // FranceConnect's lies, in
	lied  *country.Country
}

// A failingStore is the real one, until something is set.
type failingStore struct {
	store.Store
	down, panics, blind atomic.Bool
}

func (s *failingStore) PutTemporary(ctx context.Context, sp store.Space, h store.Hash, sealed []byte, until time.Time) error {
	if s.down.Load() {
		return store.ErrUnavailable
	}
	return s.Store.PutTemporary(ctx, sp, h, sealed, until)
}

func (s *failingStore) GetTemporary(ctx context.Context, sp store.Space, h store.Hash) ([]byte, error) {
	if s.panics.Load() {
		panic("bbolt: page 7 already freed")
	}
	return s.Store.GetTemporary(ctx, sp, h)
}

func (s *failingStore) EventsOfInteraction(ctx context.Context, interaction string) ([]store.Entry, error) {
	if s.blind.Load() {
		return nil, store.ErrUnavailable
	}
	return s.Store.EventsOfInteraction(ctx, interaction)
}

func newErrorWorld(t *testing.T, lang string) *errorWorld {
	t.Helper()
	w := &errorWorld{lang: lang, clock: new(atomic.Int64), store: new(failingStore), false: newForger(t)}
	wrap := wrapStore(func(s store.Store) store.Store { w.store.Store = s; return w.store })
	now := func() time.Time { return time.Now().Add(time.Duration(w.clock.Load())) }
	c, err := country.Start(t.Context(), country.Options{Wrap: wrap, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	w.Country, w.lied = c, w.false.country(t).Country
	return w
}

// opens is a citizen of this language at the first page of a request.
func (w *errorWorld) opens(t *testing.T, c *country.Country, client headless.Client, more url.Values) *country.Walk {
	t.Helper()
	k := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	k.Lang = w.lang
	var err error
	if k.Page, err = k.Get(k.Request.URL(more)); err != nil {
		t.Fatal(err)
	}
	return k
}

func (w *errorWorld) citizen(t *testing.T) *country.Walk {
	t.Helper()
	return w.opens(t, w.Country, canteen(t, w.Country), nil)
}

// saw is a citizen who has come to the decision.
func (w *errorWorld) saw(t *testing.T, persona string) *country.Walk {
	t.Helper()
	k := w.citizen(t)
	see(t, k, persona)
	return k
}

// gets opens another address in the same browser.
func gets(t *testing.T, k *country.Walk, address string) *headless.Page {
	t.Helper()
	p, err := k.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sends posts the page's form with something changed in it.
func sends(t *testing.T, k *country.Walk, button string, changed url.Values) *headless.Page {
	t.Helper()
	method, action, values, err := k.Page.Form(button, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range changed {
		values[name] = v
	}
	p, err := k.Send(k.Page, method, action, values)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lies tells a lie of FranceConnect's to a citizen who logs in.
func (w *errorWorld) lies(t *testing.T, l lie) *headless.Page {
	t.Helper()
	w.false.tell(l, time.Hour)
	defer w.false.tell(lie{}, 0)
	k := w.opens(t, w.lied, canteen(t, w.lied), nil)
	do(t, k, "accept", "persona-camille", "continue")
	return k.Page
}

// Whether anything was sent, as a page may say it.
const (
	nothing  = "nothing" // the log proves it
	thisPage = "page"    // no request can be told: this page sent nothing
	checking = "checking"
	answered = "answered"
	none     = "none" // no request is concerned
)

// An errorCase is one row of the error table, and how it comes about.
type errorCase struct {
	id      string
	status  int
	sent    string
	back    string // OAuth error the way back carries; "" = no way back, "/" = without one
	provoke func(*testing.T, *errorWorld) *headless.Page
}

func errorCases() []errorCase {
	return []errorCase{
		{"A01", http.StatusGone, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			_, base := good(t, watched{w.Country, nil})
			uri := pushedURI(t, watched{w.Country, nil}, base)
			w.clock.Add(int64(61 * time.Second))
			return gets(t, w.citizen(t), w.Accord+"/authorize?"+url.Values{"client_id": {country.Editor}, "request_uri": {uri}}.Encode())
		}},
		{"A02", http.StatusNotFound, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return gets(t, w.citizen(t), w.Accord+"/authorize?request_uri=urn:another:thing&client_id="+country.Editor)
		}},
		{"A03", http.StatusConflict, answered, "/", func(t *testing.T, w *errorWorld) *headless.Page {
			k := w.saw(t, "camille")
			at := k.Page.URL.String()
			do(t, k, "accept")
			return gets(t, k, at)
		}},
		{"A04", http.StatusForbidden, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			client, err := w.Client(country.Account, "valbrume-compte")
			if err != nil {
				t.Fatal(err)
			}
			k := w.opens(t, w.Country, client, nil)
			if _, err := w.Broker.Suspend(t.Context(), "valbrume-compte", "misuse"); err != nil {
				t.Fatal(err)
			}
			do(t, k, "accept")
			return k.Page
		}},
		{"A05", http.StatusBadRequest, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return w.opens(t, w.Country, canteen(t, w.Country), url.Values{"redirect_uri": {"https://evil.example/"}}).Page
		}},
		{"A06", http.StatusForbidden, nothing, "invalid_scope", func(t *testing.T, w *errorWorld) *headless.Page {
			return w.opens(t, w.Country, canteen(t, w.Country, "cnaf_adresse"), nil).Page
		}},
		{"A07", http.StatusOK, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			k := w.citizen(t)
			k.Page = gets(t, k, w.Accord+"/mes-accords")
			do(t, k, "submit")
			follow(t, k, "cancel")
			return k.Page
		}},
		{"A08", http.StatusServiceUnavailable, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			return w.lies(t, instead("token", 503, "text/plain", ""))
		}},
		{"A09", http.StatusBadRequest, thisPage, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return gets(t, w.citizen(t), w.Accord+"/connexion?i=AAAAAAAA")
		}},
		{"A10", http.StatusForbidden, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			w.FranceConnect.Play("invalid-acr")
			defer w.FranceConnect.Play("")
			k := w.citizen(t)
			do(t, k, "accept")
			if k.Page.Has("persona-camille") {
				do(t, k, "persona-camille", "continue")
			}
			return k.Page
		}},
		{"A11", http.StatusOK, none, "", func(t *testing.T, w *errorWorld) *headless.Page { return w.saw(t, nobody()).Page }},
		{"A12", http.StatusOK, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page { return w.saw(t, twofold()).Page }},
		{"A13", http.StatusOK, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			w.CNAV.SetFault(faults.Down)
			defer w.CNAV.SetFault(faults.None)
			return w.saw(t, "camille").Page
		}},
		{"A14", http.StatusOK, none, "", func(t *testing.T, w *errorWorld) *headless.Page {
			const asked = "cnaf_quotient_familial"
			empty := &stub{id: consent.SourceCNAV, answers: map[string]func(providers.Query) providers.Answer{consent.ResourceQuotientFamilial: outcomeOf(providers.NoFile)}}
			c := tryoutCountry(t, []string{asked}, nil, nil, empty)
			k := w.opens(t, c, tryoutClient(c, asked), nil)
			see(t, k, "camille")
			return k.Page
		}},
		{"A15", http.StatusUnauthorized, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			k := w.saw(t, "camille")
			w.clock.Add(int64(21 * time.Minute))
			return gets(t, k, k.Page.URL.String())
		}},
		{"A16", http.StatusForbidden, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			return sends(t, w.saw(t, "camille"), "accept", url.Values{"csrf": {"another"}})
		}},
		{"A17", http.StatusUnprocessableEntity, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return sends(t, w.citizen(t), "accept", url.Values{"choix": {"peut-etre"}})
		}},
		{"A18", http.StatusForbidden, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			return w.lies(t, lie{user: set("birthdate", strconv.Itoa(time.Now().Year()-17)+"-12-31")})
		}},
		{"A19", http.StatusTooManyRequests, nothing, "temporarily_unavailable", func(t *testing.T, w *errorWorld) *headless.Page {
			k := w.citizen(t)
			for range 100 {
				if p := sends(t, k, "accept", nil); p.Status != http.StatusOK {
					return p
				}
			}
			t.Fatal("never too many")
			return nil
		}},
		{"A20", http.StatusServiceUnavailable, thisPage, "", func(t *testing.T, w *errorWorld) *headless.Page {
			w.store.down.Store(true)
			defer w.store.down.Store(false)
			return w.citizen(t).Page
		}},
		{"A21", http.StatusInternalServerError, nothing, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return w.breaks(t, w.saw(t, "camille"))
		}},
		{"A21", http.StatusInternalServerError, answered, "", func(t *testing.T, w *errorWorld) *headless.Page {
			k := w.saw(t, "camille")
			page := k.Page
			do(t, k, "accept")
			k.Page = page
			return w.breaks(t, k)
		}},
		{"A21", http.StatusInternalServerError, checking, "", func(t *testing.T, w *errorWorld) *headless.Page {
			w.store.blind.Store(true)
			defer w.store.blind.Store(false)
			return w.breaks(t, w.saw(t, "camille"))
		}},
		{"A22", http.StatusNotFound, none, "", func(t *testing.T, w *errorWorld) *headless.Page {
			return gets(t, w.citizen(t), w.Accord+"/nulle-part")
		}},
	}
}

// breaks opens the citizen's page again while our own code fails.
func (w *errorWorld) breaks(t *testing.T, k *country.Walk) *headless.Page {
	t.Helper()
	w.store.panics.Store(true)
	defer w.store.panics.Store(false)
	return gets(t, k, k.Page.URL.String())
}

func twofold() string {
	for _, p := range country.Personas() {
		if len(p.Files) > 1 {
			return p.ID
		}
	}
	return ""
}
