package audit

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// PackBundle gives a bundle as the file handed out, *.accord: its JSON under
// gzip (RFC 1952), as half of a bundle is base64 and names said twice. Any tool
// that reads gzip shows the JSON again.
func PackBundle(bundle []byte) ([]byte, error) {
	var file bytes.Buffer
	w, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(bundle)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("packing bundle: %w", err)
	}
	return file.Bytes(), nil
}

// OpenBundle reads a bundle's file, packed or plain. What is packed must be one
// gzip member with nothing after it and unpack to at most MaxBundle bytes; a
// line end after plain JSON is not the bundle's. Errors wrap ErrBundle.
func OpenBundle(file []byte) (Bundle, error) {
	if len(file) > MaxBundle {
		return Bundle{}, fmt.Errorf("opening bundle: %w: %d bytes", ErrBundle, len(file))
	}
	if !bytes.HasPrefix(file, []byte{0x1f, 0x8b}) {
		return ParseBundle(bytes.TrimRight(file, "\r\n"))
	}
	packed := bytes.NewReader(file)
	r, err := gzip.NewReader(packed)
	if err != nil {
		return Bundle{}, fmt.Errorf("opening bundle: %w: not gzip", ErrBundle)
	}
	r.Multistream(false)
	plain, err := io.ReadAll(io.LimitReader(r, MaxBundle+1))
	if err != nil || len(plain) > MaxBundle || packed.Len() > 0 {
		return Bundle{}, fmt.Errorf("opening bundle: %w: cut, too long, or something follows", ErrBundle)
	}
	return ParseBundle(plain)
}
