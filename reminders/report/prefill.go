package report

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// DraftDaily begins the daily report of a unit with what is known already: the incidents
// reported for that day and the notes of its handovers. Each such value says where it came
// from. A report that is there already begins its correction.
func (d *Desk) DraftDaily(tx reminders.Tx, unit reminders.UnitID, day calendar.Date) (Draft, error) {
	if r, found, err := d.Store.Report(tx, DailyID(unit, day)); err != nil || found && r.State != TakenBack {
		return d.correction(r), err
	}
	draft := Draft{Kind: Daily, Unit: unit, Day: day, Values: Values{}, FormVersion: d.Forms.Daily.Version}
	if b, found := d.blockOn(day); found {
		draft.Block = b.ID
	}
	incidents, err := d.incidentsOn(tx, unit, day)
	if err != nil {
		return draft, err
	}
	notes, err := d.notes(tx, unit, day)
	if err != nil {
		return draft, err
	}
	for _, field := range d.Forms.Daily.Fields {
		switch {
		case field.From == FromIncidents && len(incidents) > 0:
			draft.Values[field.Name] = Value{Number: new(min(len(incidents), field.Max)), From: FromIncidents, Refs: refsOf(incidents)}
		case field.From == FromHandover && len(notes) > 0:
			draft.Values[field.Name] = handedOver(notes, field.Max)
		}
	}
	return draft, nil
}

// DraftClosing begins the closing report of a unit with the sums of its daily reports. A
// report that is there already begins its correction.
func (d *Desk) DraftClosing(tx reminders.Tx, unit reminders.UnitID, b calendar.Block) (Draft, error) {
	if r, found, err := d.Store.Report(tx, ClosingID(unit, b.ID)); err != nil || found {
		return d.correction(r), err
	}
	draft := Draft{Kind: Closing, Unit: unit, Day: b.Last, Block: b.ID, Values: Values{}, FormVersion: d.Forms.Closing.Version}
	reports, err := d.Store.ReportsOf(tx, unit, b.First, b.Last)
	if err != nil {
		return draft, err
	}
	sums, from := d.Forms.Daily.sums(reports)
	for _, field := range d.Forms.Closing.Fields {
		total := sums[field.Name]
		if field.From == FromDailies && (total > 0 || field.Required == Always) {
			draft.Values[field.Name] = Value{Number: new(min(total, field.Max)), From: FromDailies, Refs: from}
		}
	}
	return draft, nil
}

// DraftExpected begins what a button on terms names: a daily report, a closing report, or
// the correction of a report that was returned. Other terms are NotFound.
func (d *Desk) DraftExpected(tx reminders.Tx, unit reminders.UnitID, id obligation.TermsID) (Draft, error) {
	if corrected, ok := Corrects(id); ok {
		return d.DraftCorrection(tx, corrected)
	}
	switch kind, name, day, _ := Expected(id); kind {
	case Daily:
		return d.DraftDaily(tx, unit, day)
	case Closing:
		b, found := d.block(name, d.today(tx))
		if !found {
			return Draft{}, d.outside(Draft{Kind: Closing})
		}
		return d.DraftClosing(tx, unit, b)
	}
	_, err := foundReport(Report{}, false, nil)
	return Draft{}, err
}

// DraftFollowOn begins the next report of an incident with what the last one said.
func (d *Desk) DraftFollowOn(tx reminders.Tx, incident ID, stage Stage) (Draft, error) {
	parts, err := d.Incidents(tx, incident)
	if err != nil {
		return Draft{}, err
	}
	last := parts[len(parts)-1]
	draft := Draft{
		Kind: Incident, Unit: last.Unit, Day: last.Day, Block: last.Block, Report: last.Incident, Stage: stage,
		Values: Values{}, FormVersion: last.Latest().FormVersion,
	}
	for name, value := range last.Latest().Values {
		value.From, value.Refs = FromEarlier, []string{string(last.ID)}
		draft.Values[name] = value
	}
	return draft, nil
}

// DraftCorrection begins the correction of a report with what it says, each value with
// where it came from.
func (d *Desk) DraftCorrection(tx reminders.Tx, id ID) (Draft, error) {
	r, err := d.Find(tx, id)
	return d.correction(r), err
}

// correction begins the next version of a report.
func (d *Desk) correction(r Report) Draft {
	last := r.Latest()
	version := last.FormVersion
	if last.Nil {
		version = d.Forms.Of(r.Kind).Version // there are no values that the form could lose
	}
	return Draft{
		Kind: r.Kind, Unit: r.Unit, Day: r.Day, Block: r.Block, Report: r.ID, Base: len(r.Versions), Stage: r.Stage,
		Values: last.Values.clone(), Files: slices.Clone(last.Files), FormVersion: version,
	}
}

