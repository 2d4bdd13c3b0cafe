package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// The group becomes a supergroup: what waits goes to the new chat, whichever way the
// service tells of it. Then the bot is removed: the liaisons and the staff are told once,
// and the people one by one what the group can be told no more.
func TestGroupMovesAndEnds(t *testing.T) {
	play(t, "2026-09-11T20:30:00+08:00", func(s *scene) {
		s.enrol(town)
		g := s.unitGroup("L1", "P1", "P2")
		s.announce("夜里写好的公告", func(*notice.Publication) {})
		g.Migrate(-1000000000005)
		s.settle()
		if n := len(saidIn(g)); n != 0 {
			t.Fatal("a push in quiet hours")
		}
		s.until("2026-09-14 08:05")
		if said := saidIn(g); len(said) != 1 || !strings.Contains(said[0], "夜里写好的公告") {
			t.Fatalf("the supergroup reads %q", said)
		}
		if got := s.tapsIn(g, s.phone("P1"), "已阅"); !strings.HasPrefix(got, "已阅，9月14日 08:05") {
			t.Errorf("a tap in the supergroup: %q", got)
		}
		s.announce("第二条公告", func(p *notice.Publication) { p.Workdays = 3 })
		s.until("2026-09-14 19:00")
		if n := len(saidIn(g)); n != 1 {
			t.Errorf("%d pushes to a group on one day", n)
		}
		g.Remove(s.phone("P1"))
		s.settle()
		s.reads("L1", "单位群已不能使用：我被移出了群。此后的通知逐人发送。")
		s.reads("S2", "单位群已不能使用")
		s.until("2026-09-15 08:10")
		s.reads("P2", "第二条公告")
		s.tap("P2", "已阅")
		if n := len(s.entries(ledger.GroupLost)); n != 1 {
			t.Errorf("%d losses in the ledger", n)
		}
		s.recordedGroup(g, "group-moved")
		s.balanced()
	})
}

// A group that is gone without a word is noticed by the first message that fails.
func TestGroupGoneWithoutWord(t *testing.T) {
	play(t, "2026-09-11T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		g := s.unitGroup("L1", "P1", "P2")
		g.Delete()
		s.announce("群已不在", func(*notice.Publication) {})
		s.passes(time.Minute)
		s.reads("P2", "群已不在")
		s.reads("P1", "群已不在")
		var state people.GroupState
		err := s.live.store.View(context.Background(), func(tx reminders.Tx) error {
			found, _, err := s.live.groups.Of(tx, people.UnitIDOf("样例局"))
			state = found.State
			return err
		})
		if err != nil || state != people.GroupLost {
			t.Errorf("the group is %q, %v", state, err)
		}
		s.balanced()
	})
}

// A correction and a withdrawal reach the copy in the group as they reach any other: the
// text changes in place, a material change asks anew, a withdrawal takes it away.
func TestGroupCorrectedAndWithdrawn(t *testing.T) {
	play(t, "2026-09-11T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		g := s.unitGroup("L1", "P1", "P2")
		handle := s.announce("公务用车自查", func(*notice.Publication) {})
		s.passes(time.Minute)
		s.tapsIn(g, s.phone("P1"), "已阅")
		bodies := map[reminders.Language]notice.Body{reminders.Chinese: {Title: "公务用车自查", Text: "样例：自查范围改为上半年的登记。"}}
		s.inTurn(func(tx reminders.Tx) error {
			_, err := s.live.press.Correct(tx, handle, "S2", notice.Change{
				Bodies: bodies, Material: true, Notes: map[reminders.Language]string{reminders.Chinese: "自查范围改为上半年。"},
			})
			return err
		}, func(tx reminders.Tx) error {
			_, err := s.live.press.DecideCorrection(tx, handle, true, "", "S1", false)
			return err
		})
		s.passes(time.Minute)
		if said := saidIn(g); len(said) != 2 || !strings.Contains(said[1], "上半年") || !strings.Contains(said[1], "已阅 0 人") {
			t.Errorf("the group reads after the correction:\n%s", strings.Join(said, "\n---\n"))
		}
		if got := s.tapsIn(g, s.phone("P1"), "已阅"); !strings.HasPrefix(got, "已阅，9月11日") {
			t.Errorf("the corrected text is answered: %q", got)
		}
		s.until("2026-09-14 09:30") // the push that names the change: the day had its own
		if said := saidIn(g); len(said) != 3 || !strings.Contains(said[2], "自查范围改为上半年。") {
			t.Errorf("the group hears of the change:\n%s", strings.Join(said, "\n---\n"))
		}
		err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
			_, err := s.live.press.Recall(tx, handle, "发布有误", "S2")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.until("2026-09-15 09:00")
		for _, text := range saidIn(g)[1:] {
			if strings.Contains(text, "上半年的登记") {
				t.Errorf("the group still reads:\n%s", text)
			}
		}
		s.recordedGroup(g, "group-corrected")
		s.balanced()
	})
}
