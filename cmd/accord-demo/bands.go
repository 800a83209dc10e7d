package main

import (
	"errors"
	"fmt"
	"strings"

	"accord/cmd/accord-demo/headless"
)

// bands: the second commune's approval fixes its tariff grid. The citizen sees
// the quotient and the band, the town hall gets the band alone.
func (ch *checker) bands() error {
	b := headless.New()
	p, err := ch.toConsent(b, "saint-aubin", "camille")
	if err != nil {
		return err
	}
	for _, shown := range []string{"742 €", "saura seulement", "tranche B, 3,50 € le repas"} {
		if !strings.Contains(p.Words(), shown) {
			return fmt.Errorf("the consent page does not say %q", shown)
		}
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		return err
	}
	if p.Text("band") != "B" || !strings.Contains(p.Text("price"), "3,50") {
		return fmt.Errorf("the town hall shows band %q, tariff %q", p.Text("band"), p.Text("price"))
	}
	agent, err := b.Get(ch.TownHallURL + "/saint-aubin/agent")
	if err != nil {
		return err
	}
	if p.Has("quotient") || strings.Contains(p.Words()+agent.Words(), "742 €") {
		return errors.New("the town hall learnt the quotient")
	}
	return nil
}
