package bot

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// The two lists of people of an audience, as steps of the dialog.
const (
	askNamed  = "named"
	askExcept = "except"
)

// listOfPeople is the list of an audience to which a step adds.
func listOfPeople(a *reminders.Audience, step string) *[]reminders.PersonID {
	if step == askExcept {
		return &a.Except
	}
	return &a.People
}

// named asks for people by name; with "clear" it first forgets those there are.
func (t *Turn) named(p notice.Publication, rest string) (reminders.Message, error) {
	return t.askPeople(p, askNamed, "an", rest)
}

// except does so for those who are left out.
func (t *Turn) except(p notice.Publication, rest string) (reminders.Message, error) {
	return t.askPeople(p, askExcept, "ax", rest)
}

func (t *Turn) askPeople(p notice.Publication, step, button, rest string) (reminders.Message, error) {
	if rest == "clear" {
		var err error
		if p, err = t.changeAudience(p, func(a *reminders.Audience) { *listOfPeople(a, step) = nil }); err != nil {
			return reminders.Message{}, err
		}
	}
	args := reminders.Args{"Head": headOf(p), "Names": reminders.List()}
	has := *listOfPeople(&p.Audience, step)
	if len(has) > 0 {
		args["Names"] = reminders.Say("noticechat.ask.has_names", reminders.Args{"Names": personNames(has)})
	}
	m := reminders.Line("noticechat.ask.named", args)
	if step == askExcept {
		m = reminders.Line("noticechat.ask.except", args)
	}
	if len(has) > 0 {
		m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.clear_names", button, p.Handle(), "clear")}}
	}
	return t.pressAsk(p, Dialog{Step: step}, m)
}

// peopleReply takes names or staff numbers. A name that several people have is asked
// about; one that nobody has is said.
func (t *Turn) peopleReply(d Dialog, p notice.Publication, text string) error {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；\n\t", r) })
	if len(words) == 1 && !strings.ContainsFunc(text, func(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }) {
		words = strings.Fields(text) // Chinese names have no blanks
	}
	m, err := t.takePeople(d, p, append(words, linesOf(d.Noted["left"])...))
	if err != nil {
		return err
	}
	return t.say(m)
}

