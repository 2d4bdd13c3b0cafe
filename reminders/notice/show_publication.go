package notice

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// What a Ref begins with that shows a publication before it is sent.
const (
	placePreview = "preview/"
	placeTest    = "test/"
)

// showDraft shows what readers will see of a publication that is not sent yet, if ref
// names one.
func (p *Press) showDraft(tx reminders.Tx, ref string, reader reminders.Person) (m reminders.Message, is bool, err error) {
	id, test := strings.CutPrefix(ref, placeTest)
	if !test {
		if id, is = strings.CutPrefix(ref, placePreview); !is {
			return m, false, nil
		}
	}
	of, found, err := p.Store.Publication(tx, id)
	if err == nil && !found {
		err = reminders.Internalf("notice.show", "publication %s does not exist", id)
	}
	if err != nil {
		return m, true, err
	}
	m, err = p.say(tx, of, reader, of.Expected(p.Desk.Calendar(), p.begins(of, tx.Now())))
	if err == nil && test {
		m = reminders.Line("publication.test", reminders.Args{"Text": sayOf(m)})
	}
	return m, true, err
}

// Preview shows what a reader of a language sees of bodies that are not in force yet,
// such as those of a correction.
func (p *Press) Preview(tx reminders.Tx, of Publication, bodies map[reminders.Language]Body, reader reminders.Person) (reminders.Message, error) {
	of.Bodies = bodies
	at := latest(of.SentAt, p.begins(of, tx.Now()))
	return p.say(tx, of, reader, of.Expected(p.Desk.Calendar(), at))
}

// show shows what a publication that was sent says now: what was recalled says only that.
func (p *Press) show(tx reminders.Tx, n Notice, reader reminders.Person) (reminders.Message, error) {
	of, found, err := p.Store.Publication(tx, n.Publication)
	switch {
	case err != nil:
		return reminders.Message{}, err
	case !found:
		return reminders.Message{}, reminders.Internalf("notice.show", "publication %s does not exist", n.Publication)
	case of.Recall != nil:
		return of.withdrawn(), nil
	}
	return p.say(tx, of, reader, n.Terms)
}

// withdrawn is all that what was recalled says.
func (p Publication) withdrawn() reminders.Message {
	return reminders.Line("publication.recalled", reminders.Args{
		"Kind": reminders.Say("publication.kind."+string(p.Kind), nil), "At": reminders.Instant(p.Recall.At),
	})
}

// say puts a publication into a message for a reader, with the public cases of a guidance
// as they may be shown now.
func (p *Press) say(tx reminders.Tx, of Publication, reader reminders.Person, terms *obligation.Terms) (reminders.Message, error) {
	m := of.say(reader, terms)
	ids := of.cases()
	if len(ids) == 0 || p.Desk.Cases == nil {
		return m, nil
	}
	lines, err := p.Desk.Cases.Sources(tx, ids)
	m.Args["Cases"] = reminders.List(lines...)
	return m, err
}

// cases are the public cases that a guidance names.
func (p Publication) cases() []string {
	if prompt := p.BodyFor(p.Lead).Prompt; prompt != nil {
		return prompt.Cases
	}
	return nil
}

// say puts a publication into a message for a reader: the kind and the title, what is
// said, and what is asked until when.
func (p Publication) say(reader reminders.Person, terms *obligation.Terms) reminders.Message {
	body := p.BodyFor(reader.Language)
	args := reminders.Args{
		"Kind": reminders.Say("publication.kind."+string(p.Kind), nil), "Number": p.Quoted(), "Title": reminders.Text(body.Title),
		"Text": reminders.Markup(body.Text), "Corrected": p.corrected(), "Ask": p.ask(reader, terms),
		"Cases": reminders.List(),
	}
	if body.Prompt != nil {
		args["Text"] = reminders.List(body.Prompt.sections()...)
	}
	return reminders.Line("publication.body", args)
}

// corrected says when the text was corrected last; nothing if it never was.
func (p Publication) corrected() reminders.Value {
	if len(p.Past) == 0 {
		return reminders.List()
	}
	return reminders.Say("publication.corrected", reminders.Args{"At": reminders.Instant(p.Past[len(p.Past)-1].Replaced)})
}

// ask is the sentence with the deadline; nothing if nothing is asked of the reader.
func (p Publication) ask(reader reminders.Person, terms *obligation.Terms) reminders.Value {
	switch {
	case terms == nil:
		return reminders.List()
	case p.Expects == ExpectPerPerson:
		return reminders.Say("publication.ask", reminders.Args{"Due": reminders.Instant(terms.Due)})
	case reader.Roles.Has(reminders.Liaison):
		return reminders.Say("publication.ask_unit", reminders.Args{"Due": reminders.Instant(terms.Due)})
	}
	return reminders.Say("publication.ask_others", reminders.Args{"Due": reminders.Instant(terms.Due)})
}

// sections are the parts of a prompt, each with its label.
func (p Prompt) sections() []reminders.Message {
	var all []reminders.Message
	for _, part := range []struct{ name, text string }{
		{"pattern", p.Pattern}, {"rule", p.Rule}, {"wrong", p.Wrong}, {"right", p.Right}, {"check", p.Check},
	} {
		if strings.TrimSpace(part.text) != "" {
			all = append(all, reminders.Line("publication.section."+part.name, reminders.Args{"Text": reminders.Text(part.text)}))
		}
	}
	return all
}
