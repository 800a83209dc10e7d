package townhall

import "fmt"

// table marks the family's line: by the quotient received, or the highest
// tariff when the citizen let the town know that there is none.
func (c Commune) table(res *result) (rows []row, price string) {
	from, found := 0, false
	for n, t := range c.Tariffs {
		last := n == len(c.Tariffs)-1
		r := row{Price: t.Price, Range: fmt.Sprintf("de %d à %d €", from, t.Below-1)}
		if last {
			r.Range = fmt.Sprintf("%d € et plus, ou sans quotient", from)
		}
		if res != nil && !found && c.applies(*res, t, last) {
			r.Yours, found, price = true, true, t.Price
		}
		rows = append(rows, r)
		from = t.Below
	}
	return rows, price
}

func (c Commune) applies(res result, t Tariff, last bool) bool {
	switch res.Outcome {
	case "received":
		return last || res.Quotient < t.Below
	case "absent":
		return last
	}
	return false
}
