package slack

import (
	"net/http"
	"net/url"
	"strings"
)

// Handler serves the whole workspace. It answers only requests that were sent
// to a loopback host name, and takes changes to the lab only from its own
// page or from programs, not from other sites open in the same browser.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", w.serveAPI)
	mux.HandleFunc("/link/", w.delivery.sockets.serveLink)
	mux.HandleFunc("/link", w.delivery.sockets.serveLink)
	mux.HandleFunc("/commands/", w.serveReply)
	mux.HandleFunc("/actions/", w.serveReply)
	mux.HandleFunc("GET /archives/{channel}/{message}", w.servePermalink)
	w.controlRoutes(mux)
	w.pageRoutes(mux)
	return w.guard(mux)
}

// guard keeps foreign names and foreign sites out.
func (w *Workspace) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			sentence(rw, http.StatusForbidden, "This lab answers on loopback names only.")
			return
		}
		if strings.HasPrefix(r.URL.Path, "/lab/") && r.Method != http.MethodGet && foreign(r) {
			sentence(rw, http.StatusForbidden, "This request comes from another site.")
			return
		}
		w.base.learn(r)
		r.Body = http.MaxBytesReader(rw, r.Body, maxBody+1)
		next.ServeHTTP(rw, r)
	})
}

// foreign tells whether a browser says that the request comes from elsewhere.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host)
}
