package desk

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/piglig/go-qr"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/ui"
)

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
