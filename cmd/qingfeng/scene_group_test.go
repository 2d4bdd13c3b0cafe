package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// groupCommandLine is the line that a liaison is shown to type in the group.
var groupCommandLine = regexp.MustCompile(`/start@qingfeng_demo_bot [a-z2-7]{26}`)

// group makes a group chat with some of the office in it.
func (s *scene) group(id int64, ids ...reminders.PersonID) *sandbox.Group {
	s.t.Helper()
	var members []*sandbox.Person
	for _, id := range ids {
		members = append(members, s.phone(id))
	}
	g := s.server.Group(id, "样例群", members...)
	s.settle()
	return g
}

// unitGroup makes a group chat of a liaison and others and binds it to the unit.
func (s *scene) unitGroup(liaison reminders.PersonID, others ...reminders.PersonID) *sandbox.Group {
	s.t.Helper()
	g := s.group(-5, append([]reminders.PersonID{liaison}, others...)...)
	s.saysIn(g, liaison, s.codeFor(liaison))
	return g
}

// codeFor lets a liaison ask for the line to type.
func (s *scene) codeFor(id reminders.PersonID) string {
	s.t.Helper()
	s.types(id, "/unit")
	s.tap(id, "单位群")
	s.tap(id, "绑定单位群")
	line := groupCommandLine.FindString(s.last(id).Text)
	if line == "" {
		s.t.Fatalf("%s is shown no line to type:\n%s", id, s.last(id).Text)
	}
	return line
}

// saysIn lets somebody type in a group.
func (s *scene) saysIn(g *sandbox.Group, id reminders.PersonID, text string) {
	s.t.Helper()
	g.Type(s.phone(id), text)
	s.settle()
}

// tapsIn lets somebody tap the newest button of a group, and gives the answer.
func (s *scene) tapsIn(g *sandbox.Group, who *sandbox.Person, label string) string {
	s.t.Helper()
	if err := g.TapLabel(who, label); err != nil {
		s.t.Fatalf("%v\n%s", err, g.Transcript())
	}
	s.settle()
	toasts := who.Toasts()
	if len(toasts) == 0 {
		s.t.Fatal("a tap was not answered")
	}
	return toasts[len(toasts)-1].Text
}

