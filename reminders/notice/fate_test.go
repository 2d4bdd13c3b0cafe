package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Every short code with which a send ends has a ground that a reader understands; older
// records have nothing but the code.
func TestGround(t *testing.T) {
	tests := []struct{ why, want string }{
		{notice.KeptFile, notice.KeptFile},
		{"blocked", notice.KeptBlocked},
		{"deactivated", notice.KeptBlocked},
		{"chat_not_found", notice.KeptBlocked},
		{"group-lost", notice.KeptBlocked},
		{"never_bound", notice.KeptBlocked},
		{"chat-moved", notice.KeptMoved},
		{"not-enrolled", notice.KeptLeft},
		{notice.KeptUncertain, notice.KeptUncertain},
		{"not_editable", notice.KeptRefused},
		{"", notice.KeptRefused},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if got := (notice.Fate{Why: test.why}).Ground(); got != test.want {
				t.Errorf("%q instead of %q", got, test.want)
			}
		})
	}
}

// A correction that is refused, or whose reader has blocked the bot, leaves the old text:
// it is counted until a later one arrives.
func TestCorrectionThatDoesNotArrive(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, id := r.sent(nil)
	r.finish()
	r.correct(handle, "second", false)
	r.work()
	flights := r.launch(40)
	about := func(key reminders.DeliveryKey) []flight {
		for i, f := range flights {
			if f.Original == key {
				return flights[i : i+1]
			}
		}
		t.Fatalf("%s is not edited", key)
		return nil
	}
	refused, blocked := about(reminders.DeliveryKey(id + "/G0001"))[0], about(reminders.DeliveryKey(id + "/G0002"))[0]
	for _, f := range flights {
		result := reminders.Sent
		switch f.Original {
		case refused.Original:
			result = reminders.Refused
		case blocked.Original:
			result = reminders.Unreachable
		}
		r.land([]flight{f}, result)
	}
	r.finish()
	if got := r.standing(handle).Outdated[notice.KeptRefused]; got != 2 { // here nothing says why
		t.Errorf("outdated: %v", r.standing(handle).Outdated)
	}
	r.do(func(tx reminders.Tx) error {
		page, all, err := r.press.Remaining(tx, r.publication(handle), notice.FateOutdated, notice.KeptRefused, 1, 1)
		if err != nil {
			return err
		}
		want := []notice.Fate{{At: r.clock.now, Result: notice.FateOutdated, Copy: blocked.Original, Person: "G0002", Version: 2, Why: notice.KeptRefused}}
		if diff := cmp.Diff(want, page); diff != "" || all != 2 {
			t.Errorf("the second of %d (-want +got):\n%s", all, diff)
		}
		return nil
	})

	r.clock.now = r.clock.now.Add(time.Hour)
	r.correct(handle, "third", false)
	r.finish()
	if got := r.standing(handle).Outdated; len(got) != 0 {
		t.Errorf("a later correction arrived, and still: %v", got)
	}
	r.do(func(tx reminders.Tx) error {
		f, found, err := r.store.Publications().Fate(tx, id, notice.FateCorrected, refused.Original)
		if !found || f.Version != 3 || !f.At.Equal(r.clock.now) {
			t.Errorf("the copy shows version %d since %v", f.Version, f.At)
		}
		return err
	})
	r.balanced()
}

// Where nobody knows whether a first attempt has left a message, a recall says so: of what
// was sent again and is deleted, and of what waited to be sent again.
func TestRecallOfWhatIsUncertain(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, id := r.sent(nil)
	again, waits := reminders.DeliveryKey(id+"/G0001"), reminders.DeliveryKey(id+"/G0002")
	r.work()
	for range 2 {
		for _, f := range r.launch(40) {
			switch {
			case f.Key == waits, f.Key == again && !f.Uncertain:
				r.returns(f.Delivery)
			default:
				r.land([]flight{f}, reminders.Sent)
			}
		}
	}
	r.recall(handle)
	r.finish()
	want := notice.RecallResult{Deleted: 8, Replaced: 2, Kept: map[string]int{notice.KeptUncertain: 2}}
	if diff := cmp.Diff(want, r.standing(handle).Recalled); diff != "" {
		t.Errorf("the recall (-want +got):\n%s", diff)
	}
	for _, key := range []reminders.DeliveryKey{again, waits} {
		r.do(func(tx reminders.Tx) error {
			f, found, err := r.store.Publications().Fate(tx, id, notice.FateKept, key)
			if !found || f.Person == "" {
				t.Errorf("%s: %+v", key, f)
			}
			return err
		})
	}
	r.balanced()
}

// An edit that ends late says nothing about a later version that has arrived.
func TestLateEditLeavesALaterVersion(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, id := r.sent(nil)
	r.finish()
	r.correct(handle, "second", false)
	r.work()
	late := r.launch(40)
	r.correct(handle, "third", false)
	r.work()
	var third []flight
	for _, f := range r.launch(40) {
		if strings.Contains(string(f.Key), "/3/") {
			third = append(third, f)
		}
	}
	r.land(third, reminders.Sent)
	for _, f := range late {
		r.do(func(tx reminders.Tx) error {
			return r.desk.Settled(tx, f.Delivery, reminders.Outcome{Result: reminders.Refused})
		})
	}
	if got := r.standing(handle).Outdated; len(got) != 0 {
		t.Errorf("outdated: %v", got)
	}
	r.finish()
	if got := r.shown(id, 3); got != 12 {
		t.Errorf("%d of 12 show the third text", got)
	}
}

// shown counts the messages of a notice of which it is noted that they show a version.
func (r *newsroom) shown(id string, version int) (n int) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		n = 0
		page, err := r.store.Publications().FatesAfter(tx, id, notice.FateCorrected, "", 0)
		for _, f := range page {
			if f.Version == version {
				n++
			}
		}
		return err
	})
	return n
}
