package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// placeCase begins the objects of the buttons of /case: "case-STEP.HANDLE.REST".
const placeCase = "case"

// The steps of /case that are about no case yet, and the one that shows a case.
const (
	workHome = "home"
	workList = "l" // case-l.STATE.PAGE
	workNew  = "new"
	workGoOn = "go" // with the case that is half entered
	workShow = "v"  // case-v.HANDLE
)

// workOpen is the list of all that is open at the desk: drafts, what waits, was returned
// or is held back.
const workOpen = "open"

// casesAtOnce is how many cases are read at once when they are counted.
const casesAtOnce = 200

// caseStep is what a button of /case does to a case, and what is shown then.
type caseStep func(t *Turn, c casebook.Case, rest string) (reminders.Message, error)

// workButton is a button that takes a step of /case in place.
func workButton(label string, parts ...string) reminders.Button {
	return reminders.Button{Label: label, Verb: "page", Object: placeCase + "-" + strings.Join(parts, ".")}
}

// caseCommand goes on with the case that was being entered, or shows the desk.
func (t *Turn) caseCommand(string) error {
	if d, open := t.half(askedCase); open {
		m, err := t.caseAsk(d)
		if err != nil {
			return err
		}
		return t.say(m)
	}
	m, err := t.caseHome()
	if err != nil {
		return err
	}
	return t.say(m)
}

// casePlace takes the step to which a button of /case leads.
func (t *Turn) casePlace(rest string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.case", "error.denied", nil)
	}
	word, rest, _ := strings.Cut(rest, ".")
	switch word {
	case workHome:
		return t.caseHome()
	case workList:
		state, page, _ := strings.Cut(rest, ".")
		n, _ := strconv.Atoi(page)
		return t.caseStock(state, n)
	case workNew:
		return t.caseAsk(newCaseDialog())
	case workGoOn:
		return t.goOnWithCase()
	case workField, workSet, workKeep, workSend:
		return t.caseWithin(word, rest)
	}
	handle, rest, _ := strings.Cut(rest, ".")
	c, err := t.Cases.Case(t.tx, handle)
	if err != nil {
		return reminders.Message{}, err
	}
	step, known := caseSteps()[word]
	if !known {
		step = showCase
	}
	return step(t, c, rest)
}

