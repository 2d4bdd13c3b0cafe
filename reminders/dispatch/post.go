package dispatch

import (
	"cmp"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// diaryKept is how long a push counts: longer than any holiday block with its
// programme.
const diaryKept = 60 * 24 * time.Hour

// Post takes deliveries into the outbox. What several nouns want to tell one
// person on one day becomes one message here, and what quiet hours or the push
// budget do not allow now gets its later instant.
type Post struct {
	store  Store
	placer Placer
	apart  func(tx reminders.Tx, host reminders.Delivery) (bool, error)
}

// NewPost joins the post to the store and to the rules of restraint.
func NewPost(store Store, placer Placer) *Post { return &Post{store: store, placer: placer} }

// KeepApart names messages that nothing joins: those that may be withdrawn for a
// reason that does not concern what comes later. It is called before the post is used.
func (p *Post) KeepApart(f func(tx reminders.Tx, host reminders.Delivery) (bool, error)) { p.apart = f }

// Enqueue puts d into the outbox. A key that was enqueued before, whatever
// became of it, changes nothing.
func (p *Post) Enqueue(tx reminders.Tx, d reminders.Delivery) error {
	if known, err := p.known(tx, d.Key); err != nil || known {
		return err
	}
	if d.CreatedAt.IsZero() {
		d.CreatedAt = tx.Now()
	}
	if d.NotBefore.Before(tx.Now()) {
		d.NotBefore = tx.Now()
	}
	if !placed(d) {
		return p.store.SaveDelivery(tx, d)
	}
	return p.place(tx, d)
}

// placed reports whether d is a push to a person or a group that quiet hours and the
// budget concern. Answers and duty messages are not.
func placed(d reminders.Delivery) bool {
	return d.Act == reminders.ActSend && d.Diary() != "" && d.Lane >= reminders.LanePersonal
}

// known reports whether a delivery of this key exists or existed.
func (p *Post) known(tx reminders.Tx, key reminders.DeliveryKey) (bool, error) {
	if _, found, err := p.store.Delivery(tx, key); err != nil || found {
		return found, err
	}
	_, found, err := p.store.Receipt(tx, key)
	return found, err
}

// place gives d its instant and joins it to what already waits for the same
// person at that instant.
func (p *Post) place(tx reminders.Tx, d reminders.Delivery) error {
	diary, err := p.store.Diary(tx, d.Diary())
	if err != nil {
		return err
	}
	diary = slices.DeleteFunc(diary, func(push reminders.Push) bool { return tx.Now().Sub(push.At) > diaryKept })
	at, reason := p.placer.Place(d, diary, tx.Now())
	d.NotBefore = at
	if reason != "" {
		d.Reason = reason
	}
	if joined, err := p.join(tx, d, diary); err != nil || joined {
		return err
	}
	diary = append(diary, reminders.Push{Key: d.Key, At: at, Block: d.Block, As: d.As})
	if err := p.store.SaveDiary(tx, d.Diary(), diary); err != nil {
		return err
	}
	return p.store.SaveDelivery(tx, d)
}

// join adds the lines of d to a message that waits for the same person at the
// same instant, or is due as d is, and leaves a receipt that says so.
func (p *Post) join(tx reminders.Tx, d reminders.Delivery, diary []reminders.Push) (bool, error) {
	if d.Group != "" {
		return false, nil // what a group is told stands by itself
	}
	for i, push := range diary {
		together := push.At.Equal(d.NotBefore) || (!push.At.After(tx.Now()) && !d.NotBefore.After(tx.Now()))
		if push.Sent || !together {
			continue
		}
		host, found, err := p.store.Delivery(tx, push.Key)
		if err != nil {
			return false, err
		}
		if !found || !open(host) {
			continue
		}
		if p.apart != nil {
			if apart, err := p.apart(tx, host); err != nil {
				return false, err
			} else if apart {
				continue
			}
		}
		host = merged(host, d)
		if err := p.store.SaveDelivery(tx, host); err != nil {
			return false, err
		}
		if push.As != d.As { // one message for more than one capacity counts in each
			diary[i].As, diary[i].Block = "", cmp.Or(push.Block, d.Block)
			if err := p.store.SaveDiary(tx, d.Diary(), diary); err != nil {
				return false, err
			}
		}
		return true, p.store.SaveReceipt(tx, reminders.Receipt{Delivery: d, Result: reminders.Joined, JoinedTo: host.Key})
	}
	return false, nil
}

// merged is a message that says and asks what another one does besides, in the more urgent
// lane of both and until the later of their ends.
func merged(host, d reminders.Delivery) reminders.Delivery {
	if !asksAll(host, d) {
		said := len(host.Lines)
		host.Lines = unite(host.Lines, d.Lines)
		host.Asks = append(host.Asks, d.Asks...)
		if len(host.Lines) > said || len(d.Lines) == 0 { // files go with what says something new
			host.Files = append(host.Files, d.Files...)
		}
	}
	host.Lane = min(host.Lane, d.Lane)
	host.Until = later(host.Until, d.Until)
	return host
}

// open reports whether a message can still take lines in: nothing of it is with the
// chat service yet, nor on the way.
func open(host reminders.Delivery) bool {
	return host.ClaimedAt.IsZero() && !host.Uncertain && len(host.Parts) == 0
}

// unite adds lines, but the same notice only once: somebody who answers for several
// units reads it once and finds a button for each.
func unite(lines, more []reminders.Message) []reminders.Message {
	for _, line := range more {
		same := func(m reminders.Message) bool { return m.Ref == line.Ref }
		if line.Ref == "" || !slices.ContainsFunc(lines, same) {
			lines = append(lines, line)
		}
	}
	return lines
}

// asksAll reports whether host asks all that d asks already: a chase at somebody's
// request and the one of the programme are the same thing to their reader.
func asksAll(host, d reminders.Delivery) bool {
	return len(d.Asks) > 0 && !slices.ContainsFunc(d.Asks, func(ask reminders.Ask) bool {
		return !slices.Contains(host.Asks, ask)
	})
}

// later gives the later of two ends, where zero is no end at all.
func later(a, b time.Time) time.Time {
	if a.IsZero() || b.IsZero() {
		return time.Time{}
	}
	if a.After(b) {
		return a
	}
	return b
}
