package journey

import (
	"maps"
	"slices"
	"strconv"

	"accord/consent"
)

// lookedUp is the interaction's request without the sensitive data the citizen
// did not tick: what sources are asked, pages show and an answer may agree to.
// requestOf, everything asked, is for /connexion and for receipts, which tell
// also what was declined.
func (j *Journey) lookedUp(in *interaction) (consent.Request, error) {
	cr, err := j.requestOf(in)
	if err != nil {
		return consent.Request{}, err
	}
	return cr.LookedUp(in.Ticked), nil
}

// wanted are the data of the look-up: those of the request and, until a child
// is chosen, the list to choose from.
func (j *Journey) wanted(in *interaction, cr consent.Request) []consent.Datum {
	return cr.Wanted(j.Catalogue, in.Child != nil)
}

// round are the questions that can be asked now: not those held from before a
// child was chosen, nor those that wait for one.
func (j *Journey) round(in *interaction, cr consent.Request) []lookup {
	return slices.DeleteFunc(lookups(j.wanted(in, cr)), func(l lookup) bool {
		_, held := in.Held[l.resource]
		return held || in.Child == nil && slices.ContainsFunc(l.data, consent.NeedsChild)
	})
}

// inputsFor are the inputs of one question, by providers.Query's names; nil
// when it needs none.
func (in *interaction) inputsFor(l lookup, p consent.Period) map[string]string {
	inputs := map[string]string{}
	for _, name := range consent.Inputs(l.data) {
		if value := in.Inputs[name]; value != "" {
			inputs[name] = value
		}
	}
	if in.Child != nil && slices.ContainsFunc(l.data, consent.NeedsChild) {
		maps.Copy(inputs, in.Child.inputs())
	}
	if l.resource == consent.ResourceGrantHolder && p.Campaign != 0 {
		inputs[consent.InputCampaignYear] = strconv.Itoa(p.Campaign)
	}
	if len(inputs) == 0 {
		return nil
	}
	return inputs
}

// typed tells whether a datum was looked up with something the citizen typed;
// the year picked from a list is nothing to be wrong about.
func (in *interaction) typed(d consent.Datum) bool {
	return slices.ContainsFunc(d.Inputs, func(name string) bool {
		return name != consent.InputSchoolYear && in.Inputs[name] != ""
	})
}

// canSend tells whether what stands for a datum may be agreed to. The outcome
// of the file a child is chosen from says nothing of the child's school.
func (in *interaction) canSend(d consent.Datum) bool {
	return canSend(d, in.Answers[d.Resource]) && !in.withoutChild(d)
}

// withoutChild tells data nobody was asked for, since no child could be chosen.
func (in *interaction) withoutChild(d consent.Datum) bool {
	return consent.NeedsChild(d) && in.Child == nil
}
