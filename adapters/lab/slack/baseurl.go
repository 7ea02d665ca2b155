package slack

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// baseURL knows how the app reaches the workspace: as configured, or else by
// the host that the latest request was sent to.
type baseURL struct {
	fixed string
	mu    sync.Mutex
	host  string
}

// learn notes the host of a request that has passed the loopback guard.
func (b *baseURL) learn(r *http.Request) {
	if b.fixed != "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.host = r.Host
}

// http is the address without a trailing slash.
func (b *baseURL) http() string {
	if b.fixed != "" {
		return b.fixed
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return "http://" + b.host
}

// webSocket is the same address for WebSocket connections.
func (b *baseURL) webSocket() string {
	return "ws" + strings.TrimPrefix(b.http(), "http")
}

// loopbackHost tells whether a Host header names this machine. A browser that
// was led here by a rebound DNS name sends that name, and is refused.
func loopbackHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if strings.EqualFold(name, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback()
}
