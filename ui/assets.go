package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
)

// An asset is one static file, kept in memory plain and compressed.
type asset struct {
	contentType, etag, caching string
	plain, zipped              []byte
}

// assets are the stylesheet, under a name that holds its hash, and the icon.
type assets struct {
	stylesheet string // "/s/accord.1a2b3c4d.css"
	files      map[string]asset
}

func newAssets() (*assets, error) {
	css, err := readAsset("accord.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable")
	if err != nil {
		return nil, err
	}
	icon, err := readAsset("favicon.ico", "image/x-icon", "public, max-age=86400")
	if err != nil {
		return nil, err
	}
	name := "/s/accord." + strings.Trim(css.etag, `"`)[:8] + ".css"
	return &assets{stylesheet: name, files: map[string]asset{name: css, "/favicon.ico": icon}}, nil
}

func readAsset(name, contentType, caching string) (asset, error) {
	plain, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		return asset{}, fmt.Errorf("ui: static file: %w", err)
	}
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if _, err := z.Write(plain); err != nil {
		return asset{}, fmt.Errorf("ui: compressing %s: %w", name, err)
	}
	if err := z.Close(); err != nil {
		return asset{}, fmt.Errorf("ui: compressing %s: %w", name, err)
	}
	sum := sha256.Sum256(plain)
	return asset{contentType: contentType, caching: caching, plain: plain, zipped: zipped.Bytes(), etag: `"` + hex.EncodeToString(sum[:8]) + `"`}, nil
}

// Static serves the stylesheet under /s/ and /favicon.ico, 404 for any other
// path. A stylesheet's name changes with its content, so it is cached for a
// year.
func (u *UI) Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := u.assets.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", a.caching)
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	_, _ = w.Write(body)
}
