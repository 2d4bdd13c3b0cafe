package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// pressSteps are the steps of /notice, by the word in the object of their button. It is
// filled at start: steps show buttons that lead to other steps.
var pressSteps map[string]pressStep

// pressReplies take what is typed or sent, by the step of the dialog.
var pressReplies map[string]pressReply

func init() {
	pressSteps = map[string]pressStep{
		"c":  {edits: true, run: (*Turn).content},
		"cd": {edits: true, run: (*Turn).dropLanguage},
		"f":  {edits: true, run: (*Turn).attachments},
		"pf": {edits: true, run: (*Turn).field},
		"ps": {edits: true, run: (*Turn).skipField},
		"pc": {edits: true, run: (*Turn).chooseCases},
		"pt": {edits: true, run: (*Turn).toggleCase},

		"a":  {edits: true, run: (*Turn).audience},
		"aa": {edits: true, run: (*Turn).toggleEveryone},
		"ag": {edits: true, run: (*Turn).toggleGroups},
		"ac": {edits: true, run: (*Turn).clearAudience},
		"ar": {edits: true, run: (*Turn).roles},
		"u":  {edits: true, run: (*Turn).units},
		"an": {edits: true, run: (*Turn).named},
		"ax": {edits: true, run: (*Turn).except},
		"ap": {edits: true, run: (*Turn).pickPerson},
		"as": {edits: true, run: (*Turn).saved},
		"ak": {edits: true, run: (*Turn).keepAudience},

		"e":  {edits: true, run: (*Turn).expects},
		"w":  {edits: true, run: (*Turn).when},
		"t":  {edits: true, run: (*Turn).reviewers},
		"go": {edits: true, run: (*Turn).submitDraft},

		"pre": {run: (*Turn).previewDraft},
		"r":   {run: (*Turn).remainingPage},
		"x":   {run: (*Turn).abandon},
		"to":  {run: (*Turn).takeOver},
		"re":  {run: (*Turn).again},

		"kl": {run: (*Turn).correctLanguage},
		"kr": {run: (*Turn).correctAnew},
		"kf": {run: (*Turn).correctField},
		"km": {run: (*Turn).correctMaterial},
		"kn": {run: (*Turn).skipNote},
		"ka": {run: (*Turn).correctFile},
		"kg": {run: (*Turn).submitCorrection},
		"pn": {run: (*Turn).previewCorrection},
	}
	pressReplies = map[string]pressReply{
		"content":   (*Turn).contentReply,
		"files":     (*Turn).filesReply,
		"field":     (*Turn).fieldReply,
		askNamed:    (*Turn).peopleReply,
		askExcept:   (*Turn).peopleReply,
		"save":      (*Turn).saveReply,
		"workdays":  (*Turn).workdaysReply,
		"when":      (*Turn).whenReply,
		"urgent":    (*Turn).urgentReply,
		"return":    (*Turn).returnReply,
		"override":  (*Turn).overrideReply,
		"withdraw":  (*Turn).withdrawReply,
		correctText: (*Turn).correctReply,
		correctNote: (*Turn).noteReply,
		correctFile: (*Turn).fileReply,
		correctEnd:  (*Turn).choiceReply,
	}
}

// choiceReply answers a text where a tap was asked for.
func (t *Turn) choiceReply(_ Dialog, _ notice.Publication, _ string) error {
	return t.say(reminders.Line("noticechat.tap", nil))
}

// cutSure takes the word of a button that carries out what an earlier one asked about off
// an object.
func cutSure(object string) (rest string, decided bool) { return strings.CutPrefix(object, sure) }
