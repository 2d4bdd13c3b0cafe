package bot

import (
	"bytes"
	"context"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// What a chore makes.
const (
	makeTemplate = "template" // of the roster of Unit for Block
	makeCalendar = "calendar" // of Unit, or of the person
)

// template sends the spreadsheet in which a unit fills in its roster. The object is the
// handle of what asks for the roster, and the unit.
func (t *Turn) template(object string) error {
	handle, unit, _ := strings.Cut(object, ".")
	if err := t.mustFile(reminders.UnitID(unit)); err != nil {
		return err
	}
	block, found := t.blockOf(obligation.Handle(handle))
	if !found {
		return reminders.Fail(reminders.NotFound, "bot.template", "dutychat.no_block", nil)
	}
	if err := t.toast(reminders.Line("dutychat.template.coming", nil), false); err != nil {
		return err
	}
	return t.chore(Chore{Make: makeTemplate, Unit: reminders.UnitID(unit), Block: block.ID})
}

// blockOf finds a coming block by the handle of what asks for its roster.
func (b *Bot) blockOf(h obligation.Handle) (calendar.Block, bool) {
	return b.findBlock(func(block calendar.Block) bool { return obligation.HandleOf(duty.RosterTerms(block.ID)) == h })
}

// findBlock finds a block of these years.
func (b *Bot) findBlock(is func(calendar.Block) bool) (calendar.Block, bool) {
	cal := b.Years.Calendar()
	today := calendar.DateOf(b.Clock.Now(), cal.Location())
	for _, block := range cal.Blocks(today.AddDays(-366), today.AddDays(400)) {
		if is(block) {
			return block, true
		}
	}
	return calendar.Block{}, false
}

// calendar gives the address under which one's shifts, or those of a unit, can be
// subscribed to, and the file of them. The object says whose: nothing, or "unit." and the
// unit; before it "new." makes another address, "off." closes it, "file." sends the file.
func (t *Turn) calendar(object string) error {
	what, rest, _ := strings.Cut(object, ".")
	if what == "unit" || what == "" {
		what, rest = "", object
	}
	who := duty.Whose{Person: t.person.ID}
	if unit, byUnit := strings.CutPrefix(rest, "unit."); byUnit {
		who = duty.Whose{Unit: reminders.UnitID(unit)}
		if err := t.mustFile(who.Unit); err != nil {
			return err
		}
	}
	_, known, err := t.Duty.Store.FeedFor(t.tx, who)
	switch {
	case err != nil:
		return err
	case what == "file", t.PublicURL == "":
		if err := t.toast(reminders.Line("dutychat.calendar.coming", nil), false); err != nil {
			return err
		}
		return t.chore(Chore{Make: makeCalendar, Unit: who.Unit})
	case what == "off":
		if err := t.Duty.RevokeFeed(t.tx, who); err != nil {
			return err
		}
		return t.replace(reminders.Line("dutychat.calendar.off", nil))
	case known && what != "new":
		return t.say(calendarPage(reminders.Line("dutychat.calendar.known", nil), rest, true))
	}
	token, err := t.Duty.FeedToken(t.tx, who)
	if err != nil {
		return err
	}
	page := calendarPage(reminders.Line("dutychat.calendar.link", reminders.Args{
		"Link": reminders.Text(strings.TrimSuffix(t.PublicURL, "/") + "/calendar/" + token + ".ics"),
	}), rest, false)
	if what == "new" {
		return t.replace(page)
	}
	return t.say(page)
}

// calendarPage adds what can be done about a calendar.
func calendarPage(m reminders.Message, rest string, again bool) reminders.Message {
	row := []reminders.Button{
		{Label: "button.calendar_file", Verb: "calendar", Object: "file." + rest},
		{Label: "button.calendar_off", Verb: "calendar", Object: "off." + rest},
	}
	if again {
		row = append(row, reminders.Button{Label: "button.calendar_new", Verb: "calendar", Object: "new." + rest})
	}
	m.Buttons = [][]reminders.Button{row}
	return m
}

// makeFile makes the file that a chore is about, keeps it, and says what it is.
func (b *Bot) makeFile(ctx context.Context, c Chore) (reminders.Message, []reminders.File, error) {
	var said reminders.Message
	var name string
	var content []byte
	err := b.Units.View(ctx, func(tx reminders.Tx) (err error) {
		say := func(m reminders.Message) string {
			text, failed := b.words.plain(c.Language, m, b.names(tx))
			if failed != nil {
				err = failed
			}
			return text
		}
		made := b.makeCalendar
		switch c.Make {
		case makeTemplate:
			made = b.makeTemplate
		case makeTheme:
			made = b.themeFile
		}
		m, title, bytes, failed := made(tx, c, say)
		if failed != nil {
			return failed
		}
		said, name, content = m, say(title), bytes
		return err
	})
	if err != nil {
		return said, nil, err
	}
	file, err := b.Files.Put(ctx, name, bytes.NewReader(content))
	return said, []reminders.File{file}, err
}

// makeTemplate makes the spreadsheet of a roster.
func (b *Bot) makeTemplate(tx reminders.Tx, c Chore, say func(reminders.Message) string) (said, title reminders.Message, content []byte, err error) {
	block, found := b.findBlock(func(block calendar.Block) bool { return block.ID == c.Block })
	unit, known, err := b.Tree.Unit(tx, c.Unit)
	if err != nil || !found || !known {
		return said, title, nil, reminders.Wrap("bot.template", err)
	}
	args := reminders.Args{"Unit": reminders.UnitName(unit.ID), "Block": duty.BlockName(block)}
	content, err = b.Duty.Template(tx, unit, block, say)
	due := reminders.Args{"Unit": args["Unit"], "Block": args["Block"], "Due": reminders.Instant(duty.RosterDue(b.Years.Calendar(), block).Due)}
	return reminders.Line("dutychat.template.here", due), reminders.Line("dutychat.template.file", args), content, err
}

// makeCalendar makes the file of a calendar.
func (b *Bot) makeCalendar(tx reminders.Tx, c Chore, say func(reminders.Message) string) (said, title reminders.Message, content []byte, err error) {
	who := duty.Whose{Person: c.Person}
	if c.Unit != "" {
		who = duty.Whose{Unit: c.Unit}
	}
	events, err := b.Duty.Events(tx, who, tx.Now())
	if err != nil {
		return said, title, nil, err
	}
	text := duty.ICS(events, duty.CalendarTitle(who), b.Years.Calendar().Location(), say)
	return reminders.Line("dutychat.calendar.here", nil), reminders.Line("dutychat.calendar.file", nil), []byte(text), nil
}
