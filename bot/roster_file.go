package bot

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// previewDuty looks at rosters and leaves; known is false for what is neither, and then
// the error says why it is no roster.
func (t *Turn) previewDuty(name string, file []byte) (p preview, known bool, err error) {
	if leaves, wrong, err := people.ReadLeaves(name, file); err == nil {
		p, err := t.previewLeaves(name, leaves, wrong)
		return p, true, t.onlyOfDuty(err)
	}
	list, wrong, err := duty.ReadRoster(name, file)
	if err != nil {
		return p, false, err
	}
	p, err = t.previewRoster(name, list, wrong)
	return p, true, t.onlyOfDuty(err)
}

// onlyOfDuty refuses those who may import neither.
func (t *Turn) onlyOfDuty(err error) error {
	if !t.has(ofDuty...) {
		return reminders.Fail(reminders.Denied, "bot.file", "dutychat.file_not_yours", nil)
	}
	return err
}

// where says for which units a roster file of the person may speak.
func (t *Turn) where() (duty.Where, error) {
	units, err := t.filingUnits()
	if err != nil || t.has(reminders.Staff) {
		return duty.Where{}, err
	}
	where := duty.Where{Own: []reminders.UnitID{t.person.Unit}}
	for _, u := range units {
		where.Own = append(where.Own, u.ID)
		if len(units) == 1 || u.ID == t.person.Unit {
			where.Unit = u.ID
		}
	}
	return where, nil
}

// previewRoster says what a roster changes and what is wrong with it.
func (t *Turn) previewRoster(name string, list duty.List, wrong []sheet.RowError) (preview, error) {
	p := preview{sort: sortRoster, wrong: wrong}
	where, err := t.where()
	if err != nil || len(wrong) > 0 {
		return p, err
	}
	plans, wrong, err := t.Duty.Plans(t.tx, list, where)
	if p.wrong = wrong; err != nil || len(wrong) > 0 {
		return p, err
	}
	previews, err := t.Duty.Preview(t.tx, plans)
	if err != nil {
		return p, err
	}
	m := rosterPreview(name, previews)
	p.said = &m
	return p, nil
}

// rosterPreview puts what plans change and what is wrong with them into words.
func rosterPreview(name string, previews []duty.Filed) reminders.Message {
	var lines []reminders.Message
	var blocking, warning []duty.Problem
	changed := false
	for _, f := range previews {
		lines = append(lines, filedLine(f))
		changed = changed || f.First || len(f.Changes) > 0
		for _, p := range f.Problems {
			if p.Blocks() {
				blocking = append(blocking, p)
			} else {
				warning = append(warning, p)
			}
		}
	}
	if more := len(lines) - shownAtOnce; more > 0 {
		lines = append(lines[:shownAtOnce], reminders.Line("file.more_rows", reminders.Args{"Count": reminders.Number(more)}))
	}
	args := reminders.Args{"Name": reminders.Text(name), "Items": reminders.List(lines...)}
	switch {
	case len(blocking) > 0:
		args["Problems"] = reminders.List(problemLines(blocking)...)
		return reminders.Line("dutychat.file.blocked", args)
	case !changed:
		return reminders.Line("dutychat.file.same", args)
	case len(warning) > 0:
		args["Problems"], args["Count"] = reminders.List(problemLines(warning)...), reminders.Number(len(warning))
		m := reminders.Line("dutychat.file.warned", args)
		m.Buttons = [][]reminders.Button{importButtons("button.file_anyway")}
		return m
	}
	m := reminders.Line("dutychat.file.clean", args)
	m.Buttons = [][]reminders.Button{importButtons("button.file_roster")}
	return m
}

// filedLine says in one line what filing a plan does.
func filedLine(f duty.Filed) reminders.Message {
	var added, changed, cancelled int
	for _, c := range f.Changes {
		switch {
		case c.Is.Cancelled:
			cancelled++
		case c.Was.Version == 0 || c.Was.Cancelled:
			added++
		default:
			changed++
		}
	}
	args := reminders.Args{
		"Unit": reminders.UnitName(f.Plan.Unit), "Block": duty.BlockName(f.Plan.Block), "Shifts": reminders.Number(len(f.Plan.Planned)),
	}
	if f.First {
		return reminders.Line("dutychat.file.line", args)
	}
	args["Added"], args["Changed"], args["Cancelled"] = reminders.Number(added), reminders.Number(changed), reminders.Number(cancelled)
	return reminders.Line("dutychat.file.line_again", args)
}

// importRoster files what was previewed: the roster of one unit at once, those of many by
// a chore.
func (t *Turn) importRoster(d Dialog) error {
	plans, err := t.plansOf(d.Name, d.File)
	if err != nil {
		return err
	}
	if len(plans) != 1 {
		return t.importLater(d)
	}
	f, err := t.Duty.File(t.tx, plans[0], t.person.ID, true)
	if err != nil {
		return err
	}
	t.later(t.menusOf(f))
	return t.replace(reminders.Line("dutychat.file.done", reminders.Args{
		"Unit": reminders.UnitName(f.Plan.Unit), "Block": duty.BlockName(f.Plan.Block),
		"Version": reminders.Number(f.Roster.Version), "Shifts": reminders.Number(len(f.Plan.Planned)),
	}))
}

// plansOf reads a file again, which was without fault when it was previewed.
func (t *Turn) plansOf(name string, file []byte) ([]duty.Plan, error) {
	list, wrong, err := duty.ReadRoster(name, file)
	if err != nil {
		return nil, err
	}
	where, err := t.where()
	if err != nil {
		return nil, err
	}
	plans, more, err := t.Duty.Plans(t.tx, list, where)
	if err == nil && len(wrong)+len(more) > 0 {
		err = reminders.Fail(reminders.Conflict, "bot.roster", "file.gone", nil)
	}
	return plans, err
}

// menusOf gives those on a roster the commands of duty.
func (b *Bot) menusOf(f duty.Filed) func(ctx context.Context) {
	return func(ctx context.Context) {
		told := map[reminders.PersonID]bool{}
		for _, s := range f.Plan.Planned {
			for _, p := range s.People() {
				if !told[p] {
					told[p] = true
					b.followMenu(ctx, p)
				}
			}
		}
	}
}

// fileRosters files the rosters of a file, one unit after the other. Done twice it has
// the effect of once.
func (b *Bot) fileRosters(ctx context.Context, c Chore) (reminders.Message, error) {
	var plans []duty.Plan
	err := b.Units.View(ctx, func(tx reminders.Tx) (err error) {
		t := &Turn{Bot: b, tx: tx}
		if t.person, t.enrolled, err = b.People.Person(tx, c.Person); err != nil {
			return err
		}
		plans, err = t.plansOf(c.Name, c.File)
		return err
	})
	if err != nil {
		return reminders.Message{}, err
	}
	filed, err := b.Duty.FileAll(ctx, plans, c.Person, true)
	if err != nil {
		return reminders.Message{}, err
	}
	for _, f := range filed {
		b.menusOf(f)(ctx)
	}
	return reminders.Line("dutychat.file.done_all", reminders.Args{"Count": reminders.Number(len(filed))}), nil
}