// takePeople adds those who are named up to the first name that several people have. What
// comes behind it is noted, and goes on once it is known who was meant.
func (t *Turn) takePeople(d Dialog, p notice.Publication, words []string) (reminders.Message, error) {
	var found []reminders.PersonID
	unknown := linesOf(d.Noted["unknown"])
	for i, word := range words {
		word = strings.TrimSpace(word)
		hits, err := t.peopleNamed(word)
		switch {
		case err != nil:
			return reminders.Message{}, err
		case len(hits) == 1:
			found = append(found, hits[0].ID)
		case len(hits) == 0:
			unknown = append(unknown, word)
		default:
			p, err = t.changeAudience(p, func(a *reminders.Audience) { addPeople(a, d.Step, found...) })
			if err != nil {
				return reminders.Message{}, err
			}
			left := Dialog{Step: d.Step}.with("word", word).with("left", strings.Join(words[i+1:], "\n"))
			return t.askWhich(left.with("unknown", strings.Join(unknown, "\n")), p, hits)
		}
	}
	p, err := t.changeAudience(p, func(a *reminders.Audience) { addPeople(a, d.Step, found...) })
	if err != nil {
		return reminders.Message{}, err
	}
	if len(unknown) > 0 {
		return t.pressAsk(p, Dialog{Step: d.Step}, unknownNames(unknown))
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	return t.audience(p, "")
}

// unknownNames says which names nobody has.
func unknownNames(words []string) reminders.Message {
	var names []reminders.Message
	for _, word := range words {
		names = append(names, reminders.Line("noticechat.audience.name", reminders.Args{"Name": reminders.Text(Truncate(word, titleOnButton))}))
	}
	return reminders.Line("noticechat.unknown_names", reminders.Args{"Names": reminders.Series(names...)})
}

// linesOf are the lines of a note that are not empty.
func linesOf(note string) []string {
	return strings.FieldsFunc(note, func(r rune) bool { return r == '\n' })
}

// addPeople adds to a list of an audience whoever is not on it.
func addPeople(a *reminders.Audience, step string, people ...reminders.PersonID) {
	list := listOfPeople(a, step)
	*list = append(without(*list, people), people...)
}

// backToAudience ends the dialog and shows the audience.
func (t *Turn) backToAudience(p notice.Publication) error {
	if err := t.endDialog(); err != nil {
		return err
	}
	m, err := t.audience(p, "")
	if err != nil {
		return err
	}
	return t.say(m)
}

// mostNamesakes is how many people of a name one message offers.
const mostNamesakes = 8

// peopleNamed finds people by staff number, by name, or by a part of the name if nobody
// has that name. It reads the register in a view.
func (t *Turn) peopleNamed(word string) (found []reminders.Person, err error) {
	if word == "" {
		return nil, nil
	}
	var parts []reminders.Person
	err = t.Units.View(context.Background(), func(tx reminders.Tx) error {
		found, parts = nil, nil
		for record, err := range t.People.All(tx) {
			switch {
			case err != nil:
				return err
			case !record.Active():
			case strings.EqualFold(string(record.ID), word):
				found = []reminders.Person{record.Person}
				return nil
			case record.Name == word:
				found = append(found, record.Person)
			case strings.Contains(record.Name, word):
				parts = append(parts, record.Person)
			}
		}
		return nil
	})
	if len(found) == 0 {
		found = parts
	}
	return found[:min(len(found), mostNamesakes)], err
}

// askWhich asks which of several people is meant.
func (t *Turn) askWhich(d Dialog, p notice.Publication, hits []reminders.Person) (reminders.Message, error) {
	m := reminders.Line("noticechat.which_person", reminders.Args{"Name": reminders.Text(d.Noted["word"])})
	for _, hit := range hits {
		b := stepButton("noticechat.button.person", "ap", p.Handle(), tagOf(string(hit.ID)))
		b.Args = reminders.Args{"Name": reminders.Text(hit.Name), "Unit": reminders.UnitName(hit.Unit)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	return t.pressAsk(p, d, m)
}

// person takes the one of several people who was meant.
func (t *Turn) pickPerson(p notice.Publication, tag string) (reminders.Message, error) {
	d, found, err := t.dialog()
	if err != nil {
		return reminders.Message{}, err
	}
	if !found || d.Asked != askedNotice || d.Object != p.Handle() || d.Noted["word"] == "" {
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.press", "dialog.over", nil)
	}
	hits, err := t.peopleNamed(d.Noted["word"])
	if err != nil {
		return reminders.Message{}, err
	}
	i := slices.IndexFunc(hits, func(h reminders.Person) bool { return tagOf(string(h.ID)) == tag })
	if i >= 0 {
		p, err = t.changeAudience(p, func(a *reminders.Audience) { addPeople(a, d.Step, hits[i].ID) })
		if err != nil {
			return reminders.Message{}, err
		}
	}
	return t.takePeople(d, p, linesOf(d.Noted["left"]))
}

// saved lists the audiences that the office has named: "" to take one, "TAG" takes it,
// "x" lists them to forget one, "xTAG" forgets it.
func (t *Turn) saved(p notice.Publication, rest string) (reminders.Message, error) {
	all, err := t.Press.SavedAudiences(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	names := slices.Sorted(maps.Keys(all))
	tag, forgets := strings.CutPrefix(rest, "x")
	if i := slices.IndexFunc(names, func(name string) bool { return tagOf(name) == tag }); i >= 0 {
		if !forgets {
			return t.setAudience(p, func(a *reminders.Audience) { *a = all[names[i]] })
		}
		if err := t.Press.SaveAudience(t.tx, names[i], reminders.Audience{}); err != nil {
			return reminders.Message{}, err
		}
		names = slices.Delete(names, i, i+1)
	}
	m := reminders.Line("noticechat.audience.saved", reminders.Args{"Head": headOf(p)})
	step := []string{""}
	switch {
	case len(names) == 0:
		m = reminders.Line("noticechat.audience.saved_none", reminders.Args{"Head": headOf(p)})
	case forgets:
		m, step = reminders.Line("noticechat.audience.forget", reminders.Args{"Head": headOf(p)}), []string{"x"}
	}
	for _, name := range names[:min(len(names), listedAtOnce)] {
		b := stepButton("noticechat.button.plain", "as", p.Handle(), step[0]+tagOf(name))
		b.Args = reminders.Args{"Title": reminders.Text(Truncate(name, 2*titleOnButton))}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	last := []reminders.Button{stepButton("button.back", "a", p.Handle())}
	if len(names) > 0 && !forgets {
		last = append([]reminders.Button{stepButton("noticechat.button.forget", "as", p.Handle(), "x")}, last...)
	}
	m.Buttons = append(m.Buttons, last)
	return m, nil
}

// keepAudience asks under which name the audience is to be kept.
func (t *Turn) keepAudience(p notice.Publication, _ string) (reminders.Message, error) {
	return t.pressAsk(p, Dialog{Step: "save"}, reminders.Line("noticechat.ask.save", reminders.Args{"Head": headOf(p)}))
}

// saveReply keeps the audience under a name.
func (t *Turn) saveReply(_ Dialog, p notice.Publication, text string) error {
	if len([]rune(text)) > maxTitle {
		return t.say(reminders.Line("noticechat.name_long", reminders.Args{"Limit": reminders.Number(maxTitle)}))
	}
	if err := t.Press.SaveAudience(t.tx, text, p.Audience); err != nil {
		return err
	}
	if err := t.say(reminders.Line("noticechat.saved", reminders.Args{"Name": reminders.Text(text)})); err != nil {
		return err
	}
	return t.backToAudience(p)
}
