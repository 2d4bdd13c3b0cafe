package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The parts in which people are asked for something, as the summary of a month tells
// them apart. Whoever has several of them is counted in that in which it was asked.
const (
	asOfficial = "official"
	asLiaison  = "liaison"
	asLeader   = "leader"
	asDuty     = "duty"
	asOffice   = "office"
)

// burdenParts are the parts in the order in which they are told.
var burdenParts = []string{asOfficial, asLiaison, asLeader, asDuty, asOffice}

// burden is what the service asked of people in a span of time (负担情况): messages that
// disturbed somebody, taps and forms with which people answered, by part; and what went
// beyond a budget or a soft rule, and why. It counts acts and compares nobody.
type burden struct {
	window   reminders.Window
	parts    map[string]*burdenPart
	kinds    map[kindAsked]int // messages
	beyond   []beyond
	feedback feedback.Tally
}

// burdenPart is what was asked in one part.
type burdenPart struct {
	messages, taps, forms int
	people                map[string]bool // who received or answered something
}

// kindAsked tells the messages of one kind to those in one part.
type kindAsked struct{ part, kind string }

// beyond is one decision of the head of the office.
type beyond struct {
	at     time.Time
	rule   string
	reason string
	by     string
}

// burdenOf counts over a span of time. Messages are counted by their receipts, answers
// and decisions by the ledger: all that one person did at one instant is one act.
func (f *office) burdenOf(ctx context.Context, w reminders.Window) (*burden, error) {
	b := &burden{window: w, parts: map[string]*burdenPart{}, kinds: map[kindAsked]int{}}
	for _, part := range burdenParts {
		b.parts[part] = &burdenPart{people: map[string]bool{}}
	}
	staff := map[string]bool{}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		for record, err := range f.people.All(tx) {
			if err != nil {
				return err
			}
			staff[string(record.ID)] = record.Roles.Has(reminders.Staff)
		}
		var err error
		if b.feedback, err = f.store.FeedbackTally(tx, w); err != nil {
			return err
		}
		return eachReceipt(tx, f, b.message)
	})
	if err != nil {
		return nil, err
	}
	err = b.read(ctx, f, staff)
	return b, err
}

// message counts a message that somebody received.
func (b *burden) message(r reminders.Receipt) {
	disturbs := r.Act == reminders.ActSend && r.Lane != reminders.LaneAnswer && r.Result == reminders.Sent && r.Person != ""
	if !disturbs || !b.window.Contains(r.SentAt) {
		return
	}
	part := partOf(r.As, r.Lane)
	b.parts[part].messages++
	b.parts[part].people[string(r.Person)] = true
	b.kinds[kindAsked{part, r.Kind}]++
}

// partOf gives the part in which somebody receives a message.
func partOf(as reminders.Role, lane reminders.Lane) string {
	switch as {
	case reminders.Liaison:
		return asLiaison
	case reminders.Leader:
		return asLeader
	case reminders.DutyOfficer, reminders.DutyLeader, reminders.DutyBackup, reminders.StaffOnDuty:
		return asDuty
	case reminders.Staff, reminders.Head, reminders.Admin, reminders.Auditor:
		return asOffice
	}
	if lane == reminders.LaneDuty {
		return asDuty
	}
	return asOfficial
}

// deed is what one person did at one instant.
type deed struct {
	actor string
	at    time.Time
	part  string
	form  bool
}

// read counts what the ledger holds of the span. Entries of one act follow one another.
func (b *burden) read(ctx context.Context, f *office, staff map[string]bool) error {
	var open deed
	for e, err := range f.store.Entries(ctx, 1) {
		switch {
		case err != nil:
			return err
		case e.At.Before(b.window.From):
			continue
		case !e.At.Before(b.window.To):
			b.close(open)
			return nil
		}
		b.decision(e)
		part, form, counts := answerOf(e, staff)
		switch {
		case !counts:
			continue
		case e.Actor == open.actor && e.At.Equal(open.at):
			open.form = open.form || form
			if part != asOfficial {
				open.part = part // the entry that says more wins over the answer as such
			}
			continue
		}
		b.close(open)
		open = deed{actor: e.Actor, at: e.At, part: part, form: form}
	}
	b.close(open)
	return nil
}

