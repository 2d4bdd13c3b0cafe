package bot

import (
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// pressPage shows how a publication stands at this moment, with what the reader can do
// about it. It is the one message of a draft, of what waits, and of what was sent.
func (b *Bot) pressPage(tx reminders.Tx, handle string, reader reminders.Person) (reminders.Message, error) {
	if !reader.Roles.Has(reminders.Staff) {
		return reminders.Line("error.denied", nil), nil // no longer
	}
	p, err := b.Press.Find(tx, handle)
	if err != nil {
		return reminders.Message{}, err
	}
	var m reminders.Message
	switch p.State {
	case notice.Drafting, notice.SentBack:
		m, err = b.draftPage(tx, p, reader)
	case notice.Awaiting:
		m, err = b.waitingPage(tx, p, reader)
	case notice.Cleared:
		m, err = b.clearedPage(tx, p, reader)
	case notice.Released, notice.Recalled:
		m, err = b.sentPage(tx, p, reader)
	default:
		m = reminders.Line("noticechat.abandoned", reminders.Args{"Head": headOf(p)})
		if len(p.Bodies) > 0 {
			m.Buttons = [][]reminders.Button{{{Label: "noticechat.button.preview", Verb: "open", Object: pressObject("pre", p.Handle())}}}
		}
	}
	m.Buttons = append(m.Buttons, againButton(p)...)
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "noticechat.button.list", Verb: "page", Object: placePress + "-" + pressList}})
	return m, err
}

// show gives what a line stands for: how a publication stands, or what a notice says.
func (b *Bot) show(tx reminders.Tx, ref string, to reminders.Person) (reminders.Message, error) {
	if handle, ok := strings.CutPrefix(ref, pressRef); ok {
		return b.pressPage(tx, handle, to)
	}
	return b.Notices.Show(tx, ref, to)
}

// draftPage is the form of a draft. Whoever has not written it sees what is wrong with it,
// and the head may let a soft problem pass.
func (b *Bot) draftPage(tx reminders.Tx, p notice.Publication, reader reminders.Person) (reminders.Message, error) {
	facts, err := b.factsOf(tx, p)
	if err != nil {
		return reminders.Message{}, err
	}
	problems, err := b.Press.Problems(tx, p)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("noticechat.form", reminders.Args{
		"Head": headOf(p), "Returned": returnedFor(p), "Facts": facts, "Problems": hitLines(problems), "Next": nextFor(p, problems, reader),
	})
	switch {
	case p.By == reader.ID:
		m.Buttons = b.draftButtons(p, problems)
	case p.Orphan():
		m.Buttons = [][]reminders.Button{{
			stepButton("noticechat.button.take_over", "to", p.Handle()),
			{Label: "noticechat.button.preview", Verb: "open", Object: pressObject("pre", p.Handle())},
		}}
	}
	if reader.Roles.Has(reminders.Head) {
		m.Buttons = append(m.Buttons, overrideButtons(p, problems)...)
	}
	return m, nil
}

// takeOver makes the person the drafter of what another system brought.
func (t *Turn) takeOver(p notice.Publication, _ string) (reminders.Message, error) {
	if _, err := t.Press.TakeOver(t.tx, p.Handle(), t.person.ID); err != nil {
		return reminders.Message{}, err
	}
	return standingOfPublication(p.Handle()), nil
}

// returnedFor says why a draft came back.
func returnedFor(p notice.Publication) reminders.Value {
	if p.State != notice.SentBack {
		return reminders.List()
	}
	return reminders.Say("noticechat.returned_for", reminders.Args{
		"By": reminders.PersonName(p.Decision.By), "Reason": reminders.Text(p.Decision.Reason),
	})
}

// hitLines names what keeps a draft from being submitted.
func hitLines(problems []reminders.Hit) reminders.Value {
	lines := make([]reminders.Message, len(problems))
	for i, hit := range problems {
		lines[i] = reminders.Line("noticechat.problem", reminders.Args{
			"Number": reminders.Number(i + 1), "Problem": problemText(hit),
		})
	}
	return reminders.List(lines...)
}

// problemText says what is wrong. The guard's own words speak of what was not kept, and a
// draft with a soft hit is.
func problemText(hit reminders.Hit) reminders.Value {
	if !hit.Hard && hit.Say.Key == Refusal(hit.Rule).Key {
		return reminders.Say("noticechat.problem_soft", reminders.Args{"Found": reminders.Say("burden.rule."+hit.Rule, nil)})
	}
	return reminders.Say(hit.Say.Key, hit.Say.Args)
}

