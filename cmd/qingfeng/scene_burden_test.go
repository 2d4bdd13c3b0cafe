package main

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// In the middle of the next month the office reads what its service asked of people:
// messages, taps and forms by the part in which they were asked, and what went beyond a
// budget. Auditors read the same.
func TestBurdenOfAMonth(t *testing.T) {
	play(t, "2026-09-17T08:00:00+08:00", func(s *scene) {
		s.enrol(small + "U1,施查验,审计室,科长,auditor,zh-Hans\n")
		s.lives("2026-09-18 09:30")
		s.touches("L1", "已阅")
		s.lives("2026-09-22 09:30")
		s.touches("P1", "已阅")
		s.types("P2", "/feedback 字可以再大一些")
		s.overrides("work-prompt/2026-0007", "prompt-quota", "防汛期间需要（示例）")
		s.lives("2026-10-12 10:01")
		s.reads("S2", "〔负担月报〕")
		s.reads("S2", "2026年9月")
		s.reads("S2", "工作提示超过季度限额，高示意：防汛期间需要（示例）")
		s.reads("S2", "收到意见 1 件")
		s.recorded("U1", "burden-auditor")

		september, err := s.live.burdenOf(context.Background(), monthWindow(calendar.Date{Year: 2026, Month: 9, Day: 1}, s.loc))
		if err != nil {
			t.Fatal(err)
		}
		official := september.parts[asOfficial]
		if diff := cmp.Diff([]int{19, 1, 0}, []int{official.messages, official.taps, official.forms}); diff != "" {
			t.Errorf("messages, taps and forms of the officials in September: ten reminders, nine chases (-want +got):\n%s", diff)
		}
		if liaison := september.parts[asLiaison]; liaison.taps != 1 {
			t.Errorf("the liaison's answer for the unit counts %d taps, want 1", liaison.taps)
		}
	})
}

// overrides puts a decision of the head on record.
func (s *scene) overrides(object, rule, reason string) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		return s.live.store.Append(tx, ledger.Entry{
			Actor: "S1", Verb: ledger.Overrode, Object: object, Reason: reason, Attrs: map[string]string{"rule": rule},
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// What counts as an answer, in which part, and whether it was filled in.
func TestAnswersOfTheLedger(t *testing.T) {
	staff := map[string]bool{"S2": true}
	for _, row := range []struct {
		name  string
		entry ledger.Entry
		part  string // empty: it is none
		form  bool
	}{
		{"an official acknowledges", ledger.Entry{Actor: "P1", Subject: "P1", Verb: ledger.Acknowledged}, asOfficial, false},
		{"a liaison answers for a unit", ledger.Entry{Actor: "L1", Subject: "u1", Verb: ledger.Acknowledged}, asLiaison, false},
		{"a nil report is one tap", ledger.Entry{Actor: "P1", Verb: ledger.Reported, Reason: report.ReasonNil}, asDuty, false},
		{"another report is a form", ledger.Entry{Actor: "P1", Verb: ledger.Reported}, asDuty, true},
		{"a roster is a form", ledger.Entry{Actor: "L1", Verb: ledger.Filed}, asLiaison, true},
		{"the office's own roster", ledger.Entry{Actor: "S2", Verb: ledger.Filed}, asOffice, true},
		{"what the service does", ledger.Entry{Actor: ledger.System, Verb: ledger.Acknowledged}, "", false},
		{"approving is the office's work", ledger.Entry{Actor: "S2", Verb: ledger.Approved}, "", false},
	} {
		part, form, counts := answerOf(row.entry, staff)
		if part != row.part || form != row.form || counts != (row.part != "") {
			t.Errorf("%s: %q, form %v, counts %v", row.name, part, form, counts)
		}
	}
}
