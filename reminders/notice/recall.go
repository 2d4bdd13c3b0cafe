package notice

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// deletable is how long after sending the chat service lets a bot delete a message.
const deletable = 48 * time.Hour

// Recall takes back what was sent (撤回), in one step and by one person, for a reason. It
// stops what waits, withdraws what is open, deletes the copies that are young enough and
// lets the others say only that the text was withdrawn; all of it follows in bounded
// pieces. What was approved and not sent yet is given up. It fails with Closed for what
// was recalled already or never approved, with Invalid without a reason.
func (p *Press) Recall(tx reminders.Tx, handle, reason string, by reminders.PersonID) (Publication, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return of, err
	}
	switch {
	case of.State != Released && of.State != Cleared:
		return of, reminders.Fail(reminders.Closed, "notice.recall", "publication.not_sent", nil)
	case strings.TrimSpace(reason) == "":
		return of, reminders.Fail(reminders.Invalid, "notice.recall", "publication.reason_missing", nil)
	}
	if hits := p.Screen(reason); len(hits) > 0 {
		return of, refused("notice.recall", hits[0])
	}
	if of.State == Cleared {
		of.State, of.GivenUp = Abandoned, tx.Now()
		if err := p.Store.SavePublication(tx, of); err != nil {
			return of, err
		}
		return of, p.record(tx, of, ledger.Cancelled, by, reason)
	}
	_, err = p.Desk.Stop(tx, of.Notice, by)
	if err != nil && reminders.KindOf(err) != reminders.Closed { // Closed: nothing waits any more
		return of, err
	}
	of.State, of.Recall = Recalled, &Recall{By: by, At: tx.Now(), Reason: reason, Way: Passage{Phase: recallHalt}}
	if of.Correction != nil && of.Correction.State != Released {
		given := *of.Correction
		given.State = Abandoned
		of.Correction = &given
	}
	if err := p.Store.SavePublication(tx, of); err != nil {
		return of, err
	}
	return of, p.record(tx, of, ledger.Withdrawn, by, reason)
}

// The phases of a recall, in their order.
const (
	recallHalt   = "halt"   // the desk takes back what waits; what is in flight arrives
	recallLines  = "lines"  // what is open is withdrawn, round by round
	recallChases = "chases" // what still waits to speak of it is taken back, round by round
	recallCopies = "copies" // delivered copies are deleted or replaced
	recallNews   = "news"   // so is what told of a correction
	recallEnd    = "end"    // the last of that is on its way
)

// carryRecall takes one bounded piece back. It reports false while it waits for what is
// on its way.
func (p *Press) carryRecall(tx reminders.Tx, of Publication) (bool, error) {
	n, _, err := p.Desk.Store.Notice(tx, of.Notice)
	if err != nil {
		return false, err
	}
	recall := *of.Recall
	of.Recall = &recall
	way := &recall.Way
	switch way.Phase {
	case recallHalt:
		_, held, err := p.Desk.haltOf(tx, n.ID)
		if err != nil || held {
			return false, err
		}
		*way = Passage{Phase: recallLines}
	case recallLines:
		err = p.recallLines(tx, of, n, way)
	case recallChases:
		err = p.recallChases(tx, of, n, way)
	case recallCopies:
		err = p.recallCopies(tx, of, n, way)
	case recallNews:
		if did, err := p.recallNews(tx, of, way); err != nil || !did {
			return false, err
		}
	default:
		left, err := p.Desk.Copies.UnderNotice(tx, kindRecall+"/"+n.ID, "", 1)
		if err != nil || len(left) > 0 {
			return false, err
		}
		return true, p.endRecall(tx, of)
	}
	if err != nil {
		return false, err
	}
	return true, p.Store.SavePublication(tx, of)
}

// recallLines withdraws a page of what is open, round by round, and lets lists of what is
// open say so.
func (p *Press) recallLines(tx reminders.Tx, of Publication, n Notice, way *Passage) (err error) {
	if n.Terms == nil || way.Round > of.Round {
		*way = Passage{Phase: recallChases}
		return nil
	}
	var page []obligation.Obligation
	page, way.Cursor, err = p.Desk.Book.WithdrawOpen(
		tx, of.termsID(way.Round), way.Cursor, takenBack, obligation.ReasonWithdrawn, of.Recall.By)
	if err != nil {
		return err
	}
	for _, line := range page {
		for _, key := range line.Copies {
			if err := p.refreshList(tx, of, n, key); err != nil {
				return err
			}
			if err := p.refreshAsking(tx, of, n, key); err != nil {
				return err
			}
		}
	}
	if way.Cursor == "" {
		way.Round++
	}
	return nil
}