// nextFor says what is to be done next.
func nextFor(p notice.Publication, problems []reminders.Hit, reader reminders.Person) reminders.Value {
	hard := slices.ContainsFunc(problems, func(h reminders.Hit) bool { return h.Hard })
	switch {
	case p.Orphan():
		return reminders.Say("noticechat.next.orphan", reminders.Args{"By": reminders.PersonName(p.By)})
	case p.By != reader.ID:
		return reminders.Say("noticechat.next.foreign", reminders.Args{"By": reminders.PersonName(p.By)})
	case len(problems) == 0:
		return reminders.Say("noticechat.next.ready", nil)
	case !hard && !reader.Roles.Has(reminders.Head):
		return reminders.Say("noticechat.next.soft", nil)
	case !hard:
		return reminders.Say("noticechat.next.soft_head", nil)
	}
	return reminders.List()
}

// draftButtons lead to the parts of a draft and to what comes then.
func (b *Bot) draftButtons(p notice.Publication, problems []reminders.Hit) [][]reminders.Button {
	h := p.Handle()
	rows := [][]reminders.Button{
		append([]reminders.Button{stepButton("noticechat.button.content", "c", h), stepButton("noticechat.button.files", "f", h)}, b.missingLanguages(p)...),
		{stepButton("noticechat.button.audience", "a", h), stepButton("noticechat.button.expects", "e", h), stepButton("noticechat.button.when", "w", h)},
	}
	if len(p.Bodies) > 0 {
		rows = append(rows, []reminders.Button{
			{Label: "noticechat.button.preview", Verb: "open", Object: pressObject("pre", h)}, stepButton("noticechat.button.test", "t", h),
		})
	}
	last := []reminders.Button{stepButton("noticechat.button.abandon", "x", h)}
	if len(problems) == 0 {
		last = append([]reminders.Button{stepButton("noticechat.button.submit", "go", h)}, last...)
	}
	return append(rows, last)
}

// overrideButtons let the head pass what a soft rule objects to.
func overrideButtons(p notice.Publication, problems []reminders.Hit) [][]reminders.Button {
	var rows [][]reminders.Button
	for i, hit := range problems {
		if hit.Hard || slices.ContainsFunc(problems[:i], func(o reminders.Hit) bool { return o.Rule == hit.Rule }) {
			continue
		}
		rows = append(rows, []reminders.Button{{
			Label: "noticechat.button.override", Args: reminders.Args{"Number": reminders.Number(i + 1)}, Verb: "override",
			Object: placePress + "-" + p.Handle() + "." + tagOf(hit.Rule),
		}})
	}
	return rows
}

// tagOf is a short name for something whose own does not fit into button data.
func tagOf(name string) string { return reminders.HashText(name)[:8] }

// factsOf says, part by part, what a publication is: for its drafter, and for whoever
// decides about it.
func (b *Bot) factsOf(tx reminders.Tx, p notice.Publication) (reminders.Value, error) {
	facts := []reminders.Message{reminders.Line("noticechat.fact.content", reminders.Args{"Content": contentOf(p), "Files": filesOf(p.Files)})}
	cases, err := b.Cases.Lines(tx, casesOf(p))
	if err != nil {
		return reminders.Value{}, err
	}
	facts = append(facts, cases...)
	if p.Audience.Nobody() {
		facts = append(facts, reminders.Line("noticechat.fact.no_audience", nil))
	} else {
		reach, err := b.Press.Reach(tx, p.Audience)
		if err != nil {
			return reminders.Value{}, err
		}
		facts = append(facts,
			reminders.Line("noticechat.fact.audience", reminders.Args{"Audience": audienceText(p.Audience)}), reachLine(reach))
	}
	facts = append(facts, reminders.Line("noticechat.fact.expects", reminders.Args{"Expects": expectsText(p)}))
	when, err := b.whenText(tx, p)
	if err != nil {
		return reminders.Value{}, err
	}
	facts = append(facts, reminders.Line("noticechat.fact.when", reminders.Args{"When": when}))
	if p.Urgent != "" {
		facts = append(facts, reminders.Line("noticechat.fact.urgent", reminders.Args{"Reason": reminders.Text(p.Urgent)}))
	}
	for _, o := range p.Overrides {
		facts = append(facts, reminders.Line("noticechat.fact.override", reminders.Args{
			"By": reminders.PersonName(o.By), "Reason": reminders.Text(o.Reason),
		}))
	}
	return reminders.List(facts...), nil
}

