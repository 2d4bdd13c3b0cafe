package bot

import (
	"context"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// start greets, or binds the chat with a one-time code.
func (t *Turn) start(args string) error {
	code := strings.TrimSpace(args)
	if code == "" {
		if !t.enrolled {
			return t.stranger()
		}
		t.later(t.menuOf(t.person))
		return t.say(t.welcome())
	}
	profile := strings.TrimSpace(t.update.From.FirstName + " " + t.update.From.LastName)
	result, err := t.People.Bind(t.tx, code, t.update.Chat, profile)
	if err != nil {
		return err
	}
	if !result.Bound() {
		return t.say(result.Message())
	}
	t.become(result.Person)
	if result.OldChat != 0 {
		if err := t.tellOldChat(result); err != nil {
			return err
		}
	}
	t.later(t.menuOf(result.Person))
	if err := t.answer([]reminders.Message{result.Message(), reminders.Line("start.rules", nil)}, nil); err != nil {
		return err
	}
	if t.person.Enrolled() {
		if err := t.Notices.Join(t.tx, t.person.Person); err != nil {
			return err
		}
	}
	return t.stillOpen()
}

// become goes on as the person to whom the chat is bound now.
func (t *Turn) become(r people.Record) {
	t.person, t.enrolled, t.lang = r, true, t.languageOf(r.Person)
}

// tellOldChat tells the chat from which the person has moved away.
func (t *Turn) tellOldChat(result people.BindResult) error {
	d := t.outgoing(reminders.ActSend)
	d.Person, d.Chat, d.Language = "", result.OldChat, t.languageOf(result.Person.Person)
	d.Lines = []reminders.Message{people.OldChatMessage()}
	t.later(func(ctx context.Context) { t.clearMenu(ctx, result.OldChat) })
	return t.Outbox.Enqueue(t.tx, d)
}

// later does something once the unit of work is committed. It may be lost in a
// crash, so only what is no loss belongs here.
func (t *Turn) later(f func(ctx context.Context)) { t.after = append(t.after, f) }

// welcome greets somebody who is enrolled.
func (t *Turn) welcome() reminders.Message {
	return reminders.Line("start.welcome", reminders.Args{"Name": reminders.Text(t.person.Name)})
}

// help lists what the person can do.
func (t *Turn) help(string) error {
	var lines []reminders.Message
	listed, err := t.menu(t.tx, t.person)
	if err != nil {
		return err
	}
	for _, c := range listed {
		lines = append(lines, reminders.Line("help.line", reminders.Args{
			"Command": reminders.Text("/" + c.name), "Text": reminders.Say("menu."+c.name, nil),
		}))
	}
	return t.say(reminders.Line("help.body", reminders.Args{"Items": reminders.List(lines...)}))
}
