// Package visitors bounds what somebody nobody knows may ask for: a token
// bucket for each address of origin, in memory only.
package visitors

import (
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const most = 10_000 // addresses followed at once

// Limits allow each visitor a burst, then one act each so often.
type Limits struct {
	every time.Duration
	burst int
	mu    sync.Mutex // guards all
	all   map[string]*rate.Limiter
}

// New makes limits that nobody has used yet.
func New(every time.Duration, burst int) *Limits {
	return &Limits{every: every, burst: burst, all: map[string]*rate.Limiter{}}
}

// Allow counts one act of a visitor, known by the address and, where acts are
// counted apart, by what they are about.
func (l *Limits) Allow(about, address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) >= most {
		clear(l.all) // all at once: a full map means a flood, whose limits were spent anyway
	}
	key := about + "\x1f" + network(address)
	if l.all[key] == nil {
		l.all[key] = rate.NewLimiter(rate.Every(l.every), l.burst)
	}
	return l.all[key].Allow()
}

// network is the address for IPv4, its /64 for IPv6: one subscriber.
func network(address string) string {
	ip := net.ParseIP(address)
	if ip == nil || ip.To4() != nil {
		return address
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