// contentOf names the languages in which there is a text, the first one first.
func contentOf(p notice.Publication) reminders.Value {
	if len(p.Bodies) == 0 {
		return reminders.Say("noticechat.fact.no_content", nil)
	}
	var said []reminders.Message
	for _, lang := range languagesOf(p) {
		said = append(said, reminders.Line("noticechat.language."+string(lang), nil))
	}
	return reminders.Series(said...)
}

// languagesOf lists the languages of a publication, that of its drafter first.
func languagesOf(p notice.Publication) []reminders.Language {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(p.Bodies)), func(l reminders.Language) bool { return l == p.Lead })
	if _, found := p.Bodies[p.Lead]; !found {
		return others
	}
	return append([]reminders.Language{p.Lead}, others...)
}

// filesOf counts pictures and documents; nothing without any.
func filesOf(files []reminders.File) reminders.Value {
	pictures := 0
	for _, f := range files {
		if f.Picture() {
			pictures++
		}
	}
	args := reminders.Args{"Pictures": reminders.Number(pictures), "Documents": reminders.Number(len(files) - pictures)}
	switch {
	case len(files) == 0:
		return reminders.List()
	case pictures == 0:
		return reminders.Say("noticechat.files.documents", reminders.Args{"Documents": args["Documents"]})
	case pictures == len(files):
		return reminders.Say("noticechat.files.pictures", reminders.Args{"Pictures": args["Pictures"]})
	}
	return reminders.Say("noticechat.files.both", args)
}

// reachLine says whom an audience reaches.
func reachLine(r notice.Reach) reminders.Message {
	args := reminders.Args{"People": reminders.Number(r.People), "Units": reminders.Number(r.Units), "Groups": reminders.List(), "Unreachable": reminders.List()}
	if r.Groups > 0 {
		args["Groups"] = reminders.Say("noticechat.reach.groups", reminders.Args{"Groups": reminders.Number(r.Groups)})
	}
	if r.Unreachable > 0 {
		args["Unreachable"] = reminders.Say("noticechat.reach.unreachable", reminders.Args{"Unreachable": reminders.Number(r.Unreachable)})
	}
	return reminders.Line("noticechat.reach.body", args)
}

// expectsText says what readers are asked to do.
func expectsText(p notice.Publication) reminders.Value {
	if !p.Expects.Obliges() {
		return reminders.Say("noticechat.expects.none", nil)
	}
	args := reminders.Args{"Days": reminders.Number(p.Workdays)}
	switch {
	case p.Workdays == 0 && p.Expects == notice.ExpectPerUnit:
		return reminders.Say("noticechat.expects.unit_open", nil)
	case p.Workdays == 0:
		return reminders.Say("noticechat.expects.person_open", nil)
	case p.Expects == notice.ExpectPerUnit:
		return reminders.Say("noticechat.expects.unit", args)
	}
	return reminders.Say("noticechat.expects.person", args)
}

// whenText says when a publication goes, as far as that is known, and how long it takes.
func (b *Bot) whenText(tx reminders.Tx, p notice.Publication) (reminders.Value, error) {
	if p.Audience.Nobody() && p.Wanted.IsZero() {
		return reminders.Say("noticechat.when.soon", nil), nil
	}
	extent, err := b.Press.Extent(tx, p)
	if err != nil {
		return reminders.Value{}, err
	}
	args := reminders.Args{"Begins": reminders.Instant(extent.Begins), "Takes": notice.Duration(extent.Takes)}
	switch {
	case p.Wanted.IsZero() && !extent.Begins.After(tx.Now()):
		return reminders.Say("noticechat.when.at_once", reminders.Args{"Takes": args["Takes"]}), nil
	case p.Wanted.IsZero():
		return reminders.Say("noticechat.when.allowed", args), nil
	case extent.Begins.After(p.Wanted):
		args["Wanted"] = reminders.Instant(p.Wanted)
		return reminders.Say("noticechat.when.moved", args), nil
	}
	return reminders.Say("noticechat.when.timed", args), nil
}
