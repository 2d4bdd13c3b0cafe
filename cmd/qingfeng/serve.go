package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// stopTime is how long the service may take to stop.
const stopTime = 9500 * time.Millisecond

// nameSetting is the setting under which the name of the bot is kept, so that links
// can be made while the service does not run.
const nameSetting = "bot-username"

// newServe makes the command that runs the service.
func newServe(c *console) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Long: "Run the service until it is told to stop (SIGTERM or Ctrl-C).\n\n" +
			"Prints `first admin: LINK` to stdout as long as no admin has a chat, and `ready` to stderr\n" +
			"when it receives updates.",
		Example: "  qingfeng serve --token-file token --data /var/lib/qingfeng\n" +
			"  qingfeng serve --token-file token --webhook-url https://bot.example.org --webhook-secret-file secret",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd, c, &f) },
	}
	f.register(cmd.Flags())
	return cmd
}

// server is the service with what is around it: the web, the socket, the logs.
type server struct {
	settings

	console  *console
	log      *slog.Logger
	office   *office
	client   *wire.Client
	counters *counters
	secret   string // of the webhook
	web      net.Listener
	door     *door
	service  atomic.Pointer[service] // nil until the chat service has answered
}

// runServe prepares everything that can fail at once, then runs until ctx ends.
func runServe(cmd *cobra.Command, c *console, f *serveFlags) error {
	s := &server{console: c}
	var err error
	if s.settings, err = f.resolve(cmd); err != nil {
		return err
	}
	c.location = s.location
	if err := armCrash(os.Getenv(crashVariable), s.apiURL, c.errs); err != nil {
		return err
	}
	if err := s.prepare(cmd, f); err != nil {
		return err
	}
	s.log.Info("starting", "version", versionOf().Version, "data", s.dir, "listen", s.web.Addr().String(), "api", s.apiURL)
	done := make(chan error, 1)
	go func() { done <- s.run(cmd.Context()) }()
	select {
	case err := <-done:
		return errors.Join(err, s.close())
	case <-cmd.Context().Done():
	}
	s.counters.stopping.Store(true)
	select {
	case err := <-done:
		if cut := s.counters.cut.Load(); cut > 0 {
			c.note("cli.stop.cut", reminders.Args{"Count": reminders.Number(int(cut))})
		}
		return errors.Join(err, s.close())
	case <-time.After(stopTime):
		// The process ends anyway. What is in flight is found at the next start.
		return failed("cli.stop.slow", nil, nil)
	}
}

// prepare opens the data directory first, so that a second process is refused
// before it speaks to anyone.
func (s *server) prepare(cmd *cobra.Command, f *serveFlags) error {
	token, err := f.token(typed(cmd, "token-file"), os.Getenv)
	if err != nil {
		return err
	}
	if s.secret, err = f.webhookSecret(); err != nil {
		return err
	}
	s.console.out = newRedacted(s.console.out, token, s.secret)
	s.console.errs = newRedacted(s.console.errs, token, s.secret)
	s.log = s.newLog()
	var options []wire.Option
	if s.paid {
		options = append(options, wire.PaidBroadcast())
	}
	if s.client, err = wire.New(token, s.apiURL, nil, s.log, options...); err != nil {
		return err
	}
	if s.office, err = s.open(cmd.Context()); err != nil {
		return err
	}
	if s.web, err = net.Listen("tcp", s.listen); err != nil {
		return errors.Join(failed("cli.listen", reminders.Args{
			"Address": reminders.Text(s.listen), "Cause": reminders.Text(cause(err)),
		}, err), s.office.close())
	}
	if s.door, err = openDoor(s.dir); err != nil {
		return errors.Join(err, s.web.Close(), s.office.close())
	}
	return nil
}

// newLog writes to the messages of the console.
func (s *server) newLog() *slog.Logger {
	options := &slog.HandlerOptions{Level: s.logLevel}
	if s.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.console.errs, options))
	}
	return slog.New(slog.NewTextHandler(s.console.errs, options))
}

