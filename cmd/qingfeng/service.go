package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// Where the service's own numbers come from.
const (
	sendWorkers = 16               // messages in flight at once
	chatWorkers = 16               // chats served at once
	beatEvery   = 5 * time.Minute  // how often the record of being alive is renewed
	beatGap     = 10 * time.Minute // a longer silence is an outage
	tidyLimit   = 50               // old records dropped at once
)

// service is the running whole: the office, the bot, the clockwork.
type service struct {
	*office
	client   *wire.Client
	bot      *bot.Bot
	intake   *intake
	work     *dispatch.Clockwork
	username string

	pollDoer wire.Doer
	ready    atomic.Bool
	draining atomic.Bool
	beaten   time.Time // of the service's clock; used by the clockwork alone
	beatWall time.Time
	// steady says that the clock is the wall's: a gap between two beats means that
	// the machine slept, where a simulated clock merely ran on.
	steady   atomic.Bool
	onReady  func()
	lastPoll func() time.Time
	reader   *caseReader
}

// serviceOptions say how the service runs.
type serviceOptions struct {
	client   *wire.Client
	username string
	rate     float64
	pollDoer wire.Doer // nil: that of the client
	onReady  func()    // when updates are received
	quota    int64     // bytes of the store; 0: no limit
	counters *counters // nil: nobody counts
	public   string    // base of the addresses of calendars; empty: there are none
	feeds    []string  // of authorities, for cases
	recheck  bool      // whether the pages of published cases are looked at again
}

// newService joins the bot and the clockwork to an office.
func newService(ctx context.Context, f *office, o serviceOptions) (*service, error) {
	s := &service{office: f, client: o.client, username: o.username, pollDoer: o.pollDoer, onReady: o.onReady, lastPoll: func() time.Time { return time.Time{} }}
	_, steady := f.clock.(wallClock)
	s.steady.Store(steady)
	secret, err := f.seal(ctx)
	if err != nil {
		return nil, err
	}
	codec, err := bot.NewCodec(secret)
	if err != nil {
		return nil, err
	}
	s.intake = &intake{store: f.store, wake: func() { s.bot.Wake() }}
	s.bot = bot.New(bot.Options{
		Client: o.client, Units: f.store, Intake: s.intake, Receipts: f.store.Outbox(), Memory: f.store, Stock: stock{f.store, f.store.Outbox()},
		Years:  f.years,
		Outbox: f.post, Ledger: f.store, People: f.people, Tree: f.store.People(), Notices: f.notices, Press: f.press, Themes: f.themes, Gate: f.gate, Cases: f.cases, Exports: chatExports{f}, Book: f.book,
		Duty: f.duty, Spots: f.spots, Swaps: f.swaps, Leaves: f.leaves, Groups: f.groups, Reports: f.reports, Files: f.files,
		Content: f.content, Guard: s.guard, Codec: codec, Username: o.username, PublicURL: o.public, Language: f.lang, Clock: f.clock,
		Log: f.log, Workers: chatWorkers,
	})
	s.reader = &caseReader{office: f, addresses: o.feeds, pages: o.recheck, fetch: newFetcher(), counters: o.counters, held: s.bot.TellHeld}
	f.themes.Changed = s.bot.ThemeChanged
	f.post.KeepApart(f.leftover)
	f.notices.Rate = o.rate
	mute, err := s.mute()
	if err != nil {
		return nil, err
	}
	var sender dispatch.Sender = s.bot
	if o.counters != nil {
		sender = countedSender{s.bot, o.counters}
	}
	s.work = dispatch.New(dispatch.Options{
		Units: f.store, Store: f.store.Outbox(), Clock: f.clock, Wall: wallClock{}, Sender: sender, Witness: s.bot,
		// What expects something comes before the book, which asks for it at the same
		// instant; what tells how something ended comes after it.
		Sources: []dispatch.Source{
			f.duty, f.swaps, f.reports, f.book, f.spots, f.press, f.themes, f.notices, f.cases, obligation.NewAuditor(f.book, f.store, f.reg.staff), s.watch(o.quota),
			store.NewPurger(f.store, store.DefaultRetention()), &filePurger{office: f},
		},
		Workers: sendWorkers, Rate: o.rate, MaxUnit: f.store.MaxUnit(), Log: f.log, Committed: f.store.Committed(), Beat: s.beat, Mute: mute,
		Paused: f.notices.Paused, Hush: f.notices.Hush,
	})
	return s, nil
}

