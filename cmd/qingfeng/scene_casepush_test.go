package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// cases lets f work at the casebook.
func (s *scene) cases(f func(tx reminders.Tx, desk *casebook.Desk) error) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error { return f(tx, s.live.cases) })
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// publishCase takes an invented case through two members of the staff.
func (s *scene) publishCase(c casebook.Content) (handle string) {
	s.t.Helper()
	s.cases(func(tx reminders.Tx, desk *casebook.Desk) error {
		drafted, err := desk.Add(tx, casebook.Case{Content: c, Origin: "chat"}, "S1")
		if err != nil {
			return err
		}
		handle = drafted.Handle()
		if _, err := desk.Submit(tx, handle, "S1"); err != nil {
			return err
		}
		_, err = desk.Decide(tx, handle, true, "", "S2", false)
		return err
	})
	return handle
}

// pushedTo counts the cases of the week that a person has received.
func (s *scene) pushedTo(id reminders.PersonID) (n int) {
	for _, m := range s.phone(id).Messages() {
		if m.FromBot && (strings.HasPrefix(m.Text, "〔典型案例〕") || strings.HasPrefix(m.Text, "[Public case]")) {
			n++
		}
	}
	return n
}

// A case of the week goes to those who have not left the topic, whoever leaves it in the
// middle of the sending included; another one follows a week later; a correction and a
// withdrawal reach the copies that were delivered.
func TestCaseOfTheWeek(t *testing.T) {
	play(t, "2026-11-02T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		day := calendar.Date{Year: 2026, Month: 10, Day: 20}
		first := s.publishCase(casebook.Content{
			Title: "样例局某干部违规收受购物卡", Category: "H1", Issued: day, Issuer: "清风示例市示例纪检组（虚构）",
			SourceURL: "https://example.invalid/1", Body: "样例局某干部收受服务对象所送购物卡。该干部受到党内警告处分。",
		})
		s.publishCase(casebook.Content{
			Title: "演示中心某负责人违规吃喝", Category: "H2", Issued: day.AddDays(-1), Issuer: "清风示例市示例纪检组（虚构）",
			SourceURL: "https://example.invalid/2", Body: "这里写有姓名。", Names: true,
		})
		for _, id := range []reminders.PersonID{"P2", "P4"} {
			s.types(id, "/settings")
		}
		s.tap("P4", "退订：每周案例")
		s.until("2026-11-04 09:59")
		s.server.Fail(sandbox.Fault{Method: "sendMessage", Status: http.StatusTooManyRequests, RetryAfter: 120})
		s.lives("2026-11-04 10:01") // the first one was refused, and all wait
		s.tap("P2", "退订：每周案例")
		s.lives("2026-11-04 10:30")
		for id, want := range map[reminders.PersonID]int{"P1": 1, "P3": 1, "S2": 1, "P2": 0, "P4": 0} {
			if got := s.pushedTo(id); got != want {
				t.Errorf("%s received %d cases, not %d", id, got, want)
			}
		}
		s.cases(func(tx reminders.Tx, desk *casebook.Desk) error {
			_, err := desk.Correct(tx, first, "", "S1", func(c *casebook.Content) { c.Title = "样例局某科长违规收受购物卡" })
			if err == nil {
				_, err = desk.Decide(tx, first, true, "", "S2", false)
			}
			return err
		})
		s.until("2026-11-04 10:40")
		s.reads("P1", "样例局某科长违规收受购物卡")
		s.until("2026-11-11 10:30")
		if s.pushedTo("P1") != 2 || strings.Contains(s.last("P1").Text, "姓名") {
			t.Errorf("the second week: %s", s.last("P1").Text)
		}
		s.cases(func(tx reminders.Tx, desk *casebook.Desk) error {
			_, err := desk.Withdraw(tx, first, "原通报已撤销", "S2")
			return err
		})
		s.until("2026-11-18 10:30") // and nothing is left for a third week
		if s.pushedTo("P1") != 2 || s.pushedTo("P2") != 0 {
			t.Error("a third case was pushed")
		}
		s.recorded("P1", "case-push")
		s.recorded("P3", "case-push-english")
		s.balanced()
	})
}

// What readers can leave is the same for the register and for notices.
func TestOptionalTopics(t *testing.T) {
	var kinds []string
	for _, kind := range notice.Optional() {
		kinds = append(kinds, string(kind))
	}
	if strings.Join(kinds, " ") != strings.Join(people.OptionalTopics(), " ") {
		t.Errorf("%v and %v", kinds, people.OptionalTopics())
	}
}
