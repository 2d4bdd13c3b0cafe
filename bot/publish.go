package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// placePress begins the objects of the buttons of /notice: "n-STEP.HANDLE.REST". The
// handle is that of a publication, so that two drafts never mix.
const placePress = "n"

// The steps of /notice that are about no publication yet.
const (
	pressList  = "list"
	pressNew   = "new"
	pressBegin = "begin" // n-begin.KIND
	pressShow  = "v"     // n-v.HANDLE: how it stands
)

// recentPublications is how many publications the list looks back at, and sentShown for
// how long what was sent stays on it.
const (
	recentPublications = 60
	sentShown          = 14 * 24 * time.Hour
	listedAtOnce       = 10
)

// pressStep is what a button of /notice does: it changes the publication or asks
// something, and gives what is shown then.
type pressStep struct {
	edits bool // only for the drafter, and only before it is submitted
	run   func(t *Turn, p notice.Publication, rest string) (reminders.Message, error)
}

// cutWord cuts a word and '-' off the front of an object.
func cutWord(object, word string) (rest string, ok bool) { return strings.CutPrefix(object, word+"-") }

// pressObject is the object of a button that takes a step.
func pressObject(step, handle string, rest ...string) string {
	return placePress + "-" + strings.Join(append([]string{step, handle}, rest...), ".")
}

// stepButton is a button that takes a step in place.
func stepButton(label, step, handle string, rest ...string) reminders.Button {
	return reminders.Button{Label: label, Verb: "page", Object: pressObject(step, handle, rest...)}
}

// pressRef stands before the handle of a publication in a line that shows how it stands
// at the moment of showing it.
const pressRef = "press/"

// standingOfPublication is the line that shows how a publication stands.
func standingOfPublication(handle string) reminders.Message {
	return reminders.Message{Ref: pressRef + handle}
}

// pressPlace takes the step to which a button of /notice leads.
func (t *Turn) pressPlace(rest string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.press", "error.denied", nil)
	}
	word, rest, _ := strings.Cut(rest, ".")
	switch word {
	case pressList:
		return t.publications()
	case pressNew:
		return t.kinds()
	case pressDropped:
		return t.droppedPage(rest)
	case pressBegin:
		return t.beginPublication(notice.Kind(rest))
	}
	handle, rest, _ := strings.Cut(rest, ".")
	p, err := t.Press.Find(t.tx, handle)
	if err != nil {
		return reminders.Message{}, err
	}
	step, known := pressSteps[word]
	switch {
	case !known:
		return standingOfPublication(handle), nil
	case step.edits:
		if err := t.editable(p); err != nil {
			return reminders.Message{}, err
		}
	}
	return step.run(t, p, rest)
}

// editable says why the person cannot change a publication.
func (t *Turn) editable(p notice.Publication) error {
	switch {
	case p.By != t.person.ID:
		return reminders.Fail(reminders.Denied, "bot.press", "publication.not_yours", nil)
	case p.State != notice.Drafting && p.State != notice.SentBack:
		return reminders.Fail(reminders.Closed, "bot.press", "publication.decided", nil)
	}
	return nil
}

// edit changes a draft by a tap and shows how it stands then. What was asked about it is
// answered by that: what is typed afterwards is no answer any more.
func (t *Turn) edit(p notice.Publication, change func(*notice.Publication)) (reminders.Message, error) {
	if _, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, change); err != nil {
		return reminders.Message{}, err
	}
	return standingOfPublication(p.Handle()), t.endAbout(p.Handle())
}

// endAbout ends the dialog about a publication; one about another goes on.
func (t *Turn) endAbout(handle string) error {
	d, found, err := t.dialog()
	if err != nil || !found || d.Asked != askedNotice || d.Object != handle {
		return err
	}
	return t.endDialog()
}

// noticeCommand lists what the office writes and sends.
func (t *Turn) noticeCommand(string) error {
	m, err := t.publications()
	if err != nil {
		return err
	}
	return t.say(m)
}