// refreshAsking lets a message that asks and is no copy, such as a chase, say that nothing
// is asked any more. The news of a correction has a phase of its own.
func (p *Press) refreshAsking(tx reminders.Tx, of Publication, n Notice, key reminders.DeliveryKey) error {
	sent, found, err := p.Desk.Box.Receipt(tx, key)
	if err != nil || !found || sent.Result != reminders.Sent || saysIt(sent.Delivery, n.ID) || isNews(sent.Delivery, n.ID) {
		return err
	}
	sent.Asks = nil // nothing new for the book
	return p.edit(tx, of, sent, kindCorrection, ".withdrawn")
}

// recallChases takes back the next chases that wait, and the news of corrections: what
// they speak of is withdrawn.
func (p *Press) recallChases(tx reminders.Tx, of Publication, n Notice, way *Passage) error {
	prefix := string(of.termsID(way.Round))
	if way.Round > of.Round {
		prefix = newsOf(n.ID)
	}
	page, err := p.Desk.Copies.UnderNotice(tx, prefix, reminders.DeliveryKey(way.Cursor), takenBack)
	if err != nil {
		return err
	}
	for _, m := range page {
		way.Cursor = string(m.Key)
		if err := p.recallWaiting(tx, n, m); err != nil {
			return err
		}
	}
	switch {
	case len(page) == takenBack:
	case way.Round > of.Round:
		*way = Passage{Phase: recallCopies}
	default:
		way.Round, way.Cursor = way.Round+1, ""
	}
	return nil
}

// recallWaiting takes back a chase or the news of a correction that waits. What was merged
// into news goes on by itself; a chase that speaks of something else besides goes as it is.
func (p *Press) recallWaiting(tx reminders.Tx, n Notice, m reminders.Delivery) error {
	others := func(a reminders.Ask) bool { return !ofNotice(a, n.ID) }
	rest := m
	switch rest.Lines, rest.Asks = nil, nil; {
	case !m.ClaimedAt.IsZero():
		return nil
	case isNews(m, n.ID):
		rest.Lines, rest.Asks = withoutLine(m, m.Lines[0], n.ID)
	case len(m.Lines) != 1 || slices.ContainsFunc(m.Asks, others):
		return nil
	}
	if err := p.Desk.takeApart(tx, m, rest); err != nil {
		return err
	}
	return p.Desk.Box.SaveReceipt(tx, reminders.Receipt{Delivery: m, Chat: m.Chat, Result: reminders.Withdrawn, Code: kindRecall})
}

// recallCopies deals with the next delivered copies.
func (p *Press) recallCopies(tx reminders.Tx, of Publication, n Notice, way *Passage) error {
	last, err := p.eachDelivered(tx, n.ID, way, func(sent reminders.Receipt) error { return p.takeOff(tx, of, sent) })
	if last {
		*way = Passage{Phase: recallNews}
	}
	return err
}

// takeOff takes back one delivered message: it is deleted while the chat service allows
// that; otherwise, or if it says something else too, its text is replaced.
func (p *Press) takeOff(tx reminders.Tx, of Publication, sent reminders.Receipt) error {
	rest, asks := without(sent.Delivery, of.Notice)
	if len(rest) == 0 && tx.Now().Sub(sent.SentAt) < deletable {
		return p.Desk.Outbox.Enqueue(tx, reminders.Delivery{
			Key: recallKey(of, sent.Key), Kind: kindRecall, Act: reminders.ActDelete, Person: sent.Person, Chat: sent.Chat,
			Lane: reminders.LanePersonal, Reason: kindRecall, NotBefore: tx.Now(),
			Original: sent.Key, MessageID: sent.MessageID, Parts: sent.Parts,
		})
	}
	if sent.Asks = asks; len(rest) > 0 {
		sent.Lines = rest
	}
	if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
		return err
	}
	return p.edit(tx, of, sent, kindRecall, "")
}

// recallKey names the deletion of a message.
func recallKey(of Publication, sent reminders.DeliveryKey) reminders.DeliveryKey {
	return reminders.DeliveryKey(kindRecall+"/"+of.NoticeID()+"/delete/") + sent
}

// endRecall writes down how many copies were deleted, replaced and kept.
func (p *Press) endRecall(tx reminders.Tx, of Publication) error {
	counted := map[string]string{}
	for _, r := range []FateResult{FateDeleted, FateReplaced, FateKept} {
		n, err := p.Store.CountFates(tx, of.Notice, r)
		if err != nil {
			return err
		}
		counted[string(r)] = strconv.Itoa(n)
	}
	of.Recall.Ended, of.Recall.Way = tx.Now(), Passage{}
	if err := p.Store.SavePublication(tx, of); err != nil {
		return err
	}
	return p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Withdrawn, Object: of.Notice, Reason: kindRecall, Attrs: counted,
	})
}
