package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"accord/broker/configuration"
	"accord/broker/journey"
	"accord/consent"
	"accord/ui"
)

// approvalsPreview writes what citizens will see, and what a registrar should
// ask about, into a folder: HTML files and one stylesheet, to be opened without
// a server.
func approvalsPreview(_ context.Context, in invocation, args []string) error {
	f := flags("approvals preview")
	config, out, lang := f.String("config", "", ""), f.String("out", "", ""), f.String("lang", "fr", "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if *out == "" {
		return fmt.Errorf("%w: -out is the folder the pages are written into", errUsage)
	}
	if err := known(*lang); err != nil {
		return err
	}
	a, err := in.draft(*lang, f.Arg(0))
	if err != nil {
		return err
	}
	p := journey.Preview{Approval: a, Catalogue: consent.DefaultCatalogue(), Now: time.Now()}
	if *config != "" {
		s, err := configuration.ReadSettings(*config)
		if err != nil {
			return err
		}
		p.Operator, p.Parties = s.Operator, sourceParties(s)
	}
	if err := writePreview(*out, p); err != nil {
		return err
	}
	in.remark(*lang, a)
	fmt.Fprintf(in.stdout, "%s: connexion.fr.html, accord.fr.html, connexion.en.html, accord.en.html\n", *out)
	return nil
}

// draft reads an approval or an application that is right but for what its
// registrar has still to write.
func (in invocation) draft(lang, file string) (*consent.Approval, error) {
	a, mistakes := configuration.ReadDraft(file, consent.DefaultCatalogue())
	for _, m := range mistakes {
		fmt.Fprintln(in.stderr, in.say(lang, m))
	}
	if a == nil {
		return nil, errReported
	}
	return a, nil
}

const previewStyle = "accord.css"

func writePreview(dir string, p journey.Preview) error {
	pages, err := ui.New(ui.Options{})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("making the folder of the preview: %w", err)
	}
	files := map[string][]byte{previewStyle: pages.Stylesheet()}
	for _, lang := range []string{"fr", "en"} {
		before, decision, err := p.Pages(lang)
		if err != nil {
			return fmt.Errorf("drawing the pages: %w", err)
		}
		for name, page := range map[string]ui.Page{"connexion": before, "accord": decision} {
			var body bytes.Buffer
			if err := pages.Write(&body, lang, page, previewStyle, func(l string) string { return name + "." + l + ".html" }); err != nil {
				return fmt.Errorf("drawing the page %s: %w", name, err)
			}
			files[name+"."+lang+".html"] = body.Bytes()
		}
		files["remarques."+lang+".txt"] = []byte(remarkLines(lang, p.Approval))
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return fmt.Errorf("writing the preview: %w", err)
		}
	}
	return nil
}

// remarkLines are the remarks on an approval, one a line: file name, line, id,
// reason, what to write.
func remarkLines(lang string, a *consent.Approval) string {
	var b strings.Builder
	for _, r := range consent.Remarks(a, consent.DefaultCatalogue()) {
		fmt.Fprintf(&b, "%s:%d: [%s] %s %s\n", filepath.Base(a.File), configuration.LineOf(a, r.Path), r.ID, r.Reason.In(lang), r.Write.In(lang))
	}
	return b.String()
}
