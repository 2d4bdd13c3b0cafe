package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The dialogs of a review.
const (
	askedReturn   = "return"   // why a report is returned
	askedOverturn = "overturn" // what contradicts a nil report
)

// nilsOnPage begins the object of the button that accepts the nil reports of a page; the
// page and what stood on it follow.
const nilsOnPage = "nil"

// toReview lists what was filed and waits for a review, in order of day.
func (t *Turn) toReview() ([]report.Report, error) {
	waiting, err := t.Reports.Waiting(t.tx)
	return slices.DeleteFunc(waiting, func(r report.Report) bool { return r.State != report.Submitted }), err
}

// reviewPlace is a page of what waits for a review.
func (t *Turn) reviewPlace(rest string) (reminders.Message, error) {
	if !t.has(readers...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.review", "error.denied", nil)
	}
	all, err := t.Reports.Waiting(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	waiting := slices.DeleteFunc(slices.Clone(all), func(r report.Report) bool { return r.State != report.Submitted })
	args := reminders.Args{"Count": reminders.Number(len(waiting)), "Returned": reminders.Text("")}
	if n := len(all) - len(waiting); n > 0 {
		args["Returned"] = reminders.Say("reportchat.review_returned", reminders.Args{"Count": reminders.Number(n)})
	}
	if len(waiting) == 0 {
		return reminders.Line("reportchat.review_none", reminders.Args{"Returned": args["Returned"]}), nil
	}
	page := min(pageNumber(rest), (len(waiting)-1)/shownAtOnce)
	shown, paging := pageOf(waiting, page, shownAtOnce, placeReview, "")
	var lines []reminders.Message
	var numbers []reminders.Button
	for i, r := range shown {
		lines = append(lines, t.reviewLine(i+1, r))
		numbers = append(numbers, numberButton(i+1, r))
	}
	args["Items"] = reminders.List(lines...)
	m := reminders.Line("reportchat.review", args)
	m.Buttons = slices.Collect(slices.Chunk(numbers, 4))
	if nils := plainNils(shown); len(nils) > 1 && t.has(office...) {
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "reportchat.button.accept_nils", Args: reminders.Args{"N": reminders.Number(len(nils))},
			Verb: "accept", Object: nilsOnPage + "." + strconv.Itoa(page) + "." + mark(nils),
		}})
	}
	if len(paging) > 0 {
		m.Buttons = append(m.Buttons, paging)
	}
	return m, nil
}

// reviewLine is one report that waits for a review.
func (t *Turn) reviewLine(n int, r report.Report) reminders.Message {
	title := r.Title()
	args := reminders.Args{
		"N": reminders.Number(n), "Unit": reminders.UnitName(r.Unit), "Number": reminders.Say(title.Key, title.Args),
		"What": t.shortOf(r), "Doubts": reminders.Text(""),
	}
	if doubts := len(r.Latest().Questions); doubts > 0 {
		args["Doubts"] = reminders.Say("reportchat.doubts", reminders.Args{"Count": reminders.Number(doubts)})
	}
	return reminders.Line("reportchat.review_line", args)
}

// plainNils are the nil reports of a page about which no rule had a doubt.
func plainNils(shown []report.Report) []report.Report {
	return slices.DeleteFunc(slices.Clone(shown), func(r report.Report) bool { return !r.Latest().Nil || len(r.Latest().Questions) > 0 })
}

// mark names what a page showed, so that nothing is accepted that nobody has seen.
func mark(reports []report.Report) string {
	var names strings.Builder
	for _, r := range reports {
		names.WriteString(string(r.ID) + " " + strconv.Itoa(len(r.Versions)) + "\n")
	}
	return reminders.HashText(names.String())[:8]
}

// acceptReport ends the review of a report, or of the nil reports of a page.
func (t *Turn) acceptReport(object string) error {
	if rest, several := strings.CutPrefix(object, nilsOnPage+"."); several {
		return t.acceptNils(rest)
	}
	r, same, err := t.asSeen(object)
	if err != nil {
		return err
	}
	if !same {
		return t.reviewed(r.Handle(), reminders.Line("reportchat.review_changed", nil))
	}
	if _, err := t.Reports.Accept(t.tx, r.ID, t.person.ID); err != nil {
		return err
	}
	return t.reviewed(r.Handle(), reminders.Line("reportchat.accepted", nil))
}

// reviewed shows a report after a decision, with the way to the next one that waits.
func (t *Turn) reviewed(h report.Handle, toast reminders.Message) error {
	if err := t.toast(toast, false); err != nil {
		return err
	}
	page, err := t.decided(h)
	if err != nil {
		return err
	}
	return t.replace(page)
}

// decided is the page of a report with the way to the next one that waits.
func (t *Turn) decided(h report.Handle) (reminders.Message, error) {
	page, err := t.reportPage(h)
	if err != nil {
		return page, err
	}
	waiting, err := t.toReview()
	if err == nil && len(waiting) > 0 {
		page.Buttons = append(page.Buttons, []reminders.Button{{
			Label: "reportchat.button.next", Args: reminders.Args{"N": reminders.Number(len(waiting))}, Verb: "page", Object: string(waiting[0].Handle()),
		}})
	}
	return page, err
}

