package notice

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// CodeStopped is the code of a copy that was taken back because its notice was stopped.
const CodeStopped = "stopped"

// takenBack is how many copies, or lines of the book, one unit of work takes back: up
// to ten records each, of 128 that the smallest engine takes.
const takenBack = 10

// Retreat is how far the taking back of a stopped notice has come. Every piece is one
// unit of work; after a crash the next process goes on with the following one.
type Retreat struct {
	Phase  string `json:"phase"`
	Cursor string `json:"cursor,omitempty"`
	Flying bool   `json:"flying,omitempty"` // this pass met a copy in flight
}

// The phases of a retreat, in their order.
const (
	copiesPhase = ""       // messages of their own are withdrawn
	flyingPhase = "flying" // what is in flight arrives, or comes back to be withdrawn
	joinedPhase = "joined" // copies merged into other messages are taken out of them
	linesPhase  = "lines"  // what is expected of those who were not reached is withdrawn
)

// takeBack takes one bounded piece of a stopped notice back. It reports false while it
// waits for what is in flight.
func (d *Desk) takeBack(tx reminders.Tx, stop Halt) (more bool, err error) {
	n, _, err := d.Store.Notice(tx, stop.Notice)
	if err != nil {
		return false, err
	}
	if n.Ended == nil {
		n.end(stop)
		return true, d.Store.SaveNotice(tx, n)
	}
	at, err := d.Copies.Retreat(tx, n.ID)
	if err != nil {
		return false, err
	}
	switch at.Phase {
	case copiesPhase:
		return true, d.takeCopies(tx, n, at)
	case flyingPhase:
		flying, err := d.Copies.InFlight(tx, n.ID)
		if err != nil || flying > 0 {
			return false, err
		}
		return true, d.Copies.SaveRetreat(tx, n.ID, &Retreat{Phase: copiesPhase})
	case joinedPhase:
		return d.takeJoined(tx, n)
	}
	return true, d.takeLines(tx, n, stop, at)
}

// end ends the expansion of a notice that was stopped.
func (n *Notice) end(stop Halt) {
	n.Ended = &stop
	if n.Moved == "" || n.State == Published {
		n.State = Stopped
	}
}

// takeCopies withdraws the next copies that wait.
func (d *Desk) takeCopies(tx reminders.Tx, n Notice, at Retreat) error {
	page, err := d.Copies.UnderNotice(tx, n.ID, reminders.DeliveryKey(at.Cursor), takenBack)
	if err != nil {
		return err
	}
	for _, m := range page {
		at.Cursor = string(m.Key)
		switch {
		case !isCopy(m, n.ID):
		case !m.ClaimedAt.IsZero():
			at.Flying = true
		default:
			if err := d.withdraw(tx, n.ID, m); err != nil {
				return err
			}
		}
	}
	if len(page) < takenBack {
		next := joinedPhase
		if at.Flying {
			next = flyingPhase
		}
		at = Retreat{Phase: next}
	}
	return d.Copies.SaveRetreat(tx, n.ID, &at)
}

// withdraw takes a copy out of the outbox. What was merged into its message goes on
// by itself.
func (d *Desk) withdraw(tx reminders.Tx, id string, m reminders.Delivery) error {
	rest := m
	rest.Lines, rest.Asks = without(m, id)
	var err error
	if rest.Files, err = d.filesBeside(tx, m, id); err != nil {
		return err
	}
	if err := d.takeApart(tx, m, rest); err != nil {
		return err
	}
	return d.recordStopped(tx, id, m)
}

// takeApart takes a message out of the outbox and lets the rest of what it says, if there
// is any, go on as a message of its own.
func (d *Desk) takeApart(tx reminders.Tx, m, rest reminders.Delivery) error {
	if len(rest.Lines) > 0 {
		rest.Key, rest.Kind = "rest/"+m.Key, string(Digest)
		if err := d.goOn(tx, m, rest); err != nil {
			return err
		}
	} else {
		rest.Key = ""
	}
	if err := d.rediarise(tx, m, rest.Key); err != nil {
		return err
	}
	return d.Box.RemoveDelivery(tx, m.Key)
}

