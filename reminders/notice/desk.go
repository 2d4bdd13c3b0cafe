package notice

import (
	"context"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// How far the desk looks around the present: back over an outage, forward to
// know when it is wanted next.
const (
	lookBack  = 45 * 24 * time.Hour
	lookAhead = 45 * 24 * time.Hour
)

// takenAtOnce is how many due items one unit of work deals with.
const takenAtOnce = 10

// slack is how far the clock may step back before the plan is made anew.
const slack = time.Hour

// Store keeps notices and the texts of the office.
type Store interface {
	Notice(tx reminders.Tx, id string) (Notice, bool, error)
	NoticeByHandle(tx reminders.Tx, handle string) (Notice, bool, error)
	SaveNotice(tx reminders.Tx, n Notice) error
	// PublishingNotices lists what is being expanded to its audience.
	PublishingNotices(tx reminders.Tx) ([]string, error)
	// RecentNotices lists notices by their instant, newest first.
	RecentNotices(tx reminders.Tx, limit int) ([]Notice, error)

	Draft(tx reminders.Tx, id string) (Draft, bool, error)
	SaveDraft(tx reminders.Tx, d Draft) error
	DraftsOf(tx reminders.Tx, block string) ([]Draft, error) // all blocks if empty
}

// Register tells who there is.
type Register interface {
	// PeopleAfter pages through the active people in order of their id.
	PeopleAfter(tx reminders.Tx, after reminders.PersonID, limit int) ([]reminders.Person, error)
	// SubscribersAfter does so without those who have left a topic.
	SubscribersAfter(tx reminders.Tx, topic string, after reminders.PersonID, limit int) ([]reminders.Person, error)
	// UnitsAfter pages through the units that are asked to acknowledge, in order of
	// their id.
	UnitsAfter(tx reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error)
	InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error)
	// Unreachable counts the active people whom no message reaches: never bound,
	// and bound but out of reach.
	Unreachable(tx reminders.Tx) (neverBound, outOfReach int, err error)
}

// Library hands out what fits a holiday.
type Library interface {
	// Risks are the points of a reminder: catalogue keys of their texts and of
	// the rules behind them.
	Risks(festivals []calendar.Festival) []Risk
}

// Risk is one point of a reminder: the key of its text and of its rule's title.
type Risk struct{ Text, Source string }

// Book of obligations, as far as notices need it.
type Book interface {
	Expect(tx reminders.Tx, t obligation.Terms, owners []obligation.Owner) error
	Redate(tx reminders.Tx, t obligation.Terms) error
	// WithdrawUnsent ends a page of the open lines whose owners nothing has reached.
	WithdrawUnsent(tx reminders.Tx, id obligation.TermsID, cursor string, limit int, reason string, by reminders.PersonID) (next string, err error)
	// Supersede ends a page of the open lines under from and expects the same under to.
	Supersede(tx reminders.Tx, from obligation.TermsID, to obligation.Terms, cursor string, limit int, by reminders.PersonID) (page []obligation.Obligation, next string, err error)
	// WithdrawOpen ends a page of the open lines.
	WithdrawOpen(tx reminders.Tx, id obligation.TermsID, cursor string, limit int, reason string, by reminders.PersonID) (page []obligation.Obligation, next string, err error)
	// Page gives a page of the lines.
	Page(tx reminders.Tx, id obligation.TermsID, cursor string, limit int) (page []obligation.Obligation, next string, err error)
	// AskPage chases the owners of a page of lines.
	AskPage(tx reminders.Tx, id obligation.TermsID, cursor string, limit int, reason string, by reminders.PersonID) (next string, err error)
	Delivered(tx reminders.Tx, id obligation.TermsID, owner obligation.Owner, key reminders.DeliveryKey, at time.Time, duplicate bool) error
	Standing(tx reminders.Tx, ask reminders.Ask) (obligation.Terms, obligation.Obligation, error)
	// InUnit lists the lines of one unit, Reached notes that its group was told.
	InUnit(tx reminders.Tx, t obligation.Terms, unit reminders.UnitID) ([]obligation.Obligation, error)
	Reached(tx reminders.Tx, id obligation.TermsID, owner obligation.Owner, at time.Time, duplicate bool, hash string) error
	Count(tx reminders.Tx, t obligation.Terms) (obligation.Tally, map[reminders.UnitID]obligation.Tally, []obligation.Imbalance, error)
}

// Outbox takes what is to be sent.
type Outbox interface {
	Enqueue(tx reminders.Tx, d reminders.Delivery) error
}