// acceptNils accepts the nil reports of a page, if it still shows the same ones.
func (t *Turn) acceptNils(rest string) error {
	number, seen, _ := strings.Cut(rest, ".")
	waiting, err := t.toReview()
	if err != nil {
		return err
	}
	shown, _ := pageOf(waiting, pageNumber(number), shownAtOnce, placeReview, "")
	nils := plainNils(shown)
	toast := reminders.Line("reportchat.accepted_nils", reminders.Args{"Count": reminders.Number(len(nils))})
	if mark(nils) != seen {
		nils, toast = nil, reminders.Line("reportchat.review_changed", nil)
	}
	for _, r := range nils {
		if _, err := t.Reports.Accept(t.tx, r.ID, t.person.ID); err != nil {
			return err
		}
	}
	if err := t.toast(toast, false); err != nil {
		return err
	}
	page, err := t.reviewPlace(number)
	if err != nil {
		return err
	}
	return t.replace(page)
}

// returnReport asks why a report is returned.
func (t *Turn) returnReport(object string) error {
	r, same, err := t.asSeen(object)
	if err != nil {
		return err
	}
	if !same {
		return t.reviewed(r.Handle(), reminders.Line("reportchat.review_changed", nil))
	}
	return t.askAbout(Dialog{Asked: askedReturn, Object: object}, r, "reportchat.return_ask", nil)
}

// askAbout asks about a report, behind its page: what is asked about stays in sight.
func (t *Turn) askAbout(d Dialog, r report.Report, key string, rows [][]reminders.Button) error {
	title := r.Title()
	m := reminders.Line(key, reminders.Args{"Number": reminders.Say(title.Key, title.Args), "What": t.subjectOf(r)})
	m.Buttons = rows
	return t.ask(d, m)
}

// returnText returns a report for the reason that somebody wrote.
func (t *Turn) returnText(d Dialog, text string) error {
	r, same, err := t.asSeen(d.Object)
	if err != nil {
		return err
	}
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.review", "error.denied", nil)
	}
	if same {
		_, err = t.Reports.Return(t.tx, r.ID, text, t.person.ID)
	} else {
		err = t.say(reminders.Line("reportchat.review_changed", nil))
	}
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	page, err := t.decided(r.Handle())
	if err != nil {
		return err
	}
	return t.say(page)
}

// overturn asks what contradicts a nil report, or marks it with the incident that was
// tapped: REPORT, or REPORT.INCIDENT.
func (t *Turn) overturn(object string) error {
	nilReport, incident, chosen := strings.Cut(object, ".")
	r, err := t.Reports.ByHandle(t.tx, report.Handle(nilReport))
	if err != nil {
		return err
	}
	if chosen {
		return t.overturnBy(r, report.Handle(incident))
	}
	if !r.Latest().Nil || r.Overturned != nil || r.State == report.TakenBack {
		_, err := t.Reports.Overturn(t.tx, r.ID, "-", t.person.ID) // says why not
		return err
	}
	found, err := t.Reports.List(t.tx, report.Filter{From: r.Day.AddDays(-1), To: r.Day.AddDays(1), Unit: r.Unit, Kind: report.Incident})
	if err != nil {
		return err
	}
	var rows [][]reminders.Button
	for _, i := range found[:min(len(found), recentReports)] {
		if i.Stage != report.First {
			continue
		}
		title := i.Title()
		rows = append(rows, []reminders.Button{{Label: title.Key, Args: title.Args, Verb: "overturn", Object: object + "." + string(i.Handle())}})
	}
	return t.askAbout(Dialog{Asked: askedOverturn, Object: object}, r, "reportchat.overturn_ask", rows)
}

// overturnBy marks a nil report as contradicted by an incident.
func (t *Turn) overturnBy(r report.Report, h report.Handle) error {
	incident, err := t.Reports.ByHandle(t.tx, h)
	if err != nil {
		return err
	}
	ref, err := t.words.plain(t.lang, incident.Title(), noNames{})
	if err != nil {
		return err
	}
	if err := t.overturnFor(r, ref); err != nil {
		return err
	}
	return t.reviewed(r.Handle(), reminders.Line("reportchat.overturned", nil))
}

// overturnText marks a nil report as contradicted by what somebody named.
func (t *Turn) overturnText(d Dialog, text string) error {
	r, err := t.Reports.ByHandle(t.tx, report.Handle(d.Object))
	if err != nil {
		return err
	}
	if err := t.overturnFor(r, text); err != nil {
		return err
	}
	page, err := t.decided(r.Handle())
	if err != nil {
		return err
	}
	return t.say(page)
}

// overturnFor marks a nil report and ends the dialog that asked for what contradicts it.
func (t *Turn) overturnFor(r report.Report, ref string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.review", "error.denied", nil)
	}
	if _, err := t.Reports.Overturn(t.tx, r.ID, ref, t.person.ID); err != nil {
		return err
	}
	d, found, err := t.dialog()
	if err != nil || !found || d.Asked != askedOverturn {
		return err
	}
	return t.endDialog()
}
