package report

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Store keeps reports. Its methods work within the unit of work tx.
type Store interface {
	Report(tx reminders.Tx, id ID) (Report, bool, error)
	ReportByHandle(tx reminders.Tx, h Handle) (Report, bool, error)
	// SaveReport also moves the report in the lists by unit, by day and of what waits.
	SaveReport(tx reminders.Tx, r Report) error
	// ReportsOf lists the reports of a unit about the days from to to, both included,
	// in order of day and id.
	ReportsOf(tx reminders.Tx, unit reminders.UnitID, from, to calendar.Date) ([]Report, error)
	// ReportsOn lists the reports of all units about those days, in order of day,
	// unit and id.
	ReportsOn(tx reminders.Tx, from, to calendar.Date) ([]Report, error)
	// UnsettledReports lists what is submitted or returned, in order of day and id.
	UnsettledReports(tx reminders.Tx) ([]Report, error)
	// IncidentParts lists the reports of an incident in their order.
	IncidentParts(tx reminders.Tx, incident ID) ([]Report, error)

	// ReportMark gives how far the expectations of reports have been written down.
	ReportMark(tx reminders.Tx) (Mark, bool, error)
	SaveReportMark(tx reminders.Tx, m Mark) error

	// Number gives the next number of a series, without gaps.
	Number(tx reminders.Tx, series string) (uint64, error)
}

// Watch tells who is on duty.
type Watch interface {
	// OnShift reports whether a person has a place on the shift of the unit at an
	// instant: officer, leader, backup, or whoever took over.
	OnShift(tx reminders.Tx, unit reminders.UnitID, person reminders.PersonID, at time.Time) (bool, error)
}

// Roster tells which units are on duty.
type Roster interface {
	// UnitsOnDuty lists the units that have a shift at an instant, as the roster
	// stands now, each once.
	UnitsOnDuty(tx reminders.Tx, at time.Time) ([]reminders.UnitID, error)
}

// Handovers tell what the shifts of a unit left in writing.
type Handovers interface {
	// NotesOf lists the notes of handovers in the window, and the matters that were
	// open at its end, in order.
	NotesOf(tx reminders.Tx, unit reminders.UnitID, window reminders.Window) ([]Note, error)
}

// Note is one note of a handover.
type Note struct {
	Ref  string // the shift or matter that it belongs to
	Text string
}

// Directory finds the people behind a unit.
type Directory interface {
	// InUnit lists the active people who have a role, or now hold a place on the
	// shift, in the unit, or in the nearest unit above it that has any.
	InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error)
}

// Book of obligations, as far as reports need it.
type Book interface {
	Expect(tx reminders.Tx, t obligation.Terms, owners []obligation.Owner) error
	Answer(tx reminders.Tx, h obligation.Handle, owner obligation.Owner, by reminders.PersonID, textHash string) (obligation.Obligation, error)
	Undo(tx reminders.Tx, h obligation.Handle, owner obligation.Owner, by reminders.PersonID) (obligation.Obligation, error)
	Excuse(tx reminders.Tx, id obligation.TermsID, owner obligation.Owner, reason string, by reminders.PersonID) error
	Withdraw(tx reminders.Tx, id obligation.TermsID, reason string, by reminders.PersonID) error
	Standing(tx reminders.Tx, ask reminders.Ask) (obligation.Terms, obligation.Obligation, error)
	Count(tx reminders.Tx, t obligation.Terms) (obligation.Tally, map[reminders.UnitID]obligation.Tally, []obligation.Imbalance, error)
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
	Watch     Watch
	Roster    Roster
	Handovers Handovers // nil: there are no notes
	Forms     *Forms
	// Calendar gives the calendar in force; an import replaces it.
	Calendar func() *calendar.Calendar
}

// Desk receives and reviews reports. Its methods take the unit of work in which
// everything happens, the entry of the ledger included.
type Desk struct {
	Options

	listed listed // used by Advance alone
}

// NewDesk joins the desk to what it needs.
func NewDesk(o Options) *Desk { return &Desk{Options: o} }

// zone is that of the place.
func (d *Desk) zone() *time.Location { return d.Calendar().Location() }

// Find gives a report, and NotFound if there is none.
func (d *Desk) Find(tx reminders.Tx, id ID) (Report, error) {
	r, found, err := d.Store.Report(tx, id)
	return foundReport(r, found, err)
}

// ByHandle gives the report that a button names, and NotFound if there is none.
func (d *Desk) ByHandle(tx reminders.Tx, h Handle) (Report, error) {
	r, found, err := d.Store.ReportByHandle(tx, h)
	return foundReport(r, found, err)
}

func foundReport(r Report, found bool, err error) (Report, error) {
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "report.find", "report.not_found", nil)
	}
	return r, err
}

// filed gives a report that stands: a Conflict error for one that was taken back.
func (d *Desk) filed(tx reminders.Tx, id ID) (Report, error) {
	r, err := d.Find(tx, id)
	if err == nil && r.State == TakenBack {
		err = reminders.Fail(reminders.Conflict, "report.filed", "report.taken_back", reminders.Args{"Number": r.title()})
	}
	return r, err
}

// May tells why a person may not file a report of a kind for the unit, or a correction of
// one: a Denied error, or none. Submitting asks the same again.
func (d *Desk) May(tx reminders.Tx, unit reminders.UnitID, by reminders.PersonID, kind Kind, correction bool) error {
	if kind == Daily && !correction {
		return d.may(tx, unit, by)
	}
	return d.may(tx, unit, by, reminders.Liaison, reminders.Leader)
}

// may tells why a person may not report for the unit: whoever has a place on its shift
// now may, and whoever has one of the roles in it.
func (d *Desk) may(tx reminders.Tx, unit reminders.UnitID, by reminders.PersonID, roles ...reminders.Role) error {
	on, err := d.Watch.OnShift(tx, unit, by, tx.Now())
	if err != nil || on {
		return err
	}
	for _, role := range roles {
		people, err := d.Directory.InUnit(tx, unit, role)
		if err != nil || slices.Contains(people, by) {
			return err
		}
	}
	return reminders.Fail(reminders.Denied, "report.may", "report.not_on_shift", reminders.Args{"Unit": reminders.UnitName(unit)})
}

// note writes an entry about a report.
func (d *Desk) note(tx reminders.Tx, verb ledger.Verb, r Report, reason string, by reminders.PersonID, hash string, attrs map[string]string) error {
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: verb, Object: string(r.ID), Subject: string(r.Unit), Reason: reason, TextHash: hash, Attrs: attrs,
	})
}

// blockOn gives the holiday block of a day.
func (d *Desk) blockOn(day calendar.Date) (calendar.Block, bool) { return d.Calendar().BlockAt(day) }

// today is the day on the calendar of the place at the instant of the unit of work.
func (d *Desk) today(tx reminders.Tx) calendar.Date { return calendar.DateOf(tx.Now(), d.zone()) }
