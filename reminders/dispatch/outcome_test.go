package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Every result ends as it should: for good, with a receipt and the witness told
// once, or with another attempt after a growing wait.
func TestOutcomes(t *testing.T) {
	done := reminders.Outcome{Result: reminders.Sent, MessageID: 9, Chat: 70, TextHash: "hash"}
	type want struct {
		after     []time.Duration // of each attempt since the first
		result    reminders.Result
		duplicate bool
		chat      reminders.ChatID
		parts     []int
	}
	tests := []struct {
		name     string
		outcomes []reminders.Outcome
		want     want
	}{
		{"sent", []reminders.Outcome{done}, want{result: reminders.Sent, chat: 70}},
		{"blocked", []reminders.Outcome{{Result: reminders.Unreachable, Reason: "blocked", Chat: 70}}, want{result: reminders.Unreachable, chat: 70}},
		{"our fault", []reminders.Outcome{{Result: reminders.Refused}}, want{result: reminders.Refused}},
		{"withdrawn", []reminders.Outcome{{Result: reminders.Withdrawn}}, want{result: reminders.Withdrawn}},
		{
			"not sent, twice",
			[]reminders.Outcome{{Result: reminders.NotSent}, {Result: reminders.NotSent}, done},
			want{after: []time.Duration{time.Second, 3 * time.Second}, result: reminders.Sent, chat: 70},
		},
		{
			"unknown",
			[]reminders.Outcome{{Result: reminders.Unknown}, done},
			want{after: []time.Duration{time.Second}, result: reminders.Sent, duplicate: true, chat: 70},
		},
		{
			"perhaps sent, then refused",
			[]reminders.Outcome{{Result: reminders.Unknown}, {Result: reminders.Unreachable}},
			want{after: []time.Duration{time.Second}, result: reminders.Unreachable},
		},
		{
			"asked to wait",
			[]reminders.Outcome{{Result: reminders.Wait, RetryAfter: 17 * time.Second}, done},
			want{after: []time.Duration{17 * time.Second}, result: reminders.Sent, chat: 70},
		},
		{
			"the group moved",
			[]reminders.Outcome{{Result: reminders.Moved, MovedTo: 71}, {Result: reminders.Sent, MessageID: 9}},
			want{after: []time.Duration{1050 * time.Millisecond}, result: reminders.Sent, chat: 71},
		},
		{
			"moved without saying whereto",
			[]reminders.Outcome{{Result: reminders.Moved}, done},
			want{after: []time.Duration{1050 * time.Millisecond}, result: reminders.Sent, chat: 70},
		},
		{ // one step after the other, as fast as a chat takes messages
			"an album and what belongs to it",
			[]reminders.Outcome{
				{Result: reminders.Partly, Parts: []int{3, 4}},
				{Result: reminders.NotSent, Parts: []int{3, 4}},
				{Result: reminders.Partly, Parts: []int{3, 4, 5}},
				{Result: reminders.Sent, MessageID: 6, Parts: []int{3, 4, 5, 6}},
			},
			want{
				after:  []time.Duration{1050 * time.Millisecond, 2100 * time.Millisecond, 3150 * time.Millisecond},
				result: reminders.Sent, parts: []int{3, 4, 5, 6},
			},
		},
		{
			"part of a long text",
			[]reminders.Outcome{
				{Result: reminders.NotSent, Parts: []int{3, 4}},
				{Result: reminders.NotSent},
				{Result: reminders.Sent, MessageID: 5, Parts: []int{3, 4, 5}},
			},
			want{after: []time.Duration{time.Second, 3 * time.Second}, result: reminders.Sent, parts: []int{3, 4, 5}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inPlant(t, func(p *plant) {
				p.sender.plan = func(_ reminders.Delivery, try int) reminders.Outcome { return tt.outcomes[try-1] }
				p.enqueue(message("m", reminders.LanePersonal))
				p.start()
				p.pass(time.Minute)
				checkAttempts(p.t, p.sender.attempts(), tt.want.after)
				r := p.receipt("m")
				got := want{after: tt.want.after, result: r.Result, duplicate: r.Duplicate, chat: r.Chat, parts: r.Parts}
				if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(want{})); diff != "" {
					p.t.Error(diff)
				}
				if diff := cmp.Diff([]reminders.Result{tt.want.result}, p.seen.ended["m"]); diff != "" {
					p.t.Error(diff)
				}
				if tt.want.parts != nil {
					if diff := cmp.Diff([]int{3, 4}, p.sender.attempts()[2].d.Parts); diff != "" {
						p.t.Errorf("an attempt that failed early forgot the parts: %s", diff)
					}
				}
				if p.left() != 0 {
					p.t.Error("something is left in the outbox")
				}
			})
		})
	}
}

