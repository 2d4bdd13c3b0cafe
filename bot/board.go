package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Where a button of the board leads. The object of an open or page button is one
// of these words, or HANDLE, HANDLE-PAGE for the units under terms, or
// HANDLE.UNIT for the people of one unit.
const (
	placeBoard       = "board"
	placeUnreachable = "unreachable"
	placeUnit        = "unit"
)

// recentNotices is how many notices the board looks back at, askedAtOnce how many of
// those that expect something it shows: with the lines of duty it fits on one screen.
const (
	recentNotices = 40
	askedAtOnce   = 5
)

// status shows today's board in one message.
func (t *Turn) status(string) error {
	board, err := t.board()
	if err != nil {
		return err
	}
	return t.say(board)
}

// open follows a button of a notice to a page of the board, which comes as a
// message of its own: the notice stays as it was received.
func (t *Turn) open(object string) error {
	if handle, ok := sendingOf(object); ok {
		return t.follow(handle)
	}
	page, err := t.place(object)
	if err != nil {
		return err
	}
	return t.say(page)
}

// turnTo follows a button of the board in place. It shows counts to the office and
// to auditors; names only for one unit, to those who answer for it or oversee it.
func (t *Turn) turnTo(object string) error {
	if handle, ok := sendingOf(object); ok {
		return t.backToProgress(handle)
	}
	page, err := t.place(object)
	if err != nil {
		return err
	}
	return t.replace(page)
}

// place makes the page to which a button leads.
func (t *Turn) place(object string) (reminders.Message, error) {
	if word, rest, _ := strings.Cut(object, "-"); t.places[word] != nil {
		return t.places[word](t, rest)
	}
	if page, found, err := t.reportPlace(object); err != nil || found {
		return page, err
	}
	if page, found, err := t.dutyPage(obligation.Handle(object)); err != nil || found {
		return page, err
	}
	handle, unit, byUnit := strings.Cut(object, ".")
	handle, number, _ := strings.Cut(handle, "-")
	page, _ := strconv.Atoi(number)
	switch {
	case byUnit:
		return t.unitPage(obligation.Handle(handle), reminders.UnitID(unit), page)
	case object == placeUnit && t.has(ofUnit...):
		return t.ownUnit()
	case object == placeBoard && t.has(readers...):
		return t.board()
	case handle == placeUnreachable && t.has(readers...):
		return t.unreachable(page)
	case object == placeUnit, object == placeBoard, handle == placeUnreachable:
	case t.has(readers...):
		return t.termsPage(obligation.Handle(handle), page)
	case t.has(ofUnit...):
		return t.unitPage(obligation.Handle(handle), t.person.Unit, 0)
	}
	return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.open", "error.denied", nil)
}

// board says how things stand: duty and reports, one line for each notice that expects
// something, who cannot be reached, whether the book balances.
func (t *Turn) board() (reminders.Message, error) {
	asking, err := t.asking()
	if err != nil {
		return reminders.Message{}, err
	}
	lines, rows, err := t.underway()
	if err != nil {
		return reminders.Message{}, err
	}
	watched, ways, err := t.watchSection()
	if err != nil {
		return reminders.Message{}, err
	}
	for _, terms := range asking[:min(len(asking), askedAtOnce)] {
		all, _, err := t.counted(terms)
		if err != nil {
			return reminders.Message{}, err
		}
		lines = append(lines, standingLine(terms, all))
		rows = append(rows, []reminders.Button{{
			Label: "board.open", Args: reminders.Args{"Subject": obligation.Subject(terms)}, Verb: "page", Object: string(terms.Handle),
		}})
	}
	missing, err := t.missing()
	if err != nil {
		return reminders.Message{}, err
	}
	if len(missing) > 0 {
		rows = append(rows, []reminders.Button{{Label: "button.unreachable", Verb: "page", Object: placeUnreachable}})
	}
	if len(lines)+len(watched) == 0 {
		lines = []reminders.Message{reminders.Line("board.nothing", nil)}
	}
	return reminders.Message{Key: "board.body", Buttons: slices.Concat(ways, rows), Args: reminders.Args{
		"At": reminders.Instant(t.tx.Now()), "Duty": reminders.List(watched...), "Items": reminders.List(lines...),
		"Unreachable": reminders.Number(len(missing)), "Next": t.nextBlock(t.tx.Now()), "Audit": t.auditLine(),
	}}, nil
}

