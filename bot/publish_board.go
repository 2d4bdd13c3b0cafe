package bot

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// sentPage is the board of a publication that was sent: how far sending is, who has
// acknowledged, what becomes of a correction or a recall.
func (b *Bot) sentPage(tx reminders.Tx, p notice.Publication, reader reminders.Person) (reminders.Message, error) {
	s, err := b.Press.Standing(tx, p.Handle())
	if err != nil {
		return reminders.Message{}, err
	}
	if p.State == notice.Recalled {
		return recalledPage(s), nil
	}
	m := reminders.Line("noticechat.board", reminders.Args{
		"Head": headOf(p), "Decision": verdictText(p.By, p.Decision), "Sending": reminders.Say(sendingLine(s).Key, sendingLine(s).Args),
		"Answers": answersText(s), "Versions": reminders.List(versionLines(s)...), "Correction": reminders.List(), "Next": reminders.List(),
	})
	m.Buttons = boardButtons(s)
	c := p.Correction
	if c == nil || c.State != notice.Awaiting {
		return m, nil
	}
	lone, err := b.loneApprover(tx, reader.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	m.Args["Correction"] = correctionText(p, reader)
	m.Args["Next"] = decideNext(c.By == reader.ID, lone)
	if c.By != reader.ID || lone {
		m.Buttons = append([][]reminders.Button{decideButtons(p)}, m.Buttons...)
	}
	m.Buttons = append([][]reminders.Button{{{Label: "noticechat.button.preview_new", Verb: "open", Object: pressObject("pn", p.Handle())}}}, m.Buttons...)
	return m, nil
}

// sendingLine says how far sending is.
func sendingLine(s notice.Standing) reminders.Message {
	args := reminders.Args{
		"At": reminders.Instant(s.Publication.SentAt), "Sent": reminders.Number(s.Progress.Sent), "Planned": reminders.Number(s.Progress.Planned),
		"Missed": reminders.List(),
	}
	if n := s.Progress.Unreachable; n > 0 {
		args["Missed"] = reminders.Say("noticechat.board_missed", reminders.Args{"Unreachable": reminders.Number(n)})
	}
	return reminders.Line("noticechat.board_sending", args)
}

// answersText counts who has acknowledged; nothing where nothing is expected.
func answersText(s notice.Standing) reminders.Value {
	if s.All == nil {
		return reminders.List()
	}
	return reminders.Say("noticechat.board_answers", reminders.Args{
		"Met": reminders.Number(s.All[obligation.Met]), "Late": reminders.Number(s.All[obligation.Late]),
		"Open": reminders.Number(unanswered(s.All)), "Total": reminders.Number(expected(s.All)), "Due": reminders.Instant(s.Terms.Due),
	})
}

// versionLines say how often a text was corrected, and how many do not have the new one;
// nothing if it never was.
func versionLines(s notice.Standing) (lines []reminders.Message) {
	p := s.Publication
	if len(p.Past) == 0 {
		return nil
	}
	key := "noticechat.board_corrected"
	if p.Correction != nil && p.Correction.State == notice.Cleared {
		key = "noticechat.board_correcting"
	}
	lines = append(lines, reminders.Message{Key: key, Args: reminders.Args{
		"N": reminders.Number(len(p.Past)), "At": reminders.Instant(p.Past[len(p.Past)-1].Replaced),
	}})
	if missed, rows := outdatedCopies.counted(p, s.Outdated); rows != nil {
		lines = append(lines, reminders.Line(missed.Say.Key, missed.Say.Args))
	}
	return lines
}

// boardButtons are what can be done about what was sent.
func boardButtons(s notice.Standing) [][]reminders.Button {
	h, n := s.Publication.Handle(), s.Progress.Handle
	rows := [][]reminders.Button{append([]reminders.Button{
		{Label: "noticechat.button.progress", Verb: "open", Object: placeSending + "." + n},
	}, exportButtons(s.Publication)...)}
	if s.Publication.Correction != nil && s.Publication.Correction.State == notice.Cleared {
		rows[0] = append([]reminders.Button{refreshButton(s.Publication)}, rows[0]...)
	}
	_, missed := outdatedCopies.counted(s.Publication, s.Outdated)
	rows = append(rows, missed...)
	if s.All != nil {
		row := []reminders.Button{{Label: "button.by_unit", Verb: "page", Object: string(s.Terms.Handle)}}
		if s.All[obligation.Open] > 0 && !s.Terms.Closed {
			row = append(row, reminders.Button{Label: "button.chase", Verb: "chase", Object: placePress + "-" + h})
		}
		rows = append(rows, row)
	}
	last := []reminders.Button{{Label: "noticechat.button.withdraw", Verb: "withdraw", Object: h}}
	if c := s.Publication.Correction; c == nil || c.State != notice.Awaiting && c.State != notice.Cleared {
		label := onOff(c != nil && c.State == notice.SentBack, "noticechat.button.correct_returned", "noticechat.button.correct")
		last = append([]reminders.Button{{Label: label, Verb: "correct", Object: h}}, last...)
	}
	return append(rows, last)
}

// chasePublication reminds those outstanding of a publication now, at most once a day.
func (t *Turn) chasePublication(handle string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.press", "error.denied", nil)
	}
	n, err := t.Press.Chase(t.tx, handle, t.person.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return t.toast(reminders.Line("chase.nobody", nil), true)
	}
	return t.toast(reminders.Line("chase.asked", reminders.Args{"Count": reminders.Number(n)}), true)
}