// saidIn is what the bot has said in a group and not taken back.
func saidIn(g *sandbox.Group) (texts []string) {
	for _, m := range g.Messages() {
		if m.FromBot {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// inTurn runs steps one after the other, each in a unit of work of its own.
func (s *scene) inTurn(steps ...func(tx reminders.Tx) error) {
	s.t.Helper()
	for _, step := range steps {
		if err := s.live.store.Do(context.Background(), step); err != nil {
			s.t.Fatalf("%v: %v", err, reminders.MessageOf(err))
		}
	}
}

// announce lets S2 write an announcement and S1 approve it.
func (s *scene) announce(title string, change func(p *notice.Publication)) (handle string) {
	s.t.Helper()
	s.inTurn(func(tx reminders.Tx) error {
		draft, err := s.live.press.Begin(tx, notice.Announcement, "chat", "S2", reminders.Chinese)
		if err != nil {
			return err
		}
		handle = draft.Handle()
		_, err = s.live.press.Edit(tx, handle, "S2", func(p *notice.Publication) {
			p.Bodies = map[reminders.Language]notice.Body{reminders.Chinese: {Title: title, Text: "样例：请各单位对照自查公务用车使用登记，查漏补缺。"}}
			p.Audience = reminders.Audience{Everyone: true, Groups: true}
			p.Expects, p.Workdays = notice.ExpectPerPerson, 2
			change(p)
		})
		return err
	}, func(tx reminders.Tx) error {
		_, err := s.live.press.Submit(tx, handle, "S2")
		return err
	}, func(tx reminders.Tx) error {
		_, err := s.live.press.Decide(tx, handle, true, "", "S1", false)
		return err
	})
	s.settle()
	return handle
}

// recordedGroup compares a group with its golden transcript.
func (s *scene) recordedGroup(g *sandbox.Group, name string) {
	s.t.Helper()
	s.golden(name, invitationCode.ReplaceAllString(g.Transcript(), "CODE"))
}

// A group is bound by a liaison who types the code there. Whoever else tries hears one
// sentence that says nothing about the code, and soon nothing at all; what is said in the
// group is neither answered nor kept.
func TestGroupBinding(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		g := s.group(-5, "L1", "P1", "L2")
		if said := saidIn(g); len(said) > 0 {
			t.Errorf("on being added it says %q", said)
		}
		line := s.codeFor("L1")
		s.saysIn(g, "P1", "/help@qingfeng_demo_bot")
		s.saysIn(g, "L1", strings.Replace(line, "@qingfeng_demo_bot", "", 1))
		if said := saidIn(g); len(said) > 0 {
			t.Errorf("what is not for it is answered: %q", said)
		}
		stranger := s.server.Person(9001, "过客", "zh-hans")
		for _, who := range []*sandbox.Person{s.phone("P1"), s.phone("L2")} {
			g.Type(who, line)
			s.settle()
		}
		g.Anonymous(line)
		s.settle()
		other := s.server.Group(-6, "别的群", stranger)
		other.Type(stranger, line)
		s.settle()
		refused := "绑定没有成功。请由单位联络员与我私聊，用 /unit 取得绑定码，再由本人在群里发送。"
		for _, text := range append(saidIn(g), saidIn(other)...) {
			if text != refused {
				t.Errorf("a refusal discloses: %q", text)
			}
		}
		s.saysIn(g, "L1", line)
		if said := saidIn(g); len(said) != 4 || !strings.HasPrefix(said[3], "本群已绑定为样例局的单位群。") {
			t.Errorf("the group hears %q", said)
		}
		s.saysIn(g, "L2", s.codeFor("L2")) // a group has one unit
		if said := saidIn(g); said[len(said)-1] != refused {
			t.Errorf("a second unit takes the group: %q", said)
		}
		before := len(saidIn(g))
		for range 6 {
			s.saysIn(g, "P1", "/start@qingfeng_demo_bot zzzz")
		}
		if n := len(saidIn(g)) - before; n != 4 { // with the first one five in an hour
			t.Errorf("guessing is answered without end: %d messages", n)
		}
		if n := len(s.entries(ledger.GroupBound)); n != 1 {
			t.Errorf("%d bindings in the ledger", n)
		}
		fresh := s.group(-7, "L2", "P4")
		s.saysIn(fresh, "P4", "/start@qingfeng_demo_bot zzzz")
		s.saysIn(fresh, "L2", s.codeFor("L2")) // nobody can keep a liaison out by guessing
		if said := saidIn(fresh); !strings.HasPrefix(said[len(said)-1], "本群已绑定为示例委的单位群。") {
			t.Errorf("the other unit's group hears %q", said)
		}
		s.recordedGroup(g, "group-binding")
		s.balanced()
	})
}

// A unit has one group: with a new one the old one is told, and so are the liaisons; and
// its liaison can end it.
func TestGroupRebindingAndUnbinding(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		old, fresh := s.group(-5, "L1", "P1"), s.group(-6, "L1", "P1")
		s.saysIn(old, "L1", s.codeFor("L1"))
		s.types("L1", "/unit")
		s.tap("L1", "单位群")
		s.tap("L1", "换绑单位群")
		s.saysIn(fresh, "L1", groupCommandLine.FindString(s.last("L1").Text))
		if said := saidIn(old); !strings.HasPrefix(said[len(said)-1], "本群已解除绑定") {
			t.Errorf("the old group hears %q", said)
		}
		s.reads("L1", "单位群已更换，由白样本于 9月10日 09:00 办理。")
		s.types("L1", "/unit")
		s.tap("L1", "单位群")
		s.tap("L1", "解除绑定")
		s.tap("L1", "确认解除")
		if said := saidIn(fresh); !strings.HasPrefix(said[len(said)-1], "本群已解除绑定") {
			t.Errorf("the group hears %q", said)
		}
		s.types("P1", "/unit") // no liaison: no way there
		s.recorded("L1", "group-liaison")
		s.balanced()
	})
}