// counted counts the lines under terms in a view: the unit of work would remember each
// of a million lines, and begin anew with every tap that comes meanwhile.
func (t *Turn) counted(terms obligation.Terms) (all obligation.Tally, byUnit map[reminders.UnitID]obligation.Tally, err error) {
	err = t.Units.View(context.Background(), func(tx reminders.Tx) (err error) {
		all, byUnit, _, err = t.Book.Count(tx, terms)
		return err
	})
	return all, byUnit, err
}

// missing lists whom no message reaches, in a view for the same reason.
func (t *Turn) missing() (list []people.Missing, err error) {
	err = t.Units.View(context.Background(), func(tx reminders.Tx) (err error) {
		list, err = t.People.Unreachables(tx)
		return err
	})
	return list, err
}

// standingLine says in one line how many have answered what terms expect.
func standingLine(terms obligation.Terms, tally obligation.Tally) reminders.Message {
	line := reminders.Line("board.line", reminders.Args{
		"Subject": obligation.Subject(terms), "Due": reminders.Instant(terms.Due),
		"Answered": reminders.Number(tally.Answered()), "Total": reminders.Number(expected(tally)),
		"Open": reminders.Number(unanswered(tally)),
	})
	if unanswered(tally) == 0 {
		line.Key = "board.line_done"
	}
	return line
}

// expected counts those of whom an answer is or was expected: not those whom a notice
// that was withdrawn or stopped never reached.
func expected(tally obligation.Tally) int { return tally.Total() - tally[obligation.Withdrawn] }

// unanswered counts those from whom an answer is or was missing.
func unanswered(tally obligation.Tally) int { return tally[obligation.Open] + tally[obligation.Missed] }

// auditLine says whether the last self-audit could explain everything.
func (t *Turn) auditLine() reminders.Value {
	var audit obligation.Audit
	found, err := t.Memory.Setting(t.tx, obligation.AuditSetting, &audit)
	switch {
	case err != nil || !found:
		return reminders.Say("board.audit_none", nil)
	case len(audit.Unexplained) == 0:
		return reminders.Say("board.audit_ok", reminders.Args{"Count": reminders.Number(audit.Lines)})
	}
	return reminders.Say("board.audit_bad", reminders.Args{"Count": reminders.Number(len(audit.Unexplained))})
}

// asking lists the terms of recent notices that expect something: those still
// running and those closed last.
func (t *Turn) asking() ([]obligation.Terms, error) {
	recent, err := t.Notices.Recent(t.tx, recentNotices)
	if err != nil {
		return nil, err
	}
	var running, closed []obligation.Terms
	for _, n := range recent {
		if n.Terms == nil || n.State == notice.Skipped {
			continue
		}
		if of, _, err := t.publicationOf(n); err != nil || of.Recall != nil {
			if err != nil {
				return nil, err
			}
			continue // nothing is expected any more
		}
		terms, _, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(n.Terms.ID)})
		if err != nil {
			return nil, err
		}
		switch {
		case terms.ID == "":
		case terms.Closed:
			closed = append(closed, terms)
		default:
			running = append(running, terms)
		}
	}
	return append(running, closed[:min(len(closed), 2)]...), nil
}

// publicationOf is the publication that a notice carries, if it carries one.
func (t *Turn) publicationOf(n notice.Notice) (of notice.Publication, found bool, err error) {
	if n.Publication == "" {
		return of, false, nil
	}
	return t.Press.Store.Publication(t.tx, n.Publication)
}

