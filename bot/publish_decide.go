package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// seenMark is a mark of what somebody who decides has seen. It changes with every text,
// file, audience and date: what was changed meanwhile is not approved unseen.
func seenMark(p notice.Publication) string {
	correction := ""
	if c := p.Correction; c != nil {
		correction = c.Hash() + c.At.UTC().String()
	}
	var names []string
	for _, f := range p.Files {
		names = append(names, f.Hash)
	}
	for _, o := range p.Overrides {
		names = append(names, o.Rule)
	}
	return tagOf(strings.Join(append(names, notice.HashBodies(p.Bodies), correction, string(p.State), reminders.HashText(audienceMark(p.Audience)),
		string(p.Expects), strconv.Itoa(p.Workdays), p.Wanted.UTC().String(), p.Urgent), "\n"))
}

// audienceMark writes an audience as one text.
func audienceMark(a reminders.Audience) string {
	var parts []string
	for _, flag := range []bool{a.Everyone, a.Groups} {
		parts = append(parts, onOff(flag, "yes", "no"))
	}
	for _, r := range a.Roles {
		parts = append(parts, "r"+string(r))
	}
	for _, u := range a.Units {
		parts = append(parts, "u"+string(u))
	}
	for _, id := range slices.Concat(a.People, []reminders.PersonID{":"}, a.Except) {
		parts = append(parts, string(id))
	}
	return strings.Join(parts, "\n")
}

// decideObject is the object of a button that decides about a publication as it was seen.
func decideObject(p notice.Publication) string {
	return placePress + "-" + p.Handle() + "." + seenMark(p)
}

// waitingPage shows a draft that waits for a decision: to whoever may decide with the
// facts and the decision, to its drafter how it stands.
func (b *Bot) waitingPage(tx reminders.Tx, p notice.Publication, reader reminders.Person) (reminders.Message, error) {
	facts, err := b.factsOf(tx, p)
	if err != nil {
		return reminders.Message{}, err
	}
	lone, err := b.loneApprover(tx, reader.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("noticechat.waiting", reminders.Args{
		"Head": headOf(p), "By": reminders.PersonName(p.By), "Facts": facts, "Next": decideNext(p.By == reader.ID, lone),
	})
	h := p.Handle()
	look := reminders.Button{Label: "noticechat.button.preview", Verb: "open", Object: pressObject("pre", h)}
	m.Buttons = [][]reminders.Button{{look}}
	if p.By != reader.ID || lone {
		m.Buttons = append(m.Buttons, decideButtons(p))
	}
	if p.By == reader.ID {
		m.Buttons = append(m.Buttons, []reminders.Button{stepButton("noticechat.button.abandon", "x", h)})
	}
	return m, nil
}

// decideNext says what the reader of something that waits can do.
func decideNext(own, lone bool) reminders.Value {
	switch {
	case own && lone:
		return reminders.Say("noticechat.next.lone", nil)
	case own:
		return reminders.Say("noticechat.next.wait", nil)
	}
	return reminders.Say("noticechat.next.decide", nil)
}

// decideButtons approve or return a publication, or its correction, as it was seen.
func decideButtons(p notice.Publication) []reminders.Button {
	return []reminders.Button{
		{Label: "noticechat.button.approve", Verb: "approve", Object: decideObject(p)},
		{Label: "button.reject", Verb: "reject", Object: decideObject(p)},
	}
}

// loneApprover reports whether nobody else in the office could approve anything.
func (b *Bot) loneApprover(tx reminders.Tx, id reminders.PersonID) (bool, error) {
	staff, err := b.Press.Approvers(tx)
	return !slices.ContainsFunc(staff, func(other reminders.PersonID) bool { return other != id }), err
}

// clearedPage shows what was approved and waits for its instant.
func (b *Bot) clearedPage(tx reminders.Tx, p notice.Publication, _ reminders.Person) (reminders.Message, error) {
	facts, err := b.factsOf(tx, p)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("noticechat.cleared", reminders.Args{"Head": headOf(p), "Decision": verdictText(p.By, p.Decision), "Facts": facts})
	m.Buttons = [][]reminders.Button{{
		{Label: "noticechat.button.preview", Verb: "open", Object: pressObject("pre", p.Handle())},
		{Label: "noticechat.button.call_off", Verb: "withdraw", Object: p.Handle()},
	}}
	return m, nil
}

// verdictText says who approved; a lone approver is named as such.
func verdictText(drafter reminders.PersonID, v notice.Verdict) reminders.Value {
	args := reminders.Args{"By": reminders.PersonName(v.By), "At": reminders.Instant(v.At)}
	if v.Lone {
		return reminders.Say("noticechat.decided.lone", args)
	}
	args["Drafter"] = reminders.PersonName(drafter)
	return reminders.Say("noticechat.decided.pair", args)
}

// asSeenPublication finds the publication of HANDLE.MARK, and reports whether it still is
// as it was seen.
func (t *Turn) asSeenPublication(object string) (notice.Publication, bool, error) {
	handle, mark, _ := strings.Cut(object, ".")
	p, err := t.Press.Find(t.tx, handle)
	return p, mark == seenMark(p), err
}

// decidePublication approves a publication or its correction, or asks why it is returned.
func (t *Turn) decidePublication(object string, approve bool) error {
	p, same, err := t.asSeenPublication(object)
	if err != nil {
		return err
	}
	if !same {
		if err := t.toast(goneOn(p), true); err != nil {
			return err
		}
		return t.replace(standingOfPublication(p.Handle()))
	}
	if own, err := t.ownDraft(p); err != nil || own {
		return err
	}
	if !approve {
		m, err := t.pressAsk(p, Dialog{Step: "return"}.with("seen", object), reminders.Line(askReturn(p), reminders.Args{"Head": headOf(p)}))
		if err != nil {
			return err
		}
		return t.replace(m)
	}
	if err := t.verdict(p, true, ""); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("noticechat.approved", nil), false); err != nil {
		return err
	}
	return t.replace(standingOfPublication(p.Handle()))
}

