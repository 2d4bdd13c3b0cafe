package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// promptFields are the parts of a work prompt in the order in which they are asked.
var promptFields = []string{"title", "pattern", "rule", "wrong", "right", "check"}

// skippable are the parts that may be missing.
var skippable = []string{"wrong", "right"}

// isPrompt reports whether a publication is written part by part.
func isPrompt(p notice.Publication) bool {
	return p.Kind == notice.WorkPrompt || p.Kind == notice.CaseGuidance
}

// fieldOf gives a part of a prompt.
func fieldOf(body *notice.Body, field string) *string {
	if body.Prompt == nil {
		body.Prompt = &notice.Prompt{}
	}
	switch field {
	case "title":
		return &body.Title
	case "pattern":
		return &body.Prompt.Pattern
	case "rule":
		return &body.Prompt.Rule
	case "wrong":
		return &body.Prompt.Wrong
	case "right":
		return &body.Prompt.Right
	}
	return &body.Prompt.Check
}

// withField is the body with another text in one of its parts.
func withField(body notice.Body, field, text string) notice.Body {
	prompt := notice.Prompt{}
	if body.Prompt != nil {
		prompt = *body.Prompt
	}
	body.Prompt = &prompt
	*fieldOf(&body, field) = text
	return body
}

// promptFields lists the parts of a prompt, to change one of them.
func (t *Turn) promptFields(p notice.Publication, lang reminders.Language) (reminders.Message, error) {
	body, found := p.Bodies[lang]
	if !found {
		return t.askPart(p, lang, promptFields[0], false)
	}
	m := reminders.Line("noticechat.which_field", reminders.Args{"Head": headOf(p)})
	var row []reminders.Button
	for i, field := range promptFields {
		label := "noticechat.field." + field
		if *fieldOf(&body, field) == "" {
			row = append(row, fieldButton("noticechat.button.field_empty", p, lang, i, label))
		} else {
			row = append(row, fieldButton("noticechat.button.field", p, lang, i, label))
		}
		if len(row) == 2 {
			m.Buttons, row = append(m.Buttons, row), nil
		}
	}
	if p.Kind == notice.CaseGuidance {
		m.Buttons = append(m.Buttons, []reminders.Button{stepButton("noticechat.button.cases", "pc", p.Handle())})
	}
	m.Buttons = append(m.Buttons, []reminders.Button{stepButton("button.back", pressShow, p.Handle())})
	return m, nil
}

// fieldButton leads to one part in one language.
func fieldButton(label string, p notice.Publication, lang reminders.Language, field int, name string) reminders.Button {
	b := stepButton(label, "pf", p.Handle(), strconv.Itoa(field), languageMark(lang))
	b.Args = reminders.Args{"Field": reminders.Say(name, nil)}
	return b
}

// languageMark is a language in button data.
func languageMark(lang reminders.Language) string { return tagOf(string(lang))[:4] }

// languageOfMark finds the language with a mark; that of the drafter if there is none.
func (t *Turn) languageOfMark(p notice.Publication, mark string) reminders.Language {
	for _, tag := range t.Content.Catalogue().Languages() {
		if languageMark(reminders.Language(tag)) == mark {
			return reminders.Language(tag)
		}
	}
	return p.Lead
}

// field asks for one part that was chosen from the list, FIELD.LANGUAGE.
func (t *Turn) field(p notice.Publication, rest string) (reminders.Message, error) {
	number, mark, _ := strings.Cut(rest, ".")
	i := pageNumber(number)
	if i >= len(promptFields) {
		i = 0
	}
	return t.askPart(p, t.languageOfMark(p, mark), promptFields[i], true)
}

// askPart asks for one part of a prompt. Picked parts lead back to the form, the others
// to the next part.
func (t *Turn) askPart(p notice.Publication, lang reminders.Language, field string, picked bool) (reminders.Message, error) {
	body := p.Bodies[lang]
	has := reminders.List()
	if text := *fieldOf(&body, field); text != "" {
		has = reminders.Say("noticechat.has", reminders.Args{"Text": reminders.Text(text)})
	}
	nth := slices.Index(promptFields, field)
	m := reminders.Line("noticechat.ask.field", reminders.Args{
		"Head": headOf(p), "Nth": reminders.Number(nth + 1), "Of": reminders.Number(len(promptFields)),
		"Label": reminders.Say("noticechat.field."+field, nil), "Help": reminders.Say("noticechat.help."+field, nil), "Has": has,
	})
	if slices.Contains(skippable, field) {
		m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.skip", "ps", p.Handle())}}
	}
	d := Dialog{Step: "field", Lang: lang, Screened: true}.with("field", field)
	if picked {
		d = d.with("picked", "yes")
	}
	return t.pressAsk(p, d, m)
}

