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

// flush sends everybody who waits away.
func (q *queue) flush(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.size > 0 {
		q.next().turn <- why
	}
}

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.size
}
