package report

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Draft is a report that somebody is about to submit (报告草稿). It can be written as JSON
// and read again after a restart.
type Draft struct {
	Kind  Kind             `json:"kind"`
	Unit  reminders.UnitID `json:"unit"`
	Day   calendar.Date    `json:"day,omitzero"` // of a daily report, and the last of the block of a closing one
	Block string           `json:"block,omitempty"`

	// Report is what a correction corrects, or the first report of the incident that
	// a follow-on belongs to; Base is the number of versions that it had when the
	// draft was begun.
	Report ID    `json:"report,omitempty"`
	Base   int   `json:"base,omitempty"`
	Stage  Stage `json:"stage,omitempty"` // of an incident

	Nil         bool             `json:"nil,omitempty"`
	Values      Values           `json:"values,omitempty"`
	Files       []reminders.File `json:"files,omitempty"`
	FormVersion int              `json:"form_version,omitempty"`
	Reason      string           `json:"reason,omitempty"` // of a correction

	// Answers say why, by the name of the rule that asked; what is not in it was not
	// answered.
	Answers map[string]string `json:"answers,omitempty"`
}

// longestReason is how many characters a reason may have.
const longestReason = 300

// check holds a draft against the form in force. The first fault is an error for its
// sender.
func (f Form) check(d Draft, now time.Time) error {
	const op = "report.draft"
	if len(d.Files) > mostFiles {
		return reminders.Fail(reminders.Invalid, op, "report.files_many", reminders.Args{"Limit": reminders.Number(mostFiles)})
	}
	if d.Nil {
		if len(d.Values) > 0 || f.Kind == Incident {
			return reminders.Internalf(op, "a nil report with values, or of an incident")
		}
		return nil
	}
	if d.FormVersion != f.Version {
		return reminders.Fail(reminders.Conflict, op, "report.form_changed", nil)
	}
	for name := range d.Values {
		if _, found := f.Field(name); !found {
			return reminders.Internalf(op, "the form has no field %s", name)
		}
	}
	for _, field := range f.Fields {
		value, found := d.Values[field.Name]
		if !found && field.Needed(d.Stage) {
			return reminders.Fail(reminders.Invalid, op, "report.value.required", reminders.Args{"Label": field.label()})
		}
		if found {
			if err := field.Check(value, now); err != nil {
				return err
			}
		}
	}
	if len(d.Files) > 0 && !f.takesFiles() {
		return reminders.Internalf(op, "the form takes no files")
	}
	return nil
}

// reasoned gives a reason without the space around it, if there is one and it is not too
// long.
func reasoned(op, reason string) (string, error) {
	reason = strings.TrimSpace(strings.ToValidUTF8(reason, ""))
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return "", reminders.Fail(reminders.Invalid, op, "report.reason_missing", nil)
	case n > longestReason:
		return "", reminders.Fail(reminders.Invalid, op, "report.reason_long", reminders.Args{"Limit": reminders.Number(longestReason)})
	}
	return reason, nil
}

// version makes of the draft what is kept.
func (d Draft) version(f Form, by reminders.PersonID, at time.Time) Version {
	return Version{
		Nil: d.Nil, Values: d.Values.clone(), Files: slices.Clone(d.Files), FormVersion: f.Version, By: by, At: at, Reason: d.Reason,
	}
}