// publications lists own drafts, what waits for a decision, what waits for its instant
// and what was sent lately, each with a button.
func (t *Turn) publications() (reminders.Message, error) {
	listed, err := t.listed()
	if err != nil {
		return reminders.Message{}, err
	}
	used, limit, err := t.Press.Prompts(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	var lines []reminders.Message
	var rows [][]reminders.Button
	for i, p := range listed {
		n := reminders.Number(i + 1)
		lines = append(lines, reminders.Line("noticechat.list.item", reminders.Args{
			"Number": n, "What": headOf(p), "State": stateOf(p),
		}))
		b := stepButton("noticechat.button.item", pressShow, p.Handle())
		b.Args = reminders.Args{"Number": n, "Title": shortTitle(p)}
		rows = append(rows, []reminders.Button{b})
	}
	if len(lines) == 0 {
		lines = []reminders.Message{reminders.Line("noticechat.list.nothing", nil)}
	}
	m := reminders.Line("noticechat.list.body", reminders.Args{
		"Items": reminders.List(lines...), "Used": reminders.Number(used), "Limit": reminders.Number(limit),
	})
	dropped, err := t.droppedButton()
	last := []reminders.Button{{Label: "noticechat.button.new", Verb: "page", Object: placePress + "-" + pressNew}}
	m.Buttons = append(rows, append(last, dropped...))
	return m, err
}

// listed gives what stands on the list, the newest first.
func (t *Turn) listed() ([]notice.Publication, error) {
	recent, err := t.Press.Store.RecentPublications(t.tx, recentPublications)
	if err != nil {
		return nil, err
	}
	var listed []notice.Publication
	for _, p := range recent {
		stands, err := t.stands(p)
		if err != nil {
			return nil, err
		}
		if stands && len(listed) < listedAtOnce {
			listed = append(listed, p)
		}
	}
	return listed, nil
}

// stands reports whether a publication is on the list of this person: the own drafts,
// those that anybody may take over, what waits for a decision or its instant, and what was
// sent lately. The head also sees drafts of others that need an override.
func (t *Turn) stands(p notice.Publication) (bool, error) {
	switch p.State {
	case notice.Awaiting, notice.Cleared:
		return true, nil
	case notice.Released, notice.Recalled:
		return p.Undecided() || p.SentAt.After(t.tx.Now().Add(-sentShown)), nil
	case notice.Drafting, notice.SentBack:
		if p.Orphan() {
			return true, nil
		}
		if p.By == t.person.ID || !t.has(reminders.Head) {
			return p.By == t.person.ID, nil
		}
		problems, err := t.Press.Problems(t.tx, p)
		return slices.ContainsFunc(problems, func(h reminders.Hit) bool { return !h.Hard }), err
	}
	return false, nil
}

// kinds asks what is to be written.
func (t *Turn) kinds() (reminders.Message, error) {
	used, limit, err := t.Press.Prompts(t.tx)
	m := reminders.Line("noticechat.kinds", reminders.Args{"Used": reminders.Number(used), "Limit": reminders.Number(limit)})
	for _, kind := range notice.Composed() {
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "publication.kind." + string(kind), Verb: "page", Object: placePress + "-" + pressBegin + "." + string(kind),
		}})
	}
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.back", Verb: "page", Object: placePress + "-" + pressList}})
	return m, err
}

// beginPublication starts a draft and asks for what it says.
func (t *Turn) beginPublication(kind notice.Kind) (reminders.Message, error) {
	if !slices.Contains(notice.Composed(), kind) {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.press", "error.not_found", nil)
	}
	p, err := t.Press.Begin(t.tx, kind, "chat", t.person.ID, t.lang)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.askContent(p, string(p.Lead))
}

// headOf names a publication: its kind or number with its title or, without one, the
// number of the draft.
func headOf(p notice.Publication) reminders.Value {
	kind := reminders.Say("publication.kind."+string(p.Kind), nil)
	switch title := reminders.Text(p.BodyFor(p.Lead).Title); {
	case *title.Text == "":
		return reminders.Say("noticechat.head_untitled", reminders.Args{"Kind": kind, "Number": reminders.Text(draftNumber(p))})
	case p.Number != "":
		return reminders.Say("noticechat.head_numbered", reminders.Args{"Number": p.Quoted(), "Title": title})
	default:
		return reminders.Say("noticechat.head", reminders.Args{"Kind": kind, "Title": title})
	}
}

// draftNumber is the number of a draft in its year.
func draftNumber(p notice.Publication) string {
	_, number, _ := strings.Cut(p.ID, "-")
	if n, err := strconv.Atoi(number); err == nil {
		return strconv.Itoa(n)
	}
	return p.ID
}

// titleOnButton is how much of a title a button shows, in UTF-16 units.
const titleOnButton = 24

// shortTitle is a title as a button shows it.
func shortTitle(p notice.Publication) reminders.Value {
	title := p.BodyFor(p.Lead).Title
	if title == "" {
		return reminders.Say("noticechat.untitled", nil)
	}
	return reminders.Text(Truncate(title, titleOnButton))
}

// stateOf says where a publication stands, in a word.
func stateOf(p notice.Publication) reminders.Value {
	switch {
	case p.State == notice.Recalled:
	case p.Orphan():
		return reminders.Say("noticechat.state.orphan", nil)
	case p.Correction != nil && p.Correction.State == notice.Awaiting:
		return reminders.Say("noticechat.state.correcting", nil)
	case p.State == notice.Cleared && !p.Wanted.IsZero():
		return reminders.Say("noticechat.state.timed", reminders.Args{"At": reminders.Instant(p.Wanted)})
	case p.State == notice.Released:
		return reminders.Say("noticechat.state.sent", reminders.Args{"At": reminders.Instant(p.SentAt)})
	}
	return reminders.Say("noticechat.state."+string(p.State), nil)
}

// paged cuts a page out of a list, with the buttons to turn it.
func paged[T any](list []T, page int, turn func(label string, page int) reminders.Button) (shown []T, row []reminders.Button) {
	from := min(page*shownAtOnce, len(list))
	to := min(from+shownAtOnce, len(list))
	if page > 0 {
		row = append(row, turn("button.previous", page-1))
	}
	if to < len(list) {
		row = append(row, turn("button.next", page+1))
	}
	return list[from:to], row
}
