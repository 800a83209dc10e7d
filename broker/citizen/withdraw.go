package citizen

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/receipt"
	"accord/ui"
)

// confirmWithdraw is the first of the two clicks.
func (p *Pages) confirmWithdraw(c *gin.Context) error {
	s, g, err := p.own(c)
	if err != nil {
		return err
	}
	if g.State != store.Given {
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	}
	a, err := p.accord(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Withdraw{
		Accord: a,
		Form:   ui.Form{Action: "/mes-accords/" + g.ID + "/retirer", CSRF: s.formToken()},
	})
	return nil
}

// withdraw is the second: one transaction ends the grant, its codes and
// tokens, and keeps the signed receipt. Once it returns no delivery begins.
func (p *Pages) withdraw(c *gin.Context) error {
	s, err := p.posted(c)
	if err != nil {
		return err
	}
	_, g, err := p.own(c)
	if err != nil {
		return err
	}
	signed, done, err := p.makeDurable(c, s, g)
	if errors.Is(err, store.ErrRevoked) { // a double click: it ended already
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	}
	if err != nil {
		return failure.New(failure.Busy, err).WithRetry("/mes-accords/" + g.ID)
	}
	g.State = store.Withdrawn
	a, err := p.accord(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Withdrawn{
		Accord: a, At: done.Time,
		Receipt: ui.ReceiptLink{Act: ui.Retracted, At: done.Time, HTML: "/recu/" + signed.ID, JWS: "/recu/" + signed.ID + ".jws"},
	})
	return nil
}

// makeDurable signs the withdrawal and makes it durable, again when the key was
// retired meanwhile, or the choice changed, which the receipt then follows.
func (p *Pages) makeDurable(c *gin.Context, s session, g store.Grant) (signed store.Receipt, done store.Logged, err error) {
	for range 5 {
		if signed, err = p.sign(c, g); err != nil {
			return signed, done, err
		}
		done, err = p.Store.Withdraw(c.Request.Context(), store.WithdrawCmd{Grant: g.ID, Citizen: s.Citizen, Receipt: signed})
		if !errors.Is(err, store.ErrStale) && !errors.Is(err, store.ErrConflict) {
			return signed, done, err
		}
		if now, errGrant := p.Store.Grant(c.Request.Context(), g.ID); errGrant == nil {
			g = now
		}
	}
	return signed, done, err
}

// sign repeats the agreement's last receipt as a withdrawal that names it.
func (p *Pages) sign(c *gin.Context, g store.Grant) (store.Receipt, error) {
	stored, given, err := p.lastReceipt(c, g)
	if err != nil {
		return store.Receipt{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return store.Receipt{}, fmt.Errorf("naming a receipt: %w", err)
	}
	now, previous := p.Now(), receipt.Digest(stored.JWS)
	return p.signReceipt(consent.WithdrawReceipt(given, previous, id.String(), now, p.UI.Lang(c.Request)), previous, now)
}

// lastReceipt is the receipt a grant stands in now.
func (p *Pages) lastReceipt(c *gin.Context, g store.Grant) (store.StoredReceipt, receipt.Receipt, error) {
	stored, err := p.Store.Receipt(c.Request.Context(), g.Receipt)
	if err != nil {
		return stored, receipt.Receipt{}, err
	}
	given, _, err := receipt.Parse(stored.JWS)
	if err != nil {
		return stored, given, fmt.Errorf("reading receipt %s: %w", g.Receipt, err)
	}
	return stored, given, nil
}

// signReceipt makes a receipt that follows another ready to be stored.
func (p *Pages) signReceipt(r receipt.Receipt, previous string, now time.Time) (store.Receipt, error) {
	key := p.Keys.Receipt()
	jws, err := receipt.Sign(r, key, now)
	if err != nil {
		return store.Receipt{}, err
	}
	return store.Receipt{ID: r.ReceiptID, KeyID: key.KeyID, JWS: jws, Digest: receipt.Digest(jws), Previous: previous}, nil
}
