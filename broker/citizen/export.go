package citizen

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
)

const (
	exportName   = "mes-accords.zip"
	exportAgain  = 10 * time.Second // between two exports of one citizen
	mostExported = 2000             // receipts, newest first
	exportStep   = time.Minute      // how long a reader may take for one piece
	bundleWait   = 600 * time.Millisecond
	bundleTries  = 4
)

// export streams everything Accord holds on its citizen as one file, a zip
// (PKWARE APPNOTE), which `accord-verify bundle` takes as it is:
//
//	LISEZ-MOI.txt · mes-accords.json · evenements.csv · recus/<id>.jws · recus/<id>.accord
//
// It holds what the pages show, and the proofs: no value, which Accord does not
// keep. An answer cut short has no directory, and no program opens it.
func (p *Pages) export(c *gin.Context) error {
	s, err := p.session(c.Request)
	if err != nil {
		return failure.New(failure.TimedOut, err).WithRetry("/mes-accords")
	}
	fresh, err := p.Store.Once(c.Request.Context(), store.Exports, sha256.Sum256([]byte(s.Citizen)), p.Now().Add(exportAgain))
	switch {
	case err != nil:
		return failure.New(failure.Busy, err).WithRetry("/mes-accords")
	case !fresh:
		return failure.Newf(failure.TooMany, "another export a moment ago").WithRetry("/mes-accords")
	}
	e, err := p.gather(c, s)
	if err != nil {
		return failure.New(failure.Busy, err).WithRetry("/mes-accords")
	}
	c.Header("Content-Type", "application/zip")
	c.Header("Content-Disposition", `attachment; filename="`+exportName+`"`)
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
	c.Status(http.StatusOK)
	if err := e.write(patient{c.Writer, http.NewResponseController(c.Writer)}); err != nil {
		p.Log.ErrorContext(c.Request.Context(), "export failed", "cause", err)
		panic(http.ErrAbortHandler) // the only way to end an answer that is not whole
	}
	return nil
}

// An exporting is one export under way.
type exporting struct {
	*Pages
	c        *gin.Context
	lang     string
	who      session
	grants   []store.Grant
	receipts []store.StoredReceipt
	leftOut  int // older receipts beyond the bound
	zip      *zip.Writer
	waits    int // for a checkpoint over the last act
}

func (p *Pages) gather(c *gin.Context, s session) (*exporting, error) {
	e := &exporting{Pages: p, c: c, lang: p.UI.Lang(c.Request), who: s}
	var err error
	if e.grants, err = p.Store.GrantsOf(c.Request.Context(), s.Citizen); err != nil {
		return nil, err
	}
	if e.receipts, err = p.Store.ReceiptsOf(c.Request.Context(), s.Citizen); err != nil {
		return nil, err
	}
	if e.leftOut = max(0, len(e.receipts)-mostExported); e.leftOut > 0 {
		e.receipts = e.receipts[:mostExported]
	}
	return e, nil
}

func (e *exporting) write(to io.Writer) error {
	e.zip = zip.NewWriter(to)
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"LISEZ-MOI.txt", e.writeReadme}, {"mes-accords.json", e.writeList}, {"evenements.csv", e.writeEvents},
	} {
		if err := e.file(file.name, zip.Deflate, file.write); err != nil {
			return err
		}
	}
	for _, r := range e.receipts {
		if err := e.writeProofs(r); err != nil {
			return err
		}
	}
	if err := e.zip.Close(); err != nil {
		return fmt.Errorf("ending the export: %w", err)
	}
	return nil
}

func (e *exporting) file(name string, method uint16, write func(io.Writer) error) error {
	w, err := e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: e.Now().UTC()})
	if err == nil {
		err = write(w)
	}
	if err == nil {
		err = e.zip.Flush()
	}
	if err != nil {
		return fmt.Errorf("exporting %s: %w", name, err)
	}
	return nil
}

// writeProofs adds a receipt and its bundle. The one made a moment ago waits
// for its checkpoint.
func (e *exporting) writeProofs(r store.StoredReceipt) error {
	bytesOf := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	if err := e.file("recus/"+r.ID+".jws", zip.Deflate, bytesOf(r.JWS)); err != nil {
		return err
	}
	bundle, err := e.bundle(e.c.Request.Context(), r)
	if err != nil || bundle == nil {
		return err
	}
	return e.file("recus/"+r.ID+".accord", zip.Store, bytesOf(bundle)) // packed already
}

func (e *exporting) bundle(ctx context.Context, r store.StoredReceipt) ([]byte, error) {
	for {
		bundle, err := e.BundleOf(ctx, r)
		if !errors.Is(err, store.ErrNotFound) || e.waits >= bundleTries {
			return bundle, err
		}
		e.waits++
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(bundleWait):
		}
	}
}

func (e *exporting) writeReadme(w io.Writer) error {
	_, err := io.WriteString(w, e.UI.ExportNote(e.lang, exportName, e.leftOut))
	return err
}

// writeList writes agreements, refusals and requests as JSON, one after the other.
func (e *exporting) writeList(w io.Writer) error {
	head := struct {
		Format string    `json:"format"`
		Made   time.Time `json:"made"`
		Log    string    `json:"log"`
	}{"accord-export@1", e.Now().UTC().Truncate(time.Second), e.Keys.LogVerifierKey()}
	first, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,\n\"accords\":[", first[:len(first)-1]); err != nil {
		return err
	}
	for i, g := range e.grants {
		if err := e.writeItem(w, i, func() (any, error) { return e.agreement(g) }); err != nil {
			return err
		}
	}
	refused, err := e.refusals(e.c, e.who)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "],\n\"refus\":["); err != nil {
		return err
	}
	for i, a := range refused {
		if err := e.writeItem(w, i, func() (any, error) { return e.item(a), nil }); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, "],\n\"demandes\":["); err != nil {
		return err
	}
	asked, err := e.Store.RequestsOf(e.c.Request.Context(), e.who.Citizen)
	if err != nil {
		return err
	}
	for i, r := range asked {
		if err := e.writeItem(w, i, func() (any, error) { return askedItem(r), nil }); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (e *exporting) writeItem(w io.Writer, i int, make func() (any, error)) error {
	item, err := make()
	if err != nil {
		return err
	}
	line, err := json.MarshalIndent(item, "", " ")
	if err != nil {
		return err
	}
	if i > 0 {
		line = append([]byte{','}, line...)
	}
	_, err = w.Write(append([]byte{'\n'}, line...))
	return err
}

// patient gives each piece its own time: the server's bound is for a whole answer.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(exportStep)) // not every writer has one
	return p.w.Write(b)
}