// withdrawButton asks why a publication is taken back or, once that is said, does it:
// HANDLE or sure.HANDLE.
func (t *Turn) withdrawButton(object string) error {
	handle, decided := cutSure(object)
	p, err := t.Press.Find(t.tx, handle)
	if err != nil {
		return err
	}
	d, found, err := t.dialog()
	if err != nil {
		return err
	}
	if decided && found && d.Asked == askedNotice && d.Object == handle && d.Noted["reason"] != "" {
		return t.recall(p, d.Noted["reason"])
	}
	if p.State != notice.Released && p.State != notice.Cleared {
		return reminders.Fail(reminders.Closed, "bot.press", "publication.not_sent", nil)
	}
	key := onOff(p.State == notice.Cleared, "noticechat.ask.call_off", "noticechat.ask.withdraw")
	m, err := t.pressAsk(p, Dialog{Step: "withdraw"}, reminders.Message{Key: key, Args: reminders.Args{"Head": headOf(p)}})
	if err != nil {
		return err
	}
	return t.replace(m)
}

// withdrawReply takes the reason and asks whether it is meant.
func (t *Turn) withdrawReply(_ Dialog, p notice.Publication, text string) error {
	key, label := "noticechat.ask.withdraw_sure", "noticechat.button.withdraw_sure"
	if p.State == notice.Cleared {
		key, label = "noticechat.ask.call_off_sure", "noticechat.button.call_off_sure"
	}
	m := reminders.Message{Key: key, Args: reminders.Args{"Head": headOf(p), "Reason": reminders.Text(text)}}
	m.Buttons = [][]reminders.Button{{{Label: label, Verb: "withdraw", Object: sure + p.Handle()}}}
	m, err := t.pressAsk(p, Dialog{Step: "withdraw"}.with("reason", text), m)
	if err != nil {
		return err
	}
	return t.say(m)
}

// recall takes a publication back.
func (t *Turn) recall(p notice.Publication, reason string) error {
	if _, err := t.Press.Recall(t.tx, p.Handle(), reason, t.person.ID); err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	key := onOff(p.State == notice.Cleared, "noticechat.called_off", "noticechat.withdrawn")
	if err := t.toast(reminders.Message{Key: key}, false); err != nil {
		return err
	}
	return t.replace(standingOfPublication(p.Handle()))
}
