package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// heading names the personal reminder in either language.
const (
	heading        = "廉洁过节提醒"
	headingEnglish = "Integrity reminder"
)

// reminded fails unless everyone of the small office received the personal
// reminder exactly once.
func (s *scene) reminded() {
	s.t.Helper()
	s.once(heading, slices.DeleteFunc(slices.Clone(everyone), func(id reminders.PersonID) bool { return id == "P3" })...)
	s.once(headingEnglish, "P3")
}

// The chat service asks to wait: nothing is sent before the time is over, then
// everything is, once.
func TestFlood(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.server.Fail(sandbox.Fault{Method: "sendMessage", Status: http.StatusTooManyRequests, RetryAfter: 37})
		s.lives("2026-09-22 09:02")
		var asked time.Time
		for _, call := range s.server.Calls() {
			switch {
			case call.Method != "sendMessage":
			case call.Status == http.StatusTooManyRequests:
				if !asked.IsZero() {
					t.Error("the service had to ask twice")
				}
				asked = call.At
			case !asked.IsZero() && call.At.After(asked) && call.At.Before(asked.Add(37*time.Second)):
				t.Errorf("a message was sent %v after the service asked to wait 37s", call.At.Sub(asked))
			}
		}
		if asked.IsZero() {
			t.Fatal("the fault was not met")
		}
		s.reminded()
		if got := s.duplicates(); len(got) > 0 {
			t.Errorf("marked as possible duplicates: %v", got)
		}
		s.balanced()
	})
}

// The order to wait outlives the process: it can be hours.
func TestFloodOutlivesRestart(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.server.Fail(sandbox.Fault{Method: "sendMessage", Status: http.StatusTooManyRequests, RetryAfter: 3600})
		s.lives("2026-09-22 09:01")
		s.end()
		s.begin()
		s.lives("2026-09-22 09:59")
		if n := s.copies("P1", heading); n != 0 {
			t.Errorf("P1 received %d reminders while the service asked to wait", n)
		}
		s.lives("2026-09-22 10:01")
		s.reminded()
		s.balanced()
	})
}

// Somebody who blocks the bot becomes unreachable with the reason; the others go
// on; on coming back they receive what is open as one message.
func TestBlocked(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.phone("P1").Block()
		s.phone("P2").Deactivate() // of this the bot is not told
		s.until("2026-09-22 09:00")
		s.once(heading, "L1", "B1", "S2")
		s.types("S2", "/status")
		s.reads("S2", "联系不上：2 人")
		s.tap("S2", "查看联系不上的人员")
		s.reads("S2", "方样张，样例局：停用了本服务，联络员：白样本")
		s.reads("S2", "孙样稿，样例局：账号已注销，联络员：白样本")
		s.until("2026-09-23 10:00")
		before := s.received("P1")
		s.phone("P1").Unblock()
		s.settle()
		s.once(heading, "P1") // in full: this chat never had it
		if got := s.received("P1") - before; got != 1 {
			t.Errorf("P1 received %d messages on coming back instead of one", got)
		}
		s.tap("P1", "已阅")
		s.types("S2", "/status")
		s.reads("S2", "联系不上：1 人")
		var codes []string
		for _, e := range s.entries(ledger.SendFailed) {
			codes = append(codes, e.Subject+" "+e.Attrs["code"])
		}
		slices.Sort(codes)
		if diff := cmp.Diff([]string{"P1 blocked", "P2 deactivated"}, codes); diff != "" {
			t.Errorf("failed sends (-want +got):\n%s", diff)
		}
		s.until("2026-10-08 10:00")
		want := map[string]int{"met answered": 1, "missed not-answered": 7, "missed not-reached": 1}
		if diff := cmp.Diff(want, s.states("holiday-reminder")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		s.balanced()
	})
}

