package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// How often a message that follows a sending is brought up to date, on the service's
// clock: soon at first, more rarely the longer it lasts, so that a few edits a minute
// never cost the sending its pace.
const (
	soonest = 5 * time.Second
	rarest  = 30 * time.Second
	rarer   = 3 // a third of the time for which it has been at this stage
)

// progressKey begins the keys of the messages that follow a sending, and of their
// edits.
const progressKey = "progress/"

// Follow is one message that follows the sending of a notice for one reader (进度消息).
// It ends with the sending.
type Follow struct {
	Notice  string                `json:"notice"`
	Person  reminders.PersonID    `json:"person"`
	Message reminders.DeliveryKey `json:"message"`
	Since   time.Time             `json:"since"`            // of this stage
	Shown   Counts                `json:"shown"`            // at the last edit
	ShownAt time.Time             `json:"shown_at"`         //
	Edits   int                   `json:"edits,omitempty"`  // made so far
	Asking  bool                  `json:"asking,omitempty"` // whether to stop: the message shows the question
}

// Follow sends a person the message that follows the sending of a notice and keeps it
// up to date until that is over. Each reader has one such message: following again
// moves it to the end of the chat. Of a notice that is over it shows the end, once.
func (d *Desk) Follow(tx reminders.Tx, id string, person reminders.PersonID) error {
	before, found, err := d.Copies.Follow(tx, id, person)
	if err != nil {
		return err
	}
	if found {
		gone, err := d.takeAway(tx, before)
		if err != nil || !gone {
			return err // it is on its way
		}
	}
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return err
	}
	if !found {
		return reminders.Fail(reminders.NotFound, "notice.follow", "error.not_found", nil)
	}
	f := Follow{Notice: id, Person: person, Since: tx.Now(), ShownAt: tx.Now()}
	f.Message = reminders.DeliveryKey(fmt.Sprintf("%s%s/%s/%d", progressKey, n.Handle(), person, tx.Now().UnixMilli()))
	if err := d.Copies.SaveFollow(tx, f); err != nil {
		return err
	}
	return d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: f.Message, Kind: "answer", Act: reminders.ActSend, Person: person, Lane: reminders.LaneAnswer, Reason: "progress",
		NotBefore: tx.Now(), Lines: []reminders.Message{ProgressLine(id)},
	})
}

// AskStop lets the message that a person follows show the question whether to stop, or
// no longer. It reports false if they follow none.
func (d *Desk) AskStop(tx reminders.Tx, id string, person reminders.PersonID, asking bool) (bool, error) {
	f, found, err := d.Copies.Follow(tx, id, person)
	if err != nil || !found || f.Asking == asking {
		return found, err
	}
	f.Asking = asking
	return true, d.Copies.SaveFollow(tx, f)
}

// takeAway deletes the message of a follow; false if it has not arrived yet.
func (d *Desk) takeAway(tx reminders.Tx, f Follow) (bool, error) {
	if _, waits, err := d.Box.Delivery(tx, f.Message); err != nil || waits {
		return false, err
	}
	sent, found, err := d.Box.Receipt(tx, f.Message)
	if err != nil || !found || sent.Result != reminders.Sent {
		return true, err
	}
	return true, d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: f.Message + "/gone", Kind: "answer", Act: reminders.ActDelete, Person: f.Person, Chat: sent.Chat, MessageID: sent.MessageID,
		Lane: reminders.LaneAnswer, Reason: "progress", NotBefore: tx.Now(),
	})
}

// isProgress reports whether a message follows a sending, or is an edit of one.
func isProgress(m reminders.Delivery) bool { return strings.HasPrefix(string(m.Key), progressKey) }

// shown is told how a message that follows a sending, or an edit of it, ended: what
// cannot be shown any more is not followed.
func (d *Desk) shown(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	if o.Result == reminders.Sent || m.Act == reminders.ActDelete {
		return nil
	}
	follows, err := d.Copies.Follows(tx)
	if err != nil {
		return err
	}
	for _, f := range follows {
		if f.Message == m.Key || f.Message == m.Original {
			return d.Copies.DropFollow(tx, f.Notice, f.Person)
		}
	}
	return nil
}

