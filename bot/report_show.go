package bot

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// quickNumbers are those that are offered for a tap.
const quickNumbers = 5

// formMessage puts the step of a form into a message, with what can be tapped.
func (t *Turn) formMessage(f form, notes []reminders.Message) (m reminders.Message, err error) {
	head, err := t.formHead(f)
	if err != nil {
		return m, err
	}
	note := reminders.List(notes...)
	switch f.Step {
	case formAsk:
		m = t.fieldMessage(f, head, note)
	case formChange, formMore:
		m = t.pickMessage(f, head, note)
	case formDoubt:
		m, err = t.doubtMessage(f, head, note)
	case formReason:
		m = reminders.Line("reportchat.reason", reminders.Args{"Head": head, "Note": note})
		m.Buttons = [][]reminders.Button{{f.step("reportchat.button.preview", "look", "")}}
	default:
		m, err = t.previewMessage(f, head, note)
	}
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: askedForm + "." + f.Tag}})
	return m, err
}

// step is a button that takes a step of the form.
func (f form) step(label, word, rest string) reminders.Button {
	object := word + "." + f.Tag
	if rest != "" {
		object += "." + rest
	}
	return reminders.Button{Label: label, Verb: "report", Object: object}
}

// formHead says what is being filled in.
func (t *Turn) formHead(f form) (reminders.Value, error) {
	args := reminders.Args{"Unit": reminders.UnitName(f.Unit)}
	switch {
	case f.Base > 0, f.Kind == report.Incident && f.Stage != report.First && f.Report != "":
		r, err := t.Reports.Find(t.tx, f.Report)
		if err != nil {
			return reminders.Value{}, err
		}
		title := r.Title()
		args["Number"] = reminders.Say(title.Key, title.Args)
		switch {
		case f.Base > 0:
			return reminders.Say("reportchat.head.correction", args), nil
		case f.Stage == report.Final:
			return reminders.Say("reportchat.head.final", args), nil
		}
		return reminders.Say("reportchat.head.follow_on", args), nil
	case f.Kind == report.Incident:
		return reminders.Say("reportchat.head.incident", args), nil
	case f.Kind == report.Closing:
		args["Occasion"] = t.occasionOf(f.Draft)
		return reminders.Say("reportchat.head.closing", args), nil
	}
	args["Day"] = reminders.Day(f.Day.At(12, 0, t.zone()))
	return reminders.Say("reportchat.head.daily", args), nil
}

// occasionOf names the holiday of a closing report.
func (t *Turn) occasionOf(d report.Draft) reminders.Value {
	block, found := t.Years.Calendar().BlockAt(d.Day)
	if !found {
		return reminders.Text(d.Block)
	}
	return notice.Occasion(block.Festivals)
}

// fieldMessage asks for one field.
func (t *Turn) fieldMessage(f form, head, note reminders.Value) reminders.Message {
	in := t.formOf(f)
	field, _ := f.Current(in)
	nth, of := f.Place(in)
	value, has := f.Values[field.Name]
	m := reminders.Line("reportchat.ask", reminders.Args{
		"Head": head, "Note": note, "Nth": reminders.Number(nth), "Of": reminders.Number(of), "Label": labelOf(field),
		"Help": reminders.Text(""), "Has": reminders.Text(""), "Hint": t.hint(f, field),
	})
	if f.Picked {
		m.Key = "reportchat.ask_picked"
		delete(m.Args, "Nth")
		delete(m.Args, "Of")
	}
	if field.Help != "" {
		m.Args["Help"] = reminders.Say(field.Help, nil)
	}
	if has {
		m.Args["Has"] = reminders.Say("reportchat.has", reminders.Args{"Value": field.Show(value).Args["Value"]})
	}
	if n := len(f.Files); field.Type == report.TypeAttachment && n > 0 {
		m.Args["Has"] = reminders.Say("report.files", reminders.Args{"Count": reminders.Number(n)})
	}
	m.Buttons = append(t.offers(f, field), f.ways(in, field, has)...)
	return m
}

// hint tells of what is convenient, once for each form.
func (t *Turn) hint(f form, field report.Field) reminders.Value {
	limits := t.formOf(f).Limits
	switch {
	case f.incident() && f.Stage == report.First && len(f.Values) == 0:
		return reminders.Say("reportchat.hint.incident", reminders.Args{
			"Phone": reminders.Number(int(limits.Phone.Minutes())), "Written": reminders.Number(int(limits.Written.Minutes())),
		})
	case f.Kind == report.Daily && field.Type == report.TypeNumber && !f.Picked && f.first(t.formOf(f)):
		return reminders.Say("reportchat.hint.numbers", nil)
	}
	return reminders.Text("")
}

