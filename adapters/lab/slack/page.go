package slack

import (
	"bytes"
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rs/zerolog"
)

// The page is HTML made here, one style sheet and one script. What is new
// reaches a browser as fragments: the script asks for them whenever the stream
// says that something changed, and replaces only what differs.

//go:embed page/*.html
var pageTemplates embed.FS

//go:embed page/static
var pageStatic embed.FS

// maxStreams bounds how many browsers may listen at once.
const maxStreams = 64

// webPage serves the page of one workspace.
type webPage struct {
	ws   Page
	team Team
	bot  Bot
	// now is the lab's time.
	now       func() time.Time
	log       zerolog.Logger
	templates *template.Template
	streams   chan struct{}
	heartbeat time.Duration
	longest   time.Duration
}

// parsedTemplates parses once; the files are part of the program, so a
// mistake in them shows in every test.
var parsedTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").ParseFS(pageTemplates, "page/*.html"))
})

// pageRoutes mounts the web page.
func (w *Workspace) pageRoutes(mux *http.ServeMux) {
	p := &webPage{
		ws:        w,
		team:      w.cfg.Team,
		bot:       w.cfg.Bot,
		now:       w.clock.Now,
		log:       w.cfg.Log,
		templates: parsedTemplates(),
		streams:   make(chan struct{}, maxStreams),
		heartbeat: 15 * time.Second,
		longest:   time.Hour,
	}
	p.routes(mux)
}

func (p *webPage) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.index)
	mux.HandleFunc("GET /static/{file}", p.static)
	mux.HandleFunc("GET /lab/page/fragment", p.fragments)
	mux.HandleFunc("GET /lab/page/stream", p.stream)
}

// contentPolicy lets the page load its own files and nothing else: no inline
// script or style, no frame around it, no other host.
const contentPolicy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

func secure(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// where is what the address asks to see.
type where struct {
	as, channel, thread string
	home                bool
}

func readWhere(r *http.Request) where {
	q := r.URL.Query()
	return where{as: q.Get("as"), channel: q.Get("channel"), thread: q.Get("thread"), home: q.Get("home") == "1"}
}

// part is a piece of the page that is replaced on its own.
type part struct {
	Name string
	HTML template.HTML
	Etag string
}

// liveParts are the templates that are drawn again whenever something
// changed, in the order in which the page holds them.
var liveParts = []string{"sidebar", "head", "conversation", "composer", "thread", "clock", "faults", "modal"}

func (p *webPage) index(w http.ResponseWriter, r *http.Request) {
	view := p.view(readWhere(r))
	view.Directory = p.directory()
	p.reply(w, r, "layout", view)
}

func (p *webPage) fragments(w http.ResponseWriter, r *http.Request) {
	p.reply(w, r, "fragments", p.view(readWhere(r)))
}

// reply draws every live part, then the template around them.
func (p *webPage) reply(w http.ResponseWriter, r *http.Request, name string, view pageView) {
	parts := make(map[string]part, len(liveParts))
	for _, live := range liveParts {
		drawn, err := p.draw(live, view)
		if err != nil {
			p.fail(w, r, err)
			return
		}
		parts[live] = drawn
	}
	var out bytes.Buffer
	data := struct {
		pageView
		Parts map[string]part
	}{view, parts}
	if err := p.templates.ExecuteTemplate(&out, name, data); err != nil {
		p.fail(w, r, fmt.Errorf("draw %s: %w", name, err))
		return
	}
	secure(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := out.WriteTo(w); err != nil {
		p.log.Debug().Err(err).Msg("page not delivered")
	}
}

// draw executes one template and notes what the result is, so that an
// unchanged part is left alone in the browser.
func (p *webPage) draw(name string, data any) (part, error) {
	var out bytes.Buffer
	if err := p.templates.ExecuteTemplate(&out, name, data); err != nil {
		return part{}, fmt.Errorf("draw %s: %w", name, err)
	}
	// The template has escaped its data already.
	return part{Name: name, HTML: template.HTML(out.String()), Etag: etag(out.Bytes())}, nil
}

func etag(b []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(b) // a hash never fails
	return strconv.FormatUint(h.Sum64(), 36)
}

func (p *webPage) fail(w http.ResponseWriter, r *http.Request, err error) {
	p.log.Error().Err(err).Str("path", r.URL.Path).Msg("page not drawn")
	secure(w.Header())
	http.Error(w, "The page could not be drawn: "+err.Error(), http.StatusInternalServerError)
}

// static serves the style sheet, the script and the icon.
func (p *webPage) static(w http.ResponseWriter, r *http.Request) {
	name := path.Join("page/static", path.Clean("/"+r.PathValue("file")))
	data, err := fs.ReadFile(pageStatic, name)
	if err != nil {
		secure(w.Header())
		http.NotFound(w, r)
		return
	}
	secure(w.Header())
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Etag", `"`+etag(data)+`"`)
	if kind, known := staticTypes[path.Ext(name)]; known {
		w.Header().Set("Content-Type", kind)
	}
	http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(data))
}

// staticTypes does not depend on the machine's own list of types.
var staticTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// initials are the letters of an avatar.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	letters := ""
	for _, word := range words[:min(len(words), 2)] {
		first, _ := utf8.DecodeRuneInString(word)
		letters += string(unicode.ToUpper(first))
	}
	if letters == "" {
		return "?"
	}
	return letters
}

// tone picks an avatar's color; the same id always has the same one.
func tone(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	return int(h.Sum32() % 8)
}
