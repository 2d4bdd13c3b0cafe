package obligation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// shanghai is the zone of the place; steps of ladders carry its offset.
var shanghai = time.FixedZone("", 8*3600)

// on gives an instant of September 2026.
func on(day, hour, minute int) time.Time {
	return time.Date(2026, 9, day, hour, minute, 0, 0, shanghai)
}

// nano is the smallest step of time.
const nano = time.Nanosecond

// integrity is a reminder of 22 September, due on 24 September at 18:00 with an
// hour of grace, chased at 10:00 of that day, told to the leader in the evening and
// closed on 28 September.
func integrity() obligation.Terms {
	return obligation.Terms{
		ID: "2026-mid-autumn/holiday-reminder", Kind: "holiday-reminder", Block: "2026-mid-autumn",
		Opens: on(22, 9, 0), Due: on(24, 18, 0), Grace: time.Hour, Closes: on(28, 10, 0),
		Subject: reminders.Line("reminder.subject", nil),
		Ladder: []obligation.Step{
			{Name: "chase", At: on(24, 10, 0), Action: obligation.Chase, To: reminders.Official},
			{Name: "tell-leader", At: on(25, 9, 0), Action: obligation.Tell, To: reminders.Leader},
		},
	}
}

// asked is an open line whose message arrived on 22 September at 09:00.
func asked() obligation.Obligation {
	return obligation.Obligation{
		Terms: integrity().ID, Owner: obligation.Owner{Person: "G001", Unit: "u1"},
		State: obligation.Open, OpenedAt: on(22, 9, 0), SentAt: on(22, 9, 0),
	}
}

