package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Halt is the decision that no further copy of a notice goes out: for a while (暂停)
// or for good (停止).
type Halt struct {
	Notice string             `json:"notice"`
	Stop   bool               `json:"stop,omitempty"` // for good: what waits is being taken back
	By     reminders.PersonID `json:"by"`
	At     time.Time          `json:"at"`
}

// Pause keeps every copy of a notice that has not been claimed by the instant of the
// commit from being sent. The notice may go on being expanded meanwhile. Of a notice
// that is paused already it gives the pause, and changes nothing. It fails with
// NotFound for what is not published, and with Closed if nothing is left to send.
func (d *Desk) Pause(tx reminders.Tx, id string, by reminders.PersonID) (Halt, error) {
	halts, at, err := d.sending(tx, id)
	if err != nil || at >= 0 {
		return haltAt(halts, at), err
	}
	pause := Halt{Notice: id, By: by, At: tx.Now()}
	if err := d.Copies.SaveHalts(tx, append(halts, pause)); err != nil {
		return Halt{}, err
	}
	return pause, d.note(tx, ledger.Paused, pause)
}

// Resume lets the copies of a paused notice go, exactly those that wait. Without a
// pause it changes nothing. It fails as Pause does; a stopped notice stays stopped.
func (d *Desk) Resume(tx reminders.Tx, id string, by reminders.PersonID) error {
	halts, at, err := d.sending(tx, id)
	if err != nil || at < 0 {
		return err
	}
	if err := d.Copies.SaveHalts(tx, slices.Delete(halts, at, at+1)); err != nil {
		return err
	}
	return d.note(tx, ledger.Resumed, Halt{Notice: id, By: by})
}

// Stop ends the sending of a notice for good. From the commit on no copy is claimed;
// Advance then takes back, in bounded pieces, what waits, and ends what is expected
// of those whom nothing has reached. What was sent stays and can be answered. It
// fails as Pause does.
func (d *Desk) Stop(tx reminders.Tx, id string, by reminders.PersonID) (Halt, error) {
	halts, at, err := d.sending(tx, id)
	if err != nil {
		return Halt{}, err
	}
	if at >= 0 {
		halts = slices.Delete(halts, at, at+1)
	}
	stop := Halt{Notice: id, Stop: true, By: by, At: tx.Now()}
	if err := d.Copies.SaveHalts(tx, append(halts, stop)); err != nil {
		return Halt{}, err
	}
	return stop, d.note(tx, ledger.Stopped, stop)
}

// Paused lists the notices of which no copy may be claimed now. The list is one
// record: a unit of work that has read it is run again if somebody pauses meanwhile.
func (d *Desk) Paused(tx reminders.Tx) ([]string, error) {
	halts, err := d.Copies.Halts(tx)
	if err != nil || len(halts) == 0 {
		return nil, err
	}
	ids := make([]string, len(halts))
	for i, h := range halts {
		ids[i] = h.Notice
	}
	return ids, nil
}

// Goes reports with its error why a notice can be neither paused nor stopped, as Pause
// does.
func (d *Desk) Goes(tx reminders.Tx, id string) error {
	_, _, err := d.sending(tx, id)
	return err
}

// sending gives the halts, and the place of the notice's pause among them (-1 if it
// has none), of a notice that still has something to send.
func (d *Desk) sending(tx reminders.Tx, id string) (halts []Halt, at int, err error) {
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return nil, -1, err
	}
	if !found || n.State == Skipped {
		return nil, -1, reminders.Fail(reminders.NotFound, "notice.sending", "error.not_found", nil)
	}
	if halts, err = d.Copies.Halts(tx); err != nil {
		return nil, -1, err
	}
	at = slices.IndexFunc(halts, func(h Halt) bool { return h.Notice == id })
	switch {
	case n.Ended != nil || at >= 0 && halts[at].Stop:
		return nil, -1, reminders.Fail(reminders.Closed, "notice.sending", "progress.stopped_already", nil)
	case at >= 0 || n.State == Publishing && n.Moved == "":
		return halts, at, nil
	}
	waiting, err := d.anyWaits(tx, id)
	if err == nil && !waiting {
		err = reminders.Fail(reminders.Closed, "notice.sending", "progress.over", nil)
	}
	return halts, at, err
}

// haltAt gives the halt at a place, the zero one for none.
func haltAt(halts []Halt, at int) Halt {
	if at < 0 {
		return Halt{}
	}
	return halts[at]
}

// haltOf gives the halt of a notice, if there is one.
func (d *Desk) haltOf(tx reminders.Tx, id string) (Halt, bool, error) {
	halts, err := d.Copies.Halts(tx)
	at := slices.IndexFunc(halts, func(h Halt) bool { return h.Notice == id })
	return haltAt(halts, at), at >= 0, err
}

// note writes into the ledger who paused, resumed or stopped a notice.
func (d *Desk) note(tx reminders.Tx, verb ledger.Verb, h Halt) error {
	return d.Ledger.Append(tx, ledger.Entry{Actor: string(h.By), Verb: verb, Object: h.Notice})
}
