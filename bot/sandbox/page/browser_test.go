package page_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// findBrowser looks for a browser that understands the DevTools protocol. A test
// without one is skipped, unless QINGFENG_BROWSER_REQUIRED is set.
func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const message = "no browser found: install Chromium or Chrome to test the chat page"
	if os.Getenv("QINGFENG_BROWSER_REQUIRED") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// browser is one tab, and what its console complained about.
type browser struct {
	t      *testing.T
	ctx    context.Context
	mu     sync.Mutex
	errors []string
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(
		options, chromedp.ExecPath(findBrowser(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	b := &browser{t: t}
	ctx, leave := chromedp.NewContext(allocator, chromedp.WithListener(b.listen))
	t.Cleanup(leave)
	b.ctx = ctx
	// The first step starts the browser and binds its life to the context.
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	return b
}

// listen keeps what the console reports as an error.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.errors = append(b.errors, "console."+string(e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.errors = append(b.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// patience is how long one step may take on a busy machine.
const patience = 30 * time.Second

// run does something in the tab.
func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a JavaScript expression to become true.
func (b *browser) until(expression string) {
	b.t.Helper()
	wait := chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience))
	if _, err := chromedp.Run(b.ctx, wait); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
}

// value gives a JavaScript expression.
func value[T any](b *browser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// look sets the size of the window in CSS pixels and the colours, and opens the
// page in one language.
func (b *browser) look(width, height int64, scheme, address string) {
	b.t.Helper()
	b.run(
		chromedp.EmulateViewport(width, height, chromedp.EmulateScale(1)),
		colours(scheme),
		chromedp.Navigate(address),
	)
	b.until(`document.body.dataset.ready === "true"`)
}

// colours lets the tab prefer light or dark.
func colours(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// keep writes a picture of the window to the folder that QINGFENG_SCREENSHOTS
// names, if it does.
func (b *browser) keep(name string) {
	b.t.Helper()
	folder := os.Getenv("QINGFENG_SCREENSHOTS")
	if folder == "" {
		return
	}
	b.run(chromedp.Sleep(700 * time.Millisecond)) // let movements end
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// quiet fails the test if the console complained.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errors) > 0 {
		b.t.Errorf("the console says:\n%s", strings.Join(b.errors, "\n"))
	}
}

// serve puts the page on an address of this machine.
func serve(t *testing.T, f *fixture) string {
	t.Helper()
	srv := httptest.NewServer(f.page)
	t.Cleanup(func() {
		srv.CloseClientConnections() // the streams of changes never end by themselves
		srv.Close()
	})
	return srv.URL
}

// breakable is a server of the page whose stream of changes can be cut.
type breakable struct {
	*httptest.Server
	mu     sync.Mutex
	broken bool
}

func newBreakable(t *testing.T, f *fixture) *breakable {
	t.Helper()
	s := &breakable{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		broken := s.broken
		s.mu.Unlock()
		if broken {
			panic(http.ErrAbortHandler) // cuts the connection
		}
		f.page.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *breakable) set(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// breakOff cuts all connections and lets no new one through.
func (s *breakable) breakOff() {
	s.set(true)
	s.CloseClientConnections()
}

// mend lets connections through again.
func (s *breakable) mend() { s.set(false) }

// script runs a JavaScript expression.
func script(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](expression)(ctx, t)
		return err
	})
}