// askReturn asks why a draft is returned, and says who will read it.
func askReturn(p notice.Publication) string {
	return onOff(p.State == notice.Awaiting && p.Brought(), "noticechat.ask.return_system", "noticechat.ask.return")
}

// decidersNamed is how many of those who may decide are named.
const decidersNamed = 3

// ownDraft tells whoever wrote what waits that a colleague decides, and who that may be. It
// reports false where the person may decide.
func (t *Turn) ownDraft(p notice.Publication) (bool, error) {
	drafter := p.By
	if p.State == notice.Released && p.Correction != nil {
		drafter = p.Correction.By
	}
	if drafter != t.person.ID {
		return false, nil
	}
	staff, err := t.Press.Approvers(t.tx)
	if err != nil {
		return false, err
	}
	var names []reminders.Message
	for _, id := range staff {
		if id != drafter && len(names) < decidersNamed {
			names = append(names, reminders.Line("noticechat.audience.name", reminders.Args{"Name": reminders.PersonName(id)}))
		}
	}
	if len(names) == 0 {
		return false, nil // a lone approver, recorded as such
	}
	if err := t.toast(reminders.Line("noticechat.own", reminders.Args{"Names": reminders.Series(names...)}), true); err != nil {
		return false, err
	}
	return true, t.replace(standingOfPublication(p.Handle()))
}

// goneOn says why what was seen is not decided about any more.
func goneOn(p notice.Publication) reminders.Message {
	if !p.Undecided() {
		return reminders.Line("noticechat.decided_already", nil)
	}
	return reminders.Line("noticechat.changed", nil)
}

