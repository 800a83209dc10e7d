package verification

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"accord/broker/failure"
)

// The bounds of what may be given, in bytes.
const (
	maxDocument = 64 << 10
	maxPicture  = 8 << 20
	// MaxUpload is the whole of a request.
	MaxUpload = maxPicture + 3*maxDocument
	maxParts  = 16
)

// A given is what came, in memory only.
type given struct {
	pasted, file, notice []byte // cut one byte beyond their bound
	whole                bool   // false: the body was longer than it may be
}

func (g given) problem() string {
	switch {
	case !g.whole:
		return ""
	case len(g.pasted) > 0 && len(g.file) > 0:
		return "both"
	case len(g.pasted) == 0 && len(g.file) == 0:
		return "nothing"
	}
	return ""
}

func (g given) document() []byte {
	if len(g.file) > 0 {
		return g.file
	}
	return g.pasted
}

// read takes a form, or a body that is the document itself. The parts of a
// form are read as they come: the library's own parser would put a large file
// on the disk.
func read(r *http.Request) (given, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return given{}, failure.Newf(failure.InvalidForm, "no content type")
	}
	g := given{whole: true}
	switch kind {
	case "multipart/form-data":
		err = g.readParts(r)
	case "application/x-www-form-urlencoded":
		err = g.readForm(r)
	default:
		g.file, err = upTo(r.Body, maxPicture)
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return given{}, nil // not whole
	}
	if err != nil {
		return given{}, failure.Newf(failure.InvalidForm, "unreadable form")
	}
	return g, nil
}

func (g *given) readForm(r *http.Request) error {
	body, err := upTo(r.Body, MaxUpload)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return err
	}
	g.pasted = bytes.TrimSpace([]byte(values.Get("document")))
	return nil
}

func (g *given) readParts(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := g.readPart(part.FormName(), part); err != nil {
			return err
		}
	}
	return errors.New("too many fields")
}

func (g *given) readPart(name string, part io.Reader) (err error) {
	switch name {
	case "document":
		g.pasted, err = upTo(part, maxDocument)
		g.pasted = bytes.TrimSpace(g.pasted)
	case "fichier":
		g.file, err = upTo(part, maxPicture)
	case "texte":
		g.notice, err = upTo(part, maxDocument)
	}
	return err
}

// upTo reads at most one byte beyond limit, so that what is too long is seen as
// such.
func upTo(r io.Reader, limit int64) ([]byte, error) { return io.ReadAll(io.LimitReader(r, limit+1)) }
