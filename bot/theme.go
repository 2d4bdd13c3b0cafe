package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// The dialogs of themes: writing one, checking a unit, and one step about a unit or a
// finding.
const (
	askedTheme = "theme"
	askedCheck = "theme-check"
	askedMove  = "theme-move"
)

// themeCommand goes on with what was begun, or lists the themes.
func (t *Turn) themeCommand(string) error {
	page, open, err := t.goOnTheme()
	if err == nil && !open {
		page, err = t.themeList(0)
	}
	if err != nil {
		return err
	}
	return t.say(page)
}

// goOnTheme asks again what a half-finished dialog had asked, as long as that still holds.
func (t *Turn) goOnTheme() (page reminders.Message, open bool, err error) {
	switch t.was.Asked {
	case askedTheme:
		th, err := t.Themes.Find(t.tx, theme.ID(t.was.Object))
		if err != nil || !th.Editable() || th.By != t.person.ID {
			return page, false, gone(err)
		}
		if field, ok := strings.CutPrefix(t.was.Step, stepWords); ok {
			page, err = t.askWords(th, t.was.Lang, field)
		} else {
			page, err = t.askThemeField(th, t.was.Step)
		}
		return page, err == nil, err
	case askedCheck:
		page, err = t.askPoint(t.was)
	case askedMove:
		page, err = t.askMove(t.was)
	default:
		return page, false, nil
	}
	return page, err == nil, gone(err)
}

// gone drops the error about something that is not there any more, or has moved on.
func gone(err error) error {
	switch reminders.KindOf(err) {
	case reminders.NotFound, reminders.Closed, reminders.Conflict, reminders.Denied:
		return nil
	}
	return err
}

