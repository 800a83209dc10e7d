package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"accord/broker/configuration"
	"accord/consent"
)

// approvalsApply makes the draft of an approval, which a registrar reads,
// previews, and signs or refuses.
func approvalsApply(_ context.Context, in invocation, args []string) error {
	f := flags("approvals apply")
	out, lang := f.String("out", ".", ""), f.String("lang", "fr", "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if err := known(*lang); err != nil {
		return err
	}
	draft, mistakes := configuration.ReadApplication(f.Arg(0), consent.DefaultCatalogue())
	for _, m := range mistakes {
		fmt.Fprintln(in.stderr, in.say(*lang, m))
	}
	if draft == nil {
		return errReported
	}
	file := filepath.Join(*out, draft.Approval.ID+".yaml")
	if err := writeNew(file, draft.Bytes); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s\n", file)
	fmt.Fprintf(in.stderr, "le registraire / the registrar: accord approvals preview -out DIR %[1]s ; accord approvals sign -key KEY -from JOUR -until JOUR %[1]s\n", file)
	return nil
}

// writeNew never takes the place of a file: a draft could hide a signed one.
func writeNew(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // G302: a document its registrar, its applicant and serve read
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: move it away, or choose another folder with -out", file)
	}
	if err != nil {
		return fmt.Errorf("writing the draft: %w", err)
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(fmt.Errorf("writing the draft: %w", err), f.Close())
	}
	return f.Close()
}

// say writes a mistake in the reader's language.
func (in invocation) say(lang string, m configuration.Mistake) string {
	if lang == "fr" {
		return m.French()
	}
	return m.String()
}
