package configuration

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/consent"
)

// An Amendment is what a registrar writes into an approval: everything else of
// the file, its comments too, stays as the applicant wrote it.
type Amendment struct {
	From, Until string // days, YYYY-MM-DD; empty: as they are
	Resumes     string // position of the suspension that this version ends
}

// ErrAmend is wrapped when a file cannot be amended without touching what the
// registrar did not mean to change.
var ErrAmend = errors.New("write it by hand")

// Amended gives an approval file's bytes with an amendment, found right again.
// The mistakes, when any of them refuses, are those of the result.
func Amended(file string, m Amendment, c *consent.Catalogue) ([]byte, []Mistake, error) {
	data, err := readBounded(file)
	if err != nil {
		return nil, nil, fmt.Errorf("amending %s: %w", file, err)
	}
	for _, day := range []string{m.From, m.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return nil, nil, fmt.Errorf("amending %s: %q is no day: YYYY-MM-DD", file, cut(day))
		}
	}
	amended, err := m.write(file, data)
	if err != nil {
		return nil, nil, fmt.Errorf("amending %s: %w", file, err)
	}
	a, d := approvalOf(file, amended, c)
	if !Refused(d.mistakes) && !m.holds(a) {
		return nil, nil, fmt.Errorf("amending %s: %w", file, ErrAmend)
	}
	return amended, sorted(d.mistakes), nil
}

// holds tells whether the amended file says what was meant.
func (m Amendment) holds(a *approvalFile) bool {
	return (m.From == "" || a.Dates.From == m.From) && (m.Until == "" || a.Dates.Until == m.Until) && (m.Resumes == "" || a.Resumes == m.Resumes)
}

func (m Amendment) write(file string, data []byte) ([]byte, error) {
	d := read(file, data, &consent.Approval{})
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	if m.Resumes != "" {
		quoted := fmt.Sprintf("%q", m.Resumes)
		if n, ok := d.lines["$.resumes"]; ok {
			lines[n-1] = "resumes: " + quoted
		} else {
			lines = append(lines, "", "resumes: "+quoted)
		}
	}
	if _, ok := d.lines["$.dates"]; !ok && m.From+m.Until != "" {
		lines = append(lines, "", "dates:", "  from: "+m.From, "  until: "+m.Until)
		return joined(lines), nil
	}
	for key, day := range map[string]string{"from": m.From, "until": m.Until} {
		if day == "" {
			continue
		}
		n, ok := d.lines["$.dates."+key]
		if !ok {
			return nil, ErrAmend
		}
		was := regexp.MustCompile(`\b` + key + `:\s*"?\d{4}-\d\d-\d\d"?`)
		if len(was.FindAllString(lines[n-1], -1)) != 1 {
			return nil, ErrAmend
		}
		lines[n-1] = was.ReplaceAllString(lines[n-1], key+": "+day)
	}
	return joined(lines), nil
}

func joined(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

// WriteSigned puts an approval's bytes and their signature in place. Between
// the two a reload finds the file altered, and changes nothing.
func WriteSigned(registrar note.Signer, file string, data []byte) error {
	if before, err := readBounded(file); err != nil || !bytes.Equal(before, data) {
		if err := replaceFile(file, data); err != nil {
			return err
		}
	}
	return SignApproval(registrar, file)
}
