package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// placeCases begins the objects of the pages on which everyone looks at public cases:
// "cases", "cases-g.F" (a group), "cases-f" (by holiday), "cases-l.LIST.PAGE" (a list) and
// "cases-c.HANDLE.LIST.PAGE" (a case, and the list it was found on).
const placeCases = "cases"

// The lists: all cases, those of a code or group of the taxonomy, and those of a holiday,
// by its place among the holidays ("h5").
const (
	listAll     = "all"
	listHoliday = "h"
)

// caseGroups are the groups of the taxonomy.
var caseGroups = []string{"F", "H"}

// casesShown is how many cases a list shows at once, and labelUnits how long the label of
// a button gets.
const (
	casesShown = 5
	labelUnits = 40
)

// casesCommand shows where cases can be found. There is no search: whatever follows the
// command is not looked at.
func (t *Turn) casesCommand(string) error {
	m, err := t.casesPlace("")
	if err != nil {
		return err
	}
	return t.say(m)
}

// casesPlace makes the page to which an object leads.
func (t *Turn) casesPlace(rest string) (reminders.Message, error) {
	parts := strings.Split(rest, ".")
	at := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	page, _ := strconv.Atoi(at(len(parts) - 1))
	page = min(max(page, 0), 1000)
	switch at(0) {
	case "g":
		return t.caseGroup(at(1))
	case "f":
		return t.caseHolidays()
	case "l":
		return t.caseList(at(1), page)
	case "c":
		return t.caseRead(at(1), at(2), page)
	}
	return t.casesHome()
}

// casesButton leads to a page of cases.
func casesButton(label string, args reminders.Args, parts ...string) reminders.Button {
	return reminders.Button{Label: label, Args: args, Verb: "page", Object: placeCases + "-" + strings.Join(parts, ".")}
}

// counted is the label of a button with a number behind it.
func counted(name reminders.Value, n int) reminders.Args {
	return reminders.Args{"Name": name, "Number": reminders.Number(n)}
}

