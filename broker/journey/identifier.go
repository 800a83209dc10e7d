package journey

import (
	"maps"

	"accord/broker/failure"
	"accord/consent"
	"accord/providers"
)

// maxIdentifiers bounds the identifiers a citizen may try in one interaction:
// enough for mistakes, useless for guessing.
const maxIdentifiers = 5

// identifiers are those of inputs that lead to one person.
func identifiers(inputs map[string]string) map[string]string {
	only := maps.Clone(inputs)
	maps.DeleteFunc(only, func(name, _ string) bool { return !consent.InputIdentifies(name) })
	return only
}

// try takes what was typed; another identifier than the last one counts.
func (in *interaction) try(typed map[string]string) error {
	now := identifiers(typed)
	if len(now) > 0 && !maps.Equal(now, identifiers(in.Inputs)) {
		if in.Tried >= maxIdentifiers {
			return failure.Newf(failure.TooMany, "identifiers tried in one interaction")
		}
		in.Tried++
	}
	in.Inputs = typed
	return nil
}

// byIdentifier tells whether a question finds its file by an identifier the citizen
// typed.
func (in *interaction) byIdentifier(l lookup, p consent.Period) bool {
	return len(identifiers(in.inputsFor(l, p))) > 0
}

// concealed is the outcome of a question as the citizen, the receipt, the log
// and the service provider know it. An identifier of nobody and one of somebody
// else are refused alike: else anybody could learn which identifiers exist.
func (in *interaction) concealed(l lookup, p consent.Period, o providers.Outcome) providers.Outcome {
	if in.byIdentifier(l, p) && (o == providers.Unknown || o == providers.Ambiguous) {
		return providers.Refused
	}
	return o
}

// logged is concealed, with the class of the source's HTTP status (2, 4, 5; 0
// for none), which would part the two again.
func (in *interaction) logged(l lookup, p consent.Period, o providers.Outcome, status int) (providers.Outcome, int) {
	o = in.concealed(l, p, o)
	if o == providers.Refused && in.byIdentifier(l, p) {
		return o, 0
	}
	return o, status / 100
}