// incidentsOn lists the first reports of the incidents of a unit on a day.
func (d *Desk) incidentsOn(tx reminders.Tx, unit reminders.UnitID, day calendar.Date) ([]Report, error) {
	reports, err := d.Store.ReportsOf(tx, unit, day, day)
	return slices.DeleteFunc(reports, func(r Report) bool { return r.Stage != First }), err
}

// notes gives what was written down at the handovers of a day.
func (d *Desk) notes(tx reminders.Tx, unit reminders.UnitID, day calendar.Date) ([]Note, error) {
	if d.Handovers == nil {
		return nil, nil
	}
	return d.Handovers.NotesOf(tx, unit, reminders.Window{From: d.at(day, 0), To: d.at(day.AddDays(1), 0)})
}

// handedOver makes one text of the notes, as far as it has room for them.
func handedOver(notes []Note, limit int) Value {
	value := Value{From: FromHandover}
	var lines []string
	for _, note := range notes {
		lines = append(lines, note.Text)
		value.Refs = append(value.Refs, note.Ref)
	}
	text := []rune(strings.Join(lines, "\n"))
	if len(text) > limit {
		text = append(text[:limit-1:limit-1], '…')
	}
	value.Text = string(text)
	return value
}

// refsOf names reports.
func refsOf(reports []Report) []string {
	refs := make([]string, len(reports))
	for i, r := range reports {
		refs[i] = string(r.ID)
	}
	return refs
}

// Questions asks what the rules of plausibility ask about a draft, so that the sender can
// answer before submitting. It changes nothing and blocks nothing.
func (d *Desk) Questions(tx reminders.Tx, draft Draft) ([]Question, error) {
	r := Report{Kind: draft.Kind, Unit: draft.Unit, Day: draft.Day, Block: draft.Block}
	if draft.Kind == Daily {
		if b, found := d.blockOn(draft.Day); found {
			r.Block = b.ID
		}
	}
	return d.questions(tx, r, Version{Nil: draft.Nil, Values: draft.Values, Files: draft.Files})
}

// questions asks what the rules ask about a version of a report.
func (d *Desk) questions(tx reminders.Tx, r Report, v Version) ([]Question, error) {
	c, err := d.context(tx, r)
	if err != nil {
		return nil, err
	}
	return Evaluate(d.Forms.Rules, r.Kind, v, c), nil
}

// context gathers what else is known about the day or the block of a report.
func (d *Desk) context(tx reminders.Tx, r Report) (Context, error) {
	var c Context
	b, found := d.block(r.Block, r.Day)
	switch {
	case r.Kind == Closing && found:
		reports, err := d.Store.ReportsOf(tx, r.Unit, b.First, b.Last)
		c.Dailies, _ = d.Forms.Daily.sums(reports)
		return c, err
	case r.Kind != Daily:
		return c, nil
	}
	incidents, err := d.incidentsOn(tx, r.Unit, r.Day)
	if c.Incidents = len(incidents); err != nil || !found {
		return c, err
	}
	earlier, err := d.Store.ReportsOf(tx, r.Unit, b.First, r.Day.AddDays(-1))
	if err != nil {
		return c, err
	}
	c.Earlier = d.largest(earlier)
	day, found := d.yearAgo(b, r.Day)
	if !found {
		return c, nil
	}
	before, found, err := d.Store.Report(tx, DailyID(r.Unit, day))
	if found && err == nil {
		c.LastYear = d.largest([]Report{before})
	}
	return c, err
}

// largest gives, for each summed field, the largest number in daily reports. Nothing to
// report is zero of everything.
func (d *Desk) largest(reports []Report) map[string]int {
	most := map[string]int{}
	for _, r := range reports {
		last := r.Latest()
		if r.Kind != Daily || r.State == TakenBack {
			continue
		}
		for _, field := range d.Forms.Daily.Fields {
			if n, given := last.Values.Count(field.Name); field.Sum && (given || last.Nil) {
				most[field.Name] = max(most[field.Name], n)
			}
		}
	}
	return most
}

// yearAgo gives the same day of the same festival in the year before.
func (d *Desk) yearAgo(b calendar.Block, day calendar.Date) (calendar.Date, bool) {
	for _, before := range d.Calendar().Blocks(b.First.AddDays(-400), b.First.AddDays(-300)) {
		shared := slices.ContainsFunc(before.Festivals, func(f calendar.Festival) bool { return slices.Contains(b.Festivals, f) })
		if then := before.First.AddDays(day.Sub(b.First)); shared && before.Contains(then) {
			return then, true
		}
	}
	return calendar.Date{}, false
}
