package auditor

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/audit"
)

// columns head export.csv. No pseudonym of a citizen is a column: the table is
// for counting and sorting, events.ndjson for checking.
func columns() []string {
	return []string{
		"rang", "type", "horodatage", "destinataire", "client", "finalite", "habilitation", "donnees",
		"source", "resultat", "etape", "motif", "accord", "remise", "appel_source", "efface",
	}
}

// table is /auditor/export.csv?from=&to=: one line a leaf, separated by
// semicolons as French spreadsheets read it, headed on every answer.
func (p *Pages) table(c *gin.Context) error {
	asked, err := p.span(c)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	w.Comma = ';'
	if err := w.Write(columns()); err != nil {
		return failure.New(failure.Ours, err)
	}
	end, err := p.gather(c, asked, &body, func(e store.Entry) error {
		cells, err := row(e)
		if err != nil {
			return err
		}
		return w.Write(cells)
	})
	if err != nil {
		return err
	}
	w.Flush()
	next(c, asked, end)
	c.Header("Content-Disposition", `attachment; filename="accord-`+strconv.FormatInt(asked.from, 10)+`.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8; header=present", body.Bytes())
	return nil
}

// row is one leaf; of an erased one only its place and kind are left.
func row(e store.Entry) ([]string, error) {
	if e.Erased {
		cells := make([]string, len(columns()))
		cells[0], cells[1], cells[len(cells)-1] = strconv.FormatInt(e.Index, 10), e.Kind.String(), "oui"
		return cells, nil
	}
	v, kind, err := audit.Decode(e.Event)
	if err != nil {
		return nil, err
	}
	cells := []string{
		strconv.FormatInt(e.Index, 10), kind.String(), v.Time, v.Recipient, v.Client, v.Purpose, v.Approval, strings.Join(v.Data, " "),
		v.Source, v.Outcome, v.Stage, v.Reason, v.Grant, v.Release, v.RequestID, "",
	}
	for i, cell := range cells {
		cells[i] = inert(cell)
	}
	return cells, nil
}

// inert keeps a spreadsheet from reading a cell as a formula.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
