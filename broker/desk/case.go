package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/piglig/go-qr"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/journey"
	"accord/consent"
	"accord/providers"
	"accord/ui"
)

// A dossier is one person's request in an agent's session: first the room
// where the agent waits, then the token that reads what was agreed. It rests
// sealed under the session and dies with it, or with the token.
type dossier struct {
	Approval   string
	FileNumber string
	Room       []byte    `json:",omitempty"`
	Path       string    `json:",omitempty"` // of the QR code
	Token      string    `json:",omitempty"`
	Receipt    string    `json:",omitempty"` // receipt id
	Until      time.Time // of the code, then of the token

	secret []byte
}

// caseSecret ties a case's name, which stands in addresses, to its session.
func (s session) caseSecret(name string) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(casePurpose + name))
	return mac.Sum(nil)
}

// open runs the assistance and keeps what it led to.
func (p *Pages) open(c *gin.Context, s session, a journey.Assistance) error {
	name := base64.RawURLEncoding.EncodeToString(fresh()[:9])
	d := dossier{Approval: a.Approval, FileNumber: a.FileNumber, secret: s.caseSecret(name)}
	if a.Agreement == consent.OwnPhone {
		invited, err := p.Journey.Invite(c.Request.Context(), a)
		if err != nil {
			return p.refused(c, err)
		}
		d.Room, d.Path, d.Until = invited.Room, invited.Path, invited.Until
	} else {
		code, err := p.Journey.Assist(c, a)
		if err == nil {
			err = p.redeem(c.Request.Context(), &d, code)
		}
		if err != nil {
			return p.refused(c, err)
		}
	}
	if err := p.save(c.Request.Context(), d); err != nil {
		return failure.New(failure.Busy, err)
	}
	c.Redirect(http.StatusSeeOther, "/guichet/dossier?d="+url.QueryEscape(name))
	return nil
}

func (p *Pages) save(ctx context.Context, d dossier) error {
	return p.keep(ctx, d.secret, casePurpose, d, p.Now().Add(clocks.InteractionAtMost))
}

func (p *Pages) redeem(ctx context.Context, d *dossier, code string) error {
	r, err := p.Journey.RedeemAssisted(ctx, code)
	d.Token, d.Receipt, d.Until = r.Token, r.Receipt, r.Until
	return err
}

// redeemOnce redeems a room's code, unless another load of the same page did.
func (p *Pages) redeemOnce(ctx context.Context, d *dossier, code string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.kept(ctx, d.secret, casePurpose, d); err != nil || d.Token != "" {
		return err
	}
	if err := p.redeem(ctx, d, code); err != nil {
		return err
	}
	return p.save(ctx, *d)
}

// caseOf opens the case an address names.
func (p *Pages) caseOf(c *gin.Context) (dossier, error) {
	s, err := p.working(c)
	if err != nil {
		return dossier{}, err
	}
	d := dossier{secret: s.caseSecret(c.Query("d"))}
	if err := p.kept(c.Request.Context(), d.secret, casePurpose, &d); err != nil {
		return d, failure.New(failure.NotFound, err).WithRetry("/guichet")
	}
	return d, nil
}

// showCase waits for the person's phone, or delivers.
func (p *Pages) showCase(c *gin.Context) error {
	d, err := p.caseOf(c)
	if err != nil {
		return err
	}
	if d.Token == "" {
		if answered, err := p.wait(c, &d); answered || err != nil {
			return err
		}
	}
	return p.deliver(c, d)
}

// wait looks into the room. answered tells that a page was given; otherwise
// the person agreed and d has its token.
func (p *Pages) wait(c *gin.Context, d *dossier) (answered bool, err error) {
	room, err := p.Journey.RoomOf(c.Request.Context(), d.Room)
	if err != nil {
		return false, failure.New(failure.Busy, err)
	}
	switch room.State {
	case journey.RoomAccepted:
		if err := p.redeemOnce(c.Request.Context(), d, room.Code); err != nil {
			return true, p.refused(c, err)
		}
		return false, nil
	case journey.RoomRefused:
		return true, p.stop(c, http.StatusOK, ui.StopRefused)
	case journey.RoomMistaken:
		return true, p.stop(c, http.StatusOK, ui.StopMistaken)
	case journey.RoomCapped:
		return true, p.stop(c, http.StatusTooManyRequests, ui.StopCap)
	case journey.RoomWaiting:
		if p.Now().Before(d.Until) {
			return true, p.waitPage(c, *d, room)
		}
	case journey.RoomOpened:
		return true, p.waitPage(c, *d, room)
	case journey.RoomClosed:
	}
	return true, p.stop(c, http.StatusGone, ui.StopClosed)
}

