package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// kindSpotCheck is the plan's kind of the obligation to answer a spot check.
const kindSpotCheck = "spot-check"

// dutyAnswers say how what is expected of duty is answered. A roster is answered by
// filing it, a take-over by taking over: neither can be taken back with a tap.
func dutyAnswers() map[string]answering {
	one := func(b reminders.Button) []reminders.Button { return []reminders.Button{b} }
	return map[string]answering{
		duty.KindTakeOver: {
			met: "dutychat.answer.taken", late: "dutychat.answer.taken_late",
			offer: func(t obligation.Terms, _ obligation.Obligation) []reminders.Button {
				return one(reminders.Button{Label: "button.takeover", Verb: "takeover", Object: shiftIn(t.ID)})
			},
		},
		kindSpotCheck: {
			met: "dutychat.answer.present", late: "dutychat.answer.present_late",
			offer: func(t obligation.Terms, _ obligation.Obligation) []reminders.Button {
				return one(reminders.Button{Label: "button.present", Verb: "present", Object: string(t.Handle)})
			},
		},
		duty.KindRosterDue: {
			met: "dutychat.answer.filed", late: "dutychat.answer.filed_late",
			offer: func(t obligation.Terms, line obligation.Obligation) []reminders.Button {
				return one(reminders.Button{Label: "button.template", Verb: "template", Object: objectOf(t, line.Owner)})
			},
		},
	}
}

// shiftIn gives the name of the shift in that of the obligation to take it over,
// duty/UNIT/START/take-over.
func shiftIn(id obligation.TermsID) string {
	parts := strings.Split(string(id), "/")
	if len(parts) != 4 {
		return ""
	}
	return parts[1] + "/" + parts[2]
}

// oneRoster says once that rosters are wanted, however many blocks they are for.
func oneRoster(lines []reminders.Message) []reminders.Message {
	var items []reminders.Message
	first := -1
	for i, line := range lines {
		if line.Key == "duty.roster.ask" {
			if first < 0 {
				first = i
			}
			items = append(items, reminders.Line("dutychat.roster.ask_item", line.Args))
		}
	}
	if len(items) < 2 {
		return lines
	}
	var merged []reminders.Message
	for i, line := range lines {
		switch {
		case i == first:
			merged = append(merged, reminders.Line("dutychat.roster.ask_many", reminders.Args{"Items": reminders.List(items...)}))
		case line.Key != "duty.roster.ask":
			merged = append(merged, line)
		}
	}
	return merged
}
