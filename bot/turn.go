package bot

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// answerLife is for how long an answer is worth sending: the chat service keeps
// updates for a day, so nobody waits longer for one.
const answerLife = 24 * time.Hour

// Turn is one update being handled: who sent it, and the unit of work in which
// its effect and its answers are written.
type Turn struct {
	*Bot
	tx       reminders.Tx
	update   wire.Update
	attached // what was fetched before
	person   people.Record
	enrolled bool
	lang     reminders.Language

	was     Dialog // that the command which is being run has ended
	answers int
	toasted bool
	after   []func(ctx context.Context) // once the unit of work is committed
	chores  []Chore                     // likewise, and if need be after the next start
}

// turn finds out who sent the update.
func (b *Bot) turn(tx reminders.Tx, update wire.Update, came attached) (*Turn, error) {
	t := &Turn{Bot: b, tx: tx, update: update, attached: came, lang: b.words.language(reminders.Language(update.From.Language))}
	who := update.Chat
	if update.ChatType != wire.PrivateChat {
		who = reminders.ChatID(update.From.ID)
	}
	record, found, err := b.People.At(tx, who)
	if err != nil {
		return nil, err
	}
	if found {
		t.person, t.enrolled = record, true
		if record.Language != "" {
			t.lang = record.Language
		} else {
			t.lang = b.Language
		}
	}
	return t, nil
}

// run handles the update by its sort.
func (t *Turn) run() error {
	switch {
	case !t.private():
		return t.groupUpdate()
	case t.update.Member != nil:
		return t.member()
	case t.update.Callback != nil:
		return t.tap()
	case t.update.Message != nil && !t.update.Message.Edited:
		return t.message()
	}
	return nil
}

// message handles what somebody typed or sent.
func (t *Turn) message() error {
	if t.enrolled {
		if _, err := t.People.MarkReachable(t.tx, t.person.ID); err != nil {
			return err
		}
	}
	m := t.update.Message
	if rules := t.redacted(m); len(rules) > 0 {
		return t.refuse("text", rules)
	}
	if c, ok := ParseCommand(m.Text, m.Entities, t.Username); ok {
		return t.command(c)
	}
	if !t.enrolled {
		return t.stranger()
	}
	if soft, err := t.softBeside(m); err != nil || len(soft) > 0 {
		return t.refused("file", soft, err)
	}
	switch {
	case len(t.files) > 0:
		return t.reply(m.Caption)
	case m.Document != nil:
		return t.document()
	}
	return t.reply(m.Text)
}

// command runs a command that the person may use.
func (t *Turn) command(c Command) error {
	route, known := t.table[c.Name]
	switch {
	case !t.enrolled && c.Name != "start":
		return t.stranger()
	case !known:
		return t.say(reminders.Line("help.unknown", nil))
	}
	allowed, err := route.allows(t)
	if err != nil {
		return err
	}
	if !allowed {
		t.later(func(ctx context.Context) { t.followMenu(ctx, t.person.ID) }) // it may stand there from a shift that is over
		return t.say(reminders.Line("help.not_yours", nil))
	}
	if soft := t.Guard.Soft(c.Args); len(soft) > 0 && c.Name != "start" {
		return t.refuse("text", soft)
	}
	if t.was, _, err = t.dialog(); err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return route.run(t, c.Args)
}

// tap runs a button. The seal binds it to the person, the table to the role; the
// thing itself is looked up again by the handler.
func (t *Turn) tap() error {
	if !t.enrolled {
		return t.toast(reminders.Line("start.stranger", nil), true)
	}
	verb, object, err := t.Codec.Decode(t.update.Callback.Data, t.person.ID)
	if err != nil {
		return t.toast(reminders.Line(onOff(t.has(office...), "button.foreign_office", "button.foreign"), nil), true)
	}
	route, known := t.verbs[verb]
	allowed := false
	if known {
		if allowed, err = route.allows(t); err != nil {
			return err
		}
	}
	if !allowed {
		return t.toast(reminders.Line(cmp.Or(route.refused, "error.denied"), nil), true)
	}
	if err := route.run(t, object); err != nil {
		return err
	}
	if !t.toasted {
		return t.toast(reminders.Message{}, false)
	}
	return nil
}

// member notes that the person blocked or unblocked the bot.
func (t *Turn) member() error {
	if !t.enrolled {
		return nil
	}
	if t.update.Member.Status == "kicked" {
		_, err := t.People.MarkUnreachable(t.tx, t.person.ID, people.Blocked)
		return err
	}
	changed, err := t.People.MarkReachable(t.tx, t.person.ID)
	if err != nil || !changed {
		return err
	}
	return t.stillOpen()
}

// stranger is the answer to somebody who is not enrolled.
func (t *Turn) stranger() error { return t.say(reminders.Line("start.stranger", nil)) }

// excuse answers with the text of an error.
func (t *Turn) excuse(cause error) error {
	message := reminders.MessageOf(cause)
	if message.Key == "" {
		message = reminders.Line("error."+string(reminders.KindOf(cause)), nil)
	}
	if t.update.Callback != nil {
		return t.toast(message, true)
	}
	if t.update.Message == nil || !t.private() {
		return nil
	}
	return t.say(message)
}

// say answers with a message.
func (t *Turn) say(m reminders.Message) error { return t.answer([]reminders.Message{m}, nil) }

// answer puts an answer into the outbox, in the lane that goes first.
func (t *Turn) answer(lines []reminders.Message, asks []reminders.Ask) error {
	d := t.outgoing(reminders.ActSend)
	d.Lines, d.Asks = lines, asks
	return t.Outbox.Enqueue(t.tx, d)
}

// replace puts lines in the place of the message whose button was tapped.
func (t *Turn) replace(lines ...reminders.Message) error {
	if t.update.Callback == nil || t.update.Callback.MessageID == 0 {
		return t.answer(lines, nil)
	}
	d := t.outgoing(reminders.ActEdit)
	d.Lines, d.MessageID = lines, t.update.Callback.MessageID
	return t.Outbox.Enqueue(t.tx, d)
}

// toast answers a tap with a short text; an alert must be closed by the reader.
// Without a tap it is said as a message.
func (t *Turn) toast(m reminders.Message, alert bool) error {
	if t.update.Callback == nil {
		return t.say(m)
	}
	t.toasted = true
	d := t.outgoing(reminders.ActAnswer)
	d.Callback, d.Alert = t.update.Callback.ID, alert
	if m.Key != "" {
		d.Lines = []reminders.Message{m}
	}
	return t.Outbox.Enqueue(t.tx, d)
}

// outgoing begins an answer to this update.
func (t *Turn) outgoing(act reminders.Act) reminders.Delivery {
	t.answers++
	chat, person, lang := t.update.Chat, t.person.ID, t.lang
	if !t.private() && act != reminders.ActAnswer {
		person, lang = "", t.Language // what is said in a group is for everyone there
	}
	return reminders.Delivery{
		Key:  reminders.DeliveryKey(fmt.Sprintf("answer/%d/%s/%d", t.update.ID, t.tx.Now().Format("20060102"), t.answers)),
		Kind: "answer", Act: act, Person: person, Chat: chat, Lane: reminders.LaneAnswer,
		Reason: "answer", CreatedAt: t.tx.Now(), NotBefore: t.tx.Now(), Until: t.tx.Now().Add(answerLife),
		Language: lang,
	}
}

// has reports whether the person has one of the roles.
func (t *Turn) has(roles ...reminders.Role) bool {
	if !t.enrolled {
		return false
	}
	for _, role := range roles {
		if t.person.Roles.Has(role) {
			return true
		}
	}
	return false
}