// goOn lets what was merged into m wait as a message of its own, in the same place.
func (d *Desk) goOn(tx reminders.Tx, m, rest reminders.Delivery) error {
	for _, line := range rest.Lines {
		if line.Ref == "" {
			continue
		}
		for _, key := range copiesIn(rest, line.Ref) {
			host, found, err := d.Copies.Joined(tx, key)
			if err != nil {
				return err
			}
			if found && host == m.Key {
				if err := d.Copies.SaveJoined(tx, key, rest.Key); err != nil {
					return err
				}
			}
		}
	}
	return d.Box.SaveDelivery(tx, rest)
}

// rediarise gives the place of m in its reader's diary of pushes to another message,
// or to none: what never went does not count.
func (d *Desk) rediarise(tx reminders.Tx, m reminders.Delivery, to reminders.DeliveryKey) error {
	diary, err := d.Box.Diary(tx, m.Diary())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(diary, func(p reminders.Push) bool { return p.Key == m.Key })
	if at < 0 {
		return nil
	}
	if diary[at].Key = to; to == "" {
		diary = slices.Delete(diary, at, at+1)
	}
	return d.Box.SaveDiary(tx, m.Diary(), diary)
}

// recordStopped writes down that a copy was taken back.
func (d *Desk) recordStopped(tx reminders.Tx, id string, m reminders.Delivery) error {
	receipt := reminders.Receipt{Delivery: m, Chat: m.Chat, Result: reminders.Withdrawn, Code: CodeStopped}
	if err := d.Box.SaveReceipt(tx, receipt); err != nil {
		return err
	}
	if err := d.Copies.SaveUnsent(tx, id, m.Key, reminders.Withdrawn); err != nil {
		return err
	}
	if m.Uncertain { // if its notice is recalled now or later
		f := fateOf(tx, receipt, FateKept)
		f.Why = KeptUncertain
		if err := d.Copies.SaveFate(tx, id, f); err != nil {
			return err
		}
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.SendFailed, Object: string(m.Key), Subject: string(m.Person), Reason: m.Reason,
		Attrs: map[string]string{"result": string(reminders.Withdrawn), "code": CodeStopped},
	})
}

// without gives what a message says and asks beside the notice.
func without(m reminders.Delivery, id string) (lines []reminders.Message, asks []reminders.Ask) {
	for _, line := range m.Lines {
		if line.Ref != id {
			lines = append(lines, line)
		}
	}
	for _, ask := range m.Asks {
		if !ofNotice(ask, id) {
			asks = append(asks, ask)
		}
	}
	return lines, asks
}

// filesBeside gives the files of a message that do not belong to the notice, in whichever
// version the message has those.
func (d *Desk) filesBeside(tx reminders.Tx, m reminders.Delivery, id string) ([]reminders.File, error) {
	if len(m.Files) == 0 {
		return nil, nil
	}
	n, _, err := d.Store.Notice(tx, id)
	if err != nil {
		return nil, err
	}
	versions := [][]reminders.File{n.Files}
	if d.press != nil {
		of, _, err := d.press.of(tx, id)
		if err != nil {
			return nil, err
		}
		for _, past := range of.Past {
			versions = append(versions, past.Files)
		}
	}
	files := slices.Clone(m.Files)
	for place := range n.Files {
		ofIt := func(f reminders.File) bool {
			return slices.ContainsFunc(versions, func(v []reminders.File) bool { return place < len(v) && sameFile(v[place], f) })
		}
		if at := slices.IndexFunc(files, ofIt); at >= 0 {
			files = slices.Delete(files, at, at+1)
		}
	}
	return files, nil
}

// mergedAtOnce is how many merged copies are looked at for those whose message is not in
// flight: more than are ever in flight at once.
const mergedAtOnce = 500

