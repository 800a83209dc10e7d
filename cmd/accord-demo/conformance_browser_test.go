package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A suitePlan is a configuration file as the conformance suite reads it.
type suitePlan struct {
	Alias    string
	Server   struct{ DiscoveryURL string }
	Client   suiteClient `json:"client"`
	Post     suiteClient `json:"client_secret_post"`
	Client2  suiteClient `json:"client2"`
	Resource struct{ ResourceURL string }
	Browser  []suiteVisit
	Override map[string]struct{ Browser []suiteVisit }
}

type suiteVisit struct {
	Match string
	Limit *int `json:"match-limit"`
	Tasks []struct {
		Task, Match string
		Optional    bool
		Commands    [][]any
	}
}

// A suiteBrowser does what the suite's does with the commands of a file, on
// pages without scripts: it finds elements by id and presses them.
type suiteBrowser struct {
	*headless.Browser
	visits []suiteVisit
	page   *headless.Page
	shown  int // pages left as pictures
}

func newSuiteBrowser(c *country.Country, visits []suiteVisit) *suiteBrowser {
	return &suiteBrowser{Browser: headless.New().Trust(c.Roots()).StopAt(suiteTest), visits: visits}
}

// at is where the browser stands; it never really calls the suite.
func (b *suiteBrowser) at() string {
	if b.page.Stopped != nil {
		return b.page.Stopped.String()
	}
	return b.page.URL.String()
}

// visit opens an address and does the tasks of the first entry that is for it.
func (b *suiteBrowser) visit(t *testing.T, address string) {
	t.Helper()
	for n := range b.visits {
		v := &b.visits[n]
		if !matches(v.Match, address) || v.Limit != nil && *v.Limit <= 0 {
			continue
		}
		if v.Limit != nil {
			*v.Limit--
		}
		if err := b.play(*v, address); err != nil {
			t.Fatalf("%v\n%.600s", err, b.page.Body)
		}
		return
	}
	t.Fatalf("no entry is for %s", address)
}

func (b *suiteBrowser) play(v suiteVisit, address string) (err error) {
	if b.page, err = b.Get(address); err != nil {
		return err
	}
	for _, task := range v.Tasks {
		if !matches(task.Match, b.at()) {
			if task.Optional {
				continue
			}
			return fmt.Errorf("%s: the browser is at %s (status %d)", task.Task, b.at(), b.page.Status)
		}
		for _, c := range task.Commands {
			if err := b.do(c); err != nil {
				return fmt.Errorf("%s: %w", task.Task, err)
			}
		}
	}
	return nil
}

func (b *suiteBrowser) do(c []any) (err error) {
	words := make([]string, len(c))
	for n, each := range c {
		words[n] = fmt.Sprint(each)
	}
	switch verb := strings.Join(words[:2], " "); {
	case verb == "click id" && len(words) == 4 && !b.page.Has(words[2]): // optional
	case verb == "click id":
		var next *headless.Page
		if next, err = b.Press(b.page, words[2], nil); err == nil {
			b.page = next
		}
	case verb == "wait id" && b.page.Stopped != nil: // a page of the suite's own
	case verb == "wait id":
		if b.page, err = country.Settled(b.Browser, b.page); err == nil && !b.page.Has(words[2]) {
			err = fmt.Errorf("no %s came", words[2])
		}
	case verb == "wait xpath":
		if !regexp.MustCompile(words[4]).MatchString(b.page.Words()) {
			return fmt.Errorf("%q is not on the page", words[4])
		}
		b.shown++
	default:
		err = fmt.Errorf("unknown command %v", c)
	}
	return err
}

// matches is the suite's comparison: "*" stands for anything.
func matches(pattern, address string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString(address)
}
