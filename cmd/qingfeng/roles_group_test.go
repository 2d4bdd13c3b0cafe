package main

import (
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Who may bind a group and whose tap counts in it, over everybody whom the register knows
// and somebody whom it does not. Everyone else is refused with one fixed text, and the
// store stays as it was.
func TestGroupRoles(t *testing.T) {
	play(t, "2026-09-11T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		everyone := []reminders.PersonID{"S1", "S2", "S3", "A1", "U1", "L1", "B1", "P1", "P2", "P3", "L2", "B2", "P4", "P5", "X1"}
		s.phones["X1"] = s.server.Person(9001, "过客", "")
		g := s.group(-5, everyone...)
		line := s.codeFor("L1")
		for _, id := range everyone {
			if id == "L1" {
				continue
			}
			before := s.dump(append([]string{"guess/"}, intakeKeys...)...)
			s.saysIn(g, id, line)
			if said := saidIn(g); !strings.HasPrefix(said[len(said)-1], "绑定没有成功。") {
				t.Errorf("%s binds the group: %s", id, said[len(said)-1])
			}
			s.unchanged(string(id)+" types a code", before, "guess/")
		}
		s.saysIn(g, "L1", line)
		s.announce("样例公告", func(*notice.Publication) {})
		s.passes(time.Minute)
		for _, id := range everyone {
			got := s.tapsIn(g, s.phone(id), "已阅")
			own := strings.Contains("L1 B1 P1 P2 P3", string(id))
			if own != (strings.HasPrefix(got, "已阅，") || strings.HasPrefix(got, "Acknowledged")) {
				t.Errorf("%s taps in the group and reads %q", id, got)
			}
			if !own && got != "这条通知面向本单位在册人员。" && got != "This notice is for people enrolled in this unit." {
				t.Errorf("%s is told %q", id, got)
			}
		}
		if n := len(s.entries(ledger.Acknowledged)); n != 5 {
			t.Errorf("%d answers", n)
		}
		messages := g.Messages()
		s.forged(func(data string) string {
			if _, err := g.Tap(s.phone("P1"), messages[len(messages)-1].ID, data); err != nil {
				t.Fatal(err)
			}
			s.settle()
			toasts := s.phone("P1").Toasts()
			return toasts[len(toasts)-1].Text
		})
		s.balanced()
	})
}

// forged lets data be tapped in a group that was not made for it: for a person, for
// another group, with another verb, with nothing in it.
func (s *scene) forged(tap func(data string) string) {
	s.t.Helper()
	var terms obligation.Handle
	for _, line := range listOf[obligation.Obligation](s, "line/") {
		if strings.HasPrefix(string(line.Terms), "announcement/") {
			terms = obligation.HandleOf(line.Terms)
		}
	}
	codec := s.live.bot.Codec
	person, err := codec.Encode("undo", string(terms), "P1")
	if err != nil {
		s.t.Fatal(err)
	}
	elsewhere, err := codec.EncodeGroup("undo", string(terms), -6)
	if err != nil {
		s.t.Fatal(err)
	}
	before := s.dump(intakeKeys...)
	for _, data := range []string{person, elsewhere, "undo:" + string(terms) + ":AAAAAAAAAAA", "", "page:unit:AAAAAAAAAAA"} {
		if got := tap(data); got != "这条通知面向本单位在册人员。" {
			s.t.Errorf("%q is answered %q", data, got)
		}
	}
	verb, err := codec.EncodeGroup("chase", string(terms), -5)
	if err != nil {
		s.t.Fatal(err)
	}
	if got := tap(verb); got == "" || strings.Contains(got, "样张") {
		s.t.Errorf("another verb is answered %q", got)
	}
	s.unchanged("a forged tap", before)
}

// Beside the office a notice by units goes to the group once, and one liaison answers there
// for the unit; nobody else can.
func TestGroupAnswersForUnit(t *testing.T) {
	play(t, "2026-09-11T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		g := s.unitGroup("L1", "P1")
		s.announce("样例公告", func(p *notice.Publication) { p.Expects = notice.ExpectPerUnit })
		s.passes(time.Minute)
		if got := s.tapsIn(g, s.phone("P1"), "已阅"); got != "这一项由本单位联络员办理。" {
			t.Errorf("an official answers for the unit: %q", got)
		}
		if got := s.tapsIn(g, s.phone("L1"), "已阅"); !strings.HasPrefix(got, "已阅，") {
			t.Errorf("the liaison is told %q", got)
		}
		s.passes(time.Minute)
		if said := saidIn(g); !strings.Contains(said[len(said)-1], "本单位已阅 · 9月11日") {
			t.Errorf("the group shows:\n%s", said[len(said)-1])
		}
		s.balanced()
	})
}