// tapped lets those of the unit, of another unit and of none tap in the group.
func (s *scene) tapped(g *sandbox.Group) {
	s.t.Helper()
	for _, step := range []struct {
		who         *sandbox.Person
		label, want string
	}{
		{s.phone("P1"), "已阅", "已阅，9月11日 09:0"},
		{s.phone("P1"), "已阅", "您已在 9月11日 09:0"},
		{s.phone("P4"), "已阅", "这条通知面向本单位在册人员。"},
		{s.server.Person(9001, "过客", ""), "已阅", "这条通知面向本单位在册人员。"},
		{s.phone("P2"), "撤回", "您还没有点过“已阅”。"},
		{s.phone("P1"), "撤回", "已撤回，请记得在期限前办理。"},
		{s.phone("P1"), "已阅", "已阅，9月11日 09:0"},
	} {
		if got := s.tapsIn(g, step.who, step.label); !strings.HasPrefix(got, step.want) {
			s.t.Errorf("%s taps %s: %q", step.who.Name(), step.label, got)
		}
	}
}

// A notice for two units of which one has a group: it goes there once and to the people
// of the other one by one; a tap counts for the person, and for nobody outside the unit;
// the group shows a number that is brought up to date every ten seconds at most; whoever
// is outstanding is chased in private.
func TestGroupNotice(t *testing.T) {
	play(t, "2026-09-11T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		stranger := s.server.Person(9001, "过客", "")
		g := s.server.Group(-5, "样例群", s.phone("L1"), s.phone("P1"), s.phone("P2"), s.phone("P4"), stranger)
		s.settle()
		s.saysIn(g, "L1", s.codeFor("L1"))
		before := s.received("P1")
		s.announce("公务用车自查", func(*notice.Publication) {})
		s.passes(time.Minute)
		if n := s.received("P1") - before; n != 0 {
			t.Errorf("P1, whose unit has a group, received %d messages", n)
		}
		s.reads("P4", "公务用车自查")
		s.tapped(g)
		s.passes(time.Minute)
		said := saidIn(g)
		if got := said[len(said)-1]; !strings.Contains(got, "已阅 1 人") || strings.Contains(got, "方样张") {
			t.Errorf("the group shows:\n%s", got)
		}
		s.phone("L1").Type("/outstanding")
		s.settle()
		s.tap("L1", "已阅") // in private: the group's number follows
		s.passes(time.Minute)
		if said = saidIn(g); !strings.Contains(said[len(said)-1], "已阅 2 人") {
			t.Errorf("after an answer in private the group shows:\n%s", said[len(said)-1])
		}
		edits := 0
		var last time.Time
		for _, call := range s.server.Calls() {
			if call.Method == "editMessageText" && call.Chat == -5 {
				if edits++; call.At.Sub(last) < 10*time.Second {
					t.Errorf("two edits of the group within %v", call.At.Sub(last))
				}
				last = call.At
			}
		}
		if edits == 0 || edits > 4 {
			t.Errorf("%d edits of the group's message", edits)
		}
		s.until("2026-09-14 10:01")
		s.reads("P2", "还有 1 项待办")
		if n := len(saidIn(g)); n != 2 {
			t.Errorf("the group has %d messages: chases are for the person", n)
		}
		s.recordedGroup(g, "group-notice")
		s.recorded("P2", "group-chased")
		s.answeredInGroup()
		s.balanced()
	})
}

// answeredInGroup fails unless the answer of P1 carries the hash of the group's text.
func (s *scene) answeredInGroup() {
	s.t.Helper()
	shown := ""
	for _, e := range s.entries(ledger.Sent) {
		if strings.Contains(e.Object, "/group/") {
			shown = e.TextHash
		}
	}
	for _, e := range s.entries(ledger.Acknowledged) {
		if e.Actor == "P1" && (shown == "" || e.TextHash != shown) {
			s.t.Errorf("P1 answered %q, the group showed %q", e.TextHash, shown)
		}
	}
}
