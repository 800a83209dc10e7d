package francetravail

import "accord/providers/upstream"

// State of the circuit breakers, the worse one, and of the queues together, for
// health and metrics.
func (s *Source) State() upstream.State {
	a, b := s.status.State(), s.payments.State()
	if severity(b.Breaker) > severity(a.Breaker) {
		a.Breaker = b.Breaker
	}
	return upstream.State{Breaker: a.Breaker, Failures: max(a.Failures, b.Failures), Waiting: a.Waiting + b.Waiting}
}

func severity(breaker string) int {
	switch breaker {
	case upstream.Open:
		return 2
	case upstream.HalfOpen:
		return 1
	}
	return 0
}
