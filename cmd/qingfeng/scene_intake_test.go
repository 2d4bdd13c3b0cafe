package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// Many chats at once: each receives its answers in the order of its questions.
func TestOrderWithinChats(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		const chats = 64
		var rows strings.Builder
		for i := range chats {
			fmt.Fprintf(&rows, "N%02d,样本%02d,样例局,科员,official,zh-Hans\n", i, i)
		}
		s.enrol(rows.String())
		time.Sleep(10 * time.Second)
		for i := range chats {
			phone := s.phone(reminders.PersonID(fmt.Sprintf("N%02d", i)))
			for _, command := range []string{"/help", "/outstanding", "/upcoming", "/settings"} {
				phone.Type(command)
			}
		}
		time.Sleep(20 * time.Second)
		for i := range chats {
			id := reminders.PersonID(fmt.Sprintf("N%02d", i))
			var answers []string
			for _, m := range s.phone(id).Messages()[2:] {
				if m.FromBot {
					line, _, _ := strings.Cut(m.Text, "\n")
					answers = append(answers, line)
				}
			}
			want := []string{"〔中秋、国庆〕廉洁过节提醒", "〔使用帮助〕", "〔我的待办〕1 项", "近期没有给您的安排。下一个假期：中秋，9月25日至9月27日。", "〔设置〕"}
			if diff := cmp.Diff(want, answers); diff != "" {
				t.Errorf("%s (-want +got):\n%s", id, diff)
			}
		}
		for _, call := range s.server.Calls() {
			if call.Status == http.StatusTooManyRequests {
				t.Fatal("our own pace met the limits of the service")
			}
		}
		s.balanced()
	})
}

// Files that cannot be read are answered with what is wrong and what to do.
func TestFilesThatCannotBeRead(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"people.xlsx", "PK\x03\x04 and then rubbish", "请"},
		{"people.csv", "\x00\x01\x02\xff\xfe\xfa", "请"},
		{"empty.csv", "", "请"},
		{"report.pdf", "%PDF-1.7 \x80\x81", "请"},
		{"holidays.json", "{\"year\": 2027", "JSON"},
		{"holidays.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT", "ICS"},
		{"people.csv", strings.Repeat("工号,姓名,单位\n", 150_000), "超过 2 MB"},
	}
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		for _, test := range tests {
			before := s.received("A1")
			s.sends("A1", test.name, test.content)
			s.reads("A1", test.want)
			if s.received("A1") != before+1 {
				t.Errorf("%s was not answered with one message", test.name)
			}
			s.sends("P1", test.name, test.content)
			s.reads("P1", "文件没有保存")
		}
		if kept := listOf[store.Quarantined](s, "quarantine/"); len(kept) > 0 {
			t.Errorf("quarantine holds %d files", len(kept))
		}
		s.balanced()
	})
}

// What does not belong into the chat never reaches the store, in a text, a
// caption, a file's name or a dialog; free text outside a dialog is not stored
// either.
func TestGuardAndFreeText(t *testing.T) {
	const identity = "990101199003070015" // invented, with a right check digit
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "身份证 "+identity)
		s.reads("P1", "身份证")
		s.types("P1", "文件是秘密★10年")
		s.reads("P1", "没有保存")
		s.types("P1", "/feedback 我的号码 "+identity)
		s.types("P1", "/feedback")
		s.types("P1", "附 "+identity)
		s.types("P1", "请打 13800138000") // soft: refused when it would be stored
		s.reads("P1", "没有保存")
		s.phone("A1").SendDocument(identity+".csv", []byte("工号,姓名\n"), "机密★5年")
		s.types("P2", "谁谁谁家里请客了")
		s.reads("P2", "这句话没有保存")
		for _, text := range []string{identity, "秘密★", "机密★", "13800138000", "请客"} {
			if found := s.kept(text); len(found) > 0 {
				t.Errorf("%q is kept in %v", text, found)
			}
		}
		s.balanced()
	})
}

// In a group the bot says nothing, but to a code that names it (see TestGroupBinding):
// what it knows is for one person at a time.
func TestGroupsAreSilent(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		group := s.server.Group(-1_000_000_000_123, "样例局工作群", s.phone("S2"), s.phone("P1"))
		before := s.dump(intakeKeys...)
		for _, text := range []string{"/status@qingfeng_demo_bot", "/outstanding", "/start abc", "/start@qingfeng_demo_bot"} {
			group.Type(s.phone("S2"), text)
			group.Type(s.phone("P1"), text)
			s.settle()
		}
		for _, m := range group.Messages() {
			if m.FromBot {
				t.Errorf("the group reads %q", m.Text)
			}
		}
		s.unchanged("the group", before)
		s.balanced()
	})
}

// What is neither text nor a table is answered too: a picture, a file with a
// caption that is a command.
func TestPicturesAreAnswered(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.phone("P1").SendPhoto([]byte("\x89PNG\r\n\x1a\n"), "")
		s.settle()
		s.reads("P1", "没有保存")
		s.phone("P1").SendDocument("plan.docx", []byte("PK"), "/outstanding")
		s.settle()
		s.reads("P1", "文件没有保存")
		s.balanced()
	})
}

// Somebody who is enrolled after the reminder went out owes it like everyone
// else: the binding shows it in full, once, and the board counts the person.
func TestWhoComesLate(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-22 09:00")
		s.enrol("P9,新来者,样例局,科员,official,zh-Hans")
		s.reads("P9", "廉洁过节提醒")
		s.tap("P9", "已阅")
		s.reads("P9", "已阅 · 9月22日")
		s.types("S2", "/status")
		s.reads("S2", "已阅 1/10，未阅 9")
		before := s.received("P9")
		s.until("2026-10-08 10:00")
		if got := s.received("P9"); got != before {
			t.Errorf("P9 received %d messages more", got-before)
		}
		s.balanced()
	})
}
