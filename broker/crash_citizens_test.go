package broker_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// The acts of a journey that are acknowledged, in their order.
func steps() []string { return []string{"look-up", "decision", "redeem", "delivery", "withdrawal"} }

// Citizens live whole journeys at a remote country, from their browsers and
// their town hall, and keep what they were told.
type citizens struct {
	r *remote

	mu       sync.Mutex // guards all below
	dying    bool       // from here on, whatever goes wrong is the kill's
	told     map[string]int
	inFlight map[string]int
	held     []held           // codes not yet redeemed
	tokens   []headless.Token // redeemed
	released []released
	ended    []headless.Token // withdrawn
	wrong    []error          // what went wrong without a kill
}

// A held code is in the town hall's hands.
type held struct {
	request headless.Request
	back    *url.URL
}

// A released delivery, as its headers name it.
type released struct{ position, release, grant string }

func newCitizens(r *remote) *citizens {
	return &citizens{r: r, told: map[string]int{}, inFlight: map[string]int{}}
}

// live runs n citizens until kill is called and all have noticed.
func (c *citizens) live(n int) (wait func()) {
	c.dying = false
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for !c.over() {
				if err := c.journey(); err != nil && !c.over() {
					c.note(func() { c.wrong = append(c.wrong, err) })
					return
				}
			}
		})
	}
	return all.Wait
}

func (c *citizens) note(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
}

func (c *citizens) over() (dying bool) {
	c.note(func() { dying = c.dying })
	return dying
}

// kill is kill -9 of the country, with everybody at work.
func (c *citizens) kill() {
	c.note(func() { c.dying = true })
	c.r.kill()
}

// act does one step and keeps what it was told once it was acknowledged.
func (c *citizens) act(name string, do func() (told func(), err error)) error {
	c.note(func() { c.inFlight[name]++ })
	told, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.note(func() {
		c.inFlight[name]--
		c.told[name]++
		told()
	})
	return nil
}

func (c *citizens) journey() error {
	w, err := c.r.Walk(c.r.client())
	if err != nil {
		return err
	}
	if err := c.act("look-up", func() (func(), error) { return func() {}, w.Do("accept") }); err != nil {
		return err
	}
	if err := w.Do("persona-camille", "continue"); err != nil {
		return err
	}
	wait := rand.IntN(4) == 0
	if err := c.act("decision", func() (func(), error) { return c.decide(w, wait) }); err != nil || wait {
		return err
	}
	var tok headless.Token
	err = c.act("redeem", func() (_ func(), err error) {
		tok, err = w.Request.Exchange(w.Page.Stopped)
		return func() { c.tokens = append(c.tokens, tok) }, err
	})
	if err != nil {
		return err
	}
	if err := c.act("delivery", func() (func(), error) { return c.deliver(tok) }); err != nil || rand.IntN(2) == 0 {
		return err
	}
	return c.withdraw(w, tok)
}

func (c *citizens) decide(w *country.Walk, wait bool) (func(), error) {
	if err := w.Do("accept"); err != nil {
		return nil, err
	}
	back := w.Page.Stopped
	if back == nil || back.Query().Get("code") == "" {
		return nil, fmt.Errorf("no code: status %d at %s", w.Page.Status, w.Page.URL)
	}
	return func() {
		if wait {
			c.held = append(c.held, held{w.Request, back})
		}
	}, nil
}

func (c *citizens) deliver(tok headless.Token) (func(), error) {
	status, header, body, err := headless.Read(c.r.Accord+quotient+"?recipient="+tok.Recipient, tok.Access)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, body)
	}
	return func() {
		c.released = append(c.released, released{header.Get("Accord-Log"), header.Get("Accord-Release-Id"), tok.GrantID})
	}, err
}

func (c *citizens) withdraw(w *country.Walk, tok headless.Token) error {
	if _, err := c.r.LookBack(w.StopAt(""), "camille"); err != nil {
		return err
	}
	p, err := w.Get(c.r.Accord + "/mes-accords/" + tok.GrantID + "/retirer")
	if err != nil {
		return err
	}
	return c.act("withdrawal", func() (func(), error) {
		done, err := w.Press(p, "submit", nil)
		if err == nil && done.Status != http.StatusOK {
			err = fmt.Errorf("status %d", done.Status)
		}
		return func() { c.ended = append(c.ended, tok) }, err
	})
}

// counts is acknowledged acts by name, those in flight at a kill beside.
func (c *citizens) counts() (acknowledged int, text string) {
	var all []string
	for _, name := range steps() {
		acknowledged += c.told[name]
		all = append(all, fmt.Sprintf("%s %d (+%d in flight)", name, c.told[name], c.inFlight[name]))
	}
	return acknowledged, strings.Join(all, ", ")
}

// until waits until each act was acknowledged at least n times, so that a slow
// machine shows something too; it gives up after a while.
func (c *citizens) until(n int, atMost time.Duration) {
	for end := time.Now().Add(atMost); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		fewest := n
		c.mu.Lock()
		for _, step := range steps() {
			fewest = min(fewest, c.told[step])
		}
		c.mu.Unlock()
		if fewest >= n {
			return
		}
	}
}
