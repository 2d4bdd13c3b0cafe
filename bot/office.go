package bot

import (
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// ApprovalSetting is the name of the setting that makes every block wait for an
// approval.
const ApprovalSetting = "approval-required"

// officeCommand shows how the service is set up, with what an admin can change.
func (t *Turn) officeCommand(args string) error {
	if done, err := t.operate(args); done || err != nil {
		return err
	}
	page, err := t.officePage()
	if err != nil {
		return err
	}
	return t.say(page)
}

// officePage is the set-up with its buttons.
func (t *Turn) officePage() (reminders.Message, error) {
	cal := t.Years.Calendar()
	now := t.tx.Now()
	this := calendar.DateOf(now, cal.Location()).Year
	var years []reminders.Message
	var rows [][]reminders.Button
	for _, year := range []int{this, this + 1} {
		arrangement, known := cal.Arrangement(year)
		key := "office.year_missing"
		switch {
		case known && arrangement.Status == calendar.Official:
			key = "office.year_official"
		case known && arrangement.Confirmed:
			key = "office.year_confirmed"
		case known:
			key = "office.year_provisional"
			rows = append(rows, []reminders.Button{{
				Label: "button.confirm_year", Args: reminders.Args{"Year": reminders.Text(strconv.Itoa(year))},
				Verb: "confirm", Object: "year." + strconv.Itoa(year),
			}})
		}
		years = append(years, reminders.Line(key, reminders.Args{"Year": reminders.Text(strconv.Itoa(year))}))
	}
	required, err := t.approvalRequired()
	if err != nil {
		return reminders.Message{}, err
	}
	approval, label, object := "office.approval_off", "button.approval_on", "approval.on"
	if required {
		approval, label, object = "office.approval_on", "button.approval_off", "approval.off"
	}
	rows = append(rows, []reminders.Button{{Label: label, Verb: "confirm", Object: object}})
	tokens, ends, err := t.tokenLines()
	if err != nil {
		return reminders.Message{}, err
	}
	rows = append(rows, ends...)
	return reminders.Message{Key: "office.body", Buttons: rows, Args: reminders.Args{
		"At": reminders.Instant(now), "Zone": reminders.Text(cal.Location().String()),
		"Years": reminders.List(years...), "Approval": reminders.Say(approval, nil), "Next": t.nextBlock(now),
		"Tokens": tokens,
	}}, nil
}

// approvalRequired reads the setting.
func (t *Turn) approvalRequired() (required bool, err error) {
	_, err = t.Memory.Setting(t.tx, ApprovalSetting, &required)
	return required, err
}

// confirm carries out what an admin confirmed: a provisional year, a setting, or
// somebody's leaving.
func (t *Turn) confirm(object string) error {
	what, which, _ := strings.Cut(object, ".")
	switch what {
	case "year":
		return t.confirmYear(which)
	case "approval":
		return t.setApproval(which == "on")
	case "leave":
		return t.leaving(reminders.PersonID(which))
	case "retire":
		return t.retire(reminders.PersonID(which))
	case "restore":
		return t.confirmRestore(which)
	case "token":
		return t.askRevoke(which)
	case "revoke":
		return t.revokeToken(which)
	}
	return reminders.Fail(reminders.NotFound, "bot.confirm", "error.not_found", nil)
}

// confirmYear lets the reminders of a provisional year go out.
func (t *Turn) confirmYear(text string) error {
	year, err := strconv.Atoi(text)
	if err != nil {
		return reminders.Fail(reminders.NotFound, "bot.confirm", "error.not_found", nil)
	}
	arrangement, known := t.Years.Calendar().Arrangement(year)
	if !known {
		return reminders.Fail(reminders.NotFound, "bot.confirm", "error.not_found", nil)
	}
	arrangement.Confirmed = true
	if err := t.Years.Adopt(t.tx, arrangement, string(t.person.ID)); err != nil {
		return err
	}
	t.later(t.reload)
	return t.replace(reminders.Line("office.year_done", reminders.Args{"Year": reminders.Text(text)}))
}

// setApproval changes whether every block waits for an approval.
func (t *Turn) setApproval(required bool) error {
	if err := t.Memory.SaveSetting(t.tx, ApprovalSetting, required); err != nil {
		return err
	}
	err := t.Ledger.Append(t.tx, ledger.Entry{
		Actor: string(t.person.ID), Verb: ledger.Setting, Object: ApprovalSetting,
		Attrs: map[string]string{"value": strconv.FormatBool(required)},
	})
	if err != nil {
		return err
	}
	page, err := t.officePage()
	if err != nil {
		return err
	}
	return t.replace(page)
}