// Options join the desk to what it needs.
type Options struct {
	Units    reminders.Units
	Store    Store
	Register Register
	Library  Library
	Cases    Cases
	Book     Book
	Ledger   ledger.Book
	Outbox   Outbox
	Copies   Copies
	Box      Box
	// CaseCopies is what is known of the cases in notices; nil: they never change.
	CaseCopies CaseCopies
	Programme  Programme
	// MaxUnit is how many records one unit of work may write; at least 32.
	MaxUnit int
	// Calendar gives the calendar in force; an import replaces it.
	Calendar func() *calendar.Calendar
	// Born is when the service first ran: what lies before that was never its
	// business.
	Born func(tx reminders.Tx) (time.Time, error)
	// Rate is how many messages a second are sent, for estimates; 0: no limit.
	Rate float64
	// ApprovalRequired makes every block wait for an approval.
	ApprovalRequired func(tx reminders.Tx) (bool, error)
	// Groups and GroupStore tell of the units that have a group chat; nil: none has.
	Groups     Groups
	GroupStore GroupStore
	// Gaps and Closings tell of duty and reports; nil: there are none.
	Gaps     Gaps
	Closings Closings
	// Burdens tells what the service asked of people; nil: nobody counts.
	Burdens Burdens
	// Owed names what units owe besides the answers to notices, about an instant, of which
	// the digest speaks; nil: nothing.
	Owed func(at time.Time) []obligation.TermsID
}

// Desk carries the plan out: what has become due is made into notices, notices
// into deliveries and obligations.
type Desk struct {
	Options

	press *Press // set before the desk is used; nil: there are no publications

	mu    sync.Mutex
	plan  planned
	known map[string]bool // keys that need no second look

	lookedAt map[reminders.DeliveryKey]time.Time // messages that follow a sending: the last look
	halts    []Halt                              // as Advance last saw them
}

// planned is the part of the plan around the present.
type planned struct {
	calendar *calendar.Calendar
	from, to time.Time
	items    []Item
}

// NewDesk joins the desk to what it needs.
func NewDesk(o Options) *Desk {
	return &Desk{Options: o, known: map[string]bool{}, lookedAt: map[reminders.DeliveryKey]time.Time{}}
}

// Upcoming gives the items of the plan in the window, from the cache if it
// covers it.
func (d *Desk) Upcoming(w reminders.Window) []Item {
	return PlanAll(d.Programme, d.Calendar(), w)
}

// items gives the plan around now.
func (d *Desk) items(now time.Time) []Item {
	d.mu.Lock()
	defer d.mu.Unlock()
	cal := d.Calendar()
	fresh := d.plan.calendar == cal && now.After(d.plan.from.Add(lookBack-slack)) && now.Before(d.plan.to.Add(-lookAhead/2))
	if !fresh {
		w := reminders.Window{From: now.Add(-lookBack), To: now.Add(lookAhead)}
		d.plan = planned{calendar: cal, from: w.From, to: w.To, items: PlanAll(d.Programme, cal, w)}
		d.known = map[string]bool{}
	}
	return d.plan.items
}

// Advance takes what was stopped one piece further back, publishes what is being
// published one chunk further, or makes the next notice that is due. Besides it brings
// the messages up to date that follow a sending.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	items := d.items(now)
	due := d.due(items, now)
	counted, err := d.count(ctx, due, now)
	if err != nil {
		return time.Time{}, false, err
	}
	var dealt []string
	var follows []Follow
	var halts []Halt
	err = d.Units.Do(ctx, func(tx reminders.Tx) (err error) {
		if follows, err = d.Copies.Follows(tx); err != nil {
			return err
		}
		if halts, err = d.Copies.Halts(tx); err != nil {
			return err
		}
		dealt, more, err = d.advance(tx, halts, due, counted, now)
		return err
	})
	if err != nil {
		return time.Time{}, false, err
	}
	d.remember(dealt)
	if more && len(dealt) == 0 {
		crashpoint.Pass(crashpoint.Publish)
	}
	next = nextAfter(items, now)
	d.noticed(halts)
	look, err := d.refresh(ctx, follows, now)
	if !look.IsZero() && (next.IsZero() || look.Before(next)) {
		next = look
	}
	return next, more, err
}

