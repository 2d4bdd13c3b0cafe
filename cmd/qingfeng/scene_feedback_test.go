package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Feedback is given in the evening and answered the next one, gone on with, answered
// again, and closed. Nobody is told anything in quiet hours, and the ledger holds hashes.
func TestFeedbackTranscripts(t *testing.T) {
	const question, answer, more = "提醒里能不能附上办公网链接？", "可以，下周起附上。", "只附首页就够了。"
	play(t, "2026-08-17T19:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/feedback")
		s.types("P1", question)
		s.types("P3", "/feedback The letters are small.")
		s.until("2026-08-18 08:00")
		s.types("S2", "/feedback")
		s.tap("S2", "待答复的意见（2）")
		s.tap("S2", "答复 2026-0001")
		s.lives("2026-08-18 20:30")
		s.tap("S2", "写答复")
		s.types("S2", "请打 13900000001 找我")
		s.reads("S2", "手机号码")
		before := s.received("P1")
		s.types("S2", answer)
		s.until("2026-08-19 07:59")
		if got := s.received("P1"); got != before {
			t.Errorf("the author received %d messages in quiet hours", got-before)
		}
		s.until("2026-08-19 08:00")
		s.reads("P1", "〔意见答复〕2026-0001")
		s.tap("P1", "继续说明")
		s.types("P1", more)
		s.settle()
		s.reads("S2", more)
		s.tap("S2", "答复 2026-0001")
		s.tap("S2", "写答复")
		s.types("S2", "好的，谢谢。")
		s.tap("S2", "办结")
		s.tap("P1", "继续说明") // of an answer, after it was closed
		if got := s.toast("P1"); got.Text != "意见〔2026-0001〕已经办结。还有意见，请重新发送 /feedback。" || !got.Alert {
			t.Errorf("what is closed answers %q", got.Text)
		}
		s.types("S3", "/feedback")
		s.tap("S3", "待答复的意见（1）")
		s.tap("S3", "答复 2026-0002")
		s.tap("S3", "写答复")
		s.types("S3", "Larger from next week on.")
		s.recorded("P1", "feedback-official")
		s.recorded("P3", "feedback-official-english")
		s.recorded("S2", "feedback-staff")

		hashes := map[string]int{}
		for _, e := range append(s.entries(ledger.Feedback), s.entries(ledger.Answered)...) {
			hashes[e.TextHash+e.Reason]++
		}
		for _, said := range []string{reminders.HashText(question), reminders.HashText(answer), reminders.HashText(more) + "more", "closed"} {
			if hashes[said] != 1 {
				t.Errorf("the ledger has %d entries of %s", hashes[said], said)
			}
		}
		s.tallied("2026-08-01", "2026-09-01", feedback.Tally{Received: 2, Answered: 2})
		s.tallied("2026-08-01", "2026-08-18", feedback.Tally{Received: 2, Waiting: 2})
		s.balanced()
	})
}

// tallied fails unless the feedback of a period counts so.
func (s *scene) tallied(from, to string, want feedback.Tally) {
	s.t.Helper()
	var got feedback.Tally
	err := s.live.store.View(context.Background(), func(tx reminders.Tx) (err error) {
		got, err = s.live.store.FeedbackTally(tx, reminders.Window{From: s.at(from + " 00:00"), To: s.at(to + " 00:00")})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("feedback of %s to %s (-want +got):\n%s", from, to, diff)
	}
}

// Who may do what with feedback: the office reads, answers and closes, its author reads
// and goes on, nobody else learns that it is there. Buttons are sealed for whoever taps.
func TestFeedbackByRole(t *testing.T) {
	const one, notThere = "2026-0001", "没有找到这一项，可能已经办结或撤回。请用 /outstanding 查看当前待办。"
	rows := []struct{ verb, object, may, otherwise string }{
		{"open", "opinions", "S1 S2", denied},
		{"page", "opinions-1", "S1 S2", denied},
		{"open", "opinion-" + one, "S1 S2 P1", notThere},
		{"open", "opinionanswer-" + one, "S1 S2", denied},
		{"open", "opinionmore-" + one, "P1", ""}, // the office is denied, others do not find it
		{"open", "opinion-2026-0009", "", notThere},
		{"page", "opinionclose-" + one, "S1", denied}, // last: it is over then
	}
	play(t, "2026-08-17T09:00:00+08:00", func(s *scene) {
		s.enrol(town, "P5")
		s.types("P1", "/feedback 字小了")
		for _, row := range rows {
			for _, id := range []reminders.PersonID{"P1", "P2", "L1", "B1", "A1", "U1", "S1", "S2"} {
				if row.object == "opinionclose-"+one && id == "S2" {
					continue
				}
				data, err := s.live.bot.Codec.Encode(row.verb, row.object, id)
				if err != nil {
					t.Fatal(err)
				}
				before := s.dump(intakeKeys...)
				s.stale(id, s.last(id).ID, data)
				got, may := s.toast(id), allowed(row.may, string(id))
				switch {
				case may && got.Alert:
					t.Errorf("%s may not %s: %q", id, row.object, got.Text)
				case !may && !got.Alert, !may && row.otherwise != "" && got.Text != row.otherwise:
					t.Errorf("%s taps %s and reads %q", id, row.object, got.Text)
				case !may:
					s.unchanged(row.object, before)
				}
			}
		}
		s.types("S1", "这是答复") // the dialog of what is closed meanwhile
		s.reads("S1", "已经办结")
		s.balanced()
	})
}

// Feedback is purged two years after the last word, and its number is not given again.
func TestFeedbackIsPurged(t *testing.T) {
	play(t, "2026-08-17T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/feedback 字小了")
		s.types("S2", "/feedback")
		s.tap("S2", "待答复的意见（1）")
		s.tap("S2", "答复 2026-0001")
		s.end()
		s.clock.step(s.at("2026-12-01 09:00"))
		s.begin()
		s.tap("S2", "写答复")
		s.types("S2", "已调大。")
		s.end()
		s.clock.step(s.at("2028-10-01 09:00")) // two years after it was given
		s.begin()
		time.Sleep(time.Minute)
		s.settle()
		if n := len(listOf[feedback.Thread](s, "feedback/")); n != 1 {
			t.Errorf("%d threads are kept, want 1", n)
		}
		s.end()
		s.clock.step(s.at("2028-12-05 09:00"))
		s.begin()
		time.Sleep(time.Minute)
		s.settle()
		if n := len(listOf[feedback.Thread](s, "feedback/")); n != 0 {
			t.Errorf("%d threads are kept two years after the last word", n)
		}
		if len(s.kept("字小了")) > 0 {
			t.Errorf("the text is kept in %v", s.kept("字小了"))
		}
	})
}