// caseHome is the desk: how many cases there are in each state, how reading the feeds
// stands, and what is open.
func (t *Turn) caseHome() (reminders.Message, error) {
	tally, err := t.caseTally()
	if err != nil {
		return reminders.Message{}, err
	}
	feeds, err := t.feedLines()
	if err != nil {
		return reminders.Message{}, err
	}
	open, err := t.Cases.Drafts(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("casechat.work", reminders.Args{"Items": reminders.List(tally...), "Feeds": reminders.List(feeds...)})
	first := []reminders.Button{workButton("casechat.new", workNew)}
	if _, half, err := t.entry(); err != nil {
		return m, err
	} else if half {
		first = append(first, workButton("casechat.go_on", workGoOn))
	}
	if len(open) > 0 {
		label := workButton("casechat.open", workList, workOpen, "0")
		label.Args = reminders.Args{"Number": reminders.Number(len(open))}
		first = append(first, label)
	}
	m.Buttons = [][]reminders.Button{first, {
		workButton("casechat.published", workList, string(casebook.Published), "0"),
		workButton("casechat.withdrawn", workList, string(casebook.Withdrawn), "0"),
	}}
	return m, nil
}

// The words under which cases are counted, in the order of their way through the office.
const (
	tallyDraft = "draft"
	tallyWaits = "waits"
	tallyHeld  = "held"
)

var tallyOrder = []string{
	tallyDraft, tallyWaits, string(casebook.Returned), tallyHeld, string(casebook.Published), string(casebook.Expired), string(casebook.Withdrawn),
}

// tallyOf is the word under which a case is counted.
func tallyOf(c casebook.Case) string {
	switch {
	case c.Waits():
		return tallyWaits
	case c.State == casebook.Approved:
		return tallyHeld
	}
	return string(c.State)
}

// caseTally counts the cases of the office.
func (t *Turn) caseTally() ([]reminders.Message, error) {
	counts := map[string]int{}
	err := t.eachCase(func(c casebook.Case) { counts[tallyOf(c)]++ })
	var lines []reminders.Message
	for _, word := range tallyOrder {
		if counts[word] > 0 {
			lines = append(lines, reminders.Line("casechat.tally", counted(reminders.Say("casechat.state."+word, nil), counts[word])))
		}
	}
	if len(lines) == 0 {
		lines = []reminders.Message{reminders.Line("casechat.empty", nil)}
	}
	return lines, err
}

// eachCase visits all cases of the office.
func (t *Turn) eachCase(visit func(c casebook.Case)) error {
	for after := ""; ; {
		cases, err := t.Cases.Store.CasesAfter(t.tx, after, casesAtOnce)
		if err != nil || len(cases) == 0 {
			return err
		}
		for _, c := range cases {
			visit(c)
		}
		after = cases[len(cases)-1].ID
	}
}

// caseStock lists the cases in a state, what is open first to last, the rest the newest
// first.
func (t *Turn) caseStock(state string, page int) (reminders.Message, error) {
	var cases []casebook.Case
	var err error
	if state == workOpen {
		cases, err = t.Cases.Drafts(t.tx)
	} else {
		err = t.eachCase(func(c casebook.Case) {
			if string(c.State) == state {
				cases = append(cases, c)
			}
		})
		slices.Reverse(cases)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	back := workButton("button.back", workHome)
	if len(cases) == 0 {
		m := reminders.Line("casechat.stock_none", nil)
		m.Buttons = [][]reminders.Button{{back}}
		return m, nil
	}
	page = min(max(page, 0), (len(cases)-1)/shownAtOnce)
	var items []reminders.Message
	var numbers, turn []reminders.Button
	for i, c := range cases[page*shownAtOnce : min((page+1)*shownAtOnce, len(cases))] {
		n := reminders.Number(page*shownAtOnce + i + 1)
		items = append(items, t.stockItem(n, c))
		button := workButton("casechat.number", workShow, c.Handle())
		button.Args = reminders.Args{"Number": n}
		numbers = append(numbers, button)
	}
	if page > 0 {
		turn = append(turn, workButton("button.previous", workList, state, strconv.Itoa(page-1)))
	}
	if (page+1)*shownAtOnce < len(cases) {
		turn = append(turn, workButton("button.next", workList, state, strconv.Itoa(page+1)))
	}
	m := reminders.Line("casechat.stock", reminders.Args{"Items": reminders.List(items...)})
	for row := range slices.Chunk(numbers, 4) {
		m.Buttons = append(m.Buttons, row)
	}
	m.Buttons = append(m.Buttons, append(turn, back))
	return m, nil
}

// stockItem is one case of a list of the desk: its state, its title, where it came from.
func (t *Turn) stockItem(n reminders.Value, c casebook.Case) reminders.Message {
	args := reminders.Args{
		"Number": n, "State": reminders.Say("casechat.state."+tallyOf(c), nil), "Title": t.titleOrNone(c), "Origin": reminders.Text(""),
	}
	if name, ofFeed := strings.CutPrefix(c.Origin, feedPrefix); ofFeed {
		args["Origin"] = reminders.Say("casechat.of_feed", reminders.Args{"Name": reminders.Text(name)})
	}
	return reminders.Line("casechat.stock_item", args)
}

// titleOrNone is the title of a case; a withdrawn one has none left, and is named by its
// issuer and day.
func (t *Turn) titleOrNone(c casebook.Case) reminders.Value {
	switch {
	case c.Title != "":
		return reminders.Text(Truncate(c.Title, 2*labelUnits))
	case c.Tombstone != nil:
		return reminders.Say("casechat.untitled_gone", reminders.Args{"Issuer": reminders.Text(c.Issuer), "Date": t.dayValue(c.Issued)})
	}
	return reminders.Say("casechat.untitled", nil)
}
