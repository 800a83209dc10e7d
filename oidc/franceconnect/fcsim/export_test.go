package fcsim

// Remembered counts what the simulator still knows.
func (s *Simulator) Remembered() int {
	m := s.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.interactions) + len(m.codes) + len(m.tokens) + len(m.sessions)
}
