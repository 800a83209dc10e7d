package resource

import (
	"cmp"
	"slices"

	"accord/oidc/franceconnect"
	"accord/providers"
)

// An ErrorTold is one line of /v3's table of errors, for who writes a client.
type ErrorTold struct {
	Status    int
	Code      string // of API Particulier's grammar
	Title     string // French, as it is answered
	Detail    string // French, as it is answered
	Parameter string // that is wrong, if one is
	Reason    string // meta.reason, for programs
	Provider  string // meta.provider
}

// Errors are all that /v3 may answer instead of data, by code.
func Errors() []ErrorTold {
	all := []apiError{
		errToken, errExpired, errScope, errRecipient, errOtherRecipient, errPeriod, errAddress, errMethod, errForm, errOurs, errBusy, errTooMany,
		errMalformed, errInactive, errReplayed, errNoTokenWay, errOtherServiceProvider, errPresence, errConsent, errExhausted, errEnded,
		errProof, errNoKey, errAbsent, errNotInForce, errUsedUp, errReadOnce,
	}
	for _, kind := range []franceconnect.Kind{franceconnect.Unavailable, franceconnect.Refused, franceconnect.Invalid} {
		all = append(all, *franceConnectError(&franceconnect.Error{Kind: kind}))
	}
	family := addresses()["/v3/dss/quotient_familial"] // one source stands for all: their codes differ in the first two digits
	for _, o := range []providers.Outcome{providers.Ambiguous, providers.Refused, providers.Unavailable} {
		all = append(all, *family.sourceError(o))
	}
	for _, a := range addresses() {
		all = append(all, a.missing)
	}
	var told []ErrorTold
	for _, e := range all {
		told = append(told, ErrorTold{e.status, e.Code, e.Title, e.Detail, e.Source["parameter"], e.Meta["reason"], e.Meta["provider"]})
	}
	slices.SortFunc(told, func(a, b ErrorTold) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Title, b.Title))
	})
	return slices.Compact(told)
}