// refresh brings up to date the messages whose time has come and whose counts have
// changed, and gives the instant at which the next one may.
func (d *Desk) refresh(ctx context.Context, follows []Follow, now time.Time) (next time.Time, err error) {
	stands := map[string]Progress{} // several may follow the same
	for _, f := range follows {
		if at := d.lookAt(f, now); at.After(now) {
			if next.IsZero() || at.Before(next) {
				next = at
			}
			continue
		}
		if _, known := stands[f.Notice]; !known {
			if stands[f.Notice], err = d.look(ctx, f.Notice); err != nil {
				return next, err
			}
		}
		if err := d.refreshOne(ctx, f, stands[f.Notice]); err != nil {
			return next, err
		}
		d.looked(f, now)
	}
	return next, nil
}

// look counts where a sending stands, without keeping anybody from writing.
func (d *Desk) look(ctx context.Context, id string) (p Progress, err error) {
	err = d.Units.View(ctx, func(tx reminders.Tx) (err error) {
		p, err = d.Progress(tx, id)
		return err
	})
	return p, err
}

// refreshOne edits the message that follows a sending if there is something new.
func (d *Desk) refreshOne(ctx context.Context, f Follow, p Progress) error {
	if p.Counts == f.Shown {
		return nil
	}
	return d.Units.Do(ctx, func(tx reminders.Tx) error {
		kept, found, err := d.Copies.Follow(tx, f.Notice, f.Person)
		if err != nil || !found || kept.Message != f.Message {
			return err
		}
		return d.edit(tx, kept, p)
	})
}

// edit lets the message of a follow be composed anew. While it waits to be sent, or an
// edit of it waits, nothing is added: that one shows how things stand when it goes, and
// no older state can arrive behind a newer one.
func (d *Desk) edit(tx reminders.Tx, f Follow, p Progress) error {
	before := f.Message
	if f.Edits > 0 {
		before = f.editKey()
	}
	if _, waits, err := d.Box.Delivery(tx, before); err != nil || waits {
		return err
	}
	if f.Edits++; f.Shown.Stage != p.Stage {
		f.Since = tx.Now() // halted, or going on: what comes now is watched closely again
	}
	f.Shown, f.ShownAt = p.Counts, tx.Now()
	err := d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: f.editKey(), Kind: "answer", Act: reminders.ActEdit, Person: f.Person, Lane: reminders.LaneAnswer,
		Reason: "progress", NotBefore: tx.Now(), Original: f.Message,
	})
	if err != nil {
		return err
	}
	if p.Over() {
		return d.Copies.DropFollow(tx, f.Notice, f.Person)
	}
	return d.Copies.SaveFollow(tx, f)
}

// editKey is the key of the last edit.
func (f Follow) editKey() reminders.DeliveryKey {
	return reminders.DeliveryKey(fmt.Sprintf("%s/%d", f.Message, f.Edits))
}

// lookAt is the earliest instant of the next look at what a message follows.
func (d *Desk) lookAt(f Follow, now time.Time) time.Time {
	d.mu.Lock()
	last := d.lookedAt[f.Message]
	d.mu.Unlock()
	if f.ShownAt.After(last) {
		last = f.ShownAt
	}
	if last.After(now) { // the clock was stepped back
		return now
	}
	return last.Add(max(soonest, min(rarest, now.Sub(f.Since)/rarer)))
}

// noticed lets everything be looked at anew as soon as something was halted or goes on.
func (d *Desk) noticed(halts []Halt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.halts, halts) {
		d.halts = halts
		clear(d.lookedAt)
	}
}

// looked remembers when a follow was looked at.
func (d *Desk) looked(f Follow, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lookedAt[f.Message] = now
}