// takeJoined takes copies out of the messages into which they were merged, and goes
// on to the lines when none is left.
func (d *Desk) takeJoined(tx reminders.Tx, n Notice) (more bool, err error) {
	joined, err := d.Copies.JoinedOf(tx, n.ID, mergedAtOnce)
	if err != nil {
		return false, err
	}
	if len(joined) == 0 {
		return true, d.Copies.SaveRetreat(tx, n.ID, &Retreat{Phase: linesPhase})
	}
	taken := 0
	for _, key := range joined {
		out, err := d.takeOut(tx, n.ID, key)
		if err != nil {
			return false, err
		}
		if out {
			taken++
		}
		if taken == takenBack {
			break
		}
	}
	return taken > 0, nil
}

// takeOut takes one merged copy out of its message; false while that is in flight.
func (d *Desk) takeOut(tx reminders.Tx, id string, key reminders.DeliveryKey) (bool, error) {
	at, _, err := d.Copies.Joined(tx, key)
	if err != nil {
		return false, err
	}
	host, found, err := d.Box.Delivery(tx, at)
	if err != nil || found && !host.ClaimedAt.IsZero() {
		return false, err
	}
	if found {
		if err := d.strip(tx, id, host); err != nil {
			return false, err
		}
	}
	receipt, found, err := d.Box.Receipt(tx, key)
	if err != nil {
		return false, err
	}
	if !found {
		receipt.Key = key
	}
	receipt.Uncertain = receipt.Uncertain || host.Uncertain
	if err := d.Copies.SaveJoined(tx, key, ""); err != nil {
		return false, err
	}
	return true, d.recordStopped(tx, id, receipt.Delivery)
}

// strip takes what a notice says out of a message, and the message away if it says
// nothing else.
func (d *Desk) strip(tx reminders.Tx, id string, host reminders.Delivery) error {
	files, err := d.filesBeside(tx, host, id)
	if err != nil {
		return err
	}
	host.Files = files
	host.Lines, host.Asks = without(host, id)
	return d.leave(tx, host)
}

// leave lets a message wait with what is left of it, and takes it away if that is nothing.
func (d *Desk) leave(tx reminders.Tx, host reminders.Delivery) error {
	if len(host.Lines) > 0 {
		return d.Box.SaveDelivery(tx, host)
	}
	if err := d.rediarise(tx, host, ""); err != nil {
		return err
	}
	return d.Box.RemoveDelivery(tx, host.Key)
}

// takeLines withdraws what is expected of the next owners whom nothing has reached,
// and ends the retreat after the last.
func (d *Desk) takeLines(tx reminders.Tx, n Notice, stop Halt, at Retreat) error {
	if n.Terms != nil {
		next, err := d.Book.WithdrawUnsent(tx, n.Terms.ID, at.Cursor, takenBack, obligation.ReasonStopped, stop.By)
		if err != nil {
			return err
		}
		if next != "" {
			at.Cursor = next
			return d.Copies.SaveRetreat(tx, n.ID, &at)
		}
	}
	halts, err := d.Copies.Halts(tx)
	if err != nil {
		return err
	}
	halts = slices.DeleteFunc(halts, func(h Halt) bool { return h.Notice == n.ID })
	if err := d.Copies.SaveHalts(tx, halts); err != nil {
		return err
	}
	if err := d.Copies.SaveRetreat(tx, n.ID, nil); err != nil {
		return err
	}
	counted, err := d.Copies.CountCopies(tx, n.ID, steps(n))
	if err != nil {
		return err
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Withdrawn, Object: n.ID, Reason: CodeStopped,
		Attrs: map[string]string{
			"copies": strconv.Itoa(n.Copies), "sent": strconv.Itoa(n.Copies - counted.Unreachable - counted.Dropped),
		},
	})
}

// stopping gives the first notice that is being stopped.
func stopping(halts []Halt) (Halt, bool) {
	at := slices.IndexFunc(halts, func(h Halt) bool { return h.Stop })
	return haltAt(halts, at), at >= 0
}
