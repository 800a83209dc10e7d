package configuration

import (
	"maps"
	"slices"

	"accord/consent"
	"accord/consent/audit"
)

// Approvals are the approvals of a folder whose signatures were verified.
type Approvals struct {
	byID map[string]*consent.Approval
	docs map[string]*document
}

// Get finds an approval by its id.
func (a Approvals) Get(id string) (*consent.Approval, bool) {
	approval, ok := a.byID[id]
	return approval, ok
}

// IDs lists the ids, sorted.
func (a Approvals) IDs() []string { return sortedKeys(a.byID) }

// Of gives the approvals of those ids that exist, in their order: what
// consent.Choose chooses from.
func (a Approvals) Of(ids []string) []*consent.Approval {
	var found []*consent.Approval
	for _, id := range ids {
		if approval, ok := a.byID[id]; ok {
			found = append(found, approval)
		}
	}
	return found
}

// LoadApprovals reads every *.yaml of a folder with its signature file. An
// approval with a mistake, unsigned, altered, signed by none of the registrars
// (public keys), or at odds with the answers another one fixes for the same
// recipient, is left out of the result.
func LoadApprovals(dir string, c *consent.Catalogue, registrars []string) (Approvals, []Mistake) {
	approvals := Approvals{byID: map[string]*consent.Approval{}, docs: map[string]*document{}}
	var mistakes []Mistake
	for _, file := range yamlFiles(dir) {
		approval, d := loadApproval(file, c)
		if approval != nil {
			d.checkSignature(approval.data, registrars)
		}
		mistakes = append(mistakes, d.mistakes...)
		if !Refused(d.mistakes) {
			approvals.byID[approval.ID], approvals.docs[approval.ID] = &approval.Approval, d
		}
	}
	return approvals, sorted(append(mistakes, approvals.checkGrids(c)...))
}

// checkGrids takes out what would tell a recipient more than the answers its
// approvals fix.
func (a Approvals) checkGrids(c *consent.Catalogue) []Mistake {
	var mistakes []Mistake
	found := consent.CheckGrids(a.All(), c)
	for _, conflict := range found {
		d := a.docs[conflict.Approval].fresh()
		d.problem(conflict.Path, "%s", conflict.Message)
		mistakes = append(mistakes, d.mistakes...)
	}
	for _, conflict := range found {
		delete(a.byID, conflict.Approval)
		delete(a.docs, conflict.Approval)
	}
	return mistakes
}

// An approvalFile is an approval and the exact bytes that were signed.
type approvalFile struct {
	consent.Approval
	data []byte
}

// loadApproval reads one file; its result is nil when the file cannot be read.
// The bytes that are judged are the bytes whose signature is checked: the file
// is read once.
func loadApproval(file string, c *consent.Catalogue) (*approvalFile, *document) {
	data, err := readBounded(file)
	if err != nil {
		d := newDocument(file)
		d.at(0, "%s", err)
		return nil, d
	}
	a := &approvalFile{data: data}
	d := read(file, data, &a.Approval)
	a.File, a.Digest, a.Bytes = file, audit.Digest(data), data
	if len(d.lines) == 0 {
		return a, d
	}
	d.problems(a.Validate(c))
	if want := stem(file); a.ID != "" && a.ID != want {
		d.problem("$.id", "differs from the file's name: write %s, or rename the file", want)
	}
	return a, d
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// All lists the approvals, by id.
func (a Approvals) All() []*consent.Approval { return a.Of(a.IDs()) }
