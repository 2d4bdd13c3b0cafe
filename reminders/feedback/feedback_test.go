package feedback_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
)

var given = time.Date(2026, 9, 21, 11, 0, 0, 0, time.UTC)

func after(days int) time.Time { return given.AddDate(0, 0, days) }

// thread is what somebody said, with what followed: "a" an answer, "m" more, one a day.
func thread(t *testing.T, followed string) feedback.Thread {
	t.Helper()
	one := feedback.Thread{Number: "2026-0001", By: "P1", At: given, Text: "字小了"}
	var err error
	for i, what := range followed {
		switch what {
		case 'a':
			one, err = one.Answer("已调大。", "S2", after(i+1))
		case 'm':
			one, err = one.More("还是小。", "P1", after(i+1))
		case 'c':
			one, err = one.Close("S2", after(i+1))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return one
}

// What waits for the office waits for as long as it takes; what is answered can be gone on
// with for thirty days.
func TestState(t *testing.T) {
	for _, row := range []struct {
		name, followed string
		on             int
		want           feedback.State
	}{
		{"just given", "", 0, feedback.Waiting},
		{"given a year ago and never answered", "", 365, feedback.Waiting},
		{"answered", "a", 2, feedback.Answered},
		{"answered and left for almost thirty days", "a", 30, feedback.Answered},
		{"answered and left for thirty days", "a", 31, feedback.Over},
		{"gone on with", "am", 40, feedback.Waiting},
		{"answered twice", "aa", 31, feedback.Answered},
		{"closed without an answer", "c", 2, feedback.Over},
		{"closed", "ac", 3, feedback.Over},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := thread(t, row.followed).State(after(row.on)); got != row.want {
				t.Errorf("state %s, want %s", got, row.want)
			}
		})
	}
}

// Nobody but the author goes on with a thread, and nobody with one that is over or full.
func TestRefuses(t *testing.T) {
	if _, err := thread(t, "a").More("我也是", "P2", after(2)); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("somebody else: %v", err)
	}
	over := thread(t, "ac")
	if _, err := over.More("还有", "P1", after(3)); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("more of what is over: %v", err)
	}
	if _, err := over.Answer("好", "S2", after(3)); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("an answer to what is over: %v", err)
	}
	if _, err := over.Close("S2", after(3)); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("closed twice: %v", err)
	}
	full := feedback.Thread{By: "P1", At: given, Said: make([]feedback.Said, feedback.MaxSaid)}
	if _, err := full.More("还有", "P1", given); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("more of what is full: %v", err)
	}
}

// What is answered is what the author said last.
func TestQuestion(t *testing.T) {
	for followed, want := range map[string]string{"": "字小了", "a": "字小了", "ama": "还是小。"} {
		if got := thread(t, followed).Question(); got != want {
			t.Errorf("after %q the question is %q", followed, got)
		}
	}
}

// A thread that is gone on with leaves the earlier one as it was.
func TestValuesAreKept(t *testing.T) {
	one := thread(t, "a")
	left, _ := one.More("甲", "P1", after(2))
	right, _ := one.More("乙", "P1", after(2))
	if left.Said[1].Text != "甲" || right.Said[1].Text != "乙" || len(one.Said) != 1 {
		t.Error("two threads share what was said")
	}
}

// The month counts what came, what had its first answer, and what still waited at its end.
func TestTally(t *testing.T) {
	period := reminders.Window{From: after(0), To: after(10)}
	for _, row := range []struct {
		name   string
		thread feedback.Thread
		want   feedback.Tally
	}{
		{"given and answered", thread(t, "a"), feedback.Tally{Received: 1, Answered: 1}},
		{"gone on with and answered again counts once", thread(t, "ama"), feedback.Tally{Received: 1, Answered: 1}},
		{"given and waiting", thread(t, ""), feedback.Tally{Received: 1, Waiting: 1}},
		{"closed without an answer is dealt with", thread(t, "c"), feedback.Tally{Received: 1, Answered: 1}},
		{"given before, answered within", feedback.Thread{At: after(-5), Said: []feedback.Said{{At: after(1), Office: true}}}, feedback.Tally{Answered: 1}},
		{"given before and answered before", feedback.Thread{At: after(-5), Said: []feedback.Said{{At: after(-1), Office: true}}}, feedback.Tally{}},
		{"answered after the end", feedback.Thread{At: after(1), Said: []feedback.Said{{At: after(10), Office: true}}}, feedback.Tally{Received: 1, Waiting: 1}},
		{"given after the end", feedback.Thread{At: after(10)}, feedback.Tally{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got feedback.Tally
			got.Add(row.thread, period)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
