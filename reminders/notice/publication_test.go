package notice_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Due at 18:00 of the last workday, closed at 10:00 of the next, one reminder on the
// workday before or, where that is the day of sending, on the last day.
func TestExpected(t *testing.T) {
	_, cal := shipped(t)
	tests := []struct {
		name                       string
		workdays                   int
		sent, due, closes, reminds time.Time
	}{
		{"three days in one week", 3, day(7, 6, 10, 0), day(7, 9, 18, 0), day(7, 10, 10, 0), day(7, 8, 10, 0)},
		{"one day: reminded on it", 1, day(7, 6, 10, 0), day(7, 7, 18, 0), day(7, 8, 10, 0), day(7, 7, 10, 0)},
		{"two days: reminded on the first", 2, day(7, 6, 10, 0), day(7, 8, 18, 0), day(7, 9, 10, 0), day(7, 7, 10, 0)},
		{"over a weekend", 1, day(7, 10, 10, 0), day(7, 13, 18, 0), day(7, 14, 10, 0), day(7, 13, 10, 0)},
		{"urgent, on a Saturday", 1, day(7, 11, 23, 0), day(7, 13, 18, 0), day(7, 14, 10, 0), day(7, 13, 10, 0)},
		{"over National Day", 1, day(9, 30, 9, 0), day(10, 8, 18, 0), day(10, 9, 10, 0), day(10, 8, 10, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := notice.Publication{ID: "2026-0001", Kind: notice.Announcement, Expects: notice.ExpectPerPerson, Workdays: test.workdays}
			got := p.Expected(cal, test.sent)
			if !got.Due.Equal(test.due) || !got.Closes.Equal(test.closes) || len(got.Ladder) != 1 || !got.Ladder[0].At.Equal(test.reminds) {
				t.Errorf("due %s, closes %s, ladder %v", got.Due, got.Closes, got.Ladder)
			}
		})
	}
	if got := (notice.Publication{Expects: notice.ExpectNothing}).Expected(cal, day(7, 6, 10, 0)); got != nil {
		t.Errorf("nothing is expected, and yet %+v", got)
	}
}

// What units acknowledge goes to their liaisons and leaders; everything else to whom it
// is addressed.
func TestReaders(t *testing.T) {
	everyone := reminders.Audience{Everyone: true, Except: []reminders.PersonID{"P1"}}
	if diff := cmp.Diff(everyone, (notice.Publication{Audience: everyone, Expects: notice.ExpectPerPerson}).Readers()); diff != "" {
		t.Errorf("per person (-want +got):\n%s", diff)
	}
	want := reminders.Audience{Roles: []reminders.Role{reminders.Liaison, reminders.Leader}, Except: []reminders.PersonID{"P1"}}
	if diff := cmp.Diff(want, (notice.Publication{Audience: everyone, Expects: notice.ExpectPerUnit}).Readers()); diff != "" {
		t.Errorf("per unit (-want +got):\n%s", diff)
	}
	if got := (notice.Publication{Expects: notice.ExpectPerUnit}).Readers(); !got.Nobody() {
		t.Errorf("nobody became %+v", got)
	}
}

// What state a publication is in says whether it is open, undecided and worked on.
func TestPublicationStates(t *testing.T) {
	tests := []struct {
		name                     string
		p                        notice.Publication
		open, undecided, working bool
	}{
		{"drafting", notice.Publication{State: notice.Drafting}, true, false, false},
		{"submitted", notice.Publication{State: notice.Awaiting}, true, true, false},
		{"returned", notice.Publication{State: notice.SentBack}, true, false, false},
		{"approved", notice.Publication{State: notice.Cleared}, true, false, true},
		{"sent", notice.Publication{State: notice.Released}, false, false, false},
		{"a correction is submitted", notice.Publication{State: notice.Released, Correction: &notice.Correction{State: notice.Awaiting}}, false, true, false},
		{"a correction is carried out", notice.Publication{State: notice.Released, Correction: &notice.Correction{State: notice.Cleared}}, false, false, true},
		{"a correction was carried out", notice.Publication{State: notice.Released, Correction: &notice.Correction{State: notice.Released}}, false, false, false},
		{"being recalled", notice.Publication{State: notice.Recalled, Recall: &notice.Recall{}}, false, false, true},
		{"recalled", notice.Publication{State: notice.Recalled, Recall: &notice.Recall{Ended: day(7, 6, 10, 0)}}, false, false, false},
		{"chasing", notice.Publication{State: notice.Released, Chasing: &notice.Chasing{}}, false, false, true},
		{"given up", notice.Publication{State: notice.Abandoned}, false, false, false},
	}
	for _, test := range tests {
		if test.p.Open() != test.open || test.p.Undecided() != test.undecided || test.p.Working() != test.working {
			t.Errorf("%s: open %v, undecided %v, working %v", test.name, test.p.Open(), test.p.Undecided(), test.p.Working())
		}
	}
}
