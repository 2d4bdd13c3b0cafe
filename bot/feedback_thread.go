package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// The pages of feedback, see places: what waits for an answer, one thread with all that
// was said, and what can be done with it. The first and the steps of the office are for
// the office alone, going on for the author.
const (
	placeOpinions      = "opinions"
	placeOpinion       = "opinion"
	placeOpinionAnswer = "opinionanswer"
	placeOpinionMore   = "opinionmore"
	placeOpinionClose  = "opinionclose"
)

// askedOpinion is the dialog that takes an answer, or what the author adds: Object is the
// number, Step which of the two.
const (
	askedOpinion = "opinion"
	opinionFor   = "answer"
	opinionMore  = "more"
)

// opinionQuoted is how much of what somebody said an answer quotes, in characters.
const opinionQuoted = 60

func feedbackReplies() map[string]reply { return map[string]reply{askedOpinion: (*Turn).opinionText} }

func feedbackPlaces() map[string]place {
	return map[string]place{
		placeOpinions:      (*Turn).opinionsPlace,
		placeOpinion:       (*Turn).opinionPlace,
		placeOpinionAnswer: (*Turn).opinionAnswerPlace,
		placeOpinionMore:   (*Turn).opinionMorePlace,
		placeOpinionClose:  (*Turn).opinionClosePlace,
	}
}

// waitingFeedback lists the threads that wait for an answer, oldest first.
func (t *Turn) waitingFeedback() ([]feedback.Thread, error) {
	all, err := t.Memory.Feedbacks(t.tx)
	return slices.DeleteFunc(all, func(one feedback.Thread) bool { return one.State(t.tx.Now()) != feedback.Waiting }), err
}

// thread finds a thread for the office or for its author; nobody else learns that it is
// there.
func (t *Turn) thread(number string) (feedback.Thread, error) {
	one, found, err := t.Memory.Feedback(t.tx, number)
	if err == nil && (!found || one.By != t.person.ID && !t.has(office...)) {
		err = reminders.Fail(reminders.NotFound, "bot.feedback", "error.not_found", nil)
	}
	return one, err
}

// opinionsPlace lists what waits for an answer.
func (t *Turn) opinionsPlace(rest string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.feedback", "error.denied", nil)
	}
	waiting, err := t.waitingFeedback()
	if err != nil || len(waiting) == 0 {
		return reminders.Line("feedback.none", nil), err
	}
	number, _ := strconv.Atoi(rest)
	shown, paging := pageOf(waiting, number, shownAtOnce, placeOpinions, "")
	var lines []reminders.Message
	var rows [][]reminders.Button
	for _, one := range shown {
		args := reminders.Args{"Number": reminders.Text(one.Number)}
		lines = append(lines, reminders.Line("feedback.item", reminders.Args{
			"Number": args["Number"], "Unit": reminders.UnitName(one.Unit), "At": reminders.Instant(one.At), "Text": reminders.Text(quoted(one.Question())),
		}))
		rows = append(rows, []reminders.Button{{
			Label: "feedback.button.answer_one", Args: args, Verb: "open", Object: placeOpinion + "-" + one.Number,
		}})
	}
	m := reminders.Line("feedback.list", reminders.Args{"Count": reminders.Number(len(waiting)), "Items": reminders.List(lines...)})
	if m.Buttons = rows; len(paging) > 0 {
		m.Buttons = append(m.Buttons, paging)
	}
	return m, nil
}

// quoted is the beginning of a text on one line.
func quoted(text string) string {
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) <= opinionQuoted {
		return string(words)
	}
	return string(words[:opinionQuoted]) + "…"
}

// opinionPlace shows a thread, with what the reader can do.
func (t *Turn) opinionPlace(number string) (reminders.Message, error) {
	one, err := t.thread(number)
	if err != nil {
		return reminders.Message{}, err
	}
	lines := []reminders.Message{reminders.Line("feedback.said", reminders.Args{"At": reminders.Instant(one.At), "Text": reminders.Text(one.Text)})}
	for _, said := range one.Said {
		args := reminders.Args{"At": reminders.Instant(said.At), "Text": reminders.Text(said.Text)}
		if said.Office {
			lines = append(lines, reminders.Line("feedback.said_office", args))
		} else {
			lines = append(lines, reminders.Line("feedback.said", args))
		}
	}
	state := one.State(t.tx.Now())
	m := reminders.Line("feedback.thread", reminders.Args{
		"Number": reminders.Text(one.Number), "Unit": reminders.UnitName(one.Unit),
		"State": reminders.Say("feedback.state."+string(state), nil), "Items": reminders.List(lines...),
	})
	switch {
	case state == feedback.Over:
	case t.has(office...):
		m.Buttons = [][]reminders.Button{
			{{Label: "feedback.button.answer", Verb: "open", Object: placeOpinionAnswer + "-" + one.Number}},
			{{Label: "feedback.button.close", Verb: "page", Object: placeOpinionClose + "-" + one.Number}},
		}
	default:
		m.Buttons = [][]reminders.Button{goOnWith(one)}
	}
	return m, nil
}