// Failures on the way: what is certain not to have arrived is sent again without
// a mark, what may have arrived is sent again and marked in the ledger.
func TestBrokenConnections(t *testing.T) {
	tests := []struct {
		name   string
		fault  sandbox.Fault
		copies int      // that P1 receives
		marked []string // in the ledger
	}{
		{"no connection", sandbox.Fault{Drop: sandbox.DropRefused}, 1, nil},
		{"cut before it was handled", sandbox.Fault{Drop: sandbox.DropBefore}, 1, []string{"P1"}},
		{"cut after it was handled", sandbox.Fault{Drop: sandbox.DropAfter}, 2, []string{"P1"}},
		{"page of a proxy", sandbox.Fault{Status: http.StatusBadGateway, Body: "<html><h1>502 Bad Gateway</h1></html>"}, 1, []string{"P1"}},
		{"the service says 500", sandbox.Fault{Status: http.StatusInternalServerError}, 1, []string{"P1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
				s.enrol(small)
				test.fault.Method, test.fault.Chat = "sendMessage", s.phone("P1").ID()
				s.server.Fail(test.fault)
				s.lives("2026-09-22 09:05")
				if got := s.copies("P1", heading); got != test.copies {
					t.Errorf("P1 received %d copies, want %d", got, test.copies)
				}
				s.once(heading, "P2", "L1", "S2")
				if diff := cmp.Diff(test.marked, s.duplicates()); diff != "" {
					t.Errorf("possible duplicates (-want +got):\n%s", diff)
				}
				for _, line := range s.lines("holiday-reminder") {
					if marked := slices.Contains(test.marked, string(line.Owner.Person)); line.Duplicate != marked {
						t.Errorf("line of %s: duplicate %v, want %v", line.Owner.Person, line.Duplicate, marked)
					}
				}
				s.tap("P1", "已阅")
				s.reads("P1", "已阅 · 9月22日 09:05")
				s.balanced()
			})
		})
	}
}

// The service restarts at any moment, also between two messages: nothing is lost
// and nothing comes twice; taps and texts that came meanwhile are answered.
func TestRestarts(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.lives("2026-09-22 08:59")
		time.Sleep(54*time.Second + 900*time.Millisecond) // and the 5 s of settling: 08:59:59.9
		for range 25 {
			s.end()
			s.start()
			time.Sleep(17 * time.Millisecond)
		}
		s.settle()
		s.reminded()
		if got := s.duplicates(); len(got) > 0 {
			t.Errorf("marked as possible duplicates: %v", got)
		}

		s.end()
		if err := s.phone("P1").TapLabel("已阅"); err != nil {
			t.Fatal(err)
		}
		s.phone("P2").Type("/outstanding")
		time.Sleep(10 * time.Minute)
		before := s.received("P2")
		s.begin()
		s.reads("P1", "已阅 · 9月22日 09:10")
		if got := s.received("P2") - before; got != 1 {
			t.Errorf("P2 received %d answers to one command", got)
		}
		s.balanced()
	})
}

// The service is stopped while a message is on its way and no answer comes: it is
// sent again after the start and marked, and only it.
func TestStoppedWhileSending(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.server.Fail(sandbox.Fault{Method: "sendMessage", Chat: s.phone("P1").ID(), Delay: 15 * time.Second, Drop: sandbox.DropAfter})
		s.lives("2026-09-22 08:59")
		time.Sleep(55*time.Second + 500*time.Millisecond)
		s.end()
		s.begin()
		s.lives("2026-09-22 09:03")
		s.once(heading, "P2", "L1", "S2")
		if diff := cmp.Diff([]string{"P1"}, s.duplicates()); diff != "" {
			t.Errorf("possible duplicates (-want +got):\n%s", diff)
		}
		s.balanced()
	})
}

