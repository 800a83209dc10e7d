package country

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"accord/cmd/accord-demo/conformance"
)

// registerSuite registers the conformance suite's clients. The demonstration's
// own then lose their other grants: discovery promises what a client may have,
// and the suite takes it at its word.
func (c *Country) registerSuite() error {
	if c.options.Conformance == "" {
		return nil
	}
	test, err := conformance.ParseTest(c.options.Conformance)
	if err != nil {
		return fmt.Errorf("conformance: %w", err)
	}
	if c.suite, err = conformance.Register(test); err != nil {
		return err
	}
	for _, own := range c.Clients {
		own.GrantTypes = nil
	}
	c.Clients = append(c.Clients, c.suite.Clients()...)
	return nil
}

// writePlans leaves what the suite is to be given.
func (c *Country) writePlans(context.Context) error {
	if c.suite == nil {
		return nil
	}
	place := conformance.Place{Accord: c.Accord, FranceConnect: c.FranceConnectURL}
	for _, a := range c.Approvals {
		if a.ID == conformance.DataApproval {
			place.Recipient = a.ServiceProvider.SIRET
		}
	}
	files, err := c.suite.Files(place)
	if err != nil {
		return err
	}
	dir := filepath.Join(c.Data, "conformance")
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			return fmt.Errorf("writing the suite's files: %w", err)
		}
	}
	c.options.Say("for the conformance suite: the plans of %s/plans.txt, each with the file beside it", dir)
	return nil
}
