package theme

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Store keeps themes, checks and findings. Its methods work within the unit of work tx.
type Store interface {
	Theme(tx reminders.Tx, id ID) (Theme, bool, error)
	SaveTheme(tx reminders.Tx, t Theme) error
	// DropTheme forgets a theme that was never submitted.
	DropTheme(tx reminders.Tx, id ID) error
	// Themes lists all themes in order of their ids.
	Themes(tx reminders.Tx) ([]Theme, error)
	// OpenThemes lists those that are not Over, in order of their ids.
	OpenThemes(tx reminders.Tx) ([]Theme, error)

	Check(tx reminders.Tx, id ID, unit reminders.UnitID) (Check, bool, error)
	SaveCheck(tx reminders.Tx, c Check) error
	Checks(tx reminders.Tx, id ID) ([]Check, error)

	Finding(tx reminders.Tx, id ID, number int) (Finding, bool, error)
	SaveFinding(tx reminders.Tx, f Finding) error
	// Findings lists those of a theme in order of their numbers.
	Findings(tx reminders.Tx, id ID) ([]Finding, error)
	// OpenFindingsOf lists those of a unit that have no outcome, in order of theme and
	// number.
	OpenFindingsOf(tx reminders.Tx, unit reminders.UnitID) ([]Finding, error)
}

// Publisher sends the card of a theme: it takes the finished draft in, and whoever
// approves it there releases it. The handle names the card from then on.
type Publisher interface {
	Publish(tx reminders.Tx, t Theme, cards map[reminders.Language]Card, by reminders.PersonID) (handle string, err error)
}

// Cards tells what became of a card.
type Cards interface {
	Decision(tx reminders.Tx, handle string) (d Decision, reason string, err error)
}

// Card is what the card of a theme says, as its author has seen it.
type Card struct {
	Title string
	Text  string // with the tags of the chat service
}

// Decision is what became of a card at the press.
type Decision string

// The decisions.
const (
	Undecided Decision = "undecided"
	Approved  Decision = "approved"
	SentBack  Decision = "returned"
	GivenUp   Decision = "cancelled"
)

// Book of obligations, as far as themes need it.
type Book interface {
	Expect(tx reminders.Tx, t obligation.Terms, owners []obligation.Owner) error
	Answer(tx reminders.Tx, h obligation.Handle, owner obligation.Owner, by reminders.PersonID, textHash string) (obligation.Obligation, error)
	Withdraw(tx reminders.Tx, id obligation.TermsID, reason string, by reminders.PersonID) error
}

// Directory finds the people behind a unit.
type Directory interface {
	// InUnit lists the active people who have a role in the unit, or in the nearest unit
	// above it that has any.
	InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error)
}

// Outbox takes what is to be sent. Enqueueing the same key twice has the effect of once.
type Outbox interface {
	Enqueue(tx reminders.Tx, d reminders.Delivery) error
}

// Options join the desk to what it needs.
type Options struct {
	Units     reminders.Units
	Store     Store
	Book      Book
	Ledger    ledger.Book
	Outbox    Outbox
	Directory Directory
	Publisher Publisher
	Cards     Cards
	// Screen is the input guard together with the wording lint.
	Screen func(text string) []reminders.Hit
	// Staff lists the people of the office who can be written to, Readers also the
	// auditors.
	Staff, Readers func(tx reminders.Tx) ([]reminders.PersonID, error)
	// Calendar gives the calendar in force; an import replaces it.
	Calendar  func() *calendar.Calendar
	Checklist Checklist
	// Changed is told of every change of a theme or of something in it, within the unit
	// of work; nil: nobody wants to know.
	Changed func(tx reminders.Tx, id ID) error
}

// Desk is where the office keeps its themes (主题台账). Its methods take the unit of work
// in which everything happens, the entry of the ledger included. by is the staff number
// of who acts; which role that takes is for the caller to see to, except where the sentence
// of a method says otherwise.
type Desk struct{ Options }

// NewDesk joins the desk to what it needs.
func NewDesk(o Options) *Desk { return &Desk{Options: o} }

// Find gives a theme as it stands, with what was decided about its card; NotFound if there
// is none.
func (d *Desk) Find(tx reminders.Tx, id ID) (Theme, error) {
	t, found, err := d.Store.Theme(tx, id)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "theme.find", "theme.not_found", nil)
	}
	if err != nil {
		return t, err
	}
	now, _, err := d.decided(tx, t)
	return now, err
}

