package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// nilReport reports that there is nothing, with the one tap of most days. Only where a rule doubts it, because of
// an incident on that day, is it asked once more.
func (t *Turn) nilReport(object string) error {
	terms, unit, err := t.expected(object)
	if err != nil {
		return err
	}
	kind, block, day, _ := report.Expected(terms.ID)
	if kind != report.Daily {
		return reminders.Fail(reminders.NotFound, "bot.nil", "report.not_found", nil)
	}
	draft := report.Draft{Kind: kind, Unit: unit, Day: day, Block: block, Nil: true}
	_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(terms.ID), Unit: unit})
	if err != nil {
		return err
	}
	draft.FormVersion = t.Reports.Forms.Daily.Version
	f := form{Dialog: report.Dialog{Draft: draft}}
	if line.State == obligation.Open {
		if err := t.Reports.May(t.tx, unit, t.person.ID, kind, false); err != nil {
			return err
		}
		if f.Rule, err = t.doubt(f); err != nil {
			return err
		}
	}
	if f.Rule != "" {
		f.Step = formDoubt
		return t.sayForm(f)
	}
	r, err := t.Reports.SubmitNil(t.tx, unit, day, t.person.ID)
	if err != nil {
		return err
	}
	if err := t.dropForm(f); err != nil { // a full report that was begun for that day
		return err
	}
	return t.filedNil(r, terms.ID, line.State.Final())
}

// filedNil says that a nil report is there. The message that asked for it shows it by
// itself; another one is brought up to date here.
func (t *Turn) filedNil(r report.Report, id obligation.TermsID, before bool) error {
	title := r.Title()
	args := reminders.Args{"Number": reminders.Say(title.Key, title.Args), "At": reminders.Instant(r.Latest().At)}
	key := "reportchat.nil_done"
	switch {
	case before:
		key = "reportchat.nil_again"
	case r.AfterClosing:
		key = "reportchat.nil_closed"
	}
	if err := t.toast(reminders.Line(key, args), false); err != nil {
		return err
	}
	if asked, err := t.askedHere(id, r.Unit); err != nil || asked {
		return err
	}
	return t.replace(t.receipt(r))
}

// undoReport takes a nil report back, if that is what a button undoes.
func (t *Turn) undoReport(object string) (bool, error) {
	handle, unit, byUnit := strings.Cut(object, ".")
	if !byUnit {
		return false, nil
	}
	terms, err := t.Book.TermsOf(t.tx, obligation.Handle(handle))
	if err != nil || terms.Kind != report.KindDaily {
		return false, err
	}
	_, _, day, _ := report.Expected(terms.ID)
	if _, err := t.Reports.UndoNil(t.tx, reminders.UnitID(unit), day, t.person.ID); err != nil {
		return true, err
	}
	if err := t.toast(reminders.Line("reportchat.undone", nil), false); err != nil {
		return true, err
	}
	if asked, err := t.askedHere(terms.ID, reminders.UnitID(unit)); err != nil || asked {
		return true, err
	}
	page, err := t.reportsOf(reminders.UnitID(unit))
	if err != nil {
		return true, err
	}
	return true, t.replace(page)
}

// undoObject is the object of the button that takes a nil report back.
func undoObject(r report.Report) string {
	return string(obligation.HandleOf(report.DailyTerms(r.Block, r.Day))) + "." + string(r.Unit)
}

// dailyOffers answer a daily report that is awaited.
func dailyOffers(terms obligation.Terms, line obligation.Obligation) []reminders.Button {
	object := objectOf(terms, line.Owner)
	return []reminders.Button{
		{Label: "reportchat.button.nil", Verb: "nil", Object: object},
		{Label: "reportchat.button.fill", Verb: "report", Object: object},
	}
}

// closingOffers answer a closing report that is awaited.
func closingOffers(terms obligation.Terms, line obligation.Obligation) []reminders.Button {
	return []reminders.Button{{Label: "reportchat.button.close", Verb: "report", Object: objectOf(terms, line.Owner)}}
}

// correctionOffers answer a return.
func correctionOffers(terms obligation.Terms, _ obligation.Obligation) []reminders.Button {
	id, ok := report.Corrects(terms.ID)
	if !ok {
		return nil
	}
	return []reminders.Button{{Label: "reportchat.button.correct", Verb: "report", Object: string(report.HandleOf(id))}}
}

// filedReport says under which number something expected was filed. What was tapped can
// be taken back for a while; the rest can be opened.
func (b *Bot) filedReport(tx reminders.Tx, terms obligation.Terms, line obligation.Obligation) (reminders.Message, []reminders.Button, bool) {
	id, corrected := report.Corrects(terms.ID)
	if kind, block, day, _ := report.Expected(terms.ID); kind == report.Daily {
		id = report.DailyID(line.Owner.Unit, day)
	} else if kind == report.Closing {
		id = report.ClosingID(line.Owner.Unit, block)
	}
	r, err := b.Reports.Find(tx, id)
	if err != nil {
		return reminders.Message{}, nil, false // past its retention: who and when is left
	}
	title := r.Title()
	args := reminders.Args{
		"Number": reminders.Say(title.Key, title.Args), "Name": reminders.PersonName(line.By), "At": reminders.Instant(line.AnsweredAt),
	}
	open := []reminders.Button{{Label: "reportchat.button.open", Verb: "open", Object: string(r.Handle())}}
	key := "reportchat.filed"
	switch {
	case corrected:
		key = "reportchat.filed_corrected"
	case r.Versions[0].Nil && len(r.Versions) == 1, r.Latest().Nil:
		key = "reportchat.filed_nil"
		if r.State == report.Submitted && line.CanUndo(tx.Now()) {
			open = []reminders.Button{{Label: "button.undo", Verb: "undo", Object: objectOf(terms, line.Owner)}}
		}
	}
	if line.State == obligation.Late && !corrected {
		key += "_late"
	}
	return reminders.Line(key, args), open, true
}
