package duty

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Matter is something that a shift left open for those that follow (遗留事项). It is
// shown at every take-over of the unit until somebody closes it.
type Matter struct {
	Unit   reminders.UnitID `json:"unit"`
	Number int              `json:"number"` // within the unit, from 1
	Text   string           `json:"text"`
	Shift  ShiftID          `json:"shift,omitempty"` // that left it

	OpenedAt time.Time          `json:"opened_at"`
	OpenedBy reminders.PersonID `json:"opened_by"`
	ClosedAt time.Time          `json:"closed_at,omitzero"`
	ClosedBy reminders.PersonID `json:"closed_by,omitempty"`
	Outcome  string             `json:"outcome,omitempty"`
}

// Open reports whether nobody has closed the matter.
func (m Matter) Open() bool { return m.ClosedAt.IsZero() }

// MaxNote is how many characters a note, a matter or an outcome may have.
const MaxNote = 500

// note trims what somebody wrote and checks its length.
func note(op, text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > MaxNote {
		return "", reminders.Fail(reminders.Invalid, op, "duty.note_long", reminders.Args{"Limit": reminders.Number(MaxNote)})
	}
	return text, nil
}

// Matters lists what is open in a unit, oldest first.
func (d *Desk) Matters(tx reminders.Tx, unit reminders.UnitID) ([]Matter, error) {
	all, err := d.Store.Matters(tx, unit)
	return slices.DeleteFunc(all, func(m Matter) bool { return !m.Open() }), err
}

// OpenMatter notes a matter, from a shift or (with an empty name) from outside of any.
func (d *Desk) OpenMatter(tx reminders.Tx, unit reminders.UnitID, shift ShiftID, text string, by reminders.PersonID) (Matter, error) {
	m, err := d.openMatter(tx, unit, shift, text, by)
	if err != nil {
		return m, err
	}
	return m, d.tellNext(tx, unit)
}

func (d *Desk) openMatter(tx reminders.Tx, unit reminders.UnitID, shift ShiftID, text string, by reminders.PersonID) (Matter, error) {
	text, err := note("duty.matter", text)
	if err != nil {
		return Matter{}, err
	}
	if text == "" {
		return Matter{}, reminders.Fail(reminders.Invalid, "duty.matter", "duty.matter_empty", nil)
	}
	all, err := d.Store.Matters(tx, unit)
	if err != nil {
		return Matter{}, err
	}
	number := 1
	if n := len(all); n > 0 { // old ones may be gone
		number = all[n-1].Number + 1
	}
	m := Matter{Unit: unit, Number: number, Text: text, Shift: shift, OpenedAt: tx.Now(), OpenedBy: by}
	if err := d.Store.SaveMatter(tx, m); err != nil {
		return m, err
	}
	return m, d.noteMatter(tx, m, "opened", by)
}

// CloseMatter ends a matter with what became of it. It fails with NotFound for an
// unknown one and with Closed for one that somebody closed before.
func (d *Desk) CloseMatter(tx reminders.Tx, unit reminders.UnitID, number int, outcome string, by reminders.PersonID) (Matter, error) {
	outcome, err := note("duty.close_matter", outcome)
	if err != nil {
		return Matter{}, err
	}
	all, err := d.Store.Matters(tx, unit)
	if err != nil {
		return Matter{}, err
	}
	n := slices.IndexFunc(all, func(m Matter) bool { return m.Number == number })
	if n < 0 {
		return Matter{}, reminders.Fail(reminders.NotFound, "duty.close_matter", "duty.matter_unknown", nil)
	}
	m := all[n]
	if !m.Open() {
		return m, reminders.Fail(reminders.Closed, "duty.close_matter", "duty.matter_closed", reminders.Args{
			"Name": reminders.PersonName(m.ClosedBy), "At": reminders.Instant(m.ClosedAt),
		})
	}
	m.ClosedAt, m.ClosedBy, m.Outcome = tx.Now(), by, outcome
	if err := d.Store.SaveMatter(tx, m); err != nil {
		return m, err
	}
	if err := d.noteMatter(tx, m, "closed", by); err != nil {
		return m, err
	}
	return m, d.tellNext(tx, unit)
}

// noteMatter writes what became of a matter into the ledger, without its text.
func (d *Desk) noteMatter(tx reminders.Tx, m Matter, what string, by reminders.PersonID) error {
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Matter, Object: "duty/" + string(m.Unit) + "/matter/" + strconv.Itoa(m.Number),
		Subject: string(m.Unit), Reason: what, TextHash: reminders.HashText(m.Text),
	})
}

// Left is what those who take a shift over find: the note of the shift before and the
// open matters of the unit.
type Left struct {
	From    Shift // that handed over last; zero if none
	Matters []Matter
}

// What a message shows of what was left: so many matters, so many characters of each.
const (
	shownMatters = 5
	shownText    = 120
)

// lines says what was left, one text a line, shortened to what fits on a screen; none if
// nothing was.
func (l Left) lines() []reminders.Message {
	var lines []reminders.Message
	if l.From.Note != "" {
		lines = append(lines, reminders.Line("duty.left.note", reminders.Args{
			"Name": reminders.PersonName(l.From.HandedBy), "Note": reminders.Text(clipped(l.From.Note)),
		}))
	}
	for _, m := range l.Matters[:min(len(l.Matters), shownMatters)] {
		lines = append(lines, reminders.Line("duty.left.matter", reminders.Args{
			"Number": reminders.Number(m.Number), "Text": reminders.Text(clipped(m.Text)),
		}))
	}
	if more := len(l.Matters) - shownMatters; more > 0 {
		lines = append(lines, reminders.Line("duty.left.more", reminders.Args{"Count": reminders.Number(more)}))
	}
	return lines
}

// clipped is the beginning of a long text.
func clipped(text string) string {
	if runes := []rune(text); len(runes) > shownText {
		return string(runes[:shownText]) + "…"
	}
	return text
}

// leftFor gives what was left for a shift: the note of the one before it, if that was
// handed over within a day, and what is open in the unit.
func (d *Desk) leftFor(tx reminders.Tx, s Shift) (left Left, err error) {
	around, err := d.Shifts(tx, s.Unit, reminders.Window{From: s.Start.Add(-longest), To: s.Start})
	if err != nil {
		return left, err
	}
	before := slices.DeleteFunc(around, func(b Shift) bool { return !b.Start.Before(s.Start) })
	if n := len(before); n > 0 && !before[n-1].HandedAt.IsZero() {
		left.From = before[n-1]
	}
	left.Matters, err = d.Matters(tx, s.Unit)
	return left, err
}

// tellNext renews what the next shift of a unit will be asked, when that may have
// changed.
func (d *Desk) tellNext(tx reminders.Tx, unit reminders.UnitID) error {
	ahead, err := d.Shifts(tx, unit, reminders.Window{From: tx.Now(), To: tx.Now().Add(2 * longest)})
	if err != nil {
		return err
	}
	for _, s := range ahead {
		if s.TakenAt.IsZero() {
			return d.follow(tx, s)
		}
	}
	return nil
}