// casesHome says how many cases there are and how they can be looked through.
func (t *Turn) casesHome() (reminders.Message, error) {
	shelf, err := t.Cases.Shelf(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	if shelf.Total == 0 {
		return reminders.Line("casechat.none", nil), nil
	}
	m := reminders.Line("casechat.home", reminders.Args{"Count": reminders.Number(shelf.Total)})
	for _, group := range caseGroups {
		if n := t.inGroup(shelf, group); n > 0 {
			m.Buttons = append(m.Buttons, []reminders.Button{
				casesButton("casechat.counted", counted(reminders.Say("casechat.group."+group, nil), n), "g", group),
			})
		}
	}
	row := []reminders.Button{casesButton("casechat.newest", nil, "l", listAll, "0")}
	if len(shelf.Festivals) > 0 {
		row = append(row, casesButton("casechat.holidays", nil, "f"))
	}
	m.Buttons = append(m.Buttons, row)
	return m, nil
}

// inGroup counts the cases of a group. A code with a letter at its end counts under the
// one without it.
func (t *Turn) inGroup(shelf casebook.Shelf, group string) (n int) {
	for _, k := range t.Cases.Categories {
		if k.Group == group && !subCode(k.Code) {
			n += shelf.Categories[k.Code]
		}
	}
	return n
}

// subCode reports whether a code is a component of another, as H9a is of H9.
func subCode(code string) bool { return len(code) > 2 }

// caseGroup lists the categories of a group in which there are cases.
func (t *Turn) caseGroup(group string) (reminders.Message, error) {
	if !slices.Contains(caseGroups, group) {
		return t.casesHome()
	}
	shelf, err := t.Cases.Shelf(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("casechat.group_page", reminders.Args{"Group": reminders.Say("casechat.group."+group, nil)})
	for _, k := range t.Cases.Categories {
		if n := shelf.Categories[k.Code]; k.Group == group && n > 0 {
			m.Buttons = append(m.Buttons, []reminders.Button{
				casesButton("casechat.counted", counted(t.shortLabel(k), n), "l", k.Code, "0"),
			})
		}
	}
	if len(m.Buttons) == 0 {
		m.Key = "casechat.group_none"
	}
	m.Buttons = append(m.Buttons, []reminders.Button{
		casesButton("casechat.all", nil, "l", group, "0"), casesButton("button.back", nil),
	})
	return m, nil
}

// shortLabel is the label of a category as far as it fits on a button.
func (t *Turn) shortLabel(k casebook.Category) reminders.Value {
	return reminders.Text(Truncate(k.Label(t.lang), labelUnits))
}

// caseHolidays lists the holidays that cases fit.
func (t *Turn) caseHolidays() (reminders.Message, error) {
	shelf, err := t.Cases.Shelf(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("casechat.by_holiday", nil)
	var row []reminders.Button
	for i, festival := range calendar.Festivals() {
		if n := shelf.Festivals[festival]; n > 0 {
			row = append(row, casesButton("casechat.counted", counted(festivalName(festival), n), "l", listHoliday+strconv.Itoa(i), "0"))
		}
	}
	if len(row) == 0 {
		m.Key = "casechat.holiday_none"
	}
	for pair := range slices.Chunk(row, 2) {
		m.Buttons = append(m.Buttons, pair)
	}
	m.Buttons = append(m.Buttons, []reminders.Button{casesButton("button.back", nil)})
	return m, nil
}

// festivalName names a festival.
func festivalName(f calendar.Festival) reminders.Value {
	return reminders.Say("festival."+string(f), nil)
}

// caseQuery says which cases a list holds, what it is called, and what stands before it.
func (t *Turn) caseQuery(list string) (q casebook.Query, name reminders.Value, back reminders.Button) {
	name, back = reminders.Say("casechat.list_all", nil), casesButton("button.back", nil)
	if number, holiday := strings.CutPrefix(list, listHoliday); holiday {
		if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(calendar.Festivals()) {
			q.Festival = calendar.Festivals()[i]
			return q, festivalName(q.Festival), casesButton("button.back", nil, "f")
		}
	}
	if slices.Contains(caseGroups, list) {
		q.Category = list
		return q, reminders.Say("casechat.group."+list, nil), casesButton("button.back", nil, "g", list)
	}
	if k, known := t.Cases.CategoryOf(list); known {
		q.Category = k.Code
		return q, reminders.Text(k.Label(t.lang)), casesButton("button.back", nil, "g", k.Group)
	}
	return q, name, back
}

// caseList is one page of a list.
func (t *Turn) caseList(list string, page int) (reminders.Message, error) {
	q, name, back := t.caseQuery(list)
	q.Limit = (page + 1) * casesShown
	found, err := t.Cases.Browse(t.tx, q)
	if err != nil {
		return reminders.Message{}, err
	}
	shown := found.Cases[min(page*casesShown, len(found.Cases)):]
	if len(shown) == 0 {
		m := reminders.Line("casechat.list_none", reminders.Args{"Name": name})
		m.Buttons = [][]reminders.Button{{back}}
		return m, nil
	}
	var items []reminders.Message
	var numbers, turn []reminders.Button
	for i, c := range shown {
		c.Content = c.In(t.lang)
		n := page*casesShown + i + 1
		items = append(items, t.caseItem(n, c))
		numbers = append(numbers, casesButton("casechat.number", reminders.Args{"Number": reminders.Number(n)}, "c", c.Handle(), list, strconv.Itoa(page)))
	}
	if page > 0 {
		turn = append(turn, casesButton("button.previous", nil, "l", list, strconv.Itoa(page-1)))
	}
	if found.Next != "" {
		turn = append(turn, casesButton("button.next", nil, "l", list, strconv.Itoa(page+1)))
	}
	m := reminders.Line("casechat.list", reminders.Args{"Name": name, "Items": reminders.List(items...)})
	m.Buttons = [][]reminders.Button{numbers, append(turn, back)}
	return m, nil
}

// caseItem is one line of a list. The samples say what they are in the language of the
// reader.
func (t *Turn) caseItem(n int, c casebook.Case) reminders.Message {
	key := "casechat.item"
	if c.Sample() {
		key = "casechat.item_sample"
	}
	return reminders.Line(key, reminders.Args{
		"Number": reminders.Number(n), "Title": reminders.Text(titleOf(c)), "Issuer": reminders.Text(c.Issuer), "Date": t.dayValue(c.Issued),
	})
}

// The marks with which the titles of the samples begin in the library.
const (
	sampleMark   = "〔示例〕"
	sampleMarkEN = "[Sample] "
)

// titleOf is the title of a case without the mark of the samples, which is shown in the
// language of the reader.
func titleOf(c casebook.Case) string {
	if c.Sample() {
		return strings.TrimPrefix(strings.TrimPrefix(c.Title, sampleMark), sampleMarkEN)
	}
	return c.Title
}

// dayValue shows a day with its year; one that is not known yet shows nothing.
func (t *Turn) dayValue(d calendar.Date) reminders.Value {
	if d.IsZero() {
		return reminders.Text("")
	}
	text, err := t.words.time(t.lang, "day_year", d.At(0, 0, t.Years.Calendar().Location()))
	if err != nil {
		text = d.String()
	}
	return reminders.Text(text)
}

// caseRead shows one case to a reader: title, text, issuer, date and the way to its
// source. One that readers do not see any more says so.
func (t *Turn) caseRead(handle, list string, page int) (reminders.Message, error) {
	c, err := t.Cases.Case(t.tx, handle)
	if err != nil {
		return reminders.Message{}, err
	}
	back := casesButton("button.back", nil, "l", list, strconv.Itoa(page))
	if !c.ShownOn(t.today()) {
		m := reminders.Line("casechat.gone", nil)
		if c.State == casebook.Withdrawn && !c.Published.IsZero() {
			m = reminders.Line("casechat.tombstone", reminders.Args{
				"Issuer": reminders.Text(c.In(t.lang).Issuer), "Date": t.dayValue(c.Issued), "At": reminders.Instant(c.Tombstone.At),
			})
		}
		m.Buttons = [][]reminders.Button{{back}}
		return m, nil
	}
	c.Content = c.In(t.lang)
	m := t.casePage(c)
	m.Buttons = [][]reminders.Button{{{Label: "casechat.source", URL: c.SourceURL}, back}}
	if t.has(office...) {
		m.Buttons = append([][]reminders.Button{{workButton("casechat.guide", workGuide, c.Handle())}}, m.Buttons...)
	}
	return m, nil
}

// casePage is a case as its readers see it. A text with names is not shown: the source is.
func (t *Turn) casePage(c casebook.Case) reminders.Message {
	args := reminders.Args{
		"Title": reminders.Text(titleOf(c)), "Issuer": reminders.Text(c.Issuer), "Date": t.dayValue(c.Issued),
		"Category": reminders.Text(""), "Level": reminders.Text(""), "Body": reminders.Text(c.Body), "Sample": reminders.Text(""),
	}
	if k, known := t.Cases.CategoryOf(c.Category); known {
		args["Category"] = reminders.Text(k.Label(t.lang))
	}
	if c.Level != "" {
		args["Level"] = reminders.Say("casechat.level_line", reminders.Args{"Level": reminders.Say("case.level."+string(c.Level), nil)})
	}
	if c.Names {
		args["Body"] = reminders.Say("casechat.names", nil)
	}
	if c.Sample() {
		args["Sample"] = reminders.Say("casechat.sample", nil)
	}
	return reminders.Line("casechat.page", args)
}