// first reports whether the field that is asked is the first of the form.
func (f form) first(in report.Form) bool { return len(in.Fields) > 0 && in.Fields[0].Name == f.Field }

// labelOf is the name of a field, with the heading that it shares with others.
func labelOf(field report.Field) reminders.Value {
	if field.Group == "" {
		return reminders.Say(field.Label, nil)
	}
	return reminders.Say("reportchat.grouped", reminders.Args{"Group": reminders.Say(field.Group, nil), "Label": reminders.Say(field.Label, nil)})
}

// offers are the answers to a field that a tap can give.
func (t *Turn) offers(f form, field report.Field) [][]reminders.Button {
	var buttons []reminders.Button
	width := 2
	switch field.Type {
	case report.TypeNumber:
		if f.Kind == report.Closing {
			return nil // sums are large
		}
		width = quickNumbers
		for n := field.Min; n < field.Min+quickNumbers && n <= field.Max; n++ {
			b := f.step("reportchat.button.number", "set", strconv.Itoa(n))
			b.Args = reminders.Args{"Number": reminders.Number(n)}
			buttons = append(buttons, b)
		}
	case report.TypeChoice:
		for n, option := range field.Choices {
			buttons = append(buttons, f.step(option.Label, "set", strconv.Itoa(n+1)))
		}
	case report.TypeDatetime:
		if field.Past {
			buttons = append(buttons, f.step("reportchat.button.now", "now", ""))
		}
	case report.TypeAttachment:
		if len(f.Files) > 0 {
			buttons = append(buttons, f.step("reportchat.button.files_done", "skip", ""), f.step("reportchat.button.files_none", "detach", ""))
		}
	}
	return slices.Collect(slices.Chunk(buttons, width))
}

// ways lead on from a field without an answer, or back.
func (f form) ways(in report.Form, field report.Field, has bool) [][]reminders.Button {
	var row []reminders.Button
	switch {
	case has:
		row = append(row, f.step("reportchat.button.keep", "skip", ""))
		if !field.Needed(f.Stage) {
			row = append(row, f.step("reportchat.button.clear", "clear", ""))
		}
	case !field.Needed(f.Stage) && (field.Type != report.TypeAttachment || len(f.Files) == 0):
		row = append(row, f.step("reportchat.button.skip", "skip", ""))
	}
	if !f.first(in) && !f.Picked {
		row = append(row, f.step("reportchat.button.before", "back", ""))
	}
	if len(f.Missing(in)) == 0 {
		row = append(row, f.step("reportchat.button.preview", "look", ""))
	}
	rows := [][]reminders.Button{row}
	if len(row) == 0 {
		rows = nil
	}
	if f.overNil() {
		rows = append(rows, []reminders.Button{f.step("reportchat.button.still_nil", "none", "")})
	}
	return rows
}

// overNil reports whether the form corrects a nil report and says nothing else yet.
func (f form) overNil() bool { return f.Kind == report.Daily && f.Base > 0 && len(f.Values) == 0 }

// previewMessage shows what would be filed.
func (t *Turn) previewMessage(f form, head, note reminders.Value) (reminders.Message, error) {
	in := t.formOf(f)
	lines := f.Preview(in)
	switch {
	case f.Nil:
		lines = []reminders.Message{reminders.Line("report.nil", nil)}
	case len(lines) == 0:
		lines = []reminders.Message{reminders.Line("reportchat.empty", nil)}
	}
	why, err := t.whyReturned(f)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("reportchat.preview", reminders.Args{
		"Head": head, "Note": note, "Lines": reminders.List(lines...), "From": reminders.List(f.sources(in)...), "Why": why,
	})
	m.Buttons = [][]reminders.Button{{{Label: "reportchat.button.submit", Verb: "submit", Object: f.Tag}}}
	if f.Nil {
		m.Key = "reportchat.preview_nil"
		m.Buttons = append(m.Buttons, []reminders.Button{f.step("report.button.fill", "fill", "")})
		return m, nil
	}
	var row []reminders.Button
	if len(f.Values) > 0 {
		row = append(row, f.step("reportchat.button.change", "edit", "0"))
	}
	if slices.ContainsFunc(in.Fields, f.unsaid) {
		row = append(row, f.step("reportchat.button.more", "more", "0"))
	}
	if len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	return m, nil
}

