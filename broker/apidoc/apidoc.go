// Package apidoc holds the description of Accord's programmatic interface,
// OpenAPI 3.1, served at /openapi.yaml.
//
//	testdata/base.yaml (written by hand) ┐
//	consent's catalogue, resource's addresses ├─ go test -update ─▶ openapi.yaml ─▶ /openapi.yaml
//	examples/*.json (recorded from journeys)  ┘
//
// The schemas of the data follow from the catalogue, member by member, with
// additionalProperties false: what is not described is never sent. Each example
// was recorded from a whole journey, and a test plays it again.
package apidoc

import (
	_ "embed" // the document
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed openapi.yaml
var document []byte

// Document is the description as it is served: UTF-8 YAML.
func Document() []byte { return document }

// Mount serves it.
func Mount(r gin.IRoutes) {
	r.GET("/openapi.yaml", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=300")
		c.Data(http.StatusOK, "application/yaml; charset=utf-8", document)
	})
}