// advance does one piece of work. dealt are the items that need no second look.
func (d *Desk) advance(tx reminders.Tx, halts []Halt, due []Item, counted *figures, now time.Time) (dealt []string, more bool, err error) {
	if more, err := d.runErrand(tx); more || err != nil {
		return nil, more, err
	}
	if stop, found := stopping(halts); found {
		if more, err := d.takeBack(tx, stop); more || err != nil {
			return nil, more, err
		}
	}
	if more, err := d.renew(tx); more || err != nil {
		return nil, more, err
	}
	open, err := d.Store.PublishingNotices(tx)
	if err != nil {
		return nil, false, err
	}
	if len(open) > 0 {
		return nil, true, d.publish(tx, open[0])
	}
	dealt, err = d.takeSome(tx, due, counted, now)
	return dealt, len(dealt) > 0, err
}

// takeSome deals with the next due items and gives the keys of those that need no
// second look.
func (d *Desk) takeSome(tx reminders.Tx, due []Item, counted *figures, now time.Time) (dealt []string, err error) {
	for _, item := range due {
		if len(dealt) == takenAtOnce {
			break
		}
		done, err := d.take(tx, item, counted, newest(due, item), now)
		if err != nil {
			return nil, err
		}
		if done {
			dealt = append(dealt, item.Key)
		}
	}
	return dealt, nil
}

// due lists the items whose instant has come and that were not dealt with yet,
// as far as this process knows. Steps of ladders are the obligations' business.
func (d *Desk) due(items []Item, now time.Time) []Item {
	d.mu.Lock()
	defer d.mu.Unlock()
	var due []Item
	for _, item := range items {
		if !item.At.After(now) && item.By == ByDesk && !d.known[item.Key] {
			due = append(due, item)
		}
	}
	return due
}

// remember keeps the keys of what was dealt with from being looked up again.
func (d *Desk) remember(dealt []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, key := range dealt {
		d.known[key] = true
	}
}

// waits reports whether the item may still be published later: an admin has not
// confirmed its provisional year yet.
func waits(item Item, now time.Time) bool {
	return item.Provisional && !item.Released() && now.Before(item.Until)
}

// newest reports whether no later item of the same kind and block is due.
func newest(due []Item, item Item) bool {
	for _, other := range due {
		if other.Kind == item.Kind && other.Block == item.Block && other.At.After(item.At) {
			return false
		}
	}
	return true
}

// nextAfter is the instant of the first item after now.
func nextAfter(items []Item, now time.Time) time.Time {
	for _, item := range items {
		if item.At.After(now) && item.By == ByDesk {
			return item.At
		}
	}
	return time.Time{}
}

// take makes the notice of an item that is due, or writes down why not. It reports
// false for an item that waits: for the confirmation of its year, for an approval
// where the office demands one, or for the counting of what it speaks of. All may come
// until it is worthless.
func (d *Desk) take(tx reminders.Tx, item Item, counted *figures, newest bool, now time.Time) (done bool, err error) {
	if _, found, err := d.Store.Notice(tx, item.Key); err != nil || found {
		return true, err
	}
	born, err := d.Born(tx)
	if err != nil {
		return false, err
	}
	tooLate := !now.Before(item.Until)
	switch {
	case waits(item, now), counting(item) && counted == nil:
		return false, nil
	case (!newest || tooLate || item.Kind == CasePush) && item.At.Before(born):
		return true, nil
	case item.Provisional && !item.Released():
		return true, d.skip(tx, item, WhyProvisional)
	case !newest:
		return true, d.skip(tx, item, WhySuperseded)
	}
	n := fromItem(item)
	why, err := d.compose(tx, &n, item.ReasonName, counted)
	switch {
	case err != nil:
		return false, err
	case why == WhyNotApproved && !tooLate:
		return false, nil
	case why == WhyNotApproved:
		return true, d.skip(tx, item, why)
	case tooLate:
		return true, d.skip(tx, item, WhyTooLate)
	case why != "":
		return true, d.skip(tx, item, why)
	}
	n.Began = tx.Now()
	return true, d.Store.SaveNotice(tx, n)
}

// skip records that an item will not be published, and why.
func (d *Desk) skip(tx reminders.Tx, item Item, why string) error {
	n := fromItem(item)
	n.State, n.Why, n.Terms = Skipped, why, nil
	if err := d.Store.SaveNotice(tx, n); err != nil {
		return err
	}
	return d.Ledger.Append(tx, ledger.Entry{Actor: ledger.System, Verb: ledger.Skipped, Object: item.Key, Reason: why})
}

// Recent lists notices by their instant, newest first.
func (d *Desk) Recent(tx reminders.Tx, limit int) ([]Notice, error) {
	return d.Store.RecentNotices(tx, limit)
}