// Finding gives a finding with its theme; NotFound if there is none.
func (d *Desk) Finding(tx reminders.Tx, id ID, number int) (Theme, Finding, error) {
	t, err := d.Find(tx, id)
	if err != nil {
		return t, Finding{}, err
	}
	f, found, err := d.Store.Finding(tx, id, number)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "theme.find", "theme.not_found", nil)
	}
	return t, f, err
}

// List gives all themes, newest first.
func (d *Desk) List(tx reminders.Tx) ([]Theme, error) {
	all, err := d.Store.Themes(tx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i], _, err = d.decided(tx, all[i]); err != nil {
			return nil, err
		}
	}
	slices.Reverse(all)
	return all, nil
}

// Dossier is a theme with all that belongs to it (主题档案).
type Dossier struct {
	Theme    Theme
	Checks   []Check   // in order of unit
	Findings []Finding // in order of number
}

// Dossier gives a theme with its checks and findings.
func (d *Desk) Dossier(tx reminders.Tx, id ID) (Dossier, error) {
	t, err := d.Find(tx, id)
	if err != nil {
		return Dossier{}, err
	}
	checks, err := d.Store.Checks(tx, id)
	if err != nil {
		return Dossier{}, err
	}
	findings, err := d.Store.Findings(tx, id)
	return Dossier{t, checks, findings}, err
}

// decided gives the theme with what was decided about its card since, and whether that
// changes it. Nothing is written. A card that was returned may also be changed, submitted
// again or given up at the press itself.
func (d *Desk) decided(tx reminders.Tx, t Theme) (Theme, bool, error) {
	if t.Card == "" || t.State != Waiting && !t.Editable() {
		return t, false, nil
	}
	decision, reason, err := d.Cards.Decision(tx, t.Card)
	if err != nil {
		return t, false, err
	}
	was := t.State
	switch decision {
	case Approved:
		t.State, t.BegunAt = Running, tx.Now()
	case SentBack:
		t.State, t.Returned = Returned, reason
	case GivenUp:
		t.State, t.Returned = Drafting, ""
	default:
		t.State, t.Returned = Waiting, ""
	}
	return t, t.State != was, nil
}

// settle writes down what was decided about the card of a theme.
func (d *Desk) settle(tx reminders.Tx, id ID) (Theme, error) {
	t, found, err := d.Store.Theme(tx, id)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "theme.find", "theme.not_found", nil)
	}
	if err != nil {
		return t, err
	}
	t, changed, err := d.decided(tx, t)
	if err != nil || !changed {
		return t, err
	}
	return t, d.save(tx, t, ledger.System, string(t.State))
}

// running gives a theme that is under way: a Closed error for one that is over, and for
// one that is not approved yet.
func (d *Desk) running(tx reminders.Tx, id ID) (Theme, error) {
	t, err := d.settle(tx, id)
	switch {
	case err != nil:
		return t, err
	case t.Over():
		return t, reminders.Fail(reminders.Closed, "theme.running", "theme.over", nil)
	case t.State != Running:
		return t, reminders.Fail(reminders.Closed, "theme.running", "theme.not_running", nil)
	}
	return t, nil
}

// save keeps a theme and writes the step that it took into the ledger.
func (d *Desk) save(tx reminders.Tx, t Theme, actor, step string) error {
	if err := d.Store.SaveTheme(tx, t); err != nil {
		return err
	}
	err := d.Ledger.Append(tx, ledger.Entry{
		Actor: actor, Verb: ledger.ThemeChanged, Object: t.Ref(), Reason: step, TextHash: t.hash(),
	})
	if err != nil {
		return err
	}
	return d.changed(tx, t.ID)
}

// changed tells whoever shows the theme.
func (d *Desk) changed(tx reminders.Tx, id ID) error {
	if d.Changed == nil {
		return nil
	}
	return d.Changed(tx, id)
}

// zone is that of the place.
func (d *Desk) zone() *time.Location { return d.Calendar().Location() }

// today is the day at the place.
func (d *Desk) today(tx reminders.Tx) calendar.Date { return calendar.DateOf(tx.Now(), d.zone()) }
