package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// labels gives the buttons of a message, row by row.
func labels(m sandbox.Message) []string {
	var all []string
	for _, row := range m.Buttons {
		var words []string
		for _, b := range row {
			words = append(words, b.Text)
		}
		all = append(all, strings.Join(words, " | "))
	}
	return all
}

// A name is shown as it is, whatever it is made of; it never becomes markup.
func TestNamesAreEscaped(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol("S2,<b>周</b>&例证,监督室,主任科员,staff,zh-Hans\nP1,甲 < 乙 & 丙,<i>样例</i>局,科员,official,zh-Hans\n")
		s.until("2026-09-22 09:00")
		s.reads("P1", "甲 < 乙 & 丙同志：")
		s.types("P1", "/settings")
		s.reads("P1", "甲 < 乙 & 丙，<i>样例</i>局")
		s.types("S2", "/status")
		s.tap("S2", "中秋、国庆廉洁提醒")
		s.tap("S2", "<i>样例</i>局（1/1）")
		s.reads("S2", "<i>样例</i>局：已阅 0/1\n甲 < 乙 & 丙（未阅）")
		s.balanced()
	})
}

// A liaison answers for a unit below that has none of its own: one message, said
// once, with a button for each unit.
func TestLiaisonOfTwoUnits(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(small + "P9,江底层,样例站,站员,official,zh-Hans\n")
		s.sends("A1", "units.csv", "unit,parent,duty\n样例局,,no\n样例站,样例局,no\n")
		s.tap("A1", "导入")
		s.until("2026-09-18 09:00")
		s.once("〔中秋、国庆〕单位通知", "L1")
		if n := strings.Count(s.last("L1").Text, "〔中秋、国庆〕单位通知"); n != 1 {
			t.Errorf("the notice stands %d times in the message", n)
		}
		want := []string{"已阅：中秋、国庆单位通知", "已阅：中秋、国庆单位通知（样例站）"}
		if diff := cmp.Diff(want, labels(s.last("L1"))); diff != "" {
			t.Errorf("buttons (-want +got):\n%s", diff)
		}
		s.types("L1", "/outstanding")
		s.reads("L1", "〔我的待办〕2 项\n1. 中秋、国庆单位通知（9月22日 18:00 前）\n2. 中秋、国庆单位通知（样例站）（9月22日 18:00 前）")
		s.tap("L1", "已阅：中秋、国庆单位通知")
		want = []string{"撤回：中秋、国庆单位通知", "已阅：中秋、国庆单位通知（样例站）"}
		if diff := cmp.Diff(want, labels(s.last("L1"))); diff != "" {
			t.Errorf("buttons after one answer (-want +got):\n%s", diff)
		}
		s.until("2026-09-22 09:00") // the chase for the other unit comes with the reminder
		s.reads("L1", "廉洁过节提醒")
		s.reads("L1", "还有 1 项待办：中秋、国庆单位通知")
		want = []string{"已阅：中秋、国庆单位通知（样例站）", "已阅：中秋、国庆廉洁提醒"}
		if diff := cmp.Diff(want, labels(s.last("L1"))); diff != "" {
			t.Errorf("buttons of the chase (-want +got):\n%s", diff)
		}
		s.recorded("L1", "liaison-of-two-units")
		s.balanced()
	})
}

// What waited over night becomes one message; longer than the service takes, it is
// split, and no character is lost.
func TestLongDigestIsSplit(t *testing.T) {
	play(t, "2026-09-16T20:30:00+08:00", func(s *scene) {
		s.enrol(small)
		before := s.received("S2")
		for i := range 6 {
			s.types("P1", "/feedback "+strings.Repeat(fmt.Sprint(i), 900))
		}
		s.types("P1", "/feedback "+strings.Repeat("长", 1001))
		s.reads("P1", "超过 1000 个字，没有保存")
		s.until("2026-09-17 09:00")
		parts := s.phone("S2").Messages()[before+1:]
		var all strings.Builder
		for _, m := range parts {
			if wire.Length(m.Text) > 4096 {
				t.Errorf("a part has %d units", wire.Length(m.Text))
			}
			all.WriteString(m.Text)
		}
		if len(parts) != 2 {
			t.Errorf("the digest came in %d parts", len(parts))
		}
		for i := range 6 {
			if !strings.Contains(all.String(), strings.Repeat(fmt.Sprint(i), 900)) {
				t.Errorf("feedback %d is not whole", i)
			}
		}
		s.balanced()
	})
}

// A unit with many people shows their names page by page.
func TestNamesComeInPages(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		rows := "S2,周例证,监督室,主任科员,staff,zh-Hans\n"
		for i := range 45 {
			rows += fmt.Sprintf("N%02d,样本%02d,样例局,科员,official,zh-Hans\n", i, i)
		}
		s.enrol(rows)
		s.until("2026-09-22 09:00")
		s.types("S2", "/status")
		s.tap("S2", "中秋、国庆廉洁提醒")
		s.tap("S2", "样例局（45/45）")
		seen := ""
		for _, next := range []string{"下一页", "下一页", ""} {
			seen += s.last("S2").Text
			if next != "" {
				s.tap("S2", next)
			}
		}
		for i := range 45 {
			if name := fmt.Sprintf("样本%02d（未阅）", i); strings.Count(seen, name) != 1 {
				t.Errorf("%s is shown %d times", name, strings.Count(seen, name))
			}
		}
		want := []string{"上一页", "催办未阅 | 免予要求", "返回"}
		if diff := cmp.Diff(want, labels(s.last("S2"))); diff != "" {
			t.Errorf("buttons of the last page (-want +got):\n%s", diff)
		}
	})
}
