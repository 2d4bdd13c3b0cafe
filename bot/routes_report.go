package bot

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// reportCommands are the rows of reports.
func reportCommands() []command {
	return []command{
		{name: "report", roles: watching, shift: true, kept: true, run: (*Turn).reportCommand},
		{name: "incident", roles: ofUnit, shift: true, kept: true, run: (*Turn).incidentCommand},
	}
}

// reportButtons are the rows of reports. Who may do it for this very unit is for the
// domain to say.
func reportButtons() []button {
	return []button{
		{verb: "nil", shift: true, run: (*Turn).nilReport},
		{verb: "report", roles: ofUnit, shift: true, run: (*Turn).reportButton},
		{verb: "submit", roles: ofUnit, shift: true, run: (*Turn).submit},
		{verb: "files", roles: watching, shift: true, run: (*Turn).reportFiles},
		{verb: "accept", roles: office, run: (*Turn).acceptReport},
		{verb: "return", roles: office, run: (*Turn).returnReport},
		{verb: "overturn", roles: office, run: (*Turn).overturn},
	}
}

// reportReplies take texts and files as answers of the dialogs of reports, by what was
// asked.
func reportReplies() map[string]reply {
	return map[string]reply{
		askedForm:     (*Turn).formReply,
		askedReturn:   (*Turn).returnText,
		askedOverturn: (*Turn).overturnText,
	}
}

// reportPlaces are the pages of reports to which open and page buttons lead, by the word
// before the first '-' of the object.
func reportPlaces() map[string]place {
	return map[string]place{
		placeReports: (*Turn).reportsPlace,
		placeReview:  (*Turn).reviewPlace,
	}
}

// reportPlace is the page of the report that an object names, if it names one.
func (t *Turn) reportPlace(object string) (reminders.Message, bool, error) {
	if !report.IsHandle(object) {
		return reminders.Message{}, false, nil
	}
	page, err := t.reportPage(report.Handle(object))
	return page, true, err
}

// reportAnswers say how reports that are expected are answered, by the kind of terms.
func reportAnswers() map[string]answering {
	filed := func(offer func(obligation.Terms, obligation.Obligation) []reminders.Button) answering {
		return answering{offer: offer, met: "reportchat.met", late: "reportchat.met_late", done: (*Bot).filedReport}
	}
	return map[string]answering{
		report.KindDaily:      filed(dailyOffers),
		report.KindClosing:    filed(closingOffers),
		report.KindCorrection: filed(correctionOffers),
	}
}
