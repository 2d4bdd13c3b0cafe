package bot

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// Intake keeps raw updates until their effect is committed.
type Intake interface {
	// Waiting lists updates that wait to be handled, oldest first.
	Waiting(tx reminders.Tx, limit int) ([]wire.Raw, error)
	// Take removes one; false if it was handled before.
	Take(tx reminders.Tx, id int64) (bool, error)
	Quarantine(tx reminders.Tx, raw, reason string) error
}

// Receipts tell what became of deliveries.
type Receipts interface {
	Receipt(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Receipt, bool, error)
}

// Memory keeps settings, half-finished conversations and feedback, and the IDs under
// which the chat service has files, each for a use.
type Memory interface {
	Setting(tx reminders.Tx, name string, v any) (bool, error)
	SaveSetting(tx reminders.Tx, name string, v any) error
	Dialog(tx reminders.Tx, chat reminders.ChatID, v any) (bool, error)
	SaveDialog(tx reminders.Tx, chat reminders.ChatID, v any) error
	Number(tx reminders.Tx, series string) (uint64, error)
	Feedback(tx reminders.Tx, number string) (feedback.Thread, bool, error)
	Feedbacks(tx reminders.Tx) ([]feedback.Thread, error)
	SaveFeedback(tx reminders.Tx, t feedback.Thread) error
	Upload(tx reminders.Tx, hash, use string) (id string, known bool, err error)
	SaveUpload(tx reminders.Tx, hash, use, id string) error
}

// Years are the yearly arrangements in force.
type Years interface {
	Calendar() *calendar.Calendar
	// With gives the calendar as it would be with this arrangement.
	With(a calendar.Arrangement) (*calendar.Calendar, error)
	// Adopt puts an arrangement into force.
	Adopt(tx reminders.Tx, a calendar.Arrangement, by string) error
	// Reload brings the calendar up to what was adopted.
	Reload(ctx context.Context) error
}

// Outbox takes what is to be sent.
type Outbox interface {
	Enqueue(tx reminders.Tx, d reminders.Delivery) error
}

// Tree gives the units.
type Tree interface {
	Unit(tx reminders.Tx, id reminders.UnitID) (reminders.Unit, bool, error)
	Units(tx reminders.Tx) ([]reminders.Unit, error)
}

// Options join the bot to the domain and to the chat service.
type Options struct {
	Client   *wire.Client
	Units    reminders.Units
	Intake   Intake
	Receipts Receipts
	Memory   Memory
	Stock    Stock
	Years    Years
	Outbox   Outbox
	Ledger   ledger.Book
	People   *people.Desk
	Tree     Tree
	Notices  *notice.Desk
	Press    *notice.Press
	Themes   *theme.Desk
	Gate     *notice.Gate
	Exports  Exports
	Cases    *casebook.Desk
	Book     *obligation.Desk
	Duty     *duty.Desk
	Swaps    *duty.SwapDesk
	Spots    *duty.SpotDesk
	Leaves   *people.Leaves
	Groups   *people.Groups
	Reports  *report.Desk
	Files    report.Files
	Content  *content.Content
	Guard    *Guard
	Codec    *Codec
	Username string // of the bot, without '@'
	// PublicURL is the base of the addresses of calendars; empty: they are sent as files.
	PublicURL string
	Language  reminders.Language
	Clock     reminders.Clock
	Log       *slog.Logger
	Workers   int // chats served at once
}

// Bot handles what people send and puts into words what they receive.
type Bot struct {
	Options
	words *words
	table map[string]command
	verbs map[string]button

	replies map[string]reply
	places  map[string]place
	answers map[string]answering

	wake  chan struct{}
	mu    sync.Mutex
	busy  map[reminders.ChatID]bool
	menus map[reminders.ChatID]string // as they were set last
	live  sync.WaitGroup
}

// New makes a bot; Run starts its intake.
func New(o Options) *Bot {
	b := &Bot{
		Options: o, wake: make(chan struct{}, 1), busy: map[reminders.ChatID]bool{},
		table: map[string]command{}, verbs: map[string]button{},
		replies: replies(), places: joined(places(), groupPlaces()), answers: answerings(), menus: map[reminders.ChatID]string{},
	}
	b.words = newWords(o.Content.Catalogue(), o.Language, func() *time.Location { return o.Years.Calendar().Location() })
	maps.Copy(b.replies, publishReplies())
	maps.Copy(b.places, publishPlaces())
	for _, c := range commands() {
		b.table[c.name] = c
	}
	for _, v := range buttons() {
		b.verbs[v.verb] = v
	}
	return b
}

// Wake tells the bot that something new waits in the inbox.
func (b *Bot) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run handles what waits in the inbox, and the chores that an earlier process left,
// until ctx ends, and waits for what it began.
func (b *Bot) Run(ctx context.Context) error {
	defer b.live.Wait()
	b.resume(ctx)
	return b.intake(ctx)
}
