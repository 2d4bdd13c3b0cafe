package obligation

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Store keeps terms and lines. Its methods work within the unit of work tx and
// keep the agenda (terms by the instant of their next step) and the list of what
// is open for an owner in step with the records.
type Store interface {
	Terms(tx reminders.Tx, id TermsID) (Terms, bool, error)
	TermsByHandle(tx reminders.Tx, h Handle) (Terms, bool, error)
	SaveTerms(tx reminders.Tx, t Terms) error
	// DueTerms gives the terms whose next instant is not after now, earliest
	// first, and the instant of the first that is not due yet (zero if none).
	DueTerms(tx reminders.Tx, now time.Time, limit int) (due []TermsID, next time.Time, err error)

	Obligation(tx reminders.Tx, id TermsID, owner Owner) (Obligation, bool, error)
	SaveObligation(tx reminders.Tx, o Obligation) error
	// ObligationsAfter pages through the lines under id in order of unit and
	// person. The cursor is opaque and empty at the start and after the end.
	ObligationsAfter(tx reminders.Tx, id TermsID, cursor string, limit int) (page []Obligation, next string, err error)
	// ObligationsIn lists the lines under id of one unit and of its people.
	ObligationsIn(tx reminders.Tx, id TermsID, unit reminders.UnitID) ([]Obligation, error)
	// OpenFor lists what is open for a person, or for a unit as a whole.
	OpenFor(tx reminders.Tx, owner Owner) ([]Obligation, error)

	Outages(tx reminders.Tx) ([]reminders.Window, error)
}

// Directory finds the people behind a unit.
type Directory interface {
	// InUnit lists the active people who have role in unit, or in the nearest
	// unit above it that has any.
	InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error)
}

// Outbox takes what is to be sent. Enqueueing the same key twice has the effect
// of once.
type Outbox interface {
	Enqueue(tx reminders.Tx, d reminders.Delivery) error
}

// Desk keeps the book of obligations.
type Desk struct {
	units     reminders.Units
	store     Store
	book      ledger.Book
	directory Directory
	outbox    Outbox
}

// NewDesk joins the desk to what it needs.
func NewDesk(units reminders.Units, store Store, book ledger.Book, directory Directory, outbox Outbox) *Desk {
	return &Desk{units: units, store: store, book: book, directory: directory, outbox: outbox}
}

// Expect opens a line for each owner under the terms, writing the terms down
// first if they are new. Owners who have a line already are left alone, so a
// chunk may be repeated after a crash.
func (d *Desk) Expect(tx reminders.Tx, t Terms, owners []Owner) error {
	kept, found, err := d.store.Terms(tx, t.ID)
	if err != nil {
		return err
	}
	if found {
		t = kept
	} else {
		t.Handle = HandleOf(t.ID)
	}
	for _, owner := range owners {
		if _, found, err := d.store.Obligation(tx, t.ID, owner); err != nil {
			return err
		} else if found {
			continue
		}
		if err := d.open(tx, t, Obligation{Terms: t.ID, Owner: owner, State: Open, OpenedAt: tx.Now()}); err != nil {
			return err
		}
		t.Members++
	}
	return d.store.SaveTerms(tx, t)
}

// open writes a new line. One that comes after the closing, since what asks for it
// was held up by an outage of ours, has its final state at once: no pass over the
// lines may come any more.
func (d *Desk) open(tx reminders.Tx, t Terms, line Obligation) error {
	if tx.Now().Before(t.Closes) {
		return d.store.SaveObligation(tx, line)
	}
	what := closing(t, line, nil)
	return d.settle(tx, &line, what.State, what.Reason, ledger.System, ledger.Excused)
}

// Redate moves the instants of terms that are still open. Steps that were taken
// stay taken.
func (d *Desk) Redate(tx reminders.Tx, moved Terms) error {
	t, found, err := d.store.Terms(tx, moved.ID)
	if err != nil || !found || t.Closed {
		return err
	}
	return d.store.SaveTerms(tx, t.redated(moved))
}

