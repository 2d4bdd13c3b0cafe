package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// crowd is an office of so many officials beside the small one: sending a notice to them
// at the default rate lasts.
func crowdOf(officials int) string {
	var rows strings.Builder
	rows.WriteString(small)
	for n := range officials {
		fmt.Fprintf(&rows, "Q%03d,样人%03d,样例%d局,科员,official,zh-Hans\n", n, n, n/40)
	}
	return rows.String()
}

// gathers enrols the crowd; a bot writes to 28 of them a second.
func (s *scene) gathers(officials int) {
	s.t.Helper()
	s.enrol(crowdOf(officials))
	s.passes(time.Duration(officials/10) * time.Second)
}

// passes lets a little time pass, and what is due in it happen, without waiting for
// more.
func (s *scene) passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// touches taps the newest button with a label and gives the service a moment.
func (s *scene) touches(id reminders.PersonID, label string) {
	s.t.Helper()
	if err := s.phone(id).TapLabel(label); err != nil {
		s.t.Fatalf("%s taps %q: %v\n%s", id, label, err, s.server.Transcript(s.phone(id)))
	}
	s.passes(700 * time.Millisecond)
}

// asks types a command and gives the service a moment.
func (s *scene) asks(id reminders.PersonID, text string) {
	s.t.Helper()
	s.phone(id).Type(text)
	s.passes(700 * time.Millisecond)
}

// remindersSent counts the personal reminders that the chat service accepted, and gives
// the instant of the last.
func (s *scene) remindersSent() (n int, last time.Time) {
	s.t.Helper()
	for id := range s.phones {
		for _, m := range s.phone(id).Messages() {
			if !m.FromBot || !strings.Contains(m.Text, heading) && !strings.Contains(m.Text, headingEnglish) {
				continue
			}
			if n++; m.Date.After(last) {
				last = m.Date
			}
		}
	}
	return n, last
}

