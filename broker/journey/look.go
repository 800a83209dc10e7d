package journey

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/franceconnect"
	"accord/providers"
)

// A look is the running look-up of one interaction.
type look struct{ done chan struct{} }

// startLook asks every source of the request at once, in the background, and
// leaves the answers sealed in the interaction. What is still pending after
// clocks.PendingSource is unavailable.
func (j *Journey) startLook(in *interaction, t ticket) {
	l := &look{done: make(chan struct{})}
	j.looks.Store(in.ID, l)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), clocks.PendingSource)
		answers := j.ask(ctx, in)
		cancel()
		j.settle(in, t, answers)
		j.looks.CompareAndDelete(in.ID, l) // the look at the chosen child's school may have begun
		close(l.done)
	}()
}

// ask queries the resources concurrently, each at its source; answers are by
// resource.
func (j *Journey) ask(ctx context.Context, in *interaction) map[string]providers.Answer {
	answers := map[string]providers.Answer{consent.ResourceIdentity: identityAnswer(in.Login)}
	maps.Copy(answers, in.Held)
	cr, err := j.lookedUp(in)
	if err != nil {
		return answers
	}
	var (
		mu    sync.Mutex // guards answers
		group sync.WaitGroup
	)
	for _, asked := range j.round(in, cr) {
		group.Go(func() {
			a := j.askOne(ctx, in, cr, asked)
			mu.Lock()
			a.Outcome = in.concealed(asked, cr.Period, a.Outcome)
			answers[asked.resource] = a
			mu.Unlock()
		})
	}
	group.Wait()
	j.answerGrids(ctx, cr.Data(), answers)
	return answers
}

// A lookup is one question to one source: a resource, and the data wanted of
// it.
type lookup struct {
	source, resource string
	data             []consent.Datum
}

// lookups are the questions that data need, in the order of their resources.
func lookups(data []consent.Datum) []lookup {
	var all []lookup
	for _, resource := range consent.Resources(data) {
		of := ofResource(data, resource)
		if of[0].Source != consent.SourceFranceConnect {
			all = append(all, lookup{of[0].Source, resource, of})
		}
	}
	return all
}

func (j *Journey) askOne(ctx context.Context, in *interaction, cr consent.Request, l lookup) providers.Answer {
	source, ok := j.Sources[l.source]
	if !ok {
		return providers.Answer{Outcome: providers.Unavailable}
	}
	q := j.query(in, cr, l)
	answer := make(chan providers.Answer, 1)
	go func() { answer <- source.Query(ctx, q) }()
	select {
	case a := <-answer:
		if a.Cause != nil {
			j.Log.WarnContext(ctx, "source answered", "source", l.source, "resource", l.resource, "outcome", a.Outcome, "cause", a.Cause)
		}
		return a
	case <-ctx.Done(): // a source that ignores its deadline must not hold the page
		return providers.Answer{Outcome: providers.Unavailable, Provenance: providers.Provenance{Source: l.source}}
	}
}

// query builds what one source is asked, each HTTP attempt logged before it.
func (j *Journey) query(in *interaction, cr consent.Request, l lookup) providers.Query {
	data := consent.LookedUp(l.data)
	q := providers.Query{
		Identity: identityOf(in.Login.Identity), Resource: l.resource, Recipient: cr.Approval.ServiceProvider.SIRET, Data: data,
		Credential: cr.Approval.Credentials[l.source], Teleservice: cr.Approval.DGFiPTeleservice,
	}
	q.Inputs = in.inputsFor(l, cr.Period)
	switch l.resource {
	case consent.ResourceSituationIR:
		q.Year, q.FallbackYear = cr.Years(j.Now())
	case consent.ResourceQuotientFamilial:
		q.Year, q.Month = cr.Period.Year, cr.Period.Month
	case consent.ResourceGrantHolder:
		q.Year = cr.Period.Campaign
	}
	if needsFranceConnect(l.data) {
		q.FranceConnectToken, q.TokenExpires = in.Login.AccessToken, in.Login.TokenExpires
	}
	q.Attempt = func(ctx context.Context) (providers.Attempt, error) { return j.attempt(ctx, in, l, cr.Period) }
	return q
}

// attempt makes one HTTP attempt durable before it is made.
func (j *Journey) attempt(ctx context.Context, in *interaction, asked lookup, p consent.Period) (providers.Attempt, error) {
	request := uuid.NewString()
	l, err := j.Store.QuerySource(ctx, store.QueryCmd{Event: audit.Event{
		Lookup: &in.Lookup.Index, Interaction: in.ID,
		Source: asked.source, RequestID: request, Citizen: in.Citizen, Data: consent.LookedUp(asked.data),
	}})
	if err != nil {
		return providers.Attempt{}, err
	}
	done := func(o providers.Outcome, status int, took time.Duration) {
		told, class := in.logged(asked, p, o, status) // « Mes accords » and an auditor's opening tell it
		err := j.Store.AnswerSource(store.AnswerCmd{Event: audit.Event{
			Queried: &l.Position.Index, Interaction: in.ID,
			Outcome: string(told), HTTPClass: class, Millis: took.Milliseconds(),
		}})
		if err != nil {
			j.Log.Error("logging a source's answer", "cause", err)
		}
	}
	return providers.Attempt{RequestID: request, Done: done}, nil
}

// settle seals the answers into the interaction, unless the citizen answered
// or left meanwhile.
func (j *Journey) settle(in *interaction, t ticket, answers map[string]providers.Answer) {
	defer j.locks.lock(in.ID)()
	ctx := context.Background()
	if !j.untouched(ctx, in, t.secret) {
		return
	}
	for s, a := range answers {
		a.Cause = nil // causes are for the log, and do not survive JSON
		answers[s] = a
	}
	j.take(in, answers)
	if err := j.save(ctx, in, t.secret); err != nil {
		j.Log.Error("sealing a look-up", "cause", err)
	}
}

func needsFranceConnect(data []consent.Datum) bool {
	return slices.ContainsFunc(data, func(d consent.Datum) bool { return len(d.FranceConnectScopes) > 0 })
}

func identityOf(id franceconnect.Identity) providers.Identity {
	return providers.Identity{
		FamilyName: id.FamilyName, GivenName: id.GivenName, GivenNames: id.GivenNames,
		PreferredUsername: id.PreferredUsername, Birthdate: id.Birthdate, IDPBirthdate: id.IDPBirthdate,
		Gender: id.Gender, Birthplace: id.Birthplace, Birthcountry: id.Birthcountry,
	}
}

// identityAnswer is FranceConnect's identity as a document like a source's.
func identityAnswer(l *franceconnect.Login) providers.Answer {
	doc := map[string]any{}
	put := func(name, value string) {
		if value != "" {
			doc[name] = value
		}
	}
	id := l.Identity
	put("family_name", id.FamilyName)
	put("given_name", id.GivenName)
	put("birthdate", id.Birthdate)
	put("gender", id.Gender)
	put("birthplace", id.Birthplace)
	put("birthcountry", id.Birthcountry)
	put("preferred_username", id.PreferredUsername)
	put("email", id.Email)
	if len(id.GivenNames) > 0 {
		doc["given_name_array"] = id.GivenNames
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return providers.Answer{Outcome: providers.Unavailable, Cause: err}
	}
	return providers.Answer{
		Outcome: providers.Found, Document: raw,
		Provenance: providers.Provenance{Source: consent.SourceFranceConnect, Operator: "FranceConnect", Retrieved: l.At},
	}
}