// run works until ctx ends: the clockwork, the bot, and receive, which brings
// updates in.
func (s *service) run(asked context.Context, receive func(ctx context.Context) error) error {
	group, ctx := errgroup.WithContext(asked)
	if err := s.bot.TellRestored(ctx); err != nil {
		return stopped(asked, err)
	}
	group.Go(func() error { return s.work.Run(ctx) })
	group.Go(func() error { return s.bot.Run(ctx) })
	group.Go(func() error { return s.reader.run(ctx) })
	group.Go(func() error { return receive(ctx) })
	return stopped(asked, group.Wait())
}

// stopped leaves out that something was cut short by a stop that was asked for, at
// however early a moment: that is no failure.
func stopped(asked context.Context, err error) error {
	if asked.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// poll receives updates by long polling.
func (s *service) poll(ctx context.Context) error {
	poller := &wire.Poller{
		Client: s.client, Doer: s.pollDoer, Inbox: s.intake, Quarantine: aside{s.store}, Guard: s.guard.Redact,
		Clock: wallClock{}, Log: s.log, Ready: s.nowReady,
	}
	s.lastPoll = poller.LastSuccess
	return poller.Run(ctx)
}

// nowReady marks that updates are received.
func (s *service) nowReady() {
	s.ready.Store(true)
	if s.onReady != nil {
		s.onReady()
	}
}

// beat renews the record of being alive, not more often than every beatEvery of
// the service's clock and every second of the wall. The first beat of a process,
// and on the wall's clock every beat, finds out how long the service was down.
func (s *service) beat(ctx context.Context, now time.Time) error {
	wall := time.Now()
	first := s.beatWall.IsZero()
	if !first && (now.Sub(s.beaten) < beatEvery || wall.Sub(s.beatWall) < time.Second) {
		return nil
	}
	s.beaten, s.beatWall = now, wall
	return s.store.Do(ctx, func(tx reminders.Tx) error {
		gap := beatGap
		if !first && !s.steady.Load() {
			gap = 1<<63 - 1
		}
		down, was, err := s.store.Alive(tx, gap)
		if err != nil {
			return err
		}
		if _, err := s.store.ForgetSeen(tx, tidyLimit); err != nil || !was {
			return err
		}
		return s.store.Append(tx, ledger.Entry{
			Actor: ledger.System, Verb: ledger.Outage, Object: "service",
			Attrs: map[string]string{"from": down.From.UTC().Format(time.RFC3339), "to": down.To.UTC().Format(time.RFC3339)},
		})
	})
}

// firstAdmin prints the one-time link of the first admin as long as no admin has
// a chat.
func (s *service) firstAdmin(ctx context.Context, out io.Writer) error {
	var code string
	err := s.store.Do(ctx, func(tx reminders.Tx) error {
		code = ""
		for record, err := range s.people.All(tx) {
			if err != nil {
				return err
			}
			if record.Active() && record.Bound() && record.Roles.Has(reminders.Admin) {
				return nil
			}
		}
		var err error
		code, err = s.people.InviteAdmin(tx, 0, ledger.System)
		return err
	})
	if err != nil || code == "" {
		return err
	}
	_, err = fmt.Fprintln(out, "first admin: "+s.bot.Link(code))
	return err
}

// discard is a logger for commands that report by themselves.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
