package powercut

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"accord/broker/boltstore"
	"accord/broker/store"
)

// mark opens and closes the store again and again, and marks first uses in
// between. It tells "opened" or "opened unclean", and each mark made.
func mark(cfg boltstore.Config) error {
	for n := 0; ; n++ {
		s, err := boltstore.Open(cfg)
		if err != nil {
			return err
		}
		fmt.Println(opened(s))
		for m := range 1 + rand.IntN(20) {
			id := fmt.Sprintf("%s-%d-%d", os.Getenv(runNo), n, m)
			if fresh, err := markOnce(s, id); err != nil || !fresh {
				return fmt.Errorf("marking %s: %v, %w", id, fresh, err)
			}
			fmt.Println("marked " + id)
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
}

func opened(s *boltstore.Store) string {
	if s.StartedUnclean().IsZero() {
		return "opened"
	}
	return "opened unclean"
}

func markOnce(s *boltstore.Store, id string) (fresh bool, err error) {
	return s.Once(context.Background(), store.Assertions, sha256.Sum256([]byte(id)), time.Now().Add(time.Hour))
}

// What was used once is remembered, or the start is known as unclean, after
// which assertions that may have been used are refused: never neither.
func TestAFirstUseIsRememberedOrTheStartIsUnclean(t *testing.T) {
	t.Parallel()
	m := &memory{t: t}
	for n := range times(6, 60) {
		m.cut(n, Plan{}, []float64{0, 0.5, 0.9}[n%3])
	}
	t.Log(m)
	if m.forgotten > 0 {
		t.Error("what was used once can be used again")
	}
	if m.cuts > m.marks || m.unclean == 0 && long() {
		t.Error("the test shows nothing")
	}
}

// The control.
func TestOnADiskThatLiesAFirstUseIsForgotten(t *testing.T) {
	t.Parallel()
	m := &memory{t: t}
	for n := range times(2, 6) {
		m.rig = nil
		m.cut(n, Plan{Lies: true}, 0)
	}
	t.Log("control, a disk that lies: ", m)
	if m.forgotten == 0 {
		t.Error("nothing is forgotten although nothing is synced: the test sees nothing")
	}
}

// A memory is what is known of the marks of one store after the other.
type memory struct {
	t     *testing.T
	rig   *rig
	known []string // marked since the last unclean start

	cuts, marks, clean, unclean, forgotten int
}

func (m *memory) String() string {
	return fmt.Sprintf("%d power cuts over %d marks: %d clean starts, %d unclean ones, %d marks forgotten in a clean one",
		m.cuts, m.marks, m.clean, m.unclean, m.forgotten)
}

func (m *memory) cut(n int, p Plan, keep float64) {
	m.t.Helper()
	if m.rig == nil || n%perStore == 0 {
		m.rig, m.known = newRig(m.t), nil
	}
	e := end{[]string{"marked"}, upTo(150), keep}
	for _, line := range m.rig.run(p, e, marking+"=1") {
		m.read(line)
	}
	m.cuts++
	m.examine()
}

func (m *memory) read(line string) {
	switch what, id, _ := strings.Cut(line, " "); what {
	case "marked":
		m.known = append(m.known, id)
		m.marks++
	case "opened":
		if id == "unclean" {
			m.known = nil
		}
	default:
		m.t.Error(line)
	}
}

// examine opens what the cut left: an unclean start voids what was marked.
func (m *memory) examine() {
	m.t.Helper()
	cfg, err := config(m.rig.keys, m.rig.dir)
	must(m.t, err)
	s, err := boltstore.Open(cfg)
	must(m.t, err)
	if !s.StartedUnclean().IsZero() {
		m.known = nil
		m.unclean++
	} else {
		m.clean++
	}
	for _, id := range m.known {
		fresh, err := markOnce(s, id)
		must(m.t, err)
		if fresh {
			m.forgotten++
		}
	}
	must(m.t, s.Close())
}
