package storetest

import (
	"fmt"
	"strings"
	"testing"

	"accord/broker/store"
	"accord/consent/audit"
)

// notice announces a text as a notice at an address.
func notice(text, address string) store.Public {
	return store.Public{
		Kind: audit.NoticePublished, ID: "notice-1", Digest: audit.Digest([]byte(text)),
		Text: []byte(text), Address: address,
	}
}

func (w *world) text(name, want string) {
	w.t.Helper()
	got, err := w.store.PublicText(w.ctx, name)
	w.ok(err)
	if string(got) != want {
		w.t.Fatalf("%s holds %q, want %q", name, got, want)
	}
}

func testTexts(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"EachDigestIsDerivedAgainAfterItsTextChanged": func(w *world) {
			var digests []string
			for version := range 5 {
				p := notice(fmt.Sprint("text ", version), fmt.Sprint("/notices/a/", version, "/fr"))
				digests = append(digests, p.Digest)
				w.ok(w.store.Announce(w.ctx, []store.Public{p}))
			}
			for _, again := range []func(){func() {}, w.reopen, w.killAndReopen} {
				again()
				for version, digest := range digests {
					w.text(digest, fmt.Sprint("text ", version))
					w.text(fmt.Sprint("/notices/a/", version, "/fr"), fmt.Sprint("text ", version))
				}
			}
		},
		"AnAddressGivesTheNewestTextAndDigestsKeepTheOlder": func(w *world) {
			first, second := notice("first", "/notices/a/1/fr"), notice("second", "/notices/a/1/fr")
			w.ok(w.store.Announce(w.ctx, []store.Public{first}))
			w.ok(w.store.Announce(w.ctx, []store.Public{second}))
			w.text("/notices/a/1/fr", "second")
			w.text(first.Digest, "first")
			w.ok(w.store.Announce(w.ctx, []store.Public{first})) // and back
			w.text("/notices/a/1/fr", "first")
			w.text(second.Digest, "second")
		},
		"WhatWasAnnouncedWithoutItsTextIsFilledInWithoutAnEvent": func(w *world) {
			p := notice("text", "/notices/a/1/fr")
			bare := p
			bare.Text, bare.Address = nil, ""
			w.ok(w.store.Announce(w.ctx, []store.Public{bare}))
			before := w.size()
			w.ok(w.store.Announce(w.ctx, []store.Public{p}))
			w.ok(w.store.Announce(w.ctx, []store.Public{bare}))
			w.text(p.Digest, "text")
			if w.size() != before {
				w.t.Fatalf("%d events for a text the log knows", w.size()-before)
			}
		},
		"ATextThatIsNotItsDigestsIsNotAnnounced": func(w *world) {
			other := notice("text", "/notices/a/1/fr")
			other.Text = []byte("another")
			long := strings.Repeat("a", 64<<10+1)
			bare := notice("text", "/notices/a/1/fr")
			bare.Text = nil
			before := w.size()
			for _, bad := range []store.Public{other, bare, notice(long, ""), notice("text", "notices")} {
				if err := w.store.Announce(w.ctx, []store.Public{notice("good", ""), bad}); err == nil {
					w.t.Fatalf("announced %s at %q", bad.ID, bad.Address)
				}
			}
			if w.size() != before {
				w.t.Fatalf("%d events logged", w.size()-before)
			}
			_, err := w.store.PublicText(w.ctx, audit.Digest([]byte("good")))
			w.refused(err, store.ErrNotFound)
		},
		"UnknownTextsAreNotFound": func(w *world) {
			w.ok(w.store.Announce(w.ctx, []store.Public{notice("text", "/notices/a/1/fr")}))
			for _, name := range []string{"", "/", "/notices/a/2/fr", "notice-1", audit.Digest([]byte("x")), "sha-256:"} {
				_, err := w.store.PublicText(w.ctx, name)
				w.refused(err, store.ErrNotFound)
			}
		},
	})
}
