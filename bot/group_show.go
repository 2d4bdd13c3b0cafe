package bot

import (
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// groupEvery is how often the message in a group is brought up to date at most: what is
// answered in between shows in the next edit.
const groupEvery = 10 * time.Second

// groupReader is the group of a unit as a reader: it has no name, and speaks the language
// of the service. A group that is bound no more is out of reach.
func (b *Bot) groupReader(tx reminders.Tx, unit reminders.UnitID) (reader, reminders.Outcome, error) {
	group, found, err := b.Groups.Of(tx, unit)
	if err != nil {
		return reader{}, reminders.Outcome{}, err
	}
	if !found || !group.Bound() {
		return reader{}, reminders.Outcome{Result: reminders.Unreachable, Reason: "group-lost"}, nil
	}
	return reader{
		person: reminders.Person{Unit: unit, Language: b.Language}, chat: group.Chat, lang: b.Language, group: true,
	}, reminders.Outcome{}, nil
}

// groupShows brings the messages of a group up to date that ask for something, at the end
// of the ten seconds under way.
func (b *Bot) groupShows(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID) error {
	keys, err := b.Notices.Told(tx, terms, unit)
	if err != nil || len(keys) == 0 {
		return err
	}
	group, _, err := b.Groups.Of(tx, unit)
	if err != nil {
		return err
	}
	at := tx.Now().Truncate(groupEvery).Add(groupEvery)
	for _, key := range keys {
		receipt, found, err := b.Receipts.Receipt(tx, key)
		if err != nil {
			return err
		}
		if !found || receipt.Chat != group.Chat || !receipt.DeletedAt.IsZero() {
			continue // it stayed behind in the group before it moved
		}
		err = b.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("group-edit/%s/%d", key, at.Unix())),
			Kind: "refresh", Act: reminders.ActEdit, Group: unit, Chat: group.Chat, Lane: reminders.LaneAnswer,
			Reason: "shows-answer", Original: key, NotBefore: at, Until: at.Add(obligation.KeptUpdates),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// groupStanding says in a group where one thing stands that was asked there: how many have
// acknowledged, and nobody's name.
func (b *Bot) groupStanding(tx reminders.Tx, ask reminders.Ask, to reader, who names) (string, [][]wire.Key, error) {
	t, line, err := b.Book.Standing(tx, ask)
	if err != nil || t.ID == "" {
		return "", nil, err
	}
	status, offered := groupUnitState(t, line), line.State == obligation.Open
	object := string(t.Handle) + "." + string(ask.Unit)
	if line.Terms == "" {
		lines, err := b.Book.InUnit(tx, t, ask.Unit)
		if err != nil {
			return "", nil, err
		}
		status, offered = groupState(t, lines)
		object = string(t.Handle)
	}
	text, err := b.words.html(to.lang, status, who)
	if err != nil || t.Closed || !offered && !line.CanUndo(tx.Now()) {
		return text, nil, err
	}
	row := []reminders.Button{{Label: "button.undo", Verb: "undo", Object: object}}
	if offered {
		row = append([]reminders.Button{{Label: "button.ack", Verb: "ack", Object: object}}, row...)
	}
	keys, err := b.keys(row, to, who)
	return text, [][]wire.Key{keys}, err
}

// groupState counts who of a unit has acknowledged, and says whether anybody is asked
// still or may take an answer back.
func groupState(t obligation.Terms, lines []obligation.Obligation) (status reminders.Message, offered bool) {
	answered := 0
	for _, line := range lines {
		switch line.State {
		case obligation.Met, obligation.Late:
			answered, offered = answered+1, true
		case obligation.Open:
			offered = true
		}
	}
	count := reminders.Args{"Count": reminders.Number(answered)}
	switch {
	case t.Closed:
		return reminders.Line("group.closed", count), false
	case !offered:
		return reminders.Line("ask.withdrawn", nil), false
	}
	return reminders.Line("group.asks", count), true
}

// groupUnitState says whether a unit has acknowledged as a whole.
func groupUnitState(t obligation.Terms, line obligation.Obligation) reminders.Message {
	switch {
	case line.State == obligation.Met || line.State == obligation.Late:
		return reminders.Line("group.answered", reminders.Args{"At": reminders.Instant(line.AnsweredAt)})
	case line.State == obligation.Open && !t.Closed:
		return reminders.Line("group.asks_unit", nil)
	case line.State == obligation.Open:
		return reminders.Line("ask.closed", nil)
	}
	return reminders.Line("ask."+string(line.State), nil)
}