func (p *Pages) waitPage(c *gin.Context, d dossier, room journey.Room) error {
	page := ui.DeskWait{State: string(room.State), Until: d.Until, Seconds: 3, Again: c.Request.URL.RequestURI()}
	if a := p.approval(d); a != nil {
		page.Requester = p.requester(c, a)
	}
	if room.State == journey.RoomWaiting {
		page.Address, page.Code = p.IssuerURL+d.Path, "/guichet/code?d="+url.QueryEscape(c.Query("d"))
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

func (p *Pages) approval(d dossier) *consent.Approval {
	for _, a := range p.Approvals() {
		if a.ID == d.Approval {
			return a
		}
	}
	return nil
}

// showCode is the QR code of a case's address, as PNG.
func (p *Pages) showCode(c *gin.Context) error {
	d, err := p.caseOf(c)
	if err != nil {
		return err
	}
	if d.Path == "" || d.Token != "" {
		return failure.Newf(failure.NotFound, "a case without a code")
	}
	code, err := go_qr.EncodeText(p.IssuerURL+d.Path, go_qr.Medium)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	png, err := code.ToPNGBytes(go_qr.NewQrCodeImgConfig(8, 4))
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Cross-Origin-Resource-Policy", "same-origin")
	c.Data(http.StatusOK, "image/png", png)
	return nil
}

// deliver shows what was agreed: the delivery is durable before a byte of it
// is on the page.
func (p *Pages) deliver(c *gin.Context, d dossier) error {
	a := p.approval(d)
	if a == nil {
		return p.stop(c, http.StatusForbidden, ui.StopNoDesk)
	}
	shown, err := p.Deliveries.Show(c.Request.Context(), d.Token)
	if err != nil {
		return p.refused(c, err)
	}
	page := ui.DeskResult{
		Requester: p.requester(c, a), Purpose: text(a.Purpose.Text), Basis: ui.Basis(a.Legal.Act), FileNumber: d.FileNumber,
		Release: shown.Release, Position: shown.Position, Print: "/guichet/recu?d=" + url.QueryEscape(c.Query("d")), Until: d.Until,
	}
	if page.Sources, err = p.sources(shown.Snapshot); err != nil {
		return failure.New(failure.Ours, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// sources are the parts of a delivery in the catalogue's order.
func (p *Pages) sources(s journey.Snapshot) ([]ui.Source, error) {
	var all []ui.Source
	for _, d := range p.Catalogue.Data() {
		part, ok := s.Parts[d.Resource]
		if !ok || !part.Holds(d.ID) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Resource != d.Resource {
			all = append(all, ui.Source{
				ID: d.Source, Resource: d.Resource, Operator: part.Operator, Outcome: ui.Outcome(providers.Found), Absence: part.Absent != "",
			})
			if part.Absent != "" {
				all[n].Outcome = ui.Outcome(part.Absent)
			}
		}
		item, err := itemOf(d, part)
		if err != nil {
			return nil, err
		}
		all[len(all)-1].Items = append(all[len(all)-1].Items, item)
	}
	return all, nil
}

func itemOf(d consent.Datum, part journey.Part) (ui.Item, error) {
	item := ui.Item{Datum: d.ID, Unit: d.Unit}
	if d.Period != consent.PeriodNone {
		item.Period = part.Period
	}
	if part.Absent != "" {
		return item, nil
	}
	value, err := consent.Mask(part.Document, d.Paths)
	item.Value = json.RawMessage(value)
	return item, err
}
