package broker

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/consent"
	"accord/ui"
)

// catalogue tells people every datum Accord can carry.
func (b *Broker) catalogue(c *gin.Context) error {
	b.ui.Render(c.Writer, c.Request, http.StatusOK, cataloguePage(b.config.Catalogue))
	return nil
}

// catalogueJSON gives the very bytes whose digest receipts carry.
func (b *Broker) catalogueJSON(c *gin.Context) {
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, "application/json; charset=utf-8", b.config.Catalogue.Bytes())
}

func cataloguePage(all *consent.Catalogue) ui.Catalogue {
	page := ui.Catalogue{Digest: all.Digest()}
	for _, d := range all.Data() {
		at := slices.IndexFunc(page.Sources, func(s ui.CatalogueSource) bool { return s.Source == d.Source })
		if at < 0 {
			page.Sources = append(page.Sources, ui.CatalogueSource{Source: d.Source})
			at = len(page.Sources) - 1
		}
		page.Sources[at].Data = append(page.Sources[at].Data, ui.CatalogueDatum{
			Datum: d.ID, Aliases: d.Aliases, Subject: d.Subject, Unit: d.Unit, Period: d.Period, Preview: d.Preview,
			High: d.Sensitivity == consent.SensitivityHigh, Special: d.Special, Inputs: d.Inputs,
		})
	}
	return page
}