// A line that is open has at every instant exactly one decision with a named
// reason; an instant belongs to what begins with it.
func TestNext(t *testing.T) {
	chase, tell := integrity().Ladder[0], integrity().Ladder[1]
	nothing := func(reason string) obligation.Decision {
		return obligation.Decision{Do: obligation.DoNothing, Reason: reason}
	}
	step := func(s obligation.Step) obligation.Decision {
		return obligation.Decision{Do: obligation.DoStep, Step: s, Reason: s.Name}
	}
	missed := func(reason string) obligation.Decision {
		return obligation.Decision{Do: obligation.DoSettle, State: obligation.Missed, Reason: reason}
	}
	excused := obligation.Decision{Do: obligation.DoSettle, State: obligation.Excused, Reason: obligation.ReasonServiceDown}
	down := func(from, to time.Time) []reminders.Window { return []reminders.Window{{From: from, To: to}} }

	tests := []struct {
		name    string
		terms   func(*obligation.Terms)
		line    func(*obligation.Obligation)
		at      time.Time
		outages []reminders.Window
		want    obligation.Decision
	}{
		{name: "before the first step", at: on(24, 10, 0).Add(-nano), want: nothing(obligation.ReasonNothingDue)},
		{name: "the first step at its instant", at: on(24, 10, 0), want: step(chase)},
		{
			name: "a step that was taken", terms: func(t *obligation.Terms) { t.Taken = 1 },
			at: on(24, 12, 0), want: nothing(obligation.ReasonNothingDue),
		},
		{name: "a chase in the last instant of grace", at: on(24, 19, 0).Add(-nano), want: step(chase)},
		{name: "no chase once due and grace are over", at: on(24, 19, 0), want: nothing(obligation.ReasonPastDue)},
		{
			name: "no chase for what never arrived", line: func(o *obligation.Obligation) { o.SentAt = time.Time{} },
			at: on(24, 10, 0), want: nothing(obligation.ReasonNeverSent),
		},
		{
			name: "no chase on the day of the reminder", line: func(o *obligation.Obligation) { o.SentAt = on(24, 0, 0) },
			at: on(24, 10, 0), want: nothing(obligation.ReasonSameDay),
		},
		{
			name: "a chase of what arrived in the last instant of the day before",
			line: func(o *obligation.Obligation) { o.SentAt = on(24, 0, 0).Add(-nano) },
			at:   on(24, 10, 0), want: step(chase),
		},
		{
			name: "the day is that of the place, not of UTC",
			line: func(o *obligation.Obligation) { o.SentAt = on(24, 0, 30).UTC() }, // 23 September in UTC
			at:   on(24, 10, 0), want: nothing(obligation.ReasonSameDay),
		},
		{name: "after an outage only the newest step", at: on(25, 9, 0), want: step(tell)},
		{
			name: "the next level also hears of what never arrived", line: func(o *obligation.Obligation) { o.SentAt = time.Time{} },
			at: on(25, 9, 0), want: step(tell),
		},
		{
			name:  "of two steps of one instant the first, then the second",
			terms: func(t *obligation.Terms) { t.Ladder[1].At = t.Ladder[0].At },
			at:    on(24, 10, 0), want: step(chase),
		},
		{name: "open until the closing instant", terms: func(t *obligation.Terms) { t.Taken = 2 }, at: on(28, 10, 0).Add(-nano), want: nothing(obligation.ReasonNothingDue)},
		{name: "missed at the closing instant", at: on(28, 10, 0), want: missed(obligation.ReasonNotAnswered)},
		{
			name: "missed without having been reached", line: func(o *obligation.Obligation) { o.SentAt = time.Time{} },
			at: on(28, 10, 0), want: missed(obligation.ReasonNotReached),
		},
		{
			name: "an outage of 24 hours loses nothing", at: on(28, 10, 0),
			outages: down(on(23, 9, 0), on(24, 9, 0)), want: missed(obligation.ReasonNotAnswered),
		},
		{
			name: "a longer one may have lost the answer", at: on(28, 10, 0),
			outages: down(on(23, 9, 0), on(24, 9, 0).Add(nano)), want: excused,
		},
		{
			name: "one that ended as the window opened", at: on(28, 10, 0),
			outages: down(on(20, 9, 0), on(22, 9, 0)), want: missed(obligation.ReasonNotAnswered),
		},
		{
			name: "one that reached into the window", at: on(28, 10, 0),
			outages: down(on(20, 9, 0), on(22, 9, 0).Add(nano)), want: excused,
		},
		{
			name: "one that began at the closing", at: on(30, 10, 0),
			outages: down(on(28, 10, 0), on(30, 10, 0)), want: missed(obligation.ReasonNotAnswered),
		},
		{
			name: "a line that we opened too late is our fault",
			line: func(o *obligation.Obligation) { o.OpenedAt = on(28, 10, 0) }, at: on(28, 11, 0), want: excused,
		},
		{
			name: "what is settled stays settled", line: func(o *obligation.Obligation) { o.State = obligation.Met },
			at: on(30, 0, 0), want: nothing(obligation.ReasonSettled),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms, line := integrity(), asked()
			if tt.terms != nil {
				tt.terms(&terms)
			}
			if tt.line != nil {
				tt.line(&line)
			}
			if diff := cmp.Diff(tt.want, obligation.Next(terms, line, tt.at, tt.outages)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An answer is met until due plus grace, late until closing, and then too late.
func TestAnswered(t *testing.T) {
	closeAt := func(at time.Time) func(*obligation.Terms) { return func(t *obligation.Terms) { t.Closes = at } }
	tests := []struct {
		name  string
		terms func(*obligation.Terms)
		at    time.Time
		want  obligation.State // empty: refused
	}{
		{name: "at once", at: on(22, 9, 0), want: obligation.Met},
		{name: "at due plus grace", at: on(24, 19, 0), want: obligation.Met},
		{name: "an instant later", at: on(24, 19, 0).Add(nano), want: obligation.Late},
		{name: "before closing", at: on(28, 10, 0).Add(-nano), want: obligation.Late},
		{name: "at closing", at: on(28, 10, 0)},
		{name: "closing decides over grace", terms: closeAt(on(24, 18, 30)), at: on(24, 18, 30)},
		{name: "and before it grace", terms: closeAt(on(24, 18, 30)), at: on(24, 18, 30).Add(-nano), want: obligation.Met},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms := integrity()
			if tt.terms != nil {
				tt.terms(&terms)
			}
			got, err := obligation.Answered(terms, tt.at)
			if got != tt.want || (tt.want == "") != (err != nil) {
				t.Errorf("got %q and %v, want %q", got, err, tt.want)
			}
			if err != nil && reminders.KindOf(err) != reminders.Closed {
				t.Errorf("the error is %v, want one of kind closed", err)
			}
		})
	}
}

// Closing settles at the very instant from which on no answer is taken: there is
// no instant at which both or neither applies.
func TestClosingAndAnsweringMeet(t *testing.T) {
	for _, shift := range []time.Duration{-time.Hour, -nano, 0, nano, time.Hour} {
		at := integrity().Closes.Add(shift)
		_, err := obligation.Answered(integrity(), at)
		settles := obligation.Next(integrity(), asked(), at, nil).Do == obligation.DoSettle
		if settles != (err != nil) {
			t.Errorf("at closing %v: settled %t, answer refused %t", shift, settles, err != nil)
		}
	}
}

// An answer can be taken back for ten minutes, and nothing else can.
func TestCanUndo(t *testing.T) {
	tests := []struct {
		name  string
		state obligation.State
		after time.Duration
		want  bool
	}{
		{"at once", obligation.Met, 0, true},
		{"in the last instant", obligation.Met, 10*time.Minute - nano, true},
		{"after ten minutes", obligation.Met, 10 * time.Minute, false},
		{"a late answer too", obligation.Late, time.Minute, true},
		{"not what is open", obligation.Open, time.Minute, false},
		{"not what was excused", obligation.Excused, time.Minute, false},
		{"not what was missed", obligation.Missed, time.Minute, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line := asked()
			line.State, line.AnsweredAt = tt.state, on(24, 9, 0)
			if got := line.CanUndo(on(24, 9, 0).Add(tt.after)); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}
