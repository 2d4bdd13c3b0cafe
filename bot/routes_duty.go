package bot

import (
	"maps"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// reply takes a text as the answer of a dialog.
type reply func(t *Turn, d Dialog, text string) error

// place makes the page to which the object WORD-REST of a button leads.
type place func(t *Turn, rest string) (reminders.Message, error)

// dutyCommands are the rows of duty.
func dutyCommands() []command {
	return []command{
		{name: "duty", roles: watching, shift: true, kept: true, run: (*Turn).duty},
		{name: "handover", shift: true, run: (*Turn).handoverCommand},
		{name: "swap", roles: ofDuty, shift: true, kept: true, run: (*Turn).swapCommand},
		{name: "roster", roles: ofDuty, kept: true, run: (*Turn).roster},
		{name: "leave", roles: everyone, shown: ofDuty, shift: true, kept: true, run: (*Turn).leave},
		{name: "spotcheck", roles: office, kept: true, run: (*Turn).spotCommand},
	}
}

// dutyButtons are the rows of duty. Who may do it to this very shift, swap or leave is
// for the domain to say.
func dutyButtons() []button {
	return []button{
		{verb: "takeover", shift: true, run: (*Turn).takeover},
		{verb: "handover", shift: true, run: (*Turn).handover},
		{verb: "present", shift: true, run: (*Turn).present},
		{verb: "close", roles: ofDuty, shift: true, run: (*Turn).closeMatter},
		{verb: "swap", roles: ofDuty, shift: true, run: (*Turn).swap},
		{verb: "calendar", roles: watching, shift: true, run: (*Turn).calendar},
		{verb: "template", roles: ofDuty, run: (*Turn).template},
		{verb: "leave", roles: everyone, run: (*Turn).leaveButton},
		{verb: "spot", roles: office, run: (*Turn).spot},
		{verb: "override", roles: []reminders.Role{reminders.Head}, run: (*Turn).override},
	}
}

// dutyReplies are the dialogs of duty, and those that were there before.
func dutyReplies() map[string]reply {
	return map[string]reply{
		askedFeedback: func(t *Turn, _ Dialog, text string) error { return t.takeFeedback(text) },
		askedText:     (*Turn).takeText,
		askedHandover: (*Turn).handoverText,
		askedMatter:   (*Turn).matterText,
		askedSwap:     (*Turn).swapText,
		askedLeave:    (*Turn).leaveText,
		askedSpot:     (*Turn).spotText,
	}
}

// dutyPlaces are the pages of duty.
func dutyPlaces() map[string]place {
	return map[string]place{
		placeShifts:  (*Turn).shiftsPlace,
		placeOnDuty:  (*Turn).onDutyPlace,
		placeRosters: (*Turn).rostersPlace,
		placeRoster:  (*Turn).rosterPlace,
		placeSwaps:   (*Turn).swapsPlace,
		placeSwap:    (*Turn).swapPlace,
		placeLeaves:  (*Turn).leavesPlace,
		placeSpots:   (*Turn).spotsPlace,
	}
}

// The tables of dialogs, pages and answers.
func replies() map[string]reply {
	return joined(dutyReplies(), reportReplies(), feedbackReplies(), caseReplies(), themeReplies())
}

func places() map[string]place {
	return joined(dutyPlaces(), watchPlaces(), reportPlaces(), feedbackPlaces(), casePlaces(), themePlaces())
}

// joined is all tables as one.
func joined[T any](tables ...map[string]T) map[string]T {
	all := map[string]T{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}
