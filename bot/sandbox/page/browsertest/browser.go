// Package browsertest drives a page in a real browser, headless, for tests. It
// is imported by tests only.
package browsertest

import (
	"context"
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

// find looks for a browser that understands the DevTools protocol. A test
// without one is skipped, unless QINGFENG_BROWSER_REQUIRED is set.
func find(t *testing.T) string {
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

// Browser is one tab, and what its console complained about.
type Browser struct {
	T      *testing.T
	ctx    context.Context
	mu     sync.Mutex
	errors []string
}

// Open starts a browser with one tab, for the time of the test.
func Open(t *testing.T) *Browser {
	t.Helper()
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(
		options, chromedp.ExecPath(find(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	b := &Browser{T: t}
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
func (b *Browser) listen(event any) {
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

// Patience is how long one step may take on a busy machine.
const Patience = 90 * time.Second

// Run does something in the tab.
func (b *Browser) Run(steps ...chromedp.Action[chromedp.Void]) {
	b.T.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.T.Fatal(err)
	}
}

// Until waits for a JavaScript expression to become true.
func (b *Browser) Until(expression string) {
	b.T.Helper()
	wait := chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(Patience))
	if _, err := chromedp.Run(b.ctx, wait); err != nil {
		b.T.Fatalf("%s: %v", expression, err)
	}
}

// Value gives a JavaScript expression.
func Value[T any](b *Browser, expression string) T {
	b.T.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.T.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Look sets the size of the window in CSS pixels and the colours, and opens the
// page in one language.
func (b *Browser) Look(width, height int64, scheme, address string) {
	b.T.Helper()
	b.Run(
		chromedp.EmulateViewport(width, height, chromedp.EmulateScale(1)),
		colours(scheme),
		chromedp.Navigate(address),
	)
	b.Until(`document.body.dataset.ready === "true"`)
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

// Keep writes a picture of the window to the folder that QINGFENG_SCREENSHOTS
// names, if it does.
func (b *Browser) Keep(name string) {
	b.T.Helper()
	folder := os.Getenv("QINGFENG_SCREENSHOTS")
	if folder == "" {
		return
	}
	b.Run(chromedp.Sleep(700 * time.Millisecond)) // let movements end
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		b.T.Fatal(err)
	}
}

// Quiet fails the test if the console complained.
func (b *Browser) Quiet() {
	b.T.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errors) > 0 {
		b.T.Errorf("the console says:\n%s", strings.Join(b.errors, "\n"))
	}
}

// Script runs a JavaScript expression.
func Script(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](expression)(ctx, t)
		return err
	})
}
