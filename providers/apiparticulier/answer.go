package apiparticulier

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"accord/providers"
	"accord/providers/upstream"
)

// An answered question: the document, read again to be judged.
type answered struct {
	asked question
	tree  map[string]any // the document
	meta  json.RawMessage
}

// judge turns a reply into an answer.
func (r *resource) judge(asked question, wanted []string) func(upstream.Reply) providers.Answer {
	return func(reply upstream.Reply) providers.Answer {
		if reply.Status != http.StatusOK {
			return r.refusal(reply)
		}
		answer := r.read(reply.Body, asked, wanted)
		if answer.Provenance.Operator == "" {
			answer.Provenance.Operator = r.operator
		}
		return answer
	}
}

// read turns the body of a 200 into an answer: whether it is what it says, then
// whose and of which period, then whether all that is wanted is there.
func (r *resource) read(body []byte, asked question, wanted []string) providers.Answer {
	document, meta, err := r.document(body)
	if err != nil {
		return upstream.Unavailable(err)
	}
	a := answered{asked: asked, meta: meta}
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if d.Decode(&a.tree) != nil {
		return upstream.Unavailable(upstream.ErrShape)
	}
	answer := r.verdict(a, wanted)
	if answer.Outcome == providers.Found {
		answer.Document = document
	}
	answer.Provenance.Operator = operatorOf(a.tree)
	return answer
}

func (r *resource) verdict(a answered, wanted []string) providers.Answer {
	err := r.belongs(a)
	if err == nil && r.check != nil {
		err = r.check(a)
	}
	if err == nil {
		err = r.complete(a.tree, wanted)
	}
	switch {
	case err == nil:
		return providers.Answer{Outcome: providers.Found}
	case errors.Is(err, errNoQuotient):
		return providers.Answer{Outcome: providers.NoFile, Cause: err}
	case errors.Is(err, errUnbound), errors.Is(err, ErrAnothersIdentifier), errors.As(err, new(lack)):
		return refused(err)
	}
	return upstream.Unavailable(err)
}

// document is the member data of the envelope, in the table's shape.
func (r *resource) document(body []byte) (document, meta json.RawMessage, err error) {
	var envelope map[string]json.RawMessage
	if err := upstream.Decode(body, &envelope); err != nil {
		return nil, nil, err
	}
	data, ok := envelope["data"]
	if !ok {
		return nil, nil, upstream.ErrIncomplete
	}
	var out bytes.Buffer
	if err := r.data.copyInto(&out, data); err != nil {
		return nil, nil, err
	}
	return out.Bytes(), envelope["meta"], nil
}

// operatorOf is the fund that computed the quotient, when the answer tells.
func operatorOf(tree map[string]any) string {
	q, _ := tree["quotient_familial"].(map[string]any)
	return asText(q["fournisseur"])
}
