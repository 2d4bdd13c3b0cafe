package notice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// A recall in the middle of a broadcast to a thousand people: what was delivered is
// deleted, what is in flight too once it has landed, what waits never goes, and nothing
// is expected of anybody.
func TestRecallMidBroadcast(t *testing.T) {
	r := newNewsroom(t, 1000)
	handle, id := r.sent(nil)
	r.deliver(402)
	flying := r.launch(30)
	r.recall(handle)
	r.work()
	r.land(flying, reminders.Sent)
	r.finish()
	if diff := cmp.Diff(map[string]int{"": 430}, r.histories(id)); diff != "" {
		t.Errorf("what the copies showed (-want +got):\n%s", diff)
	}
	s := r.standing(handle)
	if s.Recalled.Deleted != 430 || s.Recalled.Replaced != 2 || len(s.Recalled.Kept) != 0 || s.Publication.Recall.Ended.IsZero() {
		t.Errorf("the recall ended with %+v", s.Recalled)
	}
	if diff := cmp.Diff(obligation.Tally{obligation.Withdrawn: 1002}, r.tallies(id)); diff != "" {
		t.Errorf("the book (-want +got):\n%s", diff)
	}
	entries := r.entries(ledger.Withdrawn)
	if last := entries[len(entries)-1]; last.Reason != "recall" || last.Attrs["deleted"] != "430" {
		t.Errorf("the ledger ends with %+v", last)
	}
	r.balanced()
}

// After 48 hours nothing can be deleted: texts are replaced, and files remain.
func TestRecallOfOldCopies(t *testing.T) {
	tests := []struct {
		name  string
		files []reminders.File
		want  notice.RecallResult
	}{
		{"texts", nil, notice.RecallResult{Replaced: 12}},
		{"a picture stays", []reminders.File{{Hash: "h", Name: "p.jpg", Type: "image/jpeg", Size: 9}}, notice.RecallResult{
			Kept: map[string]int{notice.KeptFile: 12},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newNewsroom(t, 10)
			handle, id := r.sent(func(p *notice.Publication) { p.Files = test.files })
			r.finish()
			r.clock.now = r.clock.now.Add(49 * time.Hour)
			r.recall(handle)
			r.finish()
			got := r.standing(handle).Recalled
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("the recall (-want +got):\n%s", diff)
			}
			if got := r.histories(id); got["first>publication.recalled"] != 10 {
				t.Errorf("what the copies showed: %v", got)
			}
			r.balanced()
		})
	}
}

// What the chat service refuses to delete is replaced; what it refuses to replace, or
// whose reader has blocked the bot, is listed.
func TestRecallThatIsRefused(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, id := r.sent(nil)
	r.finish()
	r.recall(handle)
	r.work()
	flights := r.launch(12) // ten deletions, and two edits of what else the office was told
	slices.SortStableFunc(flights, func(a, b flight) int { return strings.Compare(string(a.Act), string(b.Act)) })
	r.land(flights[:1], reminders.Unreachable)
	r.land(flights[1:3], reminders.Refused)
	r.land(flights[3:], reminders.Sent)
	again := r.launch(2)
	r.land(again[:1], reminders.Refused)
	r.finish()
	got := r.standing(handle).Recalled
	if got.Deleted != 7 || got.Replaced != 3 || got.Kept[notice.KeptRefused]+got.Kept[notice.KeptBlocked] != 2 {
		t.Errorf("the recall ended with %+v", got)
	}
	if got := r.histories(id); got["first>publication.recalled"] != 1 {
		t.Errorf("what the copies showed: %v", got)
	}
	r.balanced()
}

// What shares a message with something else is taken out of it; the rest stays.
func TestRecallOfWhatWasJoined(t *testing.T) {
	r := newNewsroom(t, 10)
	one, first := r.sent(nil)
	_, second := r.sent(func(p *notice.Publication) { p.Bodies = said("other") })
	r.finish()
	if got := r.histories(first); got["first+other"] != 10 || len(r.copies(second)) != 0 {
		t.Fatalf("the two were not joined: %v, %v", got, r.histories(second))
	}
	r.recall(one)
	r.finish()
	if got := r.histories(first); got["first+other>other"] != 10 {
		t.Errorf("what the messages showed: %v", got)
	}
	if got := r.tallies(second); got[obligation.Open] != 12 {
		t.Errorf("the other is not expected any more: %v", got)
	}
	r.balanced()
}

// The other way round: the copy that is recalled was merged into the message of another.
func TestRecallOfAGuest(t *testing.T) {
	r := newNewsroom(t, 10)
	_, first := r.sent(nil)
	two, _ := r.sent(func(p *notice.Publication) { p.Bodies = said("other") })
	r.finish()
	r.correct(two, "new", false)
	r.finish()
	r.recall(two)
	r.finish()
	if got := r.histories(first); got["first+other>first+new>first"] != 10 {
		t.Errorf("what the messages showed: %v", got)
	}
	if got := r.tallies(first); got[obligation.Open] != 12 {
		t.Errorf("the host is not expected any more: %v", got)
	}
	r.balanced()
}

// A recall overtakes a correction that is being carried out, in every round.
func TestRecallDuringCorrection(t *testing.T) {
	r := newNewsroom(t, 200)
	handle, id := r.sent(nil)
	r.deliver(100)
	r.correct(handle, "second", true)
	if err := r.tryWork(3); err != nil {
		t.Fatal(err)
	}
	r.recall(handle)
	r.finish()
	for _, terms := range []string{id, id + "~2"} {
		if got := r.tallies(terms); got[obligation.Open] != 0 {
			t.Errorf("open under %s: %v", terms, got)
		}
	}
	for key, shown := range r.copies(id) {
		if len(shown) > 0 {
			t.Errorf("%s shows %v", key, shown)
		}
	}
	r.balanced()
}

// What waits to remind of it, or to tell of its correction, does not go any more.
func TestRecallOfChases(t *testing.T) {
	r := newNewsroom(t, 24)
	handle, _ := r.sent(nil)
	r.finish()
	r.clock.now = day(7, 6, 21, 0)
	r.correct(handle, "second", true)
	r.clock.now = day(7, 7, 9, 0)
	r.do(func(tx reminders.Tx) error { _, err := r.press.Chase(tx, handle, "S001"); return err })
	r.work()
	if about := len(r.waiting()); about < 48 { // an edit, and the news of the correction
		t.Fatalf("only %d messages wait", about)
	}
	r.recall(handle)
	r.work()
	for _, d := range r.waiting() {
		if d.Act == reminders.ActSend && (d.Kind == "chase" || strings.HasPrefix(string(d.Key), "changed/")) && !strings.HasPrefix(string(d.Person), "S") {
			t.Errorf("%s still waits", d.Key)
		}
	}
	r.finish()
	r.balanced()
}
