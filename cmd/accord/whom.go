package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"accord/broker/operator"
)

// whom are the flags that name whose records an act is about. A person's
// identity comes from a file: a command line is seen by every user.
type whom struct {
	operator.Whom
	person string
}

func (w *whom) flags(f *flag.FlagSet) {
	f.StringVar(&w.Receipt, "receipt", "", "")
	f.StringVar(&w.Grant, "grant", "", "")
	f.StringVar(&w.Interaction, "interaction", "", "")
	f.StringVar(&w.person, "person", "", "")
}

const maxPerson = 16 << 10 // bytes of an identity's file

// read completes Whom from the file of -person.
func (w *whom) read() error {
	given := 0
	for _, text := range []string{w.Receipt, w.Grant, w.Interaction, w.person} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("%w: one of -receipt, -grant, -interaction, -person FILE", errUsage)
	}
	if w.person == "" {
		return nil
	}
	file, err := os.Open(w.person)
	if err != nil {
		return fmt.Errorf("reading the identity: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	if info, err := file.Stat(); err != nil || info.Size() > maxPerson {
		return fmt.Errorf("reading the identity: %s is not a file of at most %d bytes", w.person, maxPerson)
	}
	d := json.NewDecoder(file)
	d.DisallowUnknownFields()
	if err := d.Decode(&w.Person); err != nil || w.Person == nil {
		return fmt.Errorf("reading the identity: %s is not one JSON object with family_name, given_name, birthdate, gender, "+
			"birthplace, birthcountry, or issuer and sub", w.person) // the cause could quote a name
	}
	return nil
}