// fieldReply takes one part of a prompt.
func (t *Turn) fieldReply(d Dialog, p notice.Publication, text string) error {
	if n := len([]rune(text)); d.Noted["field"] == "title" && n > maxTitle {
		return t.say(reminders.Line("noticechat.title_long", reminders.Args{"Length": reminders.Number(n), "Limit": reminders.Number(maxTitle)}))
	}
	m, err := t.takeField(d, p, text)
	if err != nil {
		return err
	}
	return t.say(m)
}

// skipField leaves the part that is asked empty.
func (t *Turn) skipField(p notice.Publication, _ string) (reminders.Message, error) {
	d, found, err := t.dialog()
	if err != nil {
		return reminders.Message{}, err
	}
	if !found || d.Asked != askedNotice || d.Object != p.Handle() || !slices.Contains(skippable, d.Noted["field"]) {
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.press", "dialog.over", nil)
	}
	return t.takeField(d, p, "")
}

// takeField notes a part and asks for the next one.
func (t *Turn) takeField(d Dialog, p notice.Publication, text string) (reminders.Message, error) {
	field := d.Noted["field"]
	p, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) {
		body := withField(p.Bodies[d.Lang], field, text)
		body.Prompt.Cases = casesOf(*p) // the same in each language
		setBody(p, d.Lang, body)
	})
	if err != nil {
		return reminders.Message{}, err
	}
	next := slices.Index(promptFields, field) + 1
	if d.Noted["picked"] == "" && next < len(promptFields) {
		return t.askPart(p, d.Lang, promptFields[next], false)
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	if d.Noted["picked"] == "" && p.Kind == notice.CaseGuidance && len(casesOf(p)) == 0 {
		return t.chooseCases(p, "")
	}
	return standingOfPublication(p.Handle()), nil
}

// casesOf are the public cases of a guidance.
func casesOf(p notice.Publication) []string {
	if body := p.BodyFor(p.Lead); body.Prompt != nil {
		return body.Prompt.Cases
	}
	return nil
}

// chooseCases shows a page of the public cases, those that are chosen marked.
func (t *Turn) chooseCases(p notice.Publication, rest string) (reminders.Message, error) {
	known, err := t.knownCases()
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("noticechat.cases", reminders.Args{"Head": headOf(p), "Count": reminders.Number(len(casesOf(p)))})
	if len(known) == 0 {
		m.Key = "noticechat.cases_none"
		delete(m.Args, "Count")
	}
	number := pageNumber(rest)
	shown, paging := paged(known, number, func(label string, page int) reminders.Button {
		return stepButton(label, "pc", p.Handle(), strconv.Itoa(page))
	})
	for _, c := range shown {
		label := "noticechat.button.plain"
		if slices.Contains(casesOf(p), c.ID) {
			label = "noticechat.button.chosen"
		}
		b := stepButton(label, "pt", p.Handle(), tagOf(c.ID), strconv.Itoa(number))
		b.Args = reminders.Args{"Title": reminders.Text(Truncate(c.Title, 2*titleOnButton))}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	m.Buttons = append(m.Buttons, append(paging, stepButton("noticechat.button.done", pressShow, p.Handle())))
	return m, nil
}

// casesOffered is among how many public cases, the newest first, a guidance chooses.
const casesOffered = 60

// knownCases lists the public cases that readers see today.
func (t *Turn) knownCases() ([]casebook.Case, error) {
	page, err := t.Cases.Browse(t.tx, casebook.Query{Limit: casesOffered})
	return page.Cases, err
}

// toggleCase takes a case into a guidance, or out of it: TAG.PAGE.
func (t *Turn) toggleCase(p notice.Publication, rest string) (reminders.Message, error) {
	tag, page, _ := strings.Cut(rest, ".")
	known, err := t.knownCases()
	if err != nil {
		return reminders.Message{}, err
	}
	i := slices.IndexFunc(known, func(c casebook.Case) bool { return tagOf(c.ID) == tag })
	if i < 0 {
		return t.chooseCases(p, page)
	}
	p, err = t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) {
		cases := flipped(casesOf(*p), known[i].ID)
		for _, lang := range languagesOf(*p) {
			body := withField(p.Bodies[lang], "title", p.Bodies[lang].Title)
			body.Prompt.Cases = cases
			setBody(p, lang, body)
		}
	})
	if err != nil {
		return reminders.Message{}, err
	}
	return t.chooseCases(p, page)
}

// flipped is a list with an element more, or without it.
func flipped[T comparable](list []T, one T) []T {
	if i := slices.Index(list, one); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return append(slices.Clone(list), one)
}
