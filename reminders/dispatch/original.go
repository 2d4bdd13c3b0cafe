package dispatch

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// keepTrue writes into the receipt of the original what an attempt at an edit or a
// deletion has made of its message, also where it has not ended or has failed midway:
// the next one aims at the messages that exist, and an answer names the text that is
// shown.
func (c *Clockwork) keepTrue(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	if d.Original == "" || d.Act == reminders.ActSend {
		return nil
	}
	sent, found, err := c.Store.Receipt(tx, d.Original)
	if err != nil || !found || sent.Result != reminders.Sent {
		return err
	}
	now := sent
	if n := len(o.Parts); n > 0 {
		now.Parts, now.MessageID = o.Parts, o.Parts[n-1]
	}
	if o.Files != nil {
		now.Files = o.Files
	}
	switch {
	case o.Result != reminders.Sent:
	case d.Act == reminders.ActDelete:
		now.DeletedAt = tx.Now()
	default:
		now.Duplicate = now.Duplicate || d.Uncertain
		if o.TextHash != "" {
			now.TextHash = o.TextHash
		}
	}
	if slices.Equal(now.Parts, sent.Parts) && now.MessageID == sent.MessageID && now.TextHash == sent.TextHash &&
		now.Duplicate == sent.Duplicate && now.DeletedAt.Equal(sent.DeletedAt) && o.Files == nil {
		return nil
	}
	return c.Store.SaveReceipt(tx, now)
}

// proceed notes in a delivery that is put back how far it has come.
func (c *Clockwork) proceed(tx reminders.Tx, d *reminders.Delivery, o reminders.Outcome) error {
	if o.Result == reminders.Partly {
		d.Attempts, d.Midway = 0, o.Midway
	}
	switch {
	case d.Act == reminders.ActSend && len(o.Parts) > len(d.Parts): // a failure may know of none
		d.Parts = o.Parts
		if o.Files != nil {
			d.Files = o.Files // what follows belongs to these
		}
	case d.Original != "" && d.Midway.Sends:
		return c.address(tx, d)
	case d.Original == "" && o.Result == reminders.Partly:
		d.Parts = o.Parts
	}
	return nil
}

// address lets an edit that goes on with a new message count where its reader gets
// others, if it names its original only.
func (c *Clockwork) address(tx reminders.Tx, d *reminders.Delivery) error {
	if d.Person != "" || d.Group != "" || d.Chat != 0 {
		return nil
	}
	sent, _, err := c.Store.Receipt(tx, d.Original)
	if d.Person, d.Group = sent.Person, sent.Group; d.Person == "" {
		d.Chat = sent.Chat
	}
	return err
}
