package townhall

import "fmt"

// table marks the family's line: by the quotient received, or the highest
// tariff when the citizen let the town know that there is none.
func (c Commune) table(res *result) (rows []row, price string) {
	from, found := 0, false
	for n, t := range c.Tariffs {
		last := n == len(c.Tariffs)-1
		r := row{Price: t.Price, Range: fmt.Sprintf("de %s à %s", euros(from), euros(t.Below-1))}
		if last {
			r.Range = fmt.Sprintf("%s et plus, ou sans quotient", euros(from))
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
		if c.Grid != "" {
			return res.Band == t.Code
		}
		return last || res.Quotient < t.Below
	case "absent":
		return last
	}
	return false
}

// Amount is the quotient as a person reads it.
func (res result) Amount() string { return euros(res.Quotient) }

// euros writes an amount below a million the French way.
func euros(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d\u00a0€", n)
	}
	return fmt.Sprintf("%d\u00a0%03d\u00a0€", n/1000, n%1000)
}

// month names a month of a year, both as the source counts them.
func month(n, year int) string {
	names := []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	if n < 1 || n > len(names) {
		return fmt.Sprint(year)
	}
	return fmt.Sprintf("%s %d", names[n-1], year)
}
