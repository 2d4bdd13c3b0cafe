package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// claimChanges is how many changes a claim brings at most: the two rows, and the
// record of what is put back because its notice is paused.
const claimChanges = 3

// pausedAgain is how long a message that carries a line of a paused notice waits
// before it is looked at again.
const pausedAgain = 5 * time.Second

// claim marks the new messages among the chosen as in flight, in groups, and gives
// what is to be sent. Edits that make no message, deletions and answers to taps may be
// repeated without harm and need no claim.
func (c *Clockwork) claim(ctx context.Context, chosen []reminders.Queued) (claimed []reminders.Delivery) {
	claimed = make([]reminders.Delivery, 0, len(chosen))
	for group := range slices.Chunk(chosen, max(1, c.MaxUnit/claimChanges)) {
		crashpoint.Pass(crashpoint.Claim)
		some, err := c.claimGroup(ctx, group)
		if err != nil {
			c.report(ctx, "claim", err)
			c.doubt(group)
		}
		crashpoint.Pass(crashpoint.Claimed)
		c.release(group, some)
		claimed = append(claimed, some...)
	}
	return claimed
}

// claimGroup claims in one unit of work, and passes over what was withdrawn since it
// was chosen or belongs to a notice that was paused since.
func (c *Clockwork) claimGroup(ctx context.Context, group []reminders.Queued) (claimed []reminders.Delivery, err error) {
	var waits []reminders.DeliveryKey
	claimed = make([]reminders.Delivery, 0, len(group))
	err = c.Units.Do(ctx, func(tx reminders.Tx) error {
		claimed, waits = claimed[:0], waits[:0]
		paused, err := c.paused(tx)
		if err != nil {
			return err
		}
		for _, q := range group {
			d, found, err := c.take(tx, q)
			switch {
			case err != nil:
				return err
			case !found:
			case carries(d, paused):
				waits = append(waits, q.Key)
				if !d.ClaimedAt.IsZero() {
					d.ClaimedAt = time.Time{}
					if err := c.Store.SaveDelivery(tx, d); err != nil {
						return err
					}
				}
			default:
				claimed = append(claimed, d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, key := range waits {
		c.holdBack(key, pausedAgain)
	}
	return claimed, nil
}

// take reads what is to be sent, and claims it if it is a new message.
func (c *Clockwork) take(tx reminders.Tx, q reminders.Queued) (reminders.Delivery, bool, error) {
	if actOf(q) == reminders.ActSend {
		return c.Store.ClaimDelivery(tx, q.Key)
	}
	return c.Store.Delivery(tx, q.Key)
}

// carries reports whether a message says what one of the notices says. The answer to
// somebody who asked what is open for them does, and goes all the same.
func carries(d reminders.Delivery, notices []string) bool {
	return len(notices) > 0 && d.Lane != reminders.LaneAnswer && slices.ContainsFunc(d.Lines, func(line reminders.Message) bool {
		return line.Ref != "" && slices.Contains(notices, line.Ref)
	})
}

// doubt notes deliveries whose claim failed: nobody knows whether it was committed,
// but they were certainly not sent.
func (c *Clockwork) doubt(group []reminders.Queued) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, q := range group {
		c.unsure = append(c.unsure, q.Key)
	}
}

// putBack makes some of the deliveries due again that were claimed, or perhaps
// claimed, and certainly not sent.
func (c *Clockwork) putBack(ctx context.Context) error {
	c.mu.Lock()
	unsure := c.unsure[:min(len(c.unsure), recoveredAtOnce)]
	c.mu.Unlock()
	if len(unsure) == 0 {
		return nil
	}
	err := c.Units.Do(ctx, func(tx reminders.Tx) error {
		for _, key := range unsure {
			d, found, err := c.Store.Delivery(tx, key)
			if err != nil {
				return err
			}
			if !found || d.ClaimedAt.IsZero() {
				continue
			}
			d.ClaimedAt = time.Time{}
			if err := c.Store.SaveDelivery(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		c.mu.Lock()
		c.unsure = c.unsure[len(unsure):]
		c.mu.Unlock()
	}
	return err
}

// putAllBack puts back, at a stop, what was claimed and not sent. Where that fails,
// the next start finds the claims and marks possible duplicates.
func (c *Clockwork) putAllBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	for {
		c.mu.Lock()
		left := len(c.unsure)
		c.mu.Unlock()
		if left == 0 {
			return nil
		}
		if err := c.putBack(ctx); err != nil {
			c.Log.ErrorContext(ctx, "messages could not be put back", "error", err)
			return nil
		}
	}
}

// release lets go of what was chosen and not claimed.
func (c *Clockwork) release(chosen []reminders.Queued, claimed []reminders.Delivery) {
	keep := make(map[reminders.DeliveryKey]bool, len(claimed))
	for _, d := range claimed {
		keep[d.Key] = true
	}
	for _, q := range chosen {
		if !keep[q.Key] {
			c.land(q.Key)
		}
	}
}
