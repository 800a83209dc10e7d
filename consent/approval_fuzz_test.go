package consent

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"
)

// FuzzApproval: whatever the file, Validate answers; and what it accepts can
// be shown, asked, agreed to and written into a valid receipt.
func FuzzApproval(f *testing.F) {
	for _, id := range exampleIDs(f) {
		file, err := os.ReadFile(filepath.Join(examples, id+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte("id: x\ndata: {required: [{id: cnaf_enfants}]}\nlegal: {act: consentement_art6_1_a}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		a := new(Approval)
		if len(file) > 64<<10 || !decodes(file, a) {
			return
		}
		if a.Validate(DefaultCatalogue()) != nil {
			return
		}
		a.Digest = digest(file)
		encodesAgain(t, a)
		useAccepted(t, a)
	})
}

// decodes shields from the library, whose parser is not under test here.
func decodes(file []byte, a *Approval) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return yaml.UnmarshalWithOptions(file, a, yaml.Strict()) == nil
}

// encodesAgain: written out and read back, it is the same approval.
func encodesAgain(t *testing.T, a *Approval) {
	encoded, err := yaml.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	again := new(Approval)
	if err := yaml.UnmarshalWithOptions(encoded, again, yaml.Strict()); err != nil {
		t.Fatalf("%v\n%s", err, encoded)
	}
	twice, err := yaml.Marshal(again)
	if err != nil || !bytes.Equal(encoded, twice) {
		t.Fatalf("%v\n%s\nbecomes\n%s", err, encoded, twice)
	}
}

// useAccepted walks an accepted approval through all its uses.
func useAccepted(t *testing.T, a *Approval) {
	c := DefaultCatalogue()
	var scopes []string
	for _, d := range a.Approved(c) {
		scopes = append(scopes, d.Scope)
	}
	if len(a.Data.Years) > 0 {
		scopes = append(scopes, a.Data.Years[0])
	}
	r, err := NewRequest(a, c, scopes)
	if err != nil {
		t.Fatal(err)
	}
	for act, written := range everyAct(t, r) {
		if err := written.Validate(); err != nil {
			t.Fatalf("%s: %v", act, err)
		}
	}
	for _, lang := range []string{"fr", "en"} {
		if len(Notice(a, c, lang)) == 0 {
			t.Fatal("no notice")
		}
	}
	if from, until := a.Term(); !from.Before(until) {
		t.Fatalf("in force from %s to %s", from, until)
	}
}
