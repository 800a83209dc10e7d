package jwksuri

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxAnswer = 64 << 10 // bytes
	maxKeys   = 32       // of one set; a longer one is refused whole
)

// fetch reads a JWK Set (RFC 7517 §5): its good keys, and how long they may be
// kept.
func (k *Keys) fetch(ctx context.Context, address string) (set, time.Duration, error) {
	if err := k.allowed(address); err != nil {
		return set{}, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, wholeFetch)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return set{}, 0, err
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	answer, err := k.http.Do(r)
	if err != nil {
		return set{}, 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return set{}, 0, fmt.Errorf("status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return set{}, 0, err
	}
	if len(body) > maxAnswer {
		return set{}, 0, fmt.Errorf("longer than %d bytes", maxAnswer)
	}
	s, err := k.read(body)
	return s, freshness(answer.Header), err
}

// allowed is https; http only where this machine may be asked at all.
func (k *Keys) allowed(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return errors.New("the address is no absolute one")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !k.config.Loopback) {
		return errors.New("the address is not https")
	}
	return nil
}

// read keeps the good keys of a set. Keys of a kind not known here are as if
// not there (RFC 7517 §5), and so is one whose id another has already.
func (k *Keys) read(body []byte) (set, error) {
	var sent struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return set{}, errors.New("the answer is no JWK Set")
	}
	if len(sent.Keys) == 0 || len(sent.Keys) > maxKeys {
		return set{}, fmt.Errorf("the set has %d keys, not 1 to %d", len(sent.Keys), maxKeys)
	}
	var good set
	seen := map[string]bool{}
	for _, raw := range sent.Keys {
		if good.encrypts(raw, k.config.Encrypts) {
			continue
		}
		var key jose.JSONWebKey
		if json.Unmarshal(raw, &key) != nil || !k.config.Good(key) || seen[key.KeyID] {
			continue
		}
		seen[key.KeyID] = true
		good.keys = append(good.keys, key)
	}
	if len(good.keys) == 0 {
		return set{}, errors.New("no key of the set is usable")
	}
	return good, nil
}

// freshness is the answer's max-age (RFC 9111 §5.2.2.1), within bounds.
func freshness(h http.Header) time.Duration {
	fresh := freshDefault
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return freshLeast
		case "max-age":
			if n, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 31); err == nil {
				fresh = time.Duration(n) * time.Second
			}
		}
	}
	return min(max(fresh, freshLeast), freshMost)
}
