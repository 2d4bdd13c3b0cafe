package page

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"path"

	"golang.org/x/text/language"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

//go:embed index.html static
var files embed.FS

// policy lets the page load from its own origin only, and run no script that
// stands in the page itself.
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// types are the content types of what the page consists of. They are written
// down because the registry of a machine may say something else.
var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// The languages of the page, the default first.
var (
	languages = []string{"zh-Hans", "en"}
	matcher   = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})
)

// server answers the requests of the page.
type server struct {
	chat   *sandbox.Server
	office Office
	log    *slog.Logger
	first  map[string][]byte // the first screen by language
}

// New makes the handler of the page. It shows the phones of srv and the clock
// and plan of office. The function texts gives the text of a key of area "page"
// in zh-Hans or en, and is called for every key once, by New.
//
// The handler must be reachable at the root of its origin. Its stream of changes
// ends with the context of the request only: give the http.Server a BaseContext
// that is cancelled at the end, and no write timeout.
func New(srv *sandbox.Server, office Office, texts func(lang, key string) string, log *slog.Logger) http.Handler {
	s := &server{chat: srv, office: office, log: log, first: map[string][]byte{}}
	for _, lang := range languages {
		s.first[lang] = firstScreen(lang, texts)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /static/{name}", s.static)
	mux.HandleFunc("GET /api/state", s.state)
	mux.HandleFunc("GET /api/chat", s.conversation)
	mux.HandleFunc("GET /api/file", s.download)
	mux.HandleFunc("GET /api/events", s.events)
	mux.HandleFunc("POST /api/type", s.typed)
	mux.HandleFunc("POST /api/tap", s.tap)
	mux.HandleFunc("POST /api/file", s.upload)
	mux.HandleFunc("POST /api/album", s.album)
	mux.HandleFunc("POST /api/sample", s.sample)
	mux.HandleFunc("POST /api/clock", s.clock)
	return secured(http.NewCrossOriginProtection().Handler(mux))
}

// secured adds the headers that every answer carries.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// choice is one language of the switch.
type choice struct {
	Tag, Name string
	Current   bool
}

// firstScreen renders index.html in one language. The browser gets all texts
// with it, so that nothing is ever shown without wording.
func firstScreen(lang string, texts func(lang, key string) string) []byte {
	t := func(key string) string { return texts(lang, key) }
	source, err := files.ReadFile("index.html")
	if err != nil {
		panic(err) // embedded above
	}
	index := template.Must(template.New("index").Funcs(template.FuncMap{"t": t}).Parse(string(source)))
	view := struct {
		Lang      string
		Texts     map[string]string
		Languages []choice
	}{Lang: lang, Texts: map[string]string{}}
	for _, key := range keys {
		view.Texts[key] = t(key)
	}
	for _, tag := range languages {
		view.Languages = append(view.Languages, choice{tag, texts(tag, "page.language.name"), tag == lang})
	}
	var page bytes.Buffer
	if err := index.Execute(&page, view); err != nil {
		panic(err) // the template and its view are both fixed
	}
	return page.Bytes()
}

// languageOf is the language that a request asks for: by the parameter lang,
// otherwise by what the browser prefers.
func languageOf(r *http.Request) string {
	wish := r.URL.Query().Get("lang")
	if wish == "" {
		wish = r.Header.Get("Accept-Language")
	}
	tags, _, err := language.ParseAcceptLanguage(wish)
	if err != nil || len(tags) == 0 {
		return languages[0]
	}
	_, i, _ := matcher.Match(tags...)
	return languages[i]
}

func (s *server) index(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language")
	s.write(w, s.first[languageOf(r)])
}

func (s *server) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	content, err := files.ReadFile("static/" + path.Base(name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	s.write(w, content)
}

// write ends an answer. A browser that has gone away is nobody's fault.
func (s *server) write(w http.ResponseWriter, content []byte) {
	if _, err := w.Write(content); err != nil {
		s.log.Debug("page: the browser has gone", "error", err)
	}
}
