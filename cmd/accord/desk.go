package main

import (
	"context"
	"fmt"

	"accord/broker/operator"
)

// deskSample draws, for a DPO, the acts of a month whose paper is to be
// looked at.
func deskSample(ctx context.Context, in invocation, args []string) error {
	f, s, order := flags("desk sample"), socket{}, operator.SampleOrder{}
	s.flags(f)
	f.StringVar(&order.Month, "month", "", "")
	f.StringVar(&order.Recipient, "recipient", "", "")
	f.IntVar(&order.Most, "n", 20, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if order.Month == "" {
		return fmt.Errorf("%w: -month is missing", errUsage)
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var drawn operator.Sampled
	if err := call(ctx, path, "/desk/sample", order, &drawn); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "# %s: %d / %d, %d feuilles / leaves, racine / root %s\n", drawn.Month, len(drawn.Drawn), drawn.Acts, drawn.Size, drawn.Root)
	for _, d := range drawn.Drawn {
		fmt.Fprintf(in.stdout, "%d\t%s\t%s\t%s\t%s\t%q\t%s\t%s\n", d.Index, d.Time, d.Recipient, d.Receipt, d.Agreement, d.FileNumber, d.Agent, d.Paper)
	}
	return nil
}
