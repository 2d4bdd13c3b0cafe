package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// asks begins or goes on with a dialog and gives what it asks, with a way out.
func (t *Turn) asks(d Dialog, m reminders.Message) (reminders.Message, error) {
	m.Buttons = append(slices.Clone(m.Buttons), []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: d.Asked}})
	return m, t.saveDialog(d)
}

// newTheme asks for the quarter, or begins a theme in it.
func (t *Turn) newTheme(q theme.Quarter) (reminders.Message, error) {
	if q == "" {
		m := reminders.Line("theme.draft.quarter", nil)
		this := theme.QuarterOf(t.today())
		for _, q := range []theme.Quarter{this, this.Next()} {
			m.Buttons = append(m.Buttons, []reminders.Button{{
				Label: "theme.button.quarter", Args: reminders.Args{"Quarter": q.Say()}, Verb: "page", Object: placeTheme + "-new." + string(q),
			}})
		}
		return m, nil
	}
	th, err := t.Themes.Begin(t.tx, q, t.lang, t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.askThemeField(th, theme.FieldTitle)
}

// askThemeField asks for one field of a theme.
func (t *Turn) askThemeField(th theme.Theme, field string) (reminders.Message, error) {
	m := reminders.Line("theme.draft.ask", reminders.Args{
		"Quarter": th.Quarter.Say(), "Nth": reminders.Number(slices.Index(theme.Fields(), field) + 1), "Of": reminders.Number(len(theme.Fields())),
		"Ask": reminders.Say("theme.draft."+field, nil),
	})
	switch field {
	case theme.FieldForm:
		var row []reminders.Button
		for _, form := range theme.Forms() {
			row = append(row, reminders.Button{Label: "theme.form." + string(form), Verb: "page", Object: themeObject(th.ID, "d", string(form))})
		}
		m.Buttons = [][]reminders.Button{row}
	case theme.FieldUnits:
		return t.unitsPage(th.ID, "0")
	case theme.FieldPeriod:
		m.Buttons = [][]reminders.Button{{{Label: "theme.button.whole_quarter", Verb: "page", Object: themeObject(th.ID, "q")}}}
	case theme.FieldPoints:
		points, err := t.usual(th.Lead)
		if err != nil {
			return m, err
		}
		m.Key, m.Args["Items"] = "theme.draft.ask_points", reminders.List(pointLines(points)...)
		m.Buttons = [][]reminders.Button{{{Label: "theme.button.usual", Verb: "page", Object: themeObject(th.ID, "l")}}}
	}
	return t.asks(Dialog{Asked: askedTheme, Object: string(th.ID), Step: field}, m)
}

// themeText takes what somebody wrote for a field.
func (t *Turn) themeText(d Dialog, text string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	if field, ok := strings.CutPrefix(d.Step, stepWords); ok {
		return t.wordsText(d, field, text)
	}
	var change func(th *theme.Theme)
	switch d.Step {
	case theme.FieldTitle:
		change = func(th *theme.Theme) { th.Title = text }
	case theme.FieldBasis:
		change = func(th *theme.Theme) { th.Basis = text }
	case theme.FieldScope:
		change = func(th *theme.Theme) { th.Scope = text }
	case theme.FieldPeriod:
		from, to, err := ParseDays(text, t.today())
		if err != nil {
			return t.askAgain(d, err)
		}
		change = func(th *theme.Theme) { th.From, th.To = from, to }
	case theme.FieldPoints:
		points, err := theme.ParsePoints(text)
		if err != nil {
			return t.askAgain(d, err)
		}
		change = func(th *theme.Theme) { th.Points = points }
	default:
		return t.say(reminders.Line("theme.draft.tap", nil))
	}
	th, err := t.Themes.Edit(t.tx, theme.ID(d.Object), t.person.ID, change)
	if err != nil {
		return t.askAgain(d, err)
	}
	page, err := t.further(th)
	if err != nil {
		return err
	}
	return t.say(page)
}

// askAgain says what is wrong with an answer and goes on waiting for one.
func (t *Turn) askAgain(d Dialog, err error) error {
	if reminders.KindOf(err) != reminders.Invalid {
		return err
	}
	if err := t.saveDialog(d); err != nil {
		return err
	}
	return t.excuse(err)
}

// further asks for the next field that is missing, or shows the whole.
func (t *Turn) further(th theme.Theme) (reminders.Message, error) {
	if field := th.Incomplete(); field != "" {
		return t.askThemeField(th, field)
	}
	return t.previewTheme(th.ID, "")
}

// editTap changes a theme by a tap and goes on.
func (t *Turn) editTap(id theme.ID, change func(*theme.Theme)) (reminders.Message, error) {
	th, err := t.Themes.Edit(t.tx, id, t.person.ID, change)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.further(th)
}

func (t *Turn) chooseForm(id theme.ID, form string) (reminders.Message, error) {
	return t.editTap(id, func(th *theme.Theme) { th.Form = theme.Form(form) })
}

func (t *Turn) wholeQuarter(id theme.ID, _ string) (reminders.Message, error) {
	return t.editTap(id, func(th *theme.Theme) { th.From, th.To = th.Quarter.First(), th.Quarter.Last() })
}

func (t *Turn) toggleAcknowledge(id theme.ID, _ string) (reminders.Message, error) {
	return t.editTap(id, func(th *theme.Theme) { th.Acknowledge = !th.Acknowledge })
}

// usualPoints takes the points of the form over.
func (t *Turn) usualPoints(id theme.ID, _ string) (reminders.Message, error) {
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	points, err := t.usual(th.Lead)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.editTap(id, func(th *theme.Theme) { th.Points = points })
}

// usual puts the points of the form into a language.
func (t *Turn) usual(lang reminders.Language) ([]theme.Point, error) {
	var points []theme.Point
	for _, p := range t.Themes.Checklist.Points {
		text, err := t.words.plain(lang, reminders.Line(p.Text, nil), noNames{})
		if err != nil {
			return nil, err
		}
		look, err := t.words.plain(lang, reminders.Line(p.Look, nil), noNames{})
		if err != nil {
			return nil, err
		}
		points = append(points, theme.Point{Text: text, Look: look})
	}
	return points, nil
}

// pointLines number the points of a checklist.
func pointLines(points []theme.Point) []reminders.Message {
	lines := make([]reminders.Message, len(points))
	for i, p := range points {
		lines[i] = pointLine(i+1, p)
	}
	return lines
}

// pointLine is one point of a checklist.
func pointLine(n int, p theme.Point) reminders.Message {
	if p.Look == "" {
		return reminders.Line("theme.point.plain", reminders.Args{"N": reminders.Number(n), "Text": reminders.Text(p.Text)})
	}
	return reminders.Line("theme.point", reminders.Args{"N": reminders.Number(n), "Text": reminders.Text(p.Text), "Look": reminders.Text(p.Look)})
}

// editTheme offers the fields that can be changed, or asks for one of them.
func (t *Turn) editTheme(id theme.ID, field string) (reminders.Message, error) {
	th, err := t.Themes.Edit(t.tx, id, t.person.ID, func(*theme.Theme) {}) // who may, and while it may be
	if err != nil {
		return reminders.Message{}, err
	}
	if slices.Contains(theme.Fields(), field) {
		return t.askThemeField(th, field)
	}
	m := reminders.Line("theme.draft.change", reminders.Args{"Title": themeTitle(th)})
	var row []reminders.Button
	for _, field := range theme.Fields() {
		row = append(row, reminders.Button{Label: "theme.field." + field, Verb: "page", Object: themeObject(id, "e", field)})
	}
	m.Buttons = slices.Collect(slices.Chunk(row, 3))
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.back", Verb: "page", Object: themeObject(id, "v")}})
	return m, nil
}

// giveUpTheme asks whether a draft is to be given up, and does so.
func (t *Turn) giveUpTheme(id theme.ID, decided string) (reminders.Message, error) {
	if decided == "" {
		m := reminders.Line("theme.draft.give_up", nil)
		m.Buttons = [][]reminders.Button{{
			{Label: "theme.button.give_up_now", Verb: "page", Object: themeObject(id, "g", "1")},
			{Label: "button.back", Verb: "page", Object: themeObject(id, "v")},
		}}
		return m, nil
	}
	if err := t.Themes.Abandon(t.tx, id, t.person.ID); err != nil {
		return reminders.Message{}, err
	}
	return reminders.Line("theme.draft.given_up", nil), t.endDialog()
}

// previewTheme shows the draft as the card will look.
func (t *Turn) previewTheme(id theme.ID, _ string) (reminders.Message, error) {
	th, err := t.Themes.Find(t.tx, id)
	switch {
	case err != nil:
		return reminders.Message{}, err
	case !th.Editable() || th.By != t.person.ID:
		return t.themePage(id)
	case th.Incomplete() != "":
		return t.askThemeField(th, th.Incomplete())
	}
	cards, err := t.cardsOf(th)
	if err != nil {
		return reminders.Message{}, err
	}
	ack, toggle := "theme.draft.acknowledge", "theme.button.no_acknowledge"
	if !th.Acknowledge {
		ack, toggle = "theme.draft.no_acknowledge", "theme.button.acknowledge"
	}
	m := reminders.Line("theme.draft.preview", reminders.Args{
		"Title": reminders.Text(cards[th.Lead].Title), "Card": reminders.Markup(cards[th.Lead].Text), "Units": reminders.Number(len(th.Units)),
		"Acknowledge": reminders.Say(ack, nil), "Note": themeNote(th),
	})
	if others := t.otherCards(th, cards); len(others) > 0 {
		m.Key, m.Args["Others"] = "theme.draft.preview_languages", reminders.List(others...)
	}
	m.Buttons = [][]reminders.Button{
		{{Label: "theme.button.submit", Verb: "submit", Object: themeObject(id)}, {Label: "theme.button.edit", Verb: "page", Object: themeObject(id, "e")}},
		t.wordsRow(th),
		{{Label: toggle, Verb: "page", Object: themeObject(id, "a")}, {Label: "theme.button.give_up", Verb: "page", Object: themeObject(id, "g")}},
	}
	return m, t.endDialog()
}

// submitTheme hands a draft to a second person; with a number behind it the object is a
// finding that a unit reports as put right.
func (t *Turn) submitTheme(object string) error {
	id, number, _ := cutFinding(object)
	if number > 0 {
		return t.reportFinding(id, number)
	}
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return err
	}
	cards, err := t.cardsOf(th)
	if err != nil {
		return err
	}
	if _, err := t.Themes.Submit(t.tx, id, cards, t.person.ID); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("theme.draft.submitted", nil), false); err != nil {
		return err
	}
	page, err := t.themePage(id)
	if err != nil {
		return err
	}
	return t.replace(page)
}

// cutFinding reads the object ID.NUMBER.MORE of a button about a finding.
func cutFinding(object string) (id theme.ID, number int, more string) {
	parts := append(strings.Split(object, "."), "", "")
	number, _ = strconv.Atoi(parts[1])
	return theme.ID(parts[0]), number, parts[2]
}