// open opens the office over the data directory, on the clock that was asked for.
func (s *server) open(ctx context.Context) (*office, error) {
	if err := privateDir(s.dir); err != nil {
		return nil, err
	}
	if err := compact(ctx, s.dir, compactFrom, s.log); err != nil {
		return nil, err
	}
	file, err := openEngine(s.dir, bolt.Quota(int(s.quota)))
	if err != nil {
		return nil, err
	}
	s.counters = newCounters()
	engine := timedEngine{file, s.counters}
	var clock reminders.Clock = wallClock{}
	var fast *fastClock
	if s.simulated {
		if s.clockStart.IsZero() {
			s.clockStart = time.Now()
		}
		fast = newFastClock(s.clockStart, s.clockSpeed)
		clock = fast
	}
	f, err := newOffice(ctx, officeOptions{
		engine: engine, files: openFiles(s.dir, clock), clock: clock, location: s.location, language: s.language, override: s.override, log: s.log,
	})
	if err == nil && fast != nil {
		err = catchUp(ctx, f, fast)
	}
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return f, nil
}

// catchUp starts a simulated clock no earlier than the service was last at work: it
// never runs over the same time twice.
func catchUp(ctx context.Context, f *office, clock *fastClock) error {
	return f.store.View(ctx, func(tx reminders.Tx) error {
		last, err := f.store.LastAlive(tx)
		if err == nil && last.After(clock.start) {
			clock.start, clock.began = last, time.Now()
		}
		return err
	})
}

// privateDir makes the data directory, for its owner only.
func privateDir(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		if stat, statErr := os.Stat(dir); statErr == nil && stat.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(dir, 0o700) //nolint:gosec // a directory needs its x
		}
	}
	if err != nil {
		return failed("cli.data", reminders.Args{"Path": reminders.Text(dir), "Cause": reminders.Text(cause(err))}, err)
	}
	return nil
}

// run works until ctx ends. The web and the socket answer also while the chat
// service cannot be reached.
func (s *server) run(ctx context.Context) error {
	group, within := errgroup.WithContext(ctx)
	group.Go(func() error { return s.serveWeb(within) })
	group.Go(func() error { return s.door.serve(within, s.office, s.log) })
	group.Go(func() error { return s.converse(within) })
	return unlessTold(ctx, group.Wait())
}

// converse makes the chat service's acquaintance and runs the service on it.
func (s *server) converse(ctx context.Context) error {
	me, err := s.whoAmI(ctx)
	if err != nil {
		return err
	}
	err = s.office.store.Do(ctx, func(tx reminders.Tx) error {
		return s.office.store.SaveSetting(tx, nameSetting, me.Username)
	})
	if err != nil {
		return err
	}
	service, err := newService(ctx, s.office, serviceOptions{
		client: s.client, username: me.Username, rate: s.rate, pollDoer: wire.PollDoer(), quota: s.quota, feeds: s.feeds, recheck: s.recheck, counters: s.counters, public: s.public,
		onReady: func() { _, _ = fmt.Fprintln(s.console.errs, "ready") },
	})
	if err != nil {
		return err
	}
	if err := service.firstAdmin(ctx, s.console.out); err != nil {
		return err
	}
	s.service.Store(service)
	if s.webhook != "" {
		return service.run(ctx, s.receivePosts)
	}
	return service.run(ctx, service.poll)
}

// whoAmI asks the chat service who the bot is, until it answers. A refused token
// ends it.
func (s *server) whoAmI(ctx context.Context) (me wire.Self, err error) {
	err = s.insist(ctx, "the chat service cannot be reached", func() error {
		me, err = s.client.Me(ctx)
		return err
	})
	return me, err
}

// receivePosts asks the chat service to post updates and waits for the end.
func (s *server) receivePosts(ctx context.Context) error {
	err := s.insist(ctx, "the webhook could not be set", func() error {
		return s.client.SetWebhook(ctx, s.webhook, s.secret)
	})
	if err != nil {
		return err
	}
	service := s.service.Load()
	service.nowReady()
	<-ctx.Done()
	service.draining.Store(true)
	return nil
}

// Pauses between attempts, on the wall clock.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// insist tries until it works or cannot ever work, and says that it does.
func (s *server) insist(ctx context.Context, problem string, try func() error) error {
	for wait := firstPause; ; wait = min(2*wait, lastPause) {
		err := try()
		if err == nil || ctx.Err() != nil || reminders.KindOf(err) != reminders.Busy {
			return err
		}
		s.log.WarnContext(ctx, "trying again", "problem", problem, "error", err, "next_try_in", wait)
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// close ends the office after everything that works on it has ended.
func (s *server) close() error { return s.office.close() }
