package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent"
	"accord/providers"
	"accord/ui"
)

// An entry is a form as it was sent. The paper's file was read once, for its
// digest, and is nowhere.
type entry struct {
	ui.DeskEntry
	csrf  string
	paper []byte // SHA-256 of the file, nil without one
}

const (
	maxField  = 1 << 10 // bytes
	maxFields = 40
)

// readEntry reads the parts as they come: the library's own form parser would
// put a large file on the disk.
func readEntry(c *gin.Context) (entry, error) {
	var e entry
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return e, failure.Newf(failure.InvalidForm, "form of another content type")
	}
	seen := map[string]bool{}
	for range maxFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return e, nil
		}
		if err != nil {
			return e, failure.Newf(failure.InvalidForm, "form too large or unreadable")
		}
		name := part.FormName()
		if seen[name] && name != "item" {
			return e, failure.Newf(failure.InvalidForm, "a field stands in the form twice")
		}
		seen[name] = true
		if err := e.read(name, part); err != nil {
			return e, err
		}
	}
	return e, failure.Newf(failure.InvalidForm, "form of too many fields")
}

func (e *entry) read(name string, part *multipart.Part) error {
	if name == "papier" {
		return e.readPaper(part)
	}
	value, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if err != nil || len(value) > maxField || !utf8.Valid(value) {
		return failure.Newf(failure.InvalidForm, "a field is too large or no text")
	}
	e.set(name, strings.TrimSpace(string(value)))
	return nil
}

// readPaper keeps the digest alone.
func (e *entry) readPaper(part *multipart.Part) error {
	sum := sha256.New()
	n, err := io.Copy(sum, part)
	if err != nil {
		return failure.Newf(failure.InvalidForm, "file too large or unreadable")
	}
	if n > 0 {
		e.paper = sum.Sum(nil)
	}
	return nil
}

func (e *entry) set(name, value string) {
	fields := map[string]*string{
		"csrf": &e.csrf, "nom": &e.FamilyName, "prenoms": &e.GivenNames, "annee": &e.Year, "mois": &e.Month, "jour": &e.Day,
		"sexe": &e.Sex, "pays": &e.Country, "commune": &e.Commune, "dossier": &e.FileNumber, "accord": &e.Agreement, "empreinte": &e.Fingerprint,
	}
	if field, ok := fields[name]; ok {
		*field = value
	}
	if name == "item" {
		e.Optional = append(e.Optional, value)
	}
}

var (
	countryShape = regexp.MustCompile(`\A99[0-9]{3}\z`)
	communeShape = regexp.MustCompile(`\A(?:[0-9]{5}|2[ABab][0-9]{3})\z`)
)

const france = "99100"

// check gives the person, or every mistake at once.
func (e *entry) check(a *consent.Approval, now time.Time) (providers.Identity, []ui.Problem) {
	var problems []ui.Problem
	must := func(ok bool, field, text string) {
		if !ok {
			problems = append(problems, ui.Problem{Field: field, Text: text})
		}
	}
	born := providers.EnteredBirthdate(e.Year, e.Month, e.Day)
	completed := providers.CompletedDate(born)
	must(named(e.FamilyName), "nom", "identity")
	must(named(e.GivenNames), "prenoms", "identity")
	must(completed != "" && completed <= now.UTC().Format(time.DateOnly), "jour", "birthdate")
	must(slices.Contains([]string{"female", "male", "unspecified"}, e.Sex), "sexe", "identity")
	must(countryShape.MatchString(e.Country), "pays", "identity")
	must((e.Country == france) == communeShape.MatchString(e.Commune) && (e.Country == france || e.Commune == ""), "commune", "identity")
	must(slices.Contains(a.Desk.Agreements, consent.Agreement(e.Agreement)), "accord", "agreement")
	must(e.checkPaper(), "papier", "paper")
	must(filed(e.FileNumber), "dossier", "file_number")
	given := strings.Fields(e.GivenNames)
	return providers.Identity{
		FamilyName: e.FamilyName, GivenName: strings.Join(given, " "), GivenNames: given, Gender: e.Sex,
		Birthdate: completed, IDPBirthdate: born, Birthplace: strings.ToUpper(e.Commune), Birthcountry: e.Country,
	}, problems
}

func named(s string) bool { return len(s) <= 200 && providers.NormalName(s) != "" }

// filed: 1 to 64 characters that print.
func filed(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// checkPaper settles the digest of the signed paper, and drops what goes with
// another way to agree.
func (e *entry) checkPaper() bool {
	if e.Agreement != string(consent.SignedPaper) {
		e.paper, e.Fingerprint = nil, ""
		return true
	}
	typed, err := hex.DecodeString(e.Fingerprint)
	switch {
	case e.Fingerprint == "":
		return e.paper != nil
	case err != nil || len(typed) != sha256.Size || e.paper != nil && !bytes.Equal(typed, e.paper):
		return false
	}
	e.paper = typed
	return true
}

// encoded is a page as JSON; a struct of texts always encodes.
func encoded(page any) []byte {
	b, _ := json.Marshal(page)
	return b
}
