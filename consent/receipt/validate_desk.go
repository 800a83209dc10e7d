package receipt

import (
	"slices"
	"strings"
)

// The methods of assisted acts: how the person agreed, or was informed, with
// an agent's help.
const (
	MethodSignedPaper = agentDesk + "signed-paper" // Auth.Paper binds the receipt to it
	MethodCounter     = agentDesk + "counter"
	MethodOwnPhone    = agentDesk + "own-phone" // the person's own click, opened by an agent's QR code

	agentDesk = "agent-desk:"
)

// What an act is, Event.ConsentType.
const (
	ConsentTypeExplicit    = "explicit"
	ConsentTypeInformation = "information" // only of InformationL1148
)

// Assisted tells whether an agent helped: by the method, and for what follows
// such an act by how the person was known.
func (r Receipt) Assisted() bool {
	return strings.HasPrefix(r.Event.Method, agentDesk) || r.Subject != nil && r.Subject.Auth.AgentSubHash != ""
}

// checkDesk: an assisted act and its agent go together, FranceConnect vouches
// for none of it, and nothing sensitive is agreed at a desk. Information
// without agreement belongs there alone.
func (r Receipt) checkDesk(b *breaches) {
	method := r.Event.Method
	at := strings.HasPrefix(method, agentDesk)
	known := []string{MethodSignedPaper, MethodCounter, MethodOwnPhone}
	b.must(!at || slices.Contains(known, method), "event.method", "not a way to agree at a desk")
	b.must(r.Assisted() || r.Event.BasisAct != InformationL1148, "event.basis_act", "information alone is for the desk")
	if r.Subject != nil {
		r.checkAgent(b, at)
	}
	if !r.Assisted() {
		return
	}
	for _, p := range r.Purposes {
		special := slices.ContainsFunc(p.Data, func(d Datum) bool { return d.Special })
		b.must(!special, "purposes.data.special", "sensitive data at a desk")
	}
}

func (r Receipt) checkAgent(b *breaches, at bool) {
	auth, method := r.Subject.Auth, r.Event.Method
	by := auth.AgentSubHash != ""
	b.must(!by || isDigest("hm_", auth.AgentSubHash), "subject.auth.agent_sub_hash", "not hm_ and 43 base64url characters")
	b.must(auth.Evidence == "" || !by, "subject.auth.evidence", "FranceConnect vouches for no assisted act")
	b.must(auth.Paper == "" || isDigest("hmac-sha-256:", auth.Paper), "subject.auth.paper", "not hmac-sha-256: and 43 base64url characters")
	b.must(auth.Paper == "" || by, "subject.auth.paper", "a signed paper without an agent")
	if r.follows() { // what follows an assisted act may be the person's own
		return
	}
	b.must(at == by, "subject.auth.agent_sub_hash", "agent and method agent-desk go together")
	b.must((auth.Paper != "") == (method == MethodSignedPaper), "subject.auth.paper", "paper and method agent-desk:signed-paper go together")
}