// Answer settles the line of owner under the terms with this handle: by is who
// tapped, empty for the service (a file on the command line), textHash the hash of the
// text they saw. Answering again changes
// nothing and gives the line as it stands. It fails with NotFound if nothing is
// expected of owner and with Closed after closing: such an answer is recorded in
// the ledger, if the caller commits, and changes nothing.
func (d *Desk) Answer(tx reminders.Tx, h Handle, owner Owner, by reminders.PersonID, textHash string) (Obligation, error) {
	t, line, err := d.Find(tx, h, owner)
	if err != nil {
		return Obligation{}, err
	}
	if line.State == Met || line.State == Late {
		return line, nil
	}
	state, late := Answered(t, tx.Now())
	if late == nil && line.State.Final() {
		return line, reminders.Fail(reminders.Closed, "obligation.answer", "obligation.not_expected", nil)
	}
	if late != nil {
		if err := d.recordLate(tx, line, by, textHash); err != nil {
			return line, err
		}
		return line, late
	}
	line.AnsweredAt, line.By, line.TextHash = tx.Now(), by, textHash
	if err := d.settle(tx, &line, state, ReasonAnswered, actor(by), ledger.Acknowledged); err != nil {
		return Obligation{}, err
	}
	return line, d.showAnswer(tx, line)
}

// recordLate writes an answer down that came after the closing.
func (d *Desk) recordLate(tx reminders.Tx, line Obligation, by reminders.PersonID, textHash string) error {
	return d.book.Append(tx, ledger.Entry{
		Actor: actor(by), Verb: ledger.Acknowledged, Object: string(line.Terms), Subject: line.Owner.Subject(),
		Reason: ReasonAfterClosing, TextHash: textHash, Attrs: map[string]string{"state": string(line.State)},
	})
}

// Undo takes an answer back within UndoWindow and before the closing. It fails
// with Closed later.
func (d *Desk) Undo(tx reminders.Tx, h Handle, owner Owner, by reminders.PersonID) (Obligation, error) {
	t, line, err := d.Find(tx, h, owner)
	if err != nil {
		return Obligation{}, err
	}
	if line.State == Open {
		return line, nil
	}
	if !line.CanUndo(tx.Now()) || !tx.Now().Before(t.Closes) {
		return line, reminders.Fail(reminders.Closed, "obligation.undo", "obligation.undo_over", nil)
	}
	line.State, line.Reason = Open, ReasonUndone
	line.AnsweredAt, line.SettledAt, line.By, line.TextHash = time.Time{}, time.Time{}, "", ""
	if err := d.store.SaveObligation(tx, line); err != nil {
		return Obligation{}, err
	}
	err = d.book.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Undone, Object: string(line.Terms), Subject: owner.Subject(), Reason: ReasonUndone,
	})
	if err != nil {
		return Obligation{}, err
	}
	return line, d.showAnswer(tx, line)
}

// Excuse settles an open line because nothing is expected of the owner any
// more. by is the person who decided, or empty for a rule.
func (d *Desk) Excuse(tx reminders.Tx, id TermsID, owner Owner, reason string, by reminders.PersonID) error {
	line, found, err := d.store.Obligation(tx, id, owner)
	if err != nil || !found || line.State.Final() {
		return err
	}
	return d.settle(tx, &line, Excused, reason, actor(by), ledger.Excused)
}

// ExcuseAll excuses everything that is open for a person: they left or retired.
func (d *Desk) ExcuseAll(tx reminders.Tx, person reminders.PersonID, reason string, by reminders.PersonID) (int, error) {
	open, err := d.store.OpenFor(tx, Owner{Person: person})
	if err != nil {
		return 0, err
	}
	for _, line := range open {
		if err := d.settle(tx, &line, Excused, reason, actor(by), ledger.Excused); err != nil {
			return 0, err
		}
	}
	return len(open), nil
}

// Delivered records that the message which asks, or a list of what is open, reached the
// chat service.
func (d *Desk) Delivered(tx reminders.Tx, id TermsID, owner Owner, key reminders.DeliveryKey, at time.Time, duplicate bool) error {
	line, found, err := d.store.Obligation(tx, id, owner)
	if err != nil || !found {
		return err
	}
	if line.SentAt.IsZero() {
		if early, err := d.beforeAsking(tx, id, owner, at); err != nil {
			return err
		} else if !early {
			line.SentAt = at
		}
	}
	line.Duplicate = line.Duplicate || duplicate
	if !slices.Contains(line.Copies, key) {
		line.Copies = append(line.Copies, key)
	}
	if err := d.store.SaveObligation(tx, line); err != nil || line.State == Open {
		return err
	}
	// Answered before we heard that the message had arrived.
	return d.refresh(tx, key)
}

// beforeAsking reports whether the terms will ask by themselves, later than at: a list
// that showed them before, perhaps to whoever was on duty then, does not take the place of
// that. Only units are asked so.
func (d *Desk) beforeAsking(tx reminders.Tx, id TermsID, owner Owner, at time.Time) (bool, error) {
	if !owner.ByUnit() {
		return false, nil
	}
	t, _, err := d.store.Terms(tx, id)
	if err != nil || t.Asking == nil {
		return false, err
	}
	_, asked := t.asks(at)
	return !asked, nil
}

