package broker

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent"
	"accord/ui"
)

// catalogue tells people every datum Accord can carry, by name.
func (b *Broker) catalogue(c *gin.Context) error {
	b.ui.Render(c.Writer, c.Request, http.StatusOK, cataloguePage(b.config.Catalogue))
	return nil
}

// catalogueOf tells the data of one source, with all their words.
func (b *Broker) catalogueOf(c *gin.Context) error {
	page := cataloguePage(b.config.Catalogue)
	for _, s := range page.Sources {
		if s.Source == c.Param("source") {
			page.One, page.Sources = s.Source, []ui.CatalogueSource{s}
			b.ui.Render(c.Writer, c.Request, http.StatusOK, page)
			return nil
		}
	}
	return failure.New(failure.NotFound, nil)
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