// whyReturned says why the report that is corrected was returned.
func (t *Turn) whyReturned(f form) (reminders.Value, error) {
	if f.Base == 0 {
		return reminders.Text(""), nil
	}
	r, err := t.Reports.Find(t.tx, f.Report)
	if err != nil || r.State != report.Returned {
		return reminders.Text(""), err
	}
	return reminders.Say("reportchat.returned_for", reminders.Args{"Reason": reminders.Text(r.Review().Reason)}), nil
}

// sources say which answers were filled in from what was recorded already.
func (f form) sources(in report.Form) []reminders.Message {
	var lines []reminders.Message
	for _, source := range []struct {
		from report.Source
		key  string
	}{
		{report.FromIncidents, "reportchat.from.incidents"},
		{report.FromHandover, "reportchat.from.handover"},
		{report.FromDailies, "reportchat.from.dailies"},
		{report.FromEarlier, "reportchat.from.earlier"},
	} {
		for _, field := range in.Fields {
			if value, has := f.Values[field.Name]; has && value.From == source.from {
				lines = append(lines, reminders.Line(source.key, nil))
				break
			}
		}
	}
	return lines
}

// unsaid reports whether a field has no answer yet.
func (f form) unsaid(field report.Field) bool {
	if field.Type == report.TypeAttachment {
		return len(f.Files) == 0
	}
	_, has := f.Values[field.Name]
	return !has
}

// pickMessage lists the fields that can be changed, or that have no answer yet.
func (t *Turn) pickMessage(f form, head, note reminders.Value) reminders.Message {
	m := reminders.Line("reportchat.change", reminders.Args{"Head": head, "Note": note})
	word := "edit"
	if f.Step == formMore {
		m.Key, word = "reportchat.more", "more"
	}
	var buttons []reminders.Button
	fields := t.formOf(f).Fields
	for _, n := range f.listed(fields) {
		field := fields[n]
		b := f.step("reportchat.button.field", "pick", strconv.Itoa(n))
		b.Args = reminders.Args{"Label": labelOf(field)}
		if value, has := f.Values[field.Name]; has && field.Type != report.TypeText {
			b.Label, b.Args["Value"] = "report.line", field.Show(value).Args["Value"]
		}
		buttons = append(buttons, b)
	}
	from := max(0, min(f.Page*shownAtOnce, len(buttons)-1))
	to := min(from+shownAtOnce, len(buttons))
	m.Buttons = slices.Collect(slices.Chunk(buttons[from:to], 2))
	var row []reminders.Button
	if f.Page > 0 {
		row = append(row, f.step("button.previous", word, strconv.Itoa(f.Page-1)))
	}
	if to < len(buttons) {
		row = append(row, f.step("button.next", word, strconv.Itoa(f.Page+1)))
	}
	m.Buttons = append(m.Buttons, append(row, f.step("reportchat.button.preview", "look", "")))
	return m
}

// listed gives the places of the fields that a list shows. What people mostly add, a few
// words or a photo, stands before further numbers.
func (f form) listed(fields []report.Field) []int {
	var words, numbers []int
	for n, field := range fields {
		switch {
		case f.unsaid(field) != (f.Step == formMore):
		case f.Step == formMore && field.Type != report.TypeNumber:
			words = append(words, n)
		default:
			numbers = append(numbers, n)
		}
	}
	return append(words, numbers...)
}

// doubtMessage asks what a rule of plausibility asks.
func (t *Turn) doubtMessage(f form, head, note reminders.Value) (reminders.Message, error) {
	questions, err := t.Reports.Questions(t.tx, f.Draft)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("reportchat.doubt", reminders.Args{"Head": head, "Note": note, "Question": reminders.Text("")})
	for _, q := range questions {
		if q.Rule == f.Rule {
			m.Args["Question"] = reminders.Say(q.Text.Key, q.Text.Args)
		}
	}
	right := f.step("reportchat.button.right", "right", "")
	if f.Nil {
		right.Label = "reportchat.button.nil_right"
		m.Key = "reportchat.doubt_nil"
		m.Buttons = [][]reminders.Button{{right, f.step("report.button.fill", "fill", "")}}
		return m, nil
	}
	m.Buttons = [][]reminders.Button{{right, f.step("reportchat.button.change", "edit", "0")}}
	return m, nil
}
