package duty

import (
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Store keeps shifts in all their versions. Its methods work within the unit of work
// tx.
type Store interface {
	// SaveShift adds a version; Version tells which.
	SaveShift(tx reminders.Tx, s Shift) error
	// Versions gives all versions of the shifts of a unit whose names lie in
	// [from, to), by start and version.
	Versions(tx reminders.Tx, unit reminders.UnitID, from, to ShiftID) ([]Shift, error)

	// Roster gives the newest version of what a unit filed for a block.
	Roster(tx reminders.Tx, unit reminders.UnitID, block string) (Roster, bool, error)
	// Rosters gives all versions, the first one first.
	Rosters(tx reminders.Tx, unit reminders.UnitID, block string) ([]Roster, error)
	// SaveRoster adds a version.
	SaveRoster(tx reminders.Tx, r Roster) error

	// Matters gives all matters of a unit, closed ones too, by their number.
	Matters(tx reminders.Tx, unit reminders.UnitID) ([]Matter, error)
	SaveMatter(tx reminders.Tx, m Matter) error

	// Errand gives what the agenda holds under a name.
	Errand(tx reminders.Tx, name string) (Errand, bool, error)
	// SaveErrand puts an errand on the agenda, or moves it.
	SaveErrand(tx reminders.Tx, e Errand) error
	DropErrand(tx reminders.Tx, name string) error
	// DueErrands gives what is due at now, earliest first, and the instant of the first
	// that is not due yet (zero if none).
	DueErrands(tx reminders.Tx, now time.Time, limit int) (due []Errand, next time.Time, err error)

	// Feed finds a feed by the hash of its token, FeedFor by whose it is.
	Feed(tx reminders.Tx, hash string) (Feed, bool, error)
	FeedFor(tx reminders.Tx, who Whose) (Feed, bool, error)
	SaveFeed(tx reminders.Tx, f Feed) error
	DropFeed(tx reminders.Tx, f Feed) error

	// Stints tells in which units and when a person has, or once had, places on
	// shifts.
	Stints(tx reminders.Tx, person reminders.PersonID) ([]Stint, error)
	SaveStint(tx reminders.Tx, s Stint) error
}

// Stint is a span in which a person has places on shifts of a unit, or once had: where
// to look for them. There is one for each person, unit and block.
type Stint struct {
	Person reminders.PersonID `json:"person"`
	Unit   reminders.UnitID   `json:"unit"`
	Block  string             `json:"block,omitempty"`
	Window reminders.Window   `json:"window"`
}

// Member is a person as far as a roster must know.
type Member struct {
	reminders.Person
	Active    bool // false: retired, or left
	Reachable bool // messages arrive
}

// Register tells who there is.
type Register interface {
	Member(tx reminders.Tx, id reminders.PersonID) (Member, bool, error)
	// Members lists the active people of one unit.
	Members(tx reminders.Tx, unit reminders.UnitID) ([]Member, error)
	// AllUnits lists the units, those that keep a roster and the others.
	AllUnits(tx reminders.Tx) ([]reminders.Unit, error)
	// InUnit lists the active people who have role in unit, or in the nearest unit
	// above it that has any.
	InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error)
	// Office lists the active people who have the role of staff.
	Office(tx reminders.Tx) ([]Member, error)
}

// Leaves tells who is on leave.
type Leaves interface {
	// OnLeave reports whether a person is on leave at some instant of the window.
	OnLeave(tx reminders.Tx, person reminders.PersonID, window reminders.Window) (bool, error)
}

// Book of obligations, as far as duty needs it.
type Book interface {
	Expect(tx reminders.Tx, t obligation.Terms, owners []obligation.Owner) error
	Redate(tx reminders.Tx, t obligation.Terms) error
	Withdraw(tx reminders.Tx, id obligation.TermsID, reason string, by reminders.PersonID) error
	Excuse(tx reminders.Tx, id obligation.TermsID, owner obligation.Owner, reason string, by reminders.PersonID) error
	Answer(tx reminders.Tx, h obligation.Handle, owner obligation.Owner, by reminders.PersonID, textHash string) (obligation.Obligation, error)
	Standing(tx reminders.Tx, ask reminders.Ask) (obligation.Terms, obligation.Obligation, error)
	TermsOf(tx reminders.Tx, h obligation.Handle) (obligation.Terms, error)
}

// Outbox takes what is to be sent. Enqueueing the same key twice has the effect of
// once.
type Outbox interface {
	Enqueue(tx reminders.Tx, d reminders.Delivery) error
}

// Options join the desk to what it needs.
type Options struct {
	Units    reminders.Units
	Store    Store
	Book     Book
	Ledger   ledger.Book
	Outbox   Outbox
	Register Register
	Leaves   Leaves
	// Calendar gives the calendar in force; an import replaces it.
	Calendar func() *calendar.Calendar
	// Rules are what rosters are held against; without any, DefaultRules.
	Rules Rules
	// NewToken makes the tokens of feeds; nil: 128 random bits.
	NewToken func() string
	// Lay lays the swaps that stand over shifts about to be filed (SwapDesk.Lay). May be nil.
	Lay func(tx reminders.Tx, unit reminders.UnitID, planned []Shift) ([]Shift, error)
}

// Desk keeps the rosters.
type Desk struct {
	Options

	mu     sync.Mutex
	looked looked // at which blocks the units were asked for a roster
}

// NewDesk joins the desk to what it needs.
func NewDesk(o Options) *Desk {
	if o.Rules.Cover == "" {
		o.Rules = DefaultRules()
	}
	if o.NewToken == nil {
		o.NewToken = NewToken
	}
	return &Desk{Options: o}
}

// rules are those in force.
func (d *Desk) rules() Rules { return d.Rules }

// zone is that of the place.
func (d *Desk) zone() *time.Location { return d.Calendar().Location() }
