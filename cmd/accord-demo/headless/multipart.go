package headless

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
)

// PressMultipart presses the button of a form that may carry a file: the field
// papier is sent as one.
func (b *Browser) PressMultipart(p *Page, button string, more url.Values) (*Page, error) {
	_, action, values, err := p.Form(button, more)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range values {
		for _, value := range all {
			if err := writePart(w, name, value); err != nil {
				return nil, fmt.Errorf("form of %q: %w", button, err)
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("form of %q: %w", button, err)
	}
	return b.sendBody(action, p.URL.Scheme+"://"+p.URL.Host, w.FormDataContentType(), body.Bytes())
}

func writePart(w *multipart.Writer, name, value string) error {
	if name != "papier" {
		return w.WriteField(name, value)
	}
	part, err := w.CreateFormFile(name, "papier.pdf")
	if err == nil {
		_, err = part.Write([]byte(value))
	}
	return err
}

// sendBody posts, and follows the answer as send does.
func (b *Browser) sendBody(action, origin, kind string, body []byte) (*Page, error) {
	req, err := http.NewRequest(http.MethodPost, action, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("opening an address: %w", err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", origin)
	if b.Lang != "" {
		req.Header.Set("Accept-Language", b.Lang)
	}
	page, next, err := b.answer(req)
	if err != nil || next == nil {
		return page, err
	}
	return b.Get(next.String())
}