// checkAttempts holds attempts against their times, allowing the few milliseconds
// that waking up on the clock may take.
func checkAttempts(t *testing.T, got []sent, after []time.Duration) {
	t.Helper()
	if len(got) != len(after)+1 {
		t.Fatalf("%d attempts, want %d", len(got), len(after)+1)
	}
	for n, want := range after {
		if wait := got[n+1].at.Sub(got[0].at); wait < want || wait > want+200*time.Millisecond {
			t.Errorf("attempt %d comes after %v, want %v", n+2, wait, want)
		}
	}
}

// The wait between attempts doubles to five minutes and no farther.
func TestBackOff(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = func(reminders.Delivery, int) reminders.Outcome { return reminders.Outcome{Result: reminders.NotSent} }
		p.enqueue(message("m", reminders.LanePersonal))
		p.start()
		p.pass(2 * time.Hour)
		got := p.sender.attempts()
		for n := 1; n < len(got); n++ {
			want := min(5*time.Minute, time.Second<<(n-1))
			if gap := got[n].at.Sub(got[n-1].at); gap < want || gap > want+time.Second {
				t.Errorf("attempt %d comes %v after the one before, want %v", n+1, gap, want)
			}
		}
		if len(got) < 25 {
			t.Errorf("only %d attempts in two hours", len(got))
		}
	})
}

// What became worthless is not sent, and its end is recorded.
func TestExpired(t *testing.T) {
	inPlant(t, func(p *plant) {
		late, intime := message("late", reminders.LaneDuty), message("in-time", reminders.LaneDuty)
		late.Until, intime.Until = time.Now().Add(time.Minute), time.Now().Add(time.Minute+time.Nanosecond)
		p.enqueue(late, intime)
		p.pass(time.Minute)
		p.start()
		p.pass(time.Second)
		if diff := cmp.Diff([]reminders.DeliveryKey{"in-time"}, p.sender.keys()); diff != "" {
			t.Error(diff)
		}
		if got := p.receipt("late"); got.Result != reminders.Expired || got.Code != "too-late" {
			t.Errorf("the receipt is %+v", got)
		}
	})
}

// What was sent is recorded even if that fails at first, and is not sent again.
func TestSettlementIsTriedAgain(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.seen.fail = 3
		p.enqueue(message("m", reminders.LanePersonal))
		p.start()
		p.pass(time.Minute)
		if got := p.sender.keys(); len(got) != 1 {
			t.Errorf("sent %d times", len(got))
		}
		if r := p.receipt("m"); r.Result != reminders.Sent || r.Duplicate || p.left() != 0 {
			t.Errorf("the receipt is %+v", r)
		}
	})
}

// A settlement that cannot be recorded at all is found at the next start and sent
// again as a possible duplicate: it is never lost.
func TestSettlementIsGivenUp(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.seen.fail = 1 << 30
		p.enqueue(message("m", reminders.LanePersonal))
		p.start()
		p.pass(time.Hour)
		p.seen.fail = 0
		if got := p.sender.keys(); len(got) != 1 {
			t.Errorf("sent %d times without a restart", len(got))
		}
		p.restart()
		p.pass(time.Minute)
		if r := p.receipt("m"); r.Result != reminders.Sent || !r.Duplicate || len(p.sender.keys()) != 2 {
			t.Errorf("after the restart: %+v", r)
		}
	})
}

// Only what reached the person counts in the diary of pushes.
func TestDiaryCountsWhatWasSent(t *testing.T) {
	for result, want := range map[reminders.Result][]bool{
		reminders.Sent: {true}, reminders.Unreachable: nil, reminders.Refused: nil,
	} {
		t.Run(string(result), func(t *testing.T) {
			inPlant(t, func(p *plant) {
				p.sender.plan = func(reminders.Delivery, int) reminders.Outcome { return reminders.Outcome{Result: result} }
				p.enqueue(message("m", reminders.LanePersonal))
				p.start()
				p.pass(time.Minute)
				var got []bool
				p.do(func(tx reminders.Tx) error {
					diary, err := p.outbox.Diary(tx, "of-m")
					for _, push := range diary {
						got = append(got, push.Sent)
					}
					return err
				})
				if diff := cmp.Diff(want, got); diff != "" {
					p.t.Error(diff)
				}
			})
		})
	}
}
