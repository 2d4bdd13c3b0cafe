package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

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
			t.later(t.inviteUnit(unit))
			return nil
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

// inviteUnit makes the sheet of a unit and sends it as a file.
func (t *Turn) inviteUnit(unit reminders.Unit) func(ctx context.Context) {
	return func(ctx context.Context) {
		issued, err := t.People.InviteUnit(ctx, t.Units, unit.ID, false, people.InvitationTTL, string(t.person.ID))
		if err == nil && len(issued) > 0 {
			var sheet strings.Builder
			sheet.WriteString("\ufeff")
			for _, line := range issued {
				fmt.Fprintf(&sheet, "%s\t%s\t%s\r\n", line.Person.ID, line.Person.Name, t.Link(line.Code))
			}
			if err = t.sendSheet(ctx, unit, sheet.String()); err == nil {
				return
			}
		}
		t.report(ctx, err, reminders.Line("invite.none", nil))
	}
}

// sheetPause is what a file waits first, since it goes past the outbox, which keeps
// the pace of one message a second in a chat. sheetTries is how often it is sent.
const (
	sheetPause = 1100 * time.Millisecond
	sheetTries = 3
)

// sendSheet sends the sheet of a unit; the chat service may ask it to wait.
func (t *Turn) sendSheet(ctx context.Context, unit reminders.Unit, sheet string) error {
	caption, err := t.words.html(t.lang, reminders.Line("invite.unit", reminders.Args{"Unit": reminders.Text(unit.Name)}), noNames{})
	if err != nil {
		return err
	}
	wait, result := sheetPause, reminders.NotSent
	for range sheetTries {
		<-time.After(wait)
		outcome := t.Client.SendFile(ctx, t.update.Chat, "invitations.txt", []byte(sheet), caption)
		if result = outcome.Result; result == reminders.Sent {
			return nil
		}
		wait = max(sheetPause, outcome.RetryAfter)
	}
	return reminders.Internalf("bot.invite", "sheet not sent: %s", result)
}

// report says how something ended that went on after its unit of work.
func (t *Turn) report(ctx context.Context, cause error, m reminders.Message) {
	if cause != nil {
		t.Log.ErrorContext(ctx, "work after an update failed", "update", t.update.ID, "error", cause)
		if m = reminders.MessageOf(cause); m.Key == "" {
			m = reminders.Line("error."+string(reminders.KindOf(cause)), nil)
		}
	}
	err := t.Units.Do(ctx, func(tx reminders.Tx) error {
		later := *t
		later.tx = tx
		later.answers += 100
		return later.say(m)
	})
	if err != nil {
		t.Log.ErrorContext(ctx, "answer lost", "update", t.update.ID, "error", err)
	}
}
