package notice_test

import (
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// claim takes up to n messages that are due into flight, but none of a notice of which
// no copy may be claimed: as the clockwork does it.
func (o *office) claim(n int) []reminders.Delivery {
	o.t.Helper()
	var flying []reminders.Delivery
	o.do(func(tx reminders.Tx) error {
		flying = nil
		paused, err := o.desk.Paused(tx)
		if err != nil {
			return err
		}
		for _, lane := range []reminders.Lane{reminders.LanePersonal, reminders.LaneBroadcast} {
			due, err := o.store.Outbox().DueDeliveries(tx, lane, o.clock.now, 0)
			if err != nil {
				return err
			}
			for _, d := range due {
				if len(flying) == min(n, 20) || d.Act != reminders.ActSend || held(d, paused) {
					continue
				}
				d, found, err := o.store.Outbox().ClaimDelivery(tx, d.Key)
				if err != nil {
					return err
				}
				if found {
					flying = append(flying, d)
				}
			}
		}
		return nil
	})
	return flying
}

// held reports whether a message belongs to, or says, one of the notices.
func held(d reminders.Delivery, notices []string) bool {
	return slices.ContainsFunc(notices, func(id string) bool {
		return strings.HasPrefix(string(d.Key), id+"/") ||
			slices.ContainsFunc(d.Lines, func(line reminders.Message) bool { return line.Ref == id })
	})
}

// lands ends the flight of a message.
func (o *office) lands(d reminders.Delivery, result reminders.Result) {
	o.t.Helper()
	o.do(func(tx reminders.Tx) error { return o.settleAs(tx, d, result) })
}

// returns puts a message in flight back, as after a crash.
func (o *office) returns(d reminders.Delivery) {
	o.t.Helper()
	d.ClaimedAt, d.Uncertain = time.Time{}, true
	o.do(func(tx reminders.Tx) error { return o.store.Outbox().SaveDelivery(tx, d) })
}

// recovers puts all back that was in flight.
func (o *office) recovers() {
	o.t.Helper()
	var left []reminders.Delivery
	o.do(func(tx reminders.Tx) (err error) {
		left, err = o.store.Outbox().Claimed(tx)
		return err
	})
	for _, d := range left {
		o.returns(d)
	}
}

// carry sends up to n messages that are due.
func (o *office) carry(n int) (sent int) {
	o.t.Helper()
	for _, d := range o.claim(n) {
		o.lands(d, reminders.Sent)
		sent++
	}
	return sent
}

// progress is where a notice stands.
func (o *office) progress(id string) (p notice.Progress) {
	o.t.Helper()
	o.do(func(tx reminders.Tx) (err error) {
		p, err = o.desk.Progress(tx, id)
		return err
	})
	return p
}

// fates tells for every copy of a notice what became of it, out of the copies
// themselves: waiting, sent, unreachable or withdrawn.
func (o *office) fates(id string) map[reminders.DeliveryKey]string {
	o.t.Helper()
	fate := map[reminders.DeliveryKey]string{}
	note := func(key reminders.DeliveryKey, what string) {
		if was := fate[key]; was != "" {
			what = was + " and " + what
		}
		fate[key] = what
	}
	o.do(func(tx reminders.Tx) error {
		clear(fate)
		box := o.store.Outbox()
		own := func(d reminders.Delivery) bool {
			return d.Act == reminders.ActSend && strings.HasPrefix(string(d.Key), id+"/") && d.Kind != "chase"
		}
		waits := append(o.queued(tx), o.flying(tx)...)
		for _, d := range waits {
			if own(d) {
				note(d.Key, "waiting")
			}
		}
		for after := reminders.DeliveryKey(""); ; {
			page, err := box.ReceiptsAfter(tx, after, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, r := range page {
				after = r.Key
				if !own(r.Delivery) {
					continue
				}
				if r.Result == reminders.Joined {
					o.merged(tx, r, waits, note)
					continue
				}
				note(r.Key, string(r.Result))
			}
		}
	})
	return fate
}

// merged finds out what became of a copy that was merged into another message: that
// carries its line, or is gone.
func (o *office) merged(tx reminders.Tx, r reminders.Receipt, waits []reminders.Delivery, note func(reminders.DeliveryKey, string)) {
	carries := func(d reminders.Delivery) bool {
		return d.Person == r.Person && slices.ContainsFunc(d.Lines, func(line reminders.Message) bool { return line.Ref == r.Lines[0].Ref })
	}
	if slices.ContainsFunc(waits, carries) {
		note(r.Key, "waiting")
		return
	}
	for _, key := range []reminders.DeliveryKey{r.JoinedTo, "rest/" + r.JoinedTo} {
		host, found, err := o.store.Outbox().Receipt(tx, key)
		if err == nil && found && carries(host.Delivery) && !(key == r.JoinedTo && host.Code == notice.CodeStopped && len(host.Lines) > 1) {
			note(r.Key, string(host.Result))
			return
		}
	}
	note(r.Key, "lost")
}

func (o *office) queued(tx reminders.Tx) (all []reminders.Delivery) {
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		due, err := o.store.Outbox().DueDeliveries(tx, lane, o.clock.now.AddDate(1, 0, 0), 0)
		if err != nil {
			o.t.Error(err)
		}
		all = append(all, due...)
	}
	return all
}

func (o *office) flying(tx reminders.Tx) []reminders.Delivery {
	all, err := o.store.Outbox().Claimed(tx)
	if err != nil {
		o.t.Error(err)
	}
	return all
}

// counted fails unless progress says what counting the copies themselves does, and
// every copy has exactly one fate.
func (o *office) counted(id string) notice.Counts {
	o.t.Helper()
	n, found := o.find(id)
	if !found || n.State == notice.Skipped {
		return notice.Counts{}
	}
	var want notice.Counts
	for key, fate := range o.fates(id) {
		want.Planned++
		switch fate {
		case "waiting":
			want.Waiting++
		case "sent":
			want.Sent++
		case "unreachable":
			want.Unreachable++
		case "withdrawn":
			want.Dropped++
		default:
			o.t.Errorf("%s is %s", key, fate)
		}
	}
	got := o.progress(id).Counts
	want.Complete, want.Stage = got.Complete, got.Stage
	if diff := cmp.Diff(want, got); diff != "" {
		o.t.Errorf("progress of %s (-counted +said):\n%s", id, diff)
	}
	return got
}

// settleAs ends a message that was claimed.
func (o *office) settleAs(tx reminders.Tx, d reminders.Delivery, result reminders.Result) error {
	box := o.store.Outbox()
	if err := box.SaveReceipt(tx, reminders.Receipt{Delivery: d, Result: result, SentAt: tx.Now(), Duplicate: d.Uncertain && result == reminders.Sent}); err != nil {
		return err
	}
	diary, err := box.Diary(tx, d.Person)
	if err != nil {
		return err
	}
	for i, push := range diary {
		if push.Key == d.Key {
			diary[i].Sent = result == reminders.Sent
		}
	}
	if err := box.SaveDiary(tx, d.Person, diary); err != nil {
		return err
	}
	for _, ask := range d.Asks {
		if result != reminders.Sent {
			break
		}
		owner := obligation.Owner{Person: ask.Person, Unit: ask.Unit}
		if err := o.book.Delivered(tx, obligation.TermsID(ask.Terms), owner, d.Key, tx.Now(), false); err != nil {
			return err
		}
	}
	if err := o.desk.Settled(tx, d, reminders.Outcome{Result: result}); err != nil {
		return err
	}
	return box.RemoveDelivery(tx, d.Key)
}