// Find gives the terms with this handle and the line of owner under them, and
// NotFound if either does not exist. What is open for a person who has moved to
// another unit since is found as well.
func (d *Desk) Find(tx reminders.Tx, h Handle, owner Owner) (Terms, Obligation, error) {
	t, found, err := d.store.TermsByHandle(tx, h)
	if err != nil {
		return Terms{}, Obligation{}, err
	}
	if found {
		line, found, err := d.store.Obligation(tx, t.ID, owner)
		if err == nil && !found && !owner.ByUnit() {
			line, found, err = d.moved(tx, t.ID, owner)
		}
		if err != nil || found {
			return t, line, err
		}
	}
	return Terms{}, Obligation{}, reminders.Fail(reminders.NotFound, "obligation.find", "obligation.not_found", nil)
}

// moved finds what is open for a person under the terms in whatever unit the
// person was when it was opened.
func (d *Desk) moved(tx reminders.Tx, id TermsID, owner Owner) (Obligation, bool, error) {
	open, err := d.store.OpenFor(tx, owner)
	if err != nil {
		return Obligation{}, false, err
	}
	n := slices.IndexFunc(open, func(o Obligation) bool { return o.Terms == id })
	if n < 0 {
		return Obligation{}, false, nil
	}
	return open[n], true, nil
}

// Standing gives the terms and the line that a delivery asks about, for showing
// where it stands.
func (d *Desk) Standing(tx reminders.Tx, ask reminders.Ask) (Terms, Obligation, error) {
	t, found, err := d.store.Terms(tx, TermsID(ask.Terms))
	if err != nil || !found {
		return Terms{}, Obligation{}, err
	}
	line, _, err := d.store.Obligation(tx, t.ID, Owner{Person: ask.Person, Unit: ask.Unit})
	return t, line, err
}

// settle gives the line its final state and writes the entry of its ledger.
func (d *Desk) settle(tx reminders.Tx, line *Obligation, state State, reason, by string, verb ledger.Verb) error {
	line.State, line.Reason, line.SettledAt = state, reason, tx.Now()
	if err := d.store.SaveObligation(tx, *line); err != nil {
		return err
	}
	return d.book.Append(tx, ledger.Entry{
		Actor: by, Verb: verb, Object: string(line.Terms), Subject: line.Owner.Subject(),
		Reason: reason, TextHash: line.TextHash, Attrs: map[string]string{"state": string(state)},
	})
}

// showAnswer refreshes every copy through which the owner was asked, so that
// none of them still offers what is done.
func (d *Desk) showAnswer(tx reminders.Tx, line Obligation) error {
	for _, key := range line.Copies {
		if err := d.refresh(tx, key); err != nil {
			return err
		}
	}
	return nil
}

// refresh brings one message up to date.
func (d *Desk) refresh(tx reminders.Tx, key reminders.DeliveryKey) error {
	return d.outbox.Enqueue(tx, reminders.Delivery{
		Key:  reminders.DeliveryKey("refresh/" + string(key) + "/" + tx.Now().Format(time.RFC3339Nano)),
		Kind: "refresh", Act: reminders.ActEdit, Lane: reminders.LaneAnswer, Reason: "shows-answer",
		Original: key, NotBefore: tx.Now(), Until: tx.Now().Add(KeptUpdates),
	})
}

// actor is the ledger's name of who acted.
func actor(by reminders.PersonID) string {
	if by == "" {
		return ledger.System
	}
	return string(by)
}

// Subject is the ledger's name of the owner: the staff number or the unit.
func (o Owner) Subject() string {
	if o.ByUnit() {
		return string(o.Unit)
	}
	return string(o.Person)
}

// OpenFor lists what is open for a person, or for a unit as a whole.
func (d *Desk) OpenFor(tx reminders.Tx, owner Owner) ([]Obligation, error) {
	return d.store.OpenFor(tx, owner)
}

// TermsOf gives the terms with this handle, and NotFound if there are none.
func (d *Desk) TermsOf(tx reminders.Tx, h Handle) (Terms, error) {
	t, found, err := d.store.TermsByHandle(tx, h)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "obligation.terms", "obligation.not_found", nil)
	}
	return t, err
}

// InUnit lists the lines of one unit under the terms, whatever their state.
func (d *Desk) InUnit(tx reminders.Tx, t Terms, unit reminders.UnitID) ([]Obligation, error) {
	return d.store.ObligationsIn(tx, t.ID, unit)
}
