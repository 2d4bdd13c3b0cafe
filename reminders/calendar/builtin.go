package calendar

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// ParseBuiltin reads a calendar that ships with the program, or replaces one that
// does: one year, or an array of years such as the table of statutory days, in the
// shape that Parse reads as JSON. Each year must name its status and its source.
// Whatever is wrong is an Invalid error that names the year and the day.
//
// The Qingming of a provisional year must be the day that QingmingDay gives, so that
// a slip in the table does not pass.
func ParseBuiltin(file []byte) ([]Arrangement, error) {
	text, err := decode(file)
	if err != nil {
		return nil, reminders.Wrap("calendar.builtin", err)
	}
	if !strings.HasPrefix(text, "[") {
		text = "[" + text + "]"
	}
	var files []yearFile
	if json.Unmarshal([]byte(text), &files) != nil {
		return nil, reminders.Wrap("calendar.builtin", refuse("calendar.json", nil))
	}
	var all []Arrangement
	for _, f := range files {
		a, err := f.builtin()
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// builtin makes an arrangement of a file that must be complete.
func (f yearFile) builtin() (Arrangement, error) {
	op := fmt.Sprintf("calendar.builtin: %d", f.Year)
	if f.Status == "" || f.Source == "" {
		return Arrangement{}, reminders.Fail(reminders.Invalid, op, "calendar.source", nil)
	}
	r, err := f.reading()
	if err != nil {
		return Arrangement{}, reminders.Wrap(op, err)
	}
	a, errs, err := r.arrangement("")
	if err != nil {
		return Arrangement{}, reminders.Wrap(op, err)
	}
	if len(errs) > 0 {
		op = fmt.Sprintf("%s: day %d: %s", op, errs[0].Row, errs[0].Column)
		return Arrangement{}, reminders.Fail(reminders.Invalid, op, errs[0].Message.Key, errs[0].Message.Args)
	}
	return a, a.checkQingming(op)
}

// checkQingming holds a provisional year against the rule.
func (a Arrangement) checkQingming(op string) error {
	for _, day := range a.Days {
		if a.Status != Provisional || len(festivalsIn(day.Name)) != 1 || festivalsIn(day.Name)[0] != Qingming {
			continue
		}
		if rule := QingmingDay(a.Year); day.Date != rule {
			return reminders.Fail(reminders.Invalid, op, "calendar.qingming", reminders.Args{
				"Text": reminders.Text(day.Date.String()), "Rule": reminders.Text(rule.String()),
			})
		}
	}
	return nil
}

// QingmingDay gives the day of Qingming (清明) in the years 2000 to 2099, and no date
// in others. It is the fifth solar term, hence 4 or 5 April, and the only moving
// festival that a rule gives: the day of April is floor(y*0.2422+4.81) - floor(y/4)
// with the last two digits y of the year. The rule agrees with the astronomical term
// in Beijing time; 2071, where the term falls minutes after midnight, is uncertain.
func QingmingDay(year int) Date {
	if year < 2000 || year > 2099 {
		return Date{}
	}
	y := year % 100
	return Date{year, 4, (y*2422+48100)/10000 - y/4}
}
