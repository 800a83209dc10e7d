package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// patched is the files of a control with its hunks applied, by path from the
// root. A text that is not there exactly once makes the control stale: the
// code has changed, and nobody knows what the control would break now.
func (c control) patched(root string) (map[string]string, error) {
	texts := map[string]string{}
	for _, h := range c.hunks {
		text, ok := texts[h.file]
		if !ok {
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(h.file)))
			if err != nil {
				return nil, fmt.Errorf("stale control: %w", err)
			}
			text = string(data)
		}
		places := placesOf(h.old, text)
		if len(places) != 1 {
			return nil, fmt.Errorf("stale control: the text to replace is %d times in %s, want once", len(places), h.file)
		}
		texts[h.file] = text[:places[0]] + h.new + text[places[0]+len(h.old):]
	}
	return texts, nil
}

// placesOf are the offsets at which whole lines stand in a text: a match within
// a longer line is none.
func placesOf(lines, text string) (places []int) {
	for at := range len(text) {
		if (at == 0 || text[at-1] == '\n') && strings.HasPrefix(text[at:], lines) {
			places = append(places, at)
		}
	}
	return places
}

// overlay writes the patched files and the description go test -overlay wants
// into dir, and returns the latter's path.
func (c control) overlay(root, dir string) (string, error) {
	texts, err := c.patched(root)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for file, text := range texts {
		to := filepath.Join(dir, c.name+"-"+strings.ReplaceAll(file, "/", "-"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("writing a patched file: %w", err)
		}
		replace[filepath.Join(root, filepath.FromSlash(file))] = to
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("describing an overlay: %w", err)
	}
	at := filepath.Join(dir, c.name+".json")
	if err := os.WriteFile(at, data, 0o600); err != nil {
		return "", fmt.Errorf("describing an overlay: %w", err)
	}
	return at, nil
}
