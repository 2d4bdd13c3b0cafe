package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Link is the address that binds whoever opens it.
func (b *Bot) Link(code string) string {
	return fmt.Sprintf("https://t.me/%s?start=%s", b.Username, code)
}

// invite makes a one-time link for a person, or a sheet of links for a unit.
func (t *Turn) invite(args string) error {
	what := strings.TrimSpace(args)
	if what == "" {
		return t.say(reminders.Line("invite.ask", nil))
	}
	units, err := t.Tree.Units(t.tx)
	if err != nil {
		return err
	}
	for _, unit := range units {
		if unit.Name == what {
			return t.chore(Chore{Unit: unit.ID, Name: unit.Name})
		}
	}
	code, err := t.People.Invite(t.tx, reminders.PersonID(what), 0, string(t.person.ID))
	if err != nil {
		return err
	}
	return t.say(reminders.Line("invite.link", reminders.Args{
		"Name": reminders.PersonName(reminders.PersonID(what)), "Link": reminders.Text(t.Link(code)),
	}))
}

// inviteUnit makes the sheet of a unit and sends it as a file. Done again, it replaces
// the links that nobody has seen, and those that nobody has used.
func (b *Bot) inviteUnit(ctx context.Context, c Chore) (reminders.Message, error) {
	issued, err := b.People.InviteUnit(ctx, b.Units, c.Unit, false, people.InvitationTTL, string(c.Person))
	if err != nil || len(issued) == 0 {
		return reminders.Line("invite.none", nil), err
	}
	var sheet strings.Builder
	sheet.WriteString("\ufeff")
	for _, line := range issued {
		fmt.Fprintf(&sheet, "%s\t%s\t%s\r\n", line.Person.ID, line.Person.Name, b.Link(line.Code))
	}
	return reminders.Message{}, b.sendSheet(ctx, c, sheet.String())
}

// sheetPause is what a file waits first, since it goes past the outbox, which keeps
// the pace of one message a second in a chat. sheetTries is how often it is sent.
const (
	sheetPause = 1100 * time.Millisecond
	sheetTries = 3
)

// sendSheet sends the sheet of a unit; the chat service may ask it to wait.
func (b *Bot) sendSheet(ctx context.Context, c Chore, sheet string) error {
	caption, err := b.words.html(c.Language, reminders.Line("invite.unit", reminders.Args{"Unit": reminders.Text(c.Name)}), noNames{})
	if err != nil {
		return err
	}
	wait, result := sheetPause, reminders.NotSent
	for range sheetTries {
		pause(ctx, wait)
		outcome := b.Client.Deliver(ctx, wire.Outgoing{
			Act: reminders.ActSend, Chat: c.Chat, HTML: caption, Files: []wire.Attachment{wire.Bytes("invitations.txt", []byte(sheet))},
		})
		if result = outcome.Result; result == reminders.Sent {
			return nil
		}
		wait = max(sheetPause, outcome.RetryAfter)
	}
	return reminders.Internalf("bot.invite", "sheet not sent: %s", result)
}