// verdict decides about what waits: the correction of what was sent, or the draft.
func (t *Turn) verdict(p notice.Publication, approve bool, reason string) error {
	lone, err := t.loneApprover(t.tx, t.person.ID)
	if err != nil {
		return err
	}
	if p.State == notice.Released {
		_, err = t.Press.DecideCorrection(t.tx, p.Handle(), approve, reason, t.person.ID, lone)
	} else {
		_, err = t.Press.Decide(t.tx, p.Handle(), approve, reason, t.person.ID, lone)
	}
	return err
}

// returnReply returns what waits for the reason that was written.
func (t *Turn) returnReply(d Dialog, p notice.Publication, text string) error {
	if _, same, err := t.asSeenPublication(d.Noted["seen"]); err != nil || !same {
		if err != nil {
			return err
		}
		return t.pressDone(p, goneOn(p))
	}
	if err := t.verdict(p, false, text); err != nil {
		return err
	}
	p, err := t.Press.Find(t.tx, p.Handle())
	if err != nil {
		return err
	}
	key := onOff(p.Orphan(), "noticechat.returned_system", "noticechat.returned")
	return t.pressDone(p, reminders.Message{Key: key, Args: reminders.Args{"Head": headOf(p)}})
}

// overrulePublication asks the head why a soft rule may be passed: HANDLE.TAG.
func (t *Turn) overrulePublication(object string) error {
	handle, tag, _ := strings.Cut(object, ".")
	p, err := t.Press.Find(t.tx, handle)
	if err != nil {
		return err
	}
	problems, err := t.Press.Problems(t.tx, p)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(problems, func(h reminders.Hit) bool { return !h.Hard && tagOf(h.Rule) == tag })
	if i < 0 {
		return t.replace(standingOfPublication(handle))
	}
	m := reminders.Line("noticechat.ask.override", reminders.Args{
		"Head": headOf(p), "Problem": problemText(problems[i]),
	})
	if m, err = t.pressAsk(p, Dialog{Step: "override"}.with("rule", problems[i].Rule), m); err != nil {
		return err
	}
	return t.replace(m)
}

// overrideReply lets a soft rule be passed for the reason that was written.
func (t *Turn) overrideReply(d Dialog, p notice.Publication, text string) error {
	if !t.has(reminders.Head) {
		return reminders.Fail(reminders.Denied, "bot.press", "error.denied", nil)
	}
	if err := t.Press.Overrule(t.tx, p.Handle(), d.Noted["rule"], text, t.person.ID); err != nil {
		return err
	}
	if err := t.tellOverruled(p, text); err != nil {
		return err
	}
	return t.pressDone(p)
}

// tellOverruled tells the drafter that the head let something pass.
func (t *Turn) tellOverruled(p notice.Publication, reason string) error {
	if p.By == t.person.ID {
		return nil
	}
	p, err := t.Press.Find(t.tx, p.Handle())
	if err != nil {
		return err
	}
	left, err := t.Press.Problems(t.tx, p)
	if err != nil {
		return err
	}
	d := t.outgoing(reminders.ActSend)
	d.Person, d.Chat, d.Language, d.Lane, d.As = p.By, 0, "", reminders.LanePersonal, reminders.Staff
	m := reminders.Line(onOff(len(left) > 0, "noticechat.overruled_one", "noticechat.overruled"), reminders.Args{
		"Head": headOf(p), "By": reminders.PersonName(t.person.ID), "Reason": reminders.Text(reason),
	})
	m.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: pressObject(pressShow, p.Handle())}}}
	d.Lines = []reminders.Message{m}
	return t.Outbox.Enqueue(t.tx, d)
}

// waitingPublications shows each publication that waits for a decision.
func (t *Turn) waitingPublications() (said bool, err error) {
	waiting, err := t.Press.Waiting(t.tx)
	if err != nil {
		return false, err
	}
	for _, p := range waiting {
		if err := t.say(standingOfPublication(p.Handle())); err != nil {
			return false, err
		}
	}
	return len(waiting) > 0, nil
}
