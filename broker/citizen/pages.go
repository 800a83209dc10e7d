package citizen

import (
	"net/url"
	"slices"
	"strconv"

	"accord/ui"
)

// How much one page holds, so that it stays as light for whoever has asked for
// years, or has agreed to be looked up each day.
const (
	perPage       = 10
	eventsPerPage = 50
)

// pageOf cuts a list, newest first, into pages counted from 1, and gives the
// addresses of the neighbours, keep being their other parameters. What is no
// page's number is the first page; a number beyond the end is the last.
func pageOf[T any](all []T, per int, path string, keep url.Values, asked string) (shown []T, newer, older string) {
	last := max(1, (len(all)+per-1)/per)
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		n = 1
	}
	n = min(n, last)
	if n > 1 {
		newer = pageAddress(path, keep, n-1)
	}
	if n < last {
		older = pageAddress(path, keep, n+1)
	}
	return all[(n-1)*per : min(n*per, len(all))], newer, older
}

func pageAddress(path string, keep url.Values, n int) string {
	q := url.Values{}
	for name, values := range keep {
		q[name] = values
	}
	if n > 1 {
		q.Set("page", strconv.Itoa(n))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// eventsOn is one page of a timeline: the latest first page, each in the order
// of the log.
func eventsOn(events []ui.Event, path, asked string) (shown []ui.Event, newer, older string) {
	latest := slices.Clone(events)
	slices.Reverse(latest)
	shown, newer, older = pageOf(latest, eventsPerPage, path, nil, asked)
	shown = slices.Clone(shown)
	slices.Reverse(shown)
	return shown, newer, older
}
