package casebook

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Store keeps cases.
type Store interface {
	Case(tx reminders.Tx, id string) (Case, bool, error)
	CaseByHandle(tx reminders.Tx, handle string) (Case, bool, error)
	SaveCase(tx reminders.Tx, c Case) error
	// CasesAfter pages through all cases in order of their ids.
	CasesAfter(tx reminders.Tx, after string, limit int) ([]Case, error)
	// OpenCases lists drafts, returned and held ones, and those with a correction that
	// waits, in order of their ids.
	OpenCases(tx reminders.Tx) ([]Case, error)
	// CasesFrom lists the cases with this source address, whatever became of them.
	CasesFrom(tx reminders.Tx, address string) ([]Case, error)
	// ShownCases lists what is published, the newest first, as far as lists need it.
	ShownCases(tx reminders.Tx) ([]Entry, error)
	// OwnCases reports whether the office has ever published a case.
	OwnCases(tx reminders.Tx) (bool, error)
	// Pushes lists what was pushed to readers, in order of the case ids.
	Pushes(tx reminders.Tx) ([]Push, error)
	SavePush(tx reminders.Tx, p Push) error
}

// Entry is a published case as far as lists need it.
type Entry struct {
	ID        string              `json:"id"`
	Category  string              `json:"category"`
	Festivals []calendar.Festival `json:"festivals,omitempty"`
	Issued    calendar.Date       `json:"issued"`
	Expires   calendar.Date       `json:"expires"`
}

// EntryOf gives the row of a case in lists.
func EntryOf(c Case) Entry {
	return Entry{ID: c.ID, Category: c.Category, Festivals: c.Festivals, Issued: c.Issued, Expires: c.Expires}
}

// Push says that a case was shown to readers by itself (推送), and by which notice.
type Push struct {
	Case     string    `json:"case"`
	Category string    `json:"category"`
	Notice   string    `json:"notice"`
	At       time.Time `json:"at"`
}

// Options join the casebook to what it needs.
type Options struct {
	Units  reminders.Units
	Store  Store
	Ledger ledger.Book
	Number func(tx reminders.Tx, series string) (uint64, error) // the next of a gap-free series
	// Screen is the input guard together with the wording lint.
	Screen func(text string) []reminders.Hit
	// Categories is the taxonomy in its official order.
	Categories []Category
	// Library are the cases that come with the content: the invented samples, or what
	// an office has put in their place.
	Library []Case
	// Changed is told of a case that readers have seen and that now says something
	// else, or nothing, since somebody has withdrawn it; nil: nobody shows cases.
	Changed func(tx reminders.Tx, id, reason string, withdrawnBy reminders.PersonID) error
	// Zone is that of the place, in which days begin.
	Zone func() *time.Location
}

// Desk is where the office keeps its public cases (案例库).
type Desk struct {
	Options

	mu     sync.Mutex
	looked calendar.Date // the day on which expired cases were last looked for
}

// NewDesk joins the casebook to what it needs.
func NewDesk(o Options) *Desk { return &Desk{Options: o} }

// today is the day of the unit of work at the place.
func (d *Desk) today(tx reminders.Tx) calendar.Date { return calendar.DateOf(tx.Now(), d.Zone()) }

// Add puts a draft into the casebook: ID, Content, Origin and Snapshot of it count. A case
// without an id gets one. It may be incomplete; Problems says what is missing. It fails
// with Invalid for an id that is none, and with Conflict for one that is taken.
func (d *Desk) Add(tx reminders.Tx, c Case, by reminders.PersonID) (Case, error) {
	const op = "casebook.add"
	if c.ID == "" {
		n, err := d.Number(tx, fmt.Sprintf("case/%d", d.today(tx).Year))
		if err != nil {
			return Case{}, err
		}
		c.ID = fmt.Sprintf("case-%d-%04d", d.today(tx).Year, n)
	}
	if m := wrongID(c.ID); m != nil {
		return Case{}, &reminders.Error{Kind: reminders.Invalid, Op: op, Message: *m}
	}
	if _, taken, err := d.Store.Case(tx, c.ID); err != nil || taken {
		if err == nil {
			err = reminders.Fail(reminders.Conflict, op, "case.taken", reminders.Args{"ID": reminders.Text(c.ID)})
		}
		return Case{}, err
	}
	draft := Case{
		ID: c.ID, Content: c.tidy(), State: Draft, Origin: c.Origin, By: by, At: tx.Now(), Snapshot: c.Snapshot,
	}
	if draft.Snapshot != "" {
		draft.CheckedAt = tx.Now()
	}
	if err := d.Store.SaveCase(tx, draft); err != nil {
		return Case{}, err
	}
	return draft, d.record(tx, draft, "drafted", by)
}

// Change changes a draft, or one that was returned, which becomes a draft again. Whoever
// may write cases may change those of others; then the draft is theirs. Once it was
// submitted only a return opens it again (Closed).
func (d *Desk) Change(tx reminders.Tx, handle string, by reminders.PersonID, change func(*Content)) (Case, error) {
	c, err := d.draft(tx, handle)
	if err != nil {
		return c, err
	}
	c.Festivals = slices.Clone(c.Festivals)
	change(&c.Content)
	c.Content = c.tidy()
	c.State, c.By, c.At, c.Reason = Draft, by, tx.Now(), ""
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, c, "drafted", by)
}

// draft gives a case that is being written.
func (d *Desk) draft(tx reminders.Tx, handle string) (Case, error) {
	c, err := d.Case(tx, handle)
	switch {
	case err != nil:
		return c, err
	case c.State == Draft && c.Submitted.IsZero(), c.State == Returned:
		return c, nil
	}
	return c, reminders.Fail(reminders.Closed, "casebook.draft", "case.decided", nil)
}

// Case gives the case with a handle, of the office or of the library; NotFound if there
// is none.
func (d *Desk) Case(tx reminders.Tx, handle string) (Case, error) {
	c, found, err := d.Store.CaseByHandle(tx, handle)
	if err != nil || found {
		return c, err
	}
	for _, c := range d.Library {
		if c.Handle() == handle {
			return c, nil
		}
	}
	return Case{}, reminders.Fail(reminders.NotFound, "casebook.case", "case.not_found", nil)
}

// From lists the cases of the office with this source address, whatever became of them:
// a feed drafts nothing twice.
func (d *Desk) From(tx reminders.Tx, address string) ([]Case, error) {
	return d.Store.CasesFrom(tx, address)
}

// record writes a step of a case into the ledger, with the hash of its text.
func (d *Desk) record(tx reminders.Tx, c Case, step string, by reminders.PersonID) error {
	actor := string(by)
	if actor == "" {
		actor = ledger.System
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: actor, Verb: ledger.CaseChanged, Object: "case/" + c.ID, Reason: step, TextHash: c.Hash(),
	})
}
