// Package sourcetest is the one suite every connector passes, in front of its
// simulator:
//
//	Run(t, factory) ─ a fresh Rig for each promise ─ outcomes · faults · attempts · tokens · mutations
//
// A connector's own tests add what only it has: its tables, its document.
package sourcetest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/faults"
	"accord/providers/upstream"
)

// A Rig is one connector in front of its simulator. Factories make its source
// with AttemptTime as the timeout of one HTTP attempt.
type Rig struct {
	Source providers.Source
	Switch *faults.Switch
	Server *Server

	Cases  []Case          // every outcome the simulator can give
	Found  providers.Query // a query that is answered Found
	Second providers.Query // the same about another person

	// Verify is the connector's oracle: it reads the bytes sent by its own
	// means and returns an error when the answer to q tells more, less or
	// somebody else.
	Verify func(sent []byte, q providers.Query, a providers.Answer) error

	// Stranger is what another person's answer becomes; zero: Unavailable
	// because of upstream.ErrAnotherPerson.
	Stranger Stranger
	Unbound  bool // the answer names nobody: what asks whose it is is not run
	Before   int  // calls Found makes ahead of the one the switch concerns
}

// A Stranger is the outcome and the cause of another person's answer.
type Stranger struct {
	Outcome providers.Outcome
	Cause   error
}

// AttemptTime is the timeout a factory gives its source.
const AttemptTime = time.Second

// A Case is one query and the outcome it must have.
type Case struct {
	Name    string
	Query   providers.Query
	Outcome providers.Outcome
}

// A Factory makes a fresh Rig.
type Factory func(t *testing.T) *Rig

// Run runs the suite.
func Run(t *testing.T, factory Factory) {
	t.Helper()
	for _, promise := range promises() {
		t.Run(promise.name, func(t *testing.T) {
			t.Parallel()
			r := factory(t).withDefaults()
			if r.Unbound && slices.Contains(ofNamedAnswers(), promise.name) {
				t.Skip("an answer of this resource names nobody")
			}
			promise.test(t, r)
		})
	}
}

func (r *Rig) withDefaults() *Rig {
	if r.Stranger == (Stranger{}) {
		r.Stranger = Stranger{Outcome: providers.Unavailable, Cause: upstream.ErrAnotherPerson}
	}
	return r
}

type promise struct {
	name string
	test func(*testing.T, *Rig)
}

// ofNamedAnswers are the promises that ask whose an answer is.
func ofNamedAnswers() []string {
	return []string{"SwappedAnswersAreNobodys", "AnswersSwappedInFlightAreNobodys", "SwapsUnderLoadNeverGiveAWrongPerson"}
}

func promises() []promise {
	return []promise{
		{"EveryOutcomeIsToldApart", outcomes},
		{"FailureIsNeverAbsence", failures},
		{"NoCallWithoutAnAttempt", noCallWithoutAttempt},
		{"ASourceThatFailsIsLeftAlone", leftAlone},
		{"APanickingAttemptIsUnavailable", panickingAttempt},
		{"OneAttemptForEachCall", oneAttemptForEachCall},
		{"ABrokenCallIsRetriedOnceUnderItsOwnAttempt", retries},
		{"AKeptConnectionThatBreaksIsNotRepeatedUnseen", keptConnection},
		{"ARefusedTokenIsRenewedOnce", renewal},
		{"ATokenRefusedTwiceEndsTheQuery", refusedTwice},
		{"EachFaultHasItsNumberOfAttempts", attemptsOfEachFault},
		{"ATokenServesManyQueries", tokenCached},
		{"TimeEndsTheQuery", timeEnds},
		{"NoRedirectIsFollowed", redirects},
		{"SwappedAnswersAreNobodys", swapped},
		{"AnswersSwappedInFlightAreNobodys", swappedInFlight},
		{"SwapsUnderLoadNeverGiveAWrongPerson", swapsUnderLoad},
		{"MutatedAnswersNeverGiveAWrongPerson", mutations},
	}
}

// A Server is a simulator on loopback that counts what it was asked.
type Server struct {
	URL string

	mu    sync.Mutex // guards paths
	paths []string
}

// Serve puts h on loopback until the test ends.
func Serve(t *testing.T, h http.Handler) *Server {
	t.Helper()
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.paths = append(s.paths, r.URL.Path)
		s.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Paths are those asked so far.
func (s *Server) Paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.paths)
}