// themeList lists the themes by quarter, newest first.
func (t *Turn) themeList(page int) (reminders.Message, error) {
	all, err := t.Themes.List(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	all = slices.DeleteFunc(all, func(th theme.Theme) bool {
		return th.State == theme.Cancelled || th.Editable() && th.By != t.person.ID
	})
	shown, paging := pageOf(all, page, shownAtOnce, placeTheme, "")
	var lines []reminders.Message
	var rows [][]reminders.Button
	for i, th := range shown {
		n := reminders.Number(page*shownAtOnce + i + 1)
		lines = append(lines, reminders.Line("theme.list.line", reminders.Args{
			"N": n, "Quarter": th.Quarter.Say(), "Title": themeTitle(th), "State": reminders.Say("theme.state."+string(th.State), nil),
		}))
		rows = append(rows, []reminders.Button{{
			Label: "theme.list.open", Args: reminders.Args{"N": n, "Title": themeTitle(th)}, Verb: "open", Object: themeObject(th.ID),
		}})
	}
	m := reminders.Line("theme.list", reminders.Args{"Items": reminders.List(lines...)})
	if len(lines) == 0 {
		m = reminders.Line("theme.list.none", nil)
	}
	if len(paging) > 0 {
		rows = append(rows, paging)
	}
	if t.has(office...) {
		rows = append(rows, []reminders.Button{{Label: "theme.button.new", Verb: "page", Object: placeTheme + "-new"}})
	}
	m.Buttons = rows
	return m, nil
}

// themeTitle is the title of a theme, or that it has none yet.
func themeTitle(th theme.Theme) reminders.Value {
	if th.Title == "" {
		return reminders.Say("theme.untitled", nil)
	}
	return th.Named()
}

// themeObject names a theme, and what about it, in buttons.
func themeObject(id theme.ID, what ...string) string {
	return placeTheme + "-" + strings.Join(append([]string{string(id)}, what...), ".")
}

// findingObject names a finding in the buttons of verbs.
func findingObject(id theme.ID, number int, more ...string) string {
	return themeObject(id, append([]string{strconv.Itoa(number)}, more...)...)
}

// themePlace is a page of themes: of the list, of one theme, or a step about one. The
// object is ID, or ID.WHAT.MORE; what a unit sees of its own finding is seen to there,
// everything else is for the office, and what changes nothing for auditors too.
func (t *Turn) themePlace(rest string) (reminders.Message, error) {
	parts := strings.Split(rest, ".")
	if len(parts) > 2 && parts[1] == "f" {
		return t.findingPlace(theme.ID(parts[0]), parts[2])
	}
	if rest == "mine" {
		return t.ownFindings()
	}
	if !t.has(readers...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	if number, err := strconv.Atoi(rest); rest == "" || err == nil {
		return t.themeList(number)
	}
	id, what, more := theme.ID(parts[0]), "", ""
	if len(parts) > 1 {
		what, more = parts[1], strings.Join(parts[2:], ".")
	}
	switch what {
	case "":
		if id != "new" {
			return t.themeMessage(id)
		}
	case "x":
		return t.exportTheme(id)
	case "F":
		return t.findingList(id, more)
	}
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	if id == "new" {
		return t.newTheme(theme.Quarter(what))
	}
	if step, found := themeSteps()[what]; found {
		return step(t, id, more)
	}
	return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.theme", "theme.not_found", nil)
}

// themeStep makes the page of a step about a theme.
type themeStep func(t *Turn, id theme.ID, more string) (reminders.Message, error)

// themeSteps are the steps of the office, by their letter in objects.
func themeSteps() map[string]themeStep {
	return map[string]themeStep{
		"e": (*Turn).editTheme, "v": (*Turn).previewTheme, "g": (*Turn).giveUpTheme, "d": (*Turn).chooseForm,
		"t": (*Turn).toggleUnit, "T": (*Turn).unitsPage, "U": (*Turn).allUnits, "k": (*Turn).unitsDone,
		"q": (*Turn).wholeQuarter, "l": (*Turn).usualPoints, "a": (*Turn).toggleAcknowledge,
		"c": (*Turn).checkList, "b": (*Turn).checkUnit, "p": (*Turn).beginCheck, "o": (*Turn).pointInOrder, "O": (*Turn).allInOrder,
		"u": (*Turn).skipUnit, "r": (*Turn).addFinding, "w": (*Turn).themeWords,
		"R": (*Turn).referFinding, "D": (*Turn).dismissFinding, "B": (*Turn).reportFor,
	}
}

// refTheme begins the reference of the message that shows a theme.
const refTheme = "themes/"

// shownSetting is the name under which the last message of each person that shows a theme
// is kept.
func shownSetting(id theme.ID) string { return "theme-shown/" + string(id) }

// themeMessage shows a theme in a message that follows it from now on.
func (t *Turn) themeMessage(id theme.ID) (reminders.Message, error) {
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	if th.Editable() && th.By == t.person.ID {
		return t.previewTheme(id, "")
	}
	shown := map[reminders.PersonID]reminders.DeliveryKey{}
	if _, err := t.Memory.Setting(t.tx, shownSetting(id), &shown); err != nil {
		return reminders.Message{}, err
	}
	shown[t.person.ID] = t.nextKey()
	return reminders.Message{Ref: refTheme + string(id)}, t.Memory.SaveSetting(t.tx, shownSetting(id), shown)
}

// nextKey is the key of the answer that comes next.
func (t *Turn) nextKey() reminders.DeliveryKey {
	key := t.outgoing(reminders.ActSend).Key
	t.answers--
	return key
}

// ThemeChanged brings the messages that show a theme up to date: the last one of each
// person, once in each unit of work.
func (b *Bot) ThemeChanged(tx reminders.Tx, id theme.ID) error {
	shown := map[reminders.PersonID]reminders.DeliveryKey{}
	if _, err := b.Memory.Setting(tx, shownSetting(id), &shown); err != nil {
		return err
	}
	for _, key := range shown {
		err := b.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("refresh/%s/%s", key, tx.Now().Format(time.RFC3339Nano))),
			Kind: "refresh", Act: reminders.ActEdit, Lane: reminders.LaneAnswer, Reason: "theme-changed", Original: key,
			CreatedAt: tx.Now(), NotBefore: tx.Now(), Until: tx.Now().Add(answerLife),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// themeShown is what a message that shows a theme says to its reader now; ok is false for
// a reference to something else.
func (b *Bot) themeShown(tx reminders.Tx, ref string, to reader) (m reminders.Message, ok bool, err error) {
	id, ok := strings.CutPrefix(ref, refTheme)
	if !ok {
		return m, false, nil
	}
	t := &Turn{Bot: b, tx: tx, person: people.Record{Person: to.person}, enrolled: true, lang: to.lang}
	m, err = t.themePage(theme.ID(id))
	return m, true, err
}
