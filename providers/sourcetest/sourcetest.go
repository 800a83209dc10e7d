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

	Bound Binding // how an answer is known to be about the person asked; 0 = ByPerson

	// Static says that the token is one the operator was given: there is no
	// token endpoint, and a refused token is not sent again.
	Static bool

	// Verify is the connector's oracle: it reads the bytes sent by its own
	// means and returns an error when the answer to q tells more, less or
	// somebody else.
	Verify func(sent []byte, q providers.Query, a providers.Answer) error

	// Mutations of one run; 0 = 2,000, fifty times as many in a long one. Fewer
	// will do for a source of several resources with small answers read alike.
	Mutations int
}

// A Binding is what ties an answer to the person asked about. A source may have
// both; it keeps the promises of each it declares.
type Binding int

// The bindings.
const (
	ByPerson     Binding = 1 << iota // the answer names the person: nobody else's is taken, however it came
	ByRequest                        // the answer names nobody; its correlation id names the request, for refusals too
	ByConnection                     // the answer names nobody and no request: what it came back on is all there is
)

func (b Binding) has(one Binding) bool {
	if b == 0 {
		b = ByPerson
	}
	return b&one != 0
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
	bound := factory(t).Bound
	for _, promise := range promises() {
		if promise.of == 0 || bound.has(promise.of) {
			promise.run(t, factory)
		}
	}
}

// RunSome runs the named promises, for the further resources of a source that
// ran the suite with one.
func RunSome(t *testing.T, factory Factory, names ...string) {
	t.Helper()
	bound := factory(t).Bound
	for _, promise := range promises() {
		if slices.Contains(names, promise.name) && (promise.of == 0 || bound.has(promise.of)) {
			promise.run(t, factory)
		}
	}
}

type promise struct {
	name string
	test func(*testing.T, *Rig)
	of   Binding // 0 = of every source
}

func (p promise) run(t *testing.T, factory Factory) {
	t.Run(p.name, func(t *testing.T) {
		t.Parallel()
		rig := factory(t)
		if rig.Static && slices.Contains(ofFetchedTokens(), p.name) {
			t.Skip("the token is given, not fetched")
		}
		p.test(t, rig)
	})
}

// ofFetchedTokens are the promises about a token endpoint.
func ofFetchedTokens() []string {
	return []string{"ARefusedTokenIsRenewedOnce", "ATokenRefusedTwiceEndsTheQuery", "ATokenServesManyQueries"}
}

func promises() []promise {
	return []promise{
		{"EveryOutcomeIsToldApart", outcomes, 0},
		{"FailureIsNeverAbsence", failures, 0},
		{"NoCallWithoutAnAttempt", noCallWithoutAttempt, 0},
		{"ASourceThatFailsIsLeftAlone", leftAlone, 0},
		{"APanickingAttemptIsUnavailable", panickingAttempt, 0},
		{"OneAttemptForEachCall", oneAttemptForEachCall, 0},
		{"ABrokenCallIsRetriedOnceUnderItsOwnAttempt", retries, 0},
		{"AKeptConnectionThatBreaksIsNotRepeatedUnseen", keptConnection, 0},
		{"ARefusedTokenIsRenewedOnce", renewal, 0},
		{"ATokenRefusedTwiceEndsTheQuery", refusedTwice, 0},
		{"EachFaultHasItsNumberOfAttempts", attemptsOfEachFault, 0},
		{"ATokenServesManyQueries", tokenCached, 0},
		{"TimeEndsTheQuery", timeEnds, 0},
		{"NoRedirectIsFollowed", redirects, 0},
		{"SwappedAnswersAreNobodys", swapped, ByPerson},
		{"AnswersSwappedInFlightAreNobodys", swappedInFlight, ByPerson | ByRequest},
		{"AnyAnswerToAnotherRequestIsNobodys", swappedCases, ByRequest},
		{"SwapsUnderLoadNeverGiveAWrongPerson", swapsUnderLoad, ByPerson | ByRequest},
		{"MutatedAnswersNeverGiveAWrongPerson", mutations, 0},
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