// progressOf is what the service says of the personal reminder.
func (s *scene) progressOf() (p notice.Progress) {
	s.t.Helper()
	err := s.live.store.View(s.t.Context(), func(tx reminders.Tx) (err error) {
		p, err = s.live.notices.Progress(tx, "2026-mid-autumn+national-day/holiday-reminder")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// edits counts how often the bot has edited a message in a chat since an instant.
func (s *scene) edits(id reminders.PersonID, since time.Time) (n int) {
	for _, call := range s.server.Calls() {
		if call.Method == "editMessageText" && call.Chat == s.phone(id).ID() && call.At.After(since) {
			n++
		}
	}
	return n
}

// The office follows a reminder to 329 people, pauses it in the middle and lets it go on:
// while it is paused not one copy arrives, not after a restart either, while answers do;
// in the end everyone has exactly one.
func TestPublishingPausedAndResumed(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.gathers(320)
		s.asks("S2", "/status")
		if strings.Contains(s.last("S2").Text, "正在发送") {
			t.Error("the board speaks of a sending before the instant")
		}
		s.passes(s.at("2026-09-22 09:00").Sub(s.clock.Now()) + 2*time.Second)
		s.asks("S2", "/status")
		s.reads("S2", "中秋、国庆廉洁提醒：已发 ")
		s.touches("S2", "发送进度：中秋、国庆廉洁提醒")
		s.reads("S2", "〔发送进度〕中秋、国庆廉洁提醒")
		s.touches("S2", "暂停")
		s.reads("S2", "已暂停（周例证，9月22日 09:00）")

		paused := s.entries(ledger.Paused)
		if len(paused) != 1 || paused[0].Actor != "S2" {
			t.Fatalf("pauses in the ledger: %+v", paused)
		}
		sent, last := s.remindersSent()
		if sent < 60 || sent > 200 {
			t.Fatalf("%d reminders were sent before the pause: it is not in the middle", sent)
		}
		if late := last.Sub(paused[0].At); late > 0 {
			t.Errorf("a reminder arrived %v after the pause was committed", late)
		}
		s.halted(sent)
		s.asks("P1", "/help")
		s.reads("P1", "〔使用帮助〕")
		s.asks("S3", "/status")
		s.reads("S3", "已暂停（周例证，9月22日 09:00）")
		s.touches("S3", "发送进度：中秋、国庆廉洁提醒")
		s.touches("S3", "发送进度：中秋、国庆廉洁提醒") // once more: the one message moves down
		s.asks("Q319", "/outstanding")
		s.reads("Q319", "您没有待办事项") // its copy waits, and does not come by another way
		s.passes(20 * time.Minute)
		s.halted(sent)
		s.end()
		s.begin()
		s.passes(time.Minute)
		s.halted(sent)
		if got := s.edits("S2", s.at("2026-09-22 09:05")); got != 0 {
			t.Errorf("%d edits of a message in which nothing changes", got)
		}

		s.touches("S3", "继续")
		resumed := s.clock.Now()
		s.passes(30 * time.Second)
		s.reminded()
		for n := range 320 {
			s.once(heading, reminders.PersonID(fmt.Sprintf("Q%03d", n)))
		}
		want := notice.Counts{Planned: 329, Sent: 329, Complete: true, Stage: notice.Done}
		if diff := cmp.Diff(want, s.progressOf().Counts); diff != "" {
			t.Errorf("in the end (-want +got):\n%s", diff)
		}
		s.passes(time.Minute)
		for _, id := range []reminders.PersonID{"S2", "S3"} {
			s.followed(id, resumed)
		}
		s.recordedInTransit("S2", "publisher")
		s.balanced()
	})
}

// inTransit are the counts of a sending, number what is masked in them.
var (
	inTransit = regexp.MustCompile(`(?:已发|待发|不再发|sent|waiting|any more) \d+|\d+%|\d+ of 329 sent`)
	number    = regexp.MustCompile(`\d+`)
)

// recordedInTransit compares a chat with its golden transcript, but for counts that
// depend on which of the things of one instant came first.
func (s *scene) recordedInTransit(id reminders.PersonID, name string) {
	s.t.Helper()
	s.recordedBut(id, name, func(line string) string {
		if strings.Contains(line, "100%") {
			return line
		}
		return inTransit.ReplaceAllStringFunc(line, func(counts string) string { return number.ReplaceAllString(counts, "N") })
	})
}

// halted fails unless as many reminders as before the pause were sent.
func (s *scene) halted(sent int) {
	s.t.Helper()
	if got, _ := s.remindersSent(); got != sent {
		s.t.Errorf("%d reminders arrived while the sending was paused", got-sent)
	}
	if p := s.progressOf(); p.Sent != sent || p.Waiting != 329-sent || p.Stage != notice.OnHold {
		s.t.Errorf("progress while paused, after %d: %+v", sent, p.Counts)
	}
}

// followed fails unless a person has one message that follows the sending, which was
// edited now and then and shows the end.
func (s *scene) followed(id reminders.PersonID, since time.Time) {
	s.t.Helper()
	shown := slices.DeleteFunc(s.phone(id).Messages(), func(m sandbox.Message) bool {
		return m.Deleted || !strings.Contains(m.Text, "〔发送进度〕")
	})
	if len(shown) != 1 || !strings.Contains(shown[0].Text, "共 329 份：已发 329（100%），待发 0") || len(shown[0].Buttons) > 0 {
		s.t.Errorf("%s reads in the end: %+v", id, shown)
	}
	if got := s.edits(id, since); got < 2 || got > 6 {
		s.t.Errorf("the message of %s was edited %d times in the last seconds", id, got)
	}
}

// A sending that is stopped, once it is sure: nothing more arrives, those who were
// reached can answer, nothing is expected of the others, and every count is exact.
func TestPublishingStopped(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.gathers(320)
		s.asks("S2", "/settings")
		s.touches("S2", "English")
		s.passes(s.at("2026-09-22 09:00").Sub(s.clock.Now()) + 3*time.Second)
		s.asks("S2", "/status")
		s.touches("S2", "Progress: Mid-Autumn and National Day integrity reminder")
		s.touches("S2", "Stop")
		s.reads("S2", "A stopped notice cannot be resumed")
		s.touches("S2", "Back")
		if strings.Contains(s.last("S2").Text, "cannot be resumed") {
			t.Error("the question is still there")
		}
		s.touches("S2", "Stop")
		s.touches("S2", "Yes, stop")
		stopped := s.entries(ledger.Stopped)
		if len(stopped) != 1 || stopped[0].Actor != "S2" {
			t.Fatalf("stops in the ledger: %+v", stopped)
		}
		sent, last := s.remindersSent()
		if late := last.Sub(stopped[0].At); late > 0 {
			t.Errorf("a reminder arrived %v after the stop was committed", late)
		}
		s.passes(10 * time.Minute)
		if got, _ := s.remindersSent(); got != sent || sent == 329 {
			t.Errorf("%d reminders arrived, %d of them before the stop", got, sent)
		}
		s.reads("S2", "Stopped by 周例证, 22 Sep, 09:00.")
		want := notice.Counts{Planned: 329, Sent: sent, Dropped: 329 - sent, Complete: true, Stage: notice.Halted}
		if diff := cmp.Diff(want, s.progressOf().Counts); diff != "" {
			t.Errorf("in the end (-want +got):\n%s", diff)
		}
		lines := map[string]int{"open ": sent, "withdrawn stopped": 329 - sent}
		if diff := cmp.Diff(lines, s.states("holiday-reminder")); diff != "" {
			t.Errorf("what is expected (-want +got):\n%s", diff)
		}
		s.reached(sent)
		s.types("S3", "/status")
		s.reads("S3", fmt.Sprintf("已阅 1/%d，未阅 %d", sent, sent-1))
		s.recordedInTransit("S2", "publisher-english")
		s.tapStale("S2", "resume", "This sending was stopped and cannot be resumed.")
		s.balanced()
	})
}

// reached lets one who was reached answer, and one who was not ask what is open.
func (s *scene) reached(sent int) {
	s.t.Helper()
	var with, without reminders.PersonID
	for n := range 320 {
		id := reminders.PersonID(fmt.Sprintf("Q%03d", n))
		if s.copies(id, heading) == 1 {
			with = id
		} else {
			without = id
		}
	}
	if with == "" || without == "" {
		s.t.Fatalf("of %d reached, %q has it and %q has not", sent, with, without)
	}
	s.tap(with, "已阅")
	s.reads(with, "已阅 · 9月22日")
	s.types(without, "/outstanding")
	s.reads(without, "您没有待办事项")
}

// tapStale taps a button that the person was shown before.
func (s *scene) tapStale(id reminders.PersonID, verb, answer string) {
	s.t.Helper()
	data, err := s.live.bot.Codec.Encode(verb, s.progressOf().Handle, id)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.phone(id).Tap(s.last(id).ID, data); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	if got := s.toast(id); !got.Alert || !strings.Contains(got.Text, answer) {
		s.t.Errorf("a stale %s is answered %q", verb, got.Text)
	}
}