// termsPage shows the units under terms with what is outstanding in each, as
// counts, in the order of their names.
func (t *Turn) termsPage(h obligation.Handle, page int) (reminders.Message, error) {
	terms, err := t.Book.TermsOf(t.tx, h)
	if err != nil {
		return reminders.Message{}, err
	}
	all, byUnit, err := t.counted(terms)
	if err != nil {
		return reminders.Message{}, err
	}
	units, err := t.Tree.Units(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	units = slices.DeleteFunc(units, func(u reminders.Unit) bool { return expected(byUnit[u.ID]) == 0 })
	slices.SortStableFunc(units, func(a, b reminders.Unit) int { return strings.Compare(a.Name, b.Name) })
	shown, paging := pageOf(units, page, shownAtOnce, string(h), "")
	m := reminders.Message{Key: "board.terms", Args: reminders.Args{
		"Subject": obligation.Subject(terms), "Due": reminders.Instant(terms.Due),
		"Met": reminders.Number(all[obligation.Met]), "Late": reminders.Number(all[obligation.Late]),
		"Open": reminders.Number(unanswered(all)), "Excused": reminders.Number(all[obligation.Excused]),
	}}
	for _, unit := range shown {
		tally := byUnit[unit.ID]
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "board.unit", Verb: "page", Object: string(h) + "." + string(unit.ID),
			Args: reminders.Args{
				"Unit": reminders.UnitName(unit.ID), "Open": reminders.Number(unanswered(tally)),
				"Total": reminders.Number(expected(tally)),
			},
		}})
	}
	m.Buttons = append(m.Buttons, append(paging, reminders.Button{Label: "button.back", Verb: "page", Object: placeBoard}))
	return m, nil
}

// pageOf cuts the page out of a list and gives the buttons to turn it. The object of
// a page is before, "-" and its number, behind.
func pageOf[T any](list []T, page, size int, before, behind string) ([]T, []reminders.Button) {
	from := max(0, min(page*size, len(list)))
	to := min(from+size, len(list))
	var turn []reminders.Button
	if page > 0 {
		turn = append(turn, reminders.Button{Label: "button.previous", Verb: "page", Object: fmt.Sprintf("%s-%d%s", before, page-1, behind)})
	}
	if to < len(list) {
		turn = append(turn, reminders.Button{Label: "button.next", Verb: "page", Object: fmt.Sprintf("%s-%d%s", before, page+1, behind)})
	}
	return list[from:to], turn
}

// unreachable lists whom no message reaches, with the liaison who sees to it.
func (t *Turn) unreachable(page int) (reminders.Message, error) {
	missing, err := t.missing()
	if err != nil {
		return reminders.Message{}, err
	}
	shown, paging := pageOf(missing, page, shownAtOnce, placeUnreachable, "")
	var lines []reminders.Message
	for _, m := range shown {
		chaser := reminders.Say("board.no_liaison", nil)
		liaisons, err := t.People.Liaisons(t.tx, m.Person.Unit)
		if err != nil {
			return reminders.Message{}, err
		}
		if len(liaisons) > 0 {
			chaser = reminders.PersonName(liaisons[0])
		}
		reach := m.Kind.Message()
		lines = append(lines, reminders.Line("board.missing", reminders.Args{
			"Name": reminders.Text(m.Person.Name), "Unit": reminders.UnitName(m.Person.Unit),
			"Why": reminders.Say(reach.Key, reach.Args), "Liaison": chaser,
		}))
	}
	back := reminders.Button{Label: "button.back", Verb: "page", Object: placeBoard}
	return reminders.Message{
		Key: "board.unreachable", Buttons: [][]reminders.Button{append(paging, back)},
		Args: reminders.Args{"Count": reminders.Number(len(missing)), "Items": reminders.List(lines...)},
	}, nil
}
