package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/journey"
	"accord/consent"
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

func (p *Pages) approval(d dossier) *consent.Approval {
	for _, a := range p.Approvals() {
		if a.ID == d.Approval {
			return a
		}
	}
	return nil
}
