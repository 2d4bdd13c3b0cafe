package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Where a theme does not go smoothly: the card is returned and submitted again, a unit lets
// its deadline pass, one finding is put right on the spot, one is not established, a unit is
// not checked, and the quarter nears its end. One of the office reads English.
func TestThemeEnds(t *testing.T) {
	play(t, "2026-07-15T09:00:00+08:00", func(s *scene) {
		s.enrol(themed+"S4,Sam Sample,监督室,主任科员,staff,en\n", "P5")
		s.draftedTheme("S2")
		s.tap("S2", "送审")
		s.approvesCard("S3", false, "依据请写全称。")
		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		s.reads("S2", "退回原因：依据请写全称。")
		s.tap("S2", "修改")
		s.tap("S2", "依据")
		s.types("S2", "党政机关国内公务接待管理规定")
		s.tap("S2", "送审")
		s.approvesCard("S3", true, "")

		s.until("2026-07-22 14:00")
		s.types("S4", "/theme")
		s.tap("S4", "1. 公务接待执行情况")
		s.tap("S4", "Checks")
		s.tap("S4", "样例局")
		s.tap("S4", "Point by point")
		s.types("S4", "The canteen list has gaps.")
		s.types("S4", "Two approvals are missing.")
		s.types("S4", "One amount differs.")
		s.tap("S4", "In order")
		s.types("S4", "/theme")
		s.tap("S4", "1. 公务接待执行情况")
		s.tap("S4", "Findings (3)")
		s.tap("S4", "Finding 1")
		s.tap("S4", "Put right on the spot")
		s.types("S4", "The list was completed during the check.")
		s.reads("S4", "reported, to be confirmed")
		if slices.Contains(labels(s.last("S4")), "Confirm") {
			t.Error("whoever reported it may confirm it")
		}
		s.types("S4", "/theme")
		s.tap("S4", "1. 公务接待执行情况")
		s.tap("S4", "Findings (3)")
		s.tap("S4", "Finding 2")
		s.tap("S4", "Not established")
		s.types("S4", "The approvals were in another folder.")
		s.types("S4", "/theme")
		s.tap("S4", "1. 公务接待执行情况")
		s.tap("S4", "Findings (3)")
		s.tap("S4", "Finding 3")
		s.tap("S4", "Make a suggestion")
		s.types("S4", "Correct the amount and look at the other bills.")
		s.types("S4", "2")
		s.recorded("S4", "theme-english")
		s.until("2026-07-23 10:00") // the workday before: one chase
		s.reads("L1", "监督主题问题3整改")
		s.until("2026-07-27 09:00") // late since Friday, 18:00: the head hears of it
		if !heard(s, "S1", "监督主题问题3整改") {
			t.Error("the head does not hear that the unit is late")
		}

		plan, err := s.live.themePlan(context.Background(), calendar.Date{Year: 2026, Month: 9, Day: 1}, calendar.Date{Year: 2026, Month: 10, Day: 1})
		if err != nil || len(plan) != 1 || !plan[0].At.Equal(s.at("2026-09-16 09:00")) || plan[0].recipients != 4 {
			t.Errorf("planned %v: %v", plan, err)
		}
		s.until("2026-09-16 09:00")
		if !heard(s, "S2", "尚未结题") || !heard(s, "S4", "is still open") {
			t.Error("the office is not reminded")
		}
		s.balanced()

		var out bytes.Buffer
		export := exportTask{What: "themes", Format: "csv"}
		if err := export.run(context.Background(), &console{out: &out}, s.live.office); err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(strings.TrimSpace(out.String()), "\r\n")
		// Four points in the unit that was checked, and the two that were not.
		if len(rows) != 1+4+2 || !strings.Contains(rows[2], "not-established") || !strings.Contains(rows[4], ",ok,") {
			t.Errorf("exported:\n%s", out.String())
		}
	})
}

// heard reports whether a message of the bot said something.
func heard(s *scene, id reminders.PersonID, text string) bool {
	for _, m := range s.phone(id).Messages() {
		if m.FromBot && strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}