// close counts an act that is complete.
func (b *burden) close(a deed) {
	if a.actor == "" {
		return
	}
	in := b.parts[a.part]
	in.people[a.actor] = true
	if a.form {
		in.forms++
	} else {
		in.taps++
	}
}

// answerOf says whether an entry is somebody's answer, in which part, and whether it was
// filled in rather than tapped.
func answerOf(e ledger.Entry, staff map[string]bool) (part string, form, counts bool) {
	if e.Actor == ledger.System || e.Actor == "" {
		return "", false, false
	}
	switch e.Verb {
	case ledger.Acknowledged, ledger.Undone, ledger.Declined:
		part = asOfficial
		if e.Subject != e.Actor {
			part = asLiaison
		}
	case ledger.TookOver, ledger.Swap:
		part = asDuty
	case ledger.HandedOver, ledger.Matter:
		part, form = asDuty, true
	case ledger.Reported:
		part, form = asDuty, e.Reason != report.ReasonNil
	case ledger.Filed, ledger.OnLeave:
		part, form = asLiaison, true
	default:
		return "", false, false
	}
	if part == asLiaison && staff[e.Actor] {
		part = asOffice
	}
	return part, form, true
}

// decision notes what went beyond a rule or a budget.
func (b *burden) decision(e ledger.Entry) {
	if e.Verb == ledger.Overrode {
		b.beyond = append(b.beyond, beyond{at: e.At, rule: e.Attrs["rule"], reason: e.Reason, by: e.Actor})
	}
}

// burdenFields are the columns of the export.
var burdenFields = []string{"month", "part", "kind", "people", "messages", "taps", "forms"}

// burdens gives for each month of the range, and each part, one row with its sums and one
// for each kind of message.
func (t *exportTask) burdens(ctx context.Context, f *office) (records, error) {
	found := records{fields: burdenFields}
	loc := f.years.Calendar().Location()
	first, last := t.From, t.To
	if first.IsZero() {
		born, err := f.born(ctx)
		if err != nil {
			return found, err
		}
		first = calendar.DateOf(born, loc)
	}
	if today := calendar.DateOf(f.clock.Now(), loc); last.IsZero() || today.Before(last) {
		last = today
	}
	for month := monthOf(first); !last.Before(month); month = monthOf(month.AddDays(31)) {
		b, err := f.burdenOf(ctx, monthWindow(month, loc))
		if err != nil {
			return found, err
		}
		found.rows = append(found.rows, b.rows(month)...)
	}
	return found, nil
}

// rows are those of one month.
func (b *burden) rows(month calendar.Date) (rows [][]any) {
	name := month.String()[:len("2026-09")]
	for _, part := range burdenParts {
		in := b.parts[part]
		rows = append(rows, []any{name, part, "", len(in.people), in.messages, in.taps, in.forms})
		var kinds []string
		for k := range b.kinds {
			if k.part == part {
				kinds = append(kinds, k.kind)
			}
		}
		slices.SortFunc(kinds, cmp.Compare)
		for _, kind := range kinds {
			rows = append(rows, []any{name, part, kind, "", b.kinds[kindAsked{part, kind}], "", ""})
		}
	}
	return rows
}

// monthOf is the first day of the month of a day.
func monthOf(d calendar.Date) calendar.Date { return d.AddDays(1 - d.Day) }

// monthWindow is the month that begins on a day.
func monthWindow(first calendar.Date, loc *time.Location) reminders.Window {
	return reminders.Window{From: first.At(0, 0, loc), To: monthOf(first.AddDays(31)).At(0, 0, loc)}
}

// born is when the service first ran.
func (f *office) born(ctx context.Context) (at time.Time, err error) {
	err = f.store.View(ctx, func(tx reminders.Tx) (err error) {
		at, err = f.store.Born(tx)
		return err
	})
	return at, err
}
