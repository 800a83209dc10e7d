package auditor

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// stepTimeout is how long a reader may take for one piece of the export.
const stepTimeout = time.Minute

// Export streams the whole published log as one file (audit.ExportHeader, then
// one audit.ExportLine a leaf), for the operator's admin socket: it asks for no
// credential. An answer cut short is an export that failed: it is never ended
// cleanly, and its header says how many lines are due.
func (p *Pages) Export() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note, head, err := p.head(r.Context())
		if err != nil {
			http.Error(w, "the log cannot be read now", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", ndjson)
		s := span{to: head.Size, size: head.Size, note: note}
		if err := p.writeExport(r.Context(), patient{w, http.NewResponseController(w)}, s); err != nil {
			p.Log.ErrorContext(r.Context(), "export failed", "cause", err)
			panic(http.ErrAbortHandler) // the only way to end an answer that is not whole
		}
	})
}

func (p *Pages) writeExport(ctx context.Context, to io.Writer, s span) error {
	w := bufio.NewWriterSize(to, 256<<10)
	head, err := audit.EncodeExportHeader(p.header(s, s.to))
	if err != nil {
		return err
	}
	if _, err := w.Write(append(head, '\n')); err != nil {
		return fmt.Errorf("writing the export: %w", err)
	}
	err = p.each(ctx, s.from, s.to, func(e store.Entry) (bool, error) {
		line, err := p.line(ctx, e)
		if err == nil {
			_, err = w.Write(append(line, '\n'))
		}
		return true, err
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

// patient gives each piece its own time: the server's bound is for a whole answer.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Time{}) // not every writer has one
	_ = p.control.SetWriteDeadline(time.Now().Add(stepTimeout))
	return p.w.Write(b)
}
