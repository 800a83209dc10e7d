package upstream

import "slices"

// displace makes room for a recipient of whose queries own wait already; false
// when no line is so long that this would be fairer.
func (q *queue) displace(own int) bool {
	longest := ""
	for _, recipient := range q.round {
		if len(q.lines[recipient]) > len(q.lines[longest]) {
			longest = recipient
		}
	}
	line := q.lines[longest]
	if len(line) < own+2 {
		return false
	}
	line[len(line)-1].turn <- ErrQueue
	q.remove(longest, len(line)-1)
	return true
}

// leave takes w out of its line; nothing when it had its turn just now.
func (q *queue) leave(recipient string, w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := slices.Index(q.lines[recipient], w); n >= 0 {
		q.remove(recipient, n)
	}
}

func (q *queue) remove(recipient string, n int) {
	q.size--
	line := slices.Delete(q.lines[recipient], n, n+1)
	if len(line) > 0 {
		q.lines[recipient] = line
		return
	}
	delete(q.lines, recipient)
	q.round = slices.DeleteFunc(q.round, func(r string) bool { return r == recipient })
}

// flush sends everybody away who waits for c.
func (q *queue) flush(c *Client, why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, recipient := range slices.Clone(q.round) {
		for n := len(q.lines[recipient]) - 1; n >= 0; n-- {
			if w := q.lines[recipient][n]; w.client == c {
				w.turn <- why
				q.remove(recipient, n)
			}
		}
	}
}

// waiting counts those who wait for c.
func (q *queue) waiting(c *Client) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	count := 0
	for _, line := range q.lines {
		for _, w := range line {
			if w.client == c {
				count++
			}
		}
	}
	return count
}
