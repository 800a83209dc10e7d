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

	// Static says that the token is one the operator was given: there is no
	// token endpoint, and a refused token is not sent again.
	Static bool
	// Nameless says that answers name nobody, so that nothing in them can tell
	// another person's from one's own.
	Nameless bool

	// Verify is the connector's oracle: it reads the bytes sent by its own
	// means and returns an error when the answer to q tells more, less or
	// somebody else.
	Verify func(sent []byte, q providers.Query, a providers.Answer) error
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
		promise.run(t, factory)
	}
}

// RunSome runs the named promises, for the further resources of a source that
// ran the suite with one.
func RunSome(t *testing.T, factory Factory, names ...string) {
	t.Helper()
	for _, promise := range promises() {
		if slices.Contains(names, promise.name) {
			promise.run(t, factory)
		}
	}
}

type promise struct {
	name string
	test func(*testing.T, *Rig)
}

func (p promise) run(t *testing.T, factory Factory) {
	t.Run(p.name, func(t *testing.T) {
		t.Parallel()
		rig := factory(t)
		if rig.Static && slices.Contains(ofFetchedTokens(), p.name) {
			t.Skip("the token is given, not fetched")
		}
		if rig.Nameless && slices.Contains(ofNames(), p.name) {
			t.Skip("the answer names nobody")
		}
		p.test(t, rig)
	})
}

// ofNames are the promises that only a name in the answer can keep.
func ofNames() []string {
	return []string{"SwappedAnswersAreNobodys", "AnswersSwappedInFlightAreNobodys", "SwapsUnderLoadNeverGiveAWrongPerson"}
}

// ofFetchedTokens are the promises about a token endpoint.
func ofFetchedTokens() []string {
	return []string{"ARefusedTokenIsRenewedOnce", "ATokenRefusedTwiceEndsTheQuery", "ATokenServesManyQueries"}
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
