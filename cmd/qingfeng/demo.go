package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// demoToken is the token of the sandbox's bot; it opens nothing anywhere else.
const demoToken = "100:sandbox-of-the-demo-not-a-real-token"

// demoStart is before the programme of Mid-Autumn and National Day 2026 begins.
const demoStart = "2026-09-10T08:00:00+08:00"

// demoFlags are the flags of the demo.
type demoFlags struct {
	listen, start, language, data string
	speed                         int
	noBrowser                     bool
}

// newDemo makes the command that runs everything in one process.
func newDemo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole service with a simulated chat in the browser; needs no token and no network",
		Example: "  qingfeng demo\n" +
			"  qingfeng demo --language en\n" +
			"  qingfeng demo --start 2026-04-20T08:00:00+08:00 --no-browser",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8484", "address of the page")
	flags.IntVar(&f.speed, "speed", 3600, "simulated seconds a second while running to the next event")
	flags.StringVar(&f.start, "start", demoStart, "instant at which the clock starts, RFC 3339")
	flags.StringVar(&f.language, "language", "zh-Hans", "language of the phones that you play: zh-Hans or en")
	flags.StringVar(&f.data, "data", "", "keep the state in this directory (default: a temporary one, gone at exit)")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "only print the address")
	return cmd
}

// runDemo runs until it is interrupted.
func runDemo(cmd *cobra.Command, f demoFlags) error {
	start, err := time.Parse(time.RFC3339, f.start)
	if err != nil {
		return fmt.Errorf("--start %q is not an instant such as %s", f.start, demoStart)
	}
	dir := f.data
	if dir == "" {
		if dir, err = temporaryDir("qingfeng-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
	}
	d, err := newDemoOffice(cmd.Context(), demoOptions{
		dir: dir, start: start, speed: f.speed, language: languageLike(f.language),
		log: slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	defer func() { _ = d.close() }()
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("the page cannot be served at %s: %w; choose another address with --listen", f.listen, err)
	}
	address := "http://" + listener.Addr().String()
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "qingfeng demo: open %s (stop with Ctrl-C)\n", address)
	if !f.noBrowser {
		browse(address)
	}
	return d.run(cmd.Context(), listener)
}

// browse opens the address in the browser of the desktop, if there is one.
func browse(address string) {
	opener := map[string]string{"darwin": "open", "linux": "xdg-open"}[runtime.GOOS]
	if path, err := exec.LookPath(opener); err == nil && opener != "" {
		_ = exec.Command(path, address).Start() //nolint:gosec // the address is our own
	}
}

// demoOptions say how the invented office is made.
type demoOptions struct {
	dir      string
	start    time.Time
	speed    int
	language reminders.Language
	log      *slog.Logger
}

// demo is the whole service over the sandbox, with an invented office.
type demo struct {
	*service
	server *sandbox.Server
	clock  *showClock
	cast   *cast
	// firstCase is when the first case of the week comes, at which the clock stops.
	firstCase time.Time

	sampleHeaders []string
	sampleShifts  []sampleShift
}

// newDemoOffice opens the store, fills it with the invented office and joins the
// service to the sandbox.
func newDemoOffice(ctx context.Context, o demoOptions) (*demo, error) {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	engine, err := openEngine(o.dir)
	if err != nil {
		return nil, err
	}
	clock := newShowClock(o.start, o.speed)
	f, err := newOffice(ctx, officeOptions{
		engine: engine, files: openFiles(o.dir, clock), clock: clock, location: loc, language: o.language, log: o.log,
	})
	if err != nil {
		return nil, err
	}
	if err := resume(ctx, f, clock); err != nil {
		return nil, err
	}
	server, err := newSandbox(ctx, f, clock)
	if err != nil {
		return nil, err
	}
	client, err := wire.New(demoToken, "http://sandbox", server, o.log)
	if err != nil {
		return nil, err
	}
	me, err := client.Me(ctx)
	if err != nil {
		return nil, err
	}
	s, err := newService(ctx, f, serviceOptions{client: client, username: me.Username, rate: 28, pollDoer: server})
	if err != nil {
		return nil, err
	}
	d := &demo{service: s, server: server, clock: clock}
	if d.cast, err = newCast(ctx, d); err != nil {
		return nil, err
	}
	d.firstCase = d.findFirstCase(o.start)
	clock.next = d.nextEvent
	return d, nil
}

// newSandbox makes the chat service of the demo. Over kept data its numbers go on,
// or new taps would count as seen.
func newSandbox(ctx context.Context, f *office, clock *showClock) (*sandbox.Server, error) {
	server := sandbox.New(sandbox.Options{Token: demoToken, Now: clock.Now, Wall: time.Now, Limits: sandbox.DocumentedLimits()})
	offset, err := f.store.Offset(ctx)
	if err == nil && offset > 0 {
		server.Renumber(offset)
	}
	return server, err
}

// resume lets the clock go on where an earlier demo over the same data stopped.
func resume(ctx context.Context, f *office, clock *showClock) error {
	return f.store.View(ctx, func(tx reminders.Tx) error {
		last, err := f.store.LastAlive(tx)
		if err == nil && last.After(clock.Now()) {
			clock.change(func(time.Time) { clock.sim = last })
		}
		return err
	})
}

// run serves the page and plays until ctx ends.
func (d *demo) run(ctx context.Context, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	web := &http.Server{
		Handler:           page.New(d.server, d, d.text, d.log),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	group.Go(func() error { return d.service.run(ctx, d.poll) })
	group.Go(func() error { return d.cast.play(ctx) })
	group.Go(func() error { return d.mind(ctx) })
	group.Go(func() error {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		d.server.Close()
		return web.Shutdown(context.WithoutCancel(ctx))
	})
	return group.Wait()
}

// text gives a text of the page.
func (d *demo) text(lang, key string) string {
	text, err := d.content.Catalogue().Text(lang, key, nil)
	if err != nil {
		d.log.Error("page text", "key", key, "error", err)
		return key
	}
	return text
}