// goOnWith lets the author of a thread add something.
func goOnWith(one feedback.Thread) []reminders.Button {
	return []reminders.Button{{Label: "feedback.button.more", Verb: "open", Object: placeOpinionMore + "-" + one.Number}}
}

// opinionAnswerPlace asks the office for the answer.
func (t *Turn) opinionAnswerPlace(number string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.feedback", "error.denied", nil)
	}
	return t.askOpinion(number, opinionFor, "feedback.ask_answer")
}

// opinionMorePlace asks the author what there is to add.
func (t *Turn) opinionMorePlace(number string) (reminders.Message, error) {
	return t.askOpinion(number, opinionMore, "feedback.ask_more")
}

// askOpinion begins the dialog that takes a text for a thread, unless it is over.
func (t *Turn) askOpinion(number, step, key string) (reminders.Message, error) {
	one, err := t.thread(number)
	if err != nil {
		return reminders.Message{}, err
	}
	if _, err := t.added(one, step, ""); err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line(key, reminders.Args{"Number": reminders.Text(number), "Text": reminders.Text(quoted(one.Question()))})
	m.Buttons = [][]reminders.Button{{{Label: "button.cancel", Verb: "cancel", Object: askedOpinion}}}
	return m, t.saveDialog(Dialog{Asked: askedOpinion, Object: number, Step: step})
}

// added is the thread with what somebody says.
func (t *Turn) added(one feedback.Thread, step, text string) (feedback.Thread, error) {
	if step == opinionFor {
		return one.Answer(text, t.person.ID, t.tx.Now())
	}
	return one.More(text, t.person.ID, t.tx.Now())
}

// opinionText takes an answer, or what the author adds. The role is asked again.
func (t *Turn) opinionText(d Dialog, text string) error {
	if d.Step == opinionFor && !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.feedback", "error.denied", nil)
	}
	if tooLong, err := t.tooLong(text); tooLong || err != nil {
		return err
	}
	one, err := t.thread(d.Object)
	if err != nil {
		return err
	}
	if one, err = t.added(one, d.Step, text); err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	if d.Step == opinionFor {
		return t.answerOpinion(one, text)
	}
	return t.goOnWithOpinion(one, text)
}

// answerOpinion keeps an answer and sends it to the author; it waits for the end of quiet
// hours.
func (t *Turn) answerOpinion(one feedback.Thread, text string) error {
	if err := t.keepThread(one, ledger.Answered, "", text); err != nil {
		return err
	}
	author, found, err := t.People.Person(t.tx, one.By)
	if err != nil {
		return err
	}
	done := reminders.Line("feedback.answered", reminders.Args{"Number": reminders.Text(one.Number)})
	done.Buttons = [][]reminders.Button{{{Label: "feedback.button.close", Verb: "page", Object: placeOpinionClose + "-" + one.Number}}}
	if !found || !author.Enrolled() || !author.Bound() {
		done.Key = "feedback.answered_unreachable"
		return t.say(done)
	}
	m := reminders.Line("feedback.answer", reminders.Args{
		"Number": reminders.Text(one.Number), "Said": reminders.Text(quoted(one.Question())), "Text": reminders.Text(text),
		"Days": reminders.Number(int(feedback.ReplyWithin.Hours() / 24)),
	})
	m.Buttons = [][]reminders.Button{goOnWith(one)}
	err = t.Outbox.Enqueue(t.tx, reminders.Delivery{
		Key: reminders.DeliveryKey("feedback/" + one.Number + "/" + strconv.Itoa(len(one.Said))), Kind: "feedback", Act: reminders.ActSend,
		Person: one.By, Lane: reminders.LanePersonal, Reason: "feedback", NotBefore: t.tx.Now(), Lines: []reminders.Message{m},
	})
	if err != nil {
		return err
	}
	return t.say(done)
}

// goOnWithOpinion keeps what the author adds and tells the office.
func (t *Turn) goOnWithOpinion(one feedback.Thread, text string) error {
	if err := t.keepThread(one, ledger.Feedback, "more", text); err != nil {
		return err
	}
	key := "feedback/" + one.Number + "/" + strconv.Itoa(len(one.Said))
	if err := t.tellOffice(key, t.opinionFor("feedback.staff_more", one, text)); err != nil {
		return err
	}
	return t.say(reminders.Line("feedback.more_done", reminders.Args{"Number": reminders.Text(one.Number)}))
}

// opinionClosePlace closes a thread.
func (t *Turn) opinionClosePlace(number string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.feedback", "error.denied", nil)
	}
	one, err := t.thread(number)
	if err != nil {
		return reminders.Message{}, err
	}
	if one, err = one.Close(t.person.ID, t.tx.Now()); err != nil {
		return reminders.Message{}, err
	}
	if err := t.keepThread(one, ledger.Answered, "closed", ""); err != nil {
		return reminders.Message{}, err
	}
	return reminders.Line("feedback.closed", reminders.Args{"Number": reminders.Text(number)}), nil
}
