package citizen

import (
	"strconv"

	"accord/ui"
)

// perPage is how many agreements one page of the list holds, so that it stays
// as light for whoever has asked for years.
const perPage = 10

// pageOf cuts the list into pages, counted from 1, and gives the addresses of
// the neighbours. What is no page's number is the first page; a number beyond
// the end is the last.
func pageOf(all []ui.Accord, asked string) (shown []ui.Accord, newer, older string) {
	last := max(1, (len(all)+perPage-1)/perPage)
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		n = 1
	}
	n = min(n, last)
	if n > 1 {
		newer = pageAddress(n - 1)
	}
	if n < last {
		older = pageAddress(n + 1)
	}
	return all[(n-1)*perPage : min(n*perPage, len(all))], newer, older
}

func pageAddress(n int) string {
	if n == 1 {
		return "/mes-accords"
	}
	return "/mes-accords?page=" + strconv.Itoa(n)
}
