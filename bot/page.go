package bot

import (
	"reflect"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// reader is for whom something is put into words.
type reader struct {
	person reminders.Person
	chat   reminders.ChatID
	lang   reminders.Language
	group  bool     // the group of a unit, which is the person's
	left   []string // topics of which they want nothing
}

// page is a delivery in words: what the reader sees at this moment.
type page struct {
	html string
	said string // html without what says where the answers stand
	keys [][]wire.Key
}

// compose puts a delivery into words as things stand now: its lines, then for
// each thing that it asks where that stands, with the button for the next step.
// The same delivery composed later shows the answer given meanwhile.
func (b *Bot) compose(tx reminders.Tx, d reminders.Delivery, to reader) (page, error) {
	who, to := b.names(tx), spokenIn(d, to)
	lines, err := b.resolve(tx, d.Lines, to)
	if err != nil {
		return page{}, err
	}
	if len(d.Asks) > 0 {
		for i := range lines {
			lines[i] = b.unoffered(lines[i])
		}
	}
	texts, rows, err := b.linesOf(lines, to, who)
	if err != nil {
		return page{}, err
	}
	said := strings.Join(texts, "\n\n")
	for _, ask := range d.Asks {
		status, keys, err := b.standingFor(tx, ask, len(d.Asks) > 1, to, who)
		if err != nil {
			return page{}, err
		}
		if status != "" {
			texts = append(texts, status)
		}
		rows = append(rows, keys...)
	}
	return page{html: strings.Join(texts, "\n\n"), said: said, keys: rows}, nil
}

// resolve replaces copies of notices by what the notice says.
func (b *Bot) resolve(tx reminders.Tx, lines []reminders.Message, to reader) ([]reminders.Message, error) {
	var resolved []reminders.Message
	for i, line := range lines {
		if slices.ContainsFunc(lines[:i], func(said reminders.Message) bool { return reflect.DeepEqual(said, line) }) {
			continue // asked for two units, said once
		}
		if line.Ref != "" {
			said, ofTheme, err := b.themeShown(tx, line.Ref, to)
			if err == nil && !ofTheme {
				said, err = b.show(tx, line.Ref, to.person)
			}
			if err != nil {
				return nil, err
			}
			if line.Buttons != nil {
				said.Buttons = line.Buttons
			}
			line = said
		}
		resolved = append(resolved, line)
	}
	return digest(oneRoster(resolved)), nil
}

// digest makes one list out of several chases and puts what was asked before
// behind what is new.
func digest(lines []reminders.Message) []reminders.Message {
	var rest, chases []reminders.Message
	for _, line := range lines {
		if line.Key == "chase.one" {
			chases = append(chases, line)
		} else {
			rest = append(rest, line)
		}
	}
	if len(chases) < 2 {
		return append(rest, chases...)
	}
	items := make([]reminders.Message, len(chases))
	for i, chase := range chases {
		items[i] = reminders.Line("chase.item", reminders.Args{
			"Number": reminders.Number(i + 1), "Subject": chase.Args["Subject"], "Due": chase.Args["Due"],
		})
	}
	return append(rest, reminders.Line("chase.many", reminders.Args{
		"Count": reminders.Number(len(items)), "Items": reminders.List(items...),
	}))
}

// linesOf puts lines and their buttons into words.
func (b *Bot) linesOf(lines []reminders.Message, to reader, who names) (texts []string, rows [][]wire.Key, err error) {
	for _, line := range lines {
		text, err := b.words.html(to.lang, line, who)
		if err != nil {
			return nil, nil, err
		}
		texts = append(texts, text)
		for _, row := range line.Buttons {
			if to.group { // what a person can do with a notice is theirs; a group opens addresses
				row = slices.DeleteFunc(slices.Clone(row), func(button reminders.Button) bool { return button.URL == "" })
			}
			if len(row) == 0 {
				continue
			}
			keys, err := b.keys(row, to, who)
			if err != nil {
				return nil, nil, err
			}
			rows = append(rows, keys)
		}
	}
	return texts, rows, nil
}

// keys makes a row of buttons.
func (b *Bot) keys(row []reminders.Button, to reader, who names) ([]wire.Key, error) {
	keys := make([]wire.Key, len(row))
	for i, button := range row {
		label, err := b.words.plain(to.lang, reminders.Line(button.Label, button.Args), who)
		if err != nil {
			return nil, err
		}
		keys[i] = wire.Key{Text: label, URL: button.URL}
		if button.URL == "" {
			if keys[i].Data, err = b.seal(button, to); err != nil {
				return nil, reminders.Wrap("bot.keys", err)
			}
		}
	}
	return keys, nil
}

// seal makes the data of a button: for a person, or for a group.
func (b *Bot) seal(button reminders.Button, to reader) (string, error) {
	if to.group {
		return b.Codec.EncodeGroup(button.Verb, button.Object, to.chat)
	}
	return b.Codec.Encode(button.Verb, button.Object, to.person.ID)
}

// standingFor says where one thing that was asked stands, to a person or in a group.
func (b *Bot) standingFor(tx reminders.Tx, ask reminders.Ask, several bool, to reader, who names) (string, [][]wire.Key, error) {
	if to.group {
		return b.groupStanding(tx, ask, to, who)
	}
	return b.standing(tx, ask, several, to, who)
}

// standing says where one thing that was asked stands, and offers what can be
// done about it. Among several the subject is named.
func (b *Bot) standing(tx reminders.Tx, ask reminders.Ask, several bool, to reader, who names) (string, [][]wire.Key, error) {
	t, line, err := b.Book.Standing(tx, ask)
	if err != nil || line.Terms == "" {
		return "", nil, err
	}
	status, offers := b.standingOf(t, line, tx)
	subject := subjectFor(t, line.Owner, to.person.Unit)
	text := ""
	if status.Key != "" {
		if several {
			status = reminders.Line("ask.of", reminders.Args{
				"Subject": subject, "Status": reminders.Say(status.Key, status.Args),
			})
		}
		if text, err = b.words.html(to.lang, status, who); err != nil {
			return "", nil, err
		}
	}
	if len(offers) == 0 {
		return text, nil, nil
	}
	if several {
		for i := range offers {
			offers[i].Label += "_of"
			offers[i].Args = reminders.Args{"Subject": subject}
		}
	}
	keys, err := b.keys(offers, to, who)
	return text, [][]wire.Key{keys}, err
}

// subjectFor names what is asked; what is asked of a unit other than the reader's
// own names the unit.
func subjectFor(t obligation.Terms, owner obligation.Owner, own reminders.UnitID) reminders.Value {
	if !owner.ByUnit() || owner.Unit == own {
		return obligation.Subject(t)
	}
	return reminders.Say("ask.unit", reminders.Args{"Subject": obligation.Subject(t), "Unit": reminders.UnitName(owner.Unit)})
}

// state is the status of one line of the book in words, and the button that it
// offers.
func state(t obligation.Terms, line obligation.Obligation, tx reminders.Tx) (reminders.Message, reminders.Button) {
	object := objectOf(t, line.Owner)
	undo := reminders.Button{Label: "button.undo", Verb: "undo", Object: object}
	answered := reminders.Args{"At": reminders.Instant(line.AnsweredAt)}
	switch {
	case line.State == obligation.Open && t.Closed:
		return reminders.Line("ask.closed", nil), reminders.Button{}
	case line.State == obligation.Open:
		return reminders.Message{}, reminders.Button{Label: "button.ack", Verb: "ack", Object: object}
	case line.State == obligation.Met && line.CanUndo(tx.Now()):
		return reminders.Line("reminder.acknowledged", answered), undo
	case line.State == obligation.Late && line.CanUndo(tx.Now()):
		return reminders.Line("reminder.acknowledged_late", answered), undo
	case line.State == obligation.Met:
		return reminders.Line("reminder.acknowledged_final", answered), reminders.Button{}
	case line.State == obligation.Late:
		return reminders.Line("reminder.acknowledged_late", answered), reminders.Button{}
	}
	return reminders.Line("ask."+string(line.State), nil), reminders.Button{}
}

// registerNames looks names up in the register.
type registerNames struct {
	bot *Bot
	tx  reminders.Tx
}

func (b *Bot) names(tx reminders.Tx) names { return registerNames{b, tx} }

func (r registerNames) UnitName(id reminders.UnitID) string {
	unit, found, err := r.bot.Tree.Unit(r.tx, id)
	if err != nil || !found {
		return string(id)
	}
	return unit.Name
}

func (r registerNames) PersonName(id reminders.PersonID) string {
	if system, ok := strings.CutPrefix(string(id), "api/"); ok {
		return system // what another system brought
	}
	record, found, err := r.bot.People.Person(r.tx, id)
	if err != nil || !found {
		return string(id)
	}
	return record.Name
}
