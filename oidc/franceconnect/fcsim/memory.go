package fcsim

import (
	"sync"
	"time"
)

// An interaction is one authorization request, until its code is given.
type interaction struct {
	uid     string
	session string // cookie of the browser that began it
	request request
	persona *Persona // chosen, or nil
	fault   Fault    // asked with the persona
	expires time.Time
}

// A grant is one login: its code, then its access token.
type grant struct {
	request  request
	persona  *Persona
	session  string // cookie of the browser
	fault    Fault
	at       time.Time // the citizen's click
	consumed bool      // the code was redeemed
	token    string    // access token, once given
	issued   time.Time // of the token
}

// memory is all the simulator knows. What has expired is forgotten as it is
// met, and swept now and then.
type memory struct {
	now  func() time.Time
	life time.Duration // of interactions and sessions

	mu           sync.Mutex // guards what follows
	interactions map[string]interaction
	codes        map[string]*grant
	tokens       map[string]*grant
	sessions     map[string]session // by cookie
	swept        time.Time
}

// A session is a browser that logged in: what logout ends, and what single
// sign-on continues.
type session struct {
	subject string
	persona *Persona
	acr     string
	engine  bool // the engine's own cookies are there: a new /authorize clears them
	expires time.Time
}

// maxInteractions bounds the memory: more are refused.
const maxInteractions = 100_000

func newMemory(now func() time.Time, life time.Duration) *memory {
	return &memory{
		now: now, life: life, interactions: map[string]interaction{}, codes: map[string]*grant{},
		tokens: map[string]*grant{}, sessions: map[string]session{}, swept: now(),
	}
}

// begin keeps a new interaction and says whether there was room.
func (m *memory) begin(i interaction) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep()
	if len(m.interactions) >= maxInteractions {
		return false
	}
	i.expires = m.now().Add(m.life)
	m.interactions[i.uid] = i
	if s, ok := m.sessions[i.session]; ok {
		s.engine = false
		m.sessions[i.session] = s
	}
	return true
}

// interaction gives a copy, if it lives and belongs to this browser.
func (m *memory) interaction(uid, session string) (interaction, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.interactions[uid]
	return i, ok && session != "" && i.session == session && m.now().Before(i.expires)
}

func (m *memory) choose(uid string, p *Persona, f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i, ok := m.interactions[uid]; ok {
		i.persona, i.fault = p, f
		m.interactions[uid] = i
	}
}

// end forgets an interaction; false when another request did so first.
func (m *memory) end(uid string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.interactions[uid]
	delete(m.interactions, uid)
	return ok
}

// grant keeps the login of i and gives its code.
func (m *memory) grant(i interaction) (code string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	code = random(32)
	m.codes[code] = &grant{request: i.request, persona: i.persona, session: i.session, fault: i.fault, at: m.now()}
	m.sessions[i.session] = session{
		subject: i.persona.Identity.subject(i.request.clientID), persona: i.persona, acr: i.request.acr,
		engine: true, expires: m.now().Add(m.life),
	}
	return code
}

// redeem consumes a code if check agrees, and gives the access token. A code
// seen again revokes what it gave.
func (m *memory) redeem(code string, check func(request) string) (g grant, refusal string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, ok := m.codes[code]
	if !ok || !m.now().Before(kept.at.Add(CodeLife)) {
		return grant{}, "authorization code not found"
	}
	if refusal = check(kept.request); refusal != "" {
		return grant{}, refusal
	}
	if kept.consumed {
		delete(m.tokens, kept.token)
		return grant{}, "authorization code already consumed"
	}
	kept.consumed, kept.token, kept.issued = true, random(32), m.now()
	m.tokens[kept.token] = kept
	return *kept, ""
}

// byToken gives the login of a living access token. Its grant may have ended.
func (m *memory) byToken(token string) (grant, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g, ok := m.tokens[token]
	if !ok || !m.now().Before(g.issued.Add(TokenLife)) {
		return grant{}, false
	}
	return *g, true
}

// introspect is byToken for a data provider: the browser's session must live
// too.
func (m *memory) introspect(token string) (grant, bool) {
	g, ok := m.byToken(token)
	m.mu.Lock()
	defer m.mu.Unlock()
	s, there := m.sessions[g.session]
	return g, ok && there && m.now().Before(s.expires)
}

// faultOf gives the fault of the login that gave this code.
func (m *memory) faultOf(code string) Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	if g, ok := m.codes[code]; ok {
		return g.fault
	}
	return ""
}

// signedOn gives who this browser is already, at level acr; slide prolongs it.
func (m *memory) signedOn(cookie, acr string, slide bool) *Persona {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[cookie]
	if !ok || s.acr < acr || !m.now().Before(s.expires) {
		return nil
	}
	if slide {
		s.expires = m.now().Add(m.life)
		m.sessions[cookie] = s
	}
	return s.persona
}

func (m *memory) revoke(token string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.tokens, token)
}

// logout ends the browser's session of this subject; false when there is none.
func (m *memory) logout(cookie, subject string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[cookie]
	if !ok || !s.engine || s.subject != subject || !m.now().Before(s.expires) {
		return false
	}
	delete(m.sessions, cookie)
	return true
}

// sweep forgets what has expired, at most every ten seconds. m.mu is held.
func (m *memory) sweep() {
	now := m.now()
	if now.Sub(m.swept) < 10*time.Second {
		return
	}
	m.swept = now
	forget(m.interactions, func(i interaction) bool { return now.After(i.expires) })
	forget(m.sessions, func(s session) bool { return now.After(s.expires) })
	forget(m.codes, func(g *grant) bool { return now.After(g.at.Add(CodeLife)) })
	forget(m.tokens, func(g *grant) bool { return now.After(g.issued.Add(TokenLife)) })
}

func forget[V any](kept map[string]V, dead func(V) bool) {
	for k, v := range kept {
		if dead(v) {
			delete(kept, k)
		}
	}
}