// Down for three days over the start of the programme: on coming back the newest
// step of each kind is carried out once; what a day-long outage lies in is excused
// at closing, since answers may have been lost with us.
func TestDownForDays(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-17 21:00")
		s.end()
		s.until("2026-09-21 09:30")
		before := s.received("L1")
		s.begin()
		s.once("单位通知", "L1", "B1")
		s.once("节前检查", "S2", "S3")
		if got := s.received("L1") - before; got != 1 {
			t.Errorf("L1 received %d messages after the outage", got)
		}
		s.until("2026-09-22 09:30")
		s.reminded()
		s.until("2026-10-08 10:00")
		want := map[string]int{"excused service-down": 1}
		if diff := cmp.Diff(want, s.states("unit-notice")); diff != "" {
			t.Errorf("unit notice (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{"missed not-answered": 9}, s.states("holiday-reminder")); diff != "" {
			t.Errorf("personal reminder (-want +got):\n%s", diff)
		}
		if got := len(s.entries(ledger.Outage)); got != 1 {
			t.Errorf("the ledger names %d outages", got)
		}
		s.balanced()
	})
}

// Down for more than a day within the answering window: whoever answered stays
// met, the others are excused.
func TestDownInAnsweringWindow(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-22 09:00")
		s.tap("P1", "已阅")
		s.end()
		s.until("2026-09-25 09:00") // over the chase and the due instant
		s.begin()
		for _, id := range everyone {
			if n := s.copies(id, "还有 1 项待办"); n != 0 {
				t.Errorf("%s was chased after the due instant", id)
			}
		}
		s.until("2026-10-08 10:00")
		want := map[string]int{"met answered": 1, "excused service-down": 8}
		if diff := cmp.Diff(want, s.states("holiday-reminder")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		s.balanced()
	})
}

// What cannot be decoded, or is of a kind that we do not know, goes aside and
// stops nobody.
func TestQuarantine(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		for _, update := range []struct{ kind, payload string }{
			{"update_id", `"none"`},
			{"message", `[1,2,3]`},
			{"message", `{"message_id":"x","chat":7}`},
			{"callback_query", `{"id":5,"data":{}}`},
			{"something_new", `{"a":1}`},
		} {
			s.server.Push(update.kind, raw(update.payload))
		}
		s.types("P1", "/outstanding")
		s.reads("P1", "〔我的待办〕1 项")
		if got := s.server.Pending(); got != 0 {
			t.Errorf("%d updates are not confirmed", got)
		}
		kept := listOf[store.Quarantined](s, "quarantine/")
		if len(kept) != 1 || kept[0].Reason == "" {
			t.Errorf("quarantine holds %v", kept)
		}
		s.balanced()
	})
}

// broken is a memory whose numbers fail: by a panic, or by an error.
type broken struct {
	bot.Memory
	fail func() error
}

func (b broken) Number(reminders.Tx, string) (uint64, error) { return 0, b.fail() }

// A handler that panics or fails by our fault answers with an apology, in the
// reader's language; the update is kept for the operator and nothing else changes.
func TestOurFault(t *testing.T) {
	failures := map[string]func() error{
		"panic": func() error { panic("a test") },
		"error": func() error { return reminders.Internalf("test", "disk on fire") },
	}
	for name, fail := range failures {
		t.Run(name, func(t *testing.T) {
			play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
				s.enrol(small)
				s.end()
				s.start(func(live *service) { live.bot.Memory = broken{live.bot.Memory, fail} })
				s.types("P1", "/feedback")
				s.types("P1", "一句话")
				s.reads("P1", "抱歉，刚才没有办成，您填写的内容都还在，请稍后再点一次。")
				s.types("P3", "/feedback a word")
				s.reads("P3", "Sorry, that did not work just now.")
				if kept := listOf[store.Quarantined](s, "quarantine/"); len(kept) != 2 || kept[0].Reason != "handler-failed" {
					t.Errorf("quarantine holds %v", kept)
				}
				s.end()
				s.begin() // mended
				s.types("P1", "一句话")
				s.reads("P1", "意见〔2026-0001〕") // the dialog had not been lost
				s.balanced()
			})
		})
	}
}
