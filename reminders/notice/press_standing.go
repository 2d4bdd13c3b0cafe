package notice

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Standing is where a publication stands (发布情况).
type Standing struct {
	Publication Publication
	Progress    Progress // of its notice; zero before it is sent
	Terms       obligation.Terms
	All         obligation.Tally // of what is expected now; nil if nothing is
	Units       map[reminders.UnitID]obligation.Tally
	Recalled    RecallResult
	Outdated    map[string]int // messages that a correction did not reach, by Ground
}

// RecallResult counts what became of the messages that were recalled.
type RecallResult struct {
	Deleted, Replaced int
	Kept              map[string]int // of which something remains, by Ground
}

// Standing gives where a publication stands. It reads every line of the book about it:
// call it in a view. It fails with NotFound.
func (p *Press) Standing(tx reminders.Tx, handle string) (s Standing, err error) {
	if s.Publication, err = p.Find(tx, handle); err != nil || s.Publication.Notice == "" {
		return s, err
	}
	id := s.Publication.Notice
	if s.Progress, err = p.Desk.Progress(tx, id); err != nil {
		return s, err
	}
	n, _, err := p.Desk.Store.Notice(tx, id)
	if err != nil {
		return s, err
	}
	if n.Terms != nil {
		if s.Terms, _, err = p.Desk.Book.Standing(tx, reminders.Ask{Terms: n.termsID()}); err != nil {
			return s, err
		}
		if s.All, s.Units, _, err = p.Desk.Book.Count(tx, *n.Terms); err != nil {
			return s, err
		}
	}
	if s.Recalled, err = p.recalled(tx, id); err != nil {
		return s, err
	}
	s.Outdated, err = p.countGrounds(tx, id, FateOutdated)
	return s, err
}

// recalled counts what became of the messages that were recalled.
func (p *Press) recalled(tx reminders.Tx, id string) (r RecallResult, err error) {
	if r.Deleted, err = p.Store.CountFates(tx, id, FateDeleted); err != nil {
		return r, err
	}
	if r.Replaced, err = p.Store.CountFates(tx, id, FateReplaced); err != nil {
		return r, err
	}
	r.Kept, err = p.countGrounds(tx, id, FateKept)
	return r, err
}

// countGrounds counts the messages of which something remains, by the ground.
func (p *Press) countGrounds(tx reminders.Tx, id string, r FateResult) (counted map[string]int, err error) {
	err = p.eachFate(tx, id, r, func(f Fate) {
		if counted == nil {
			counted = map[string]int{}
		}
		counted[f.Ground()]++
	})
	return counted, err
}

// fatesAtOnce is how many fates are read at a time.
const fatesAtOnce = 500

// eachFate visits those that ended with a result, in order of their messages.
func (p *Press) eachFate(tx reminders.Tx, id string, r FateResult, visit func(f Fate)) error {
	for after := reminders.DeliveryKey(""); ; {
		page, err := p.Store.FatesAfter(tx, id, r, after, fatesAtOnce)
		if err != nil {
			return err
		}
		for _, f := range page {
			visit(f)
			after = f.Copy
		}
		if len(page) < fatesAtOnce {
			return nil
		}
	}
}

// Remaining lists up to limit of the messages that ended with a result on a ground, after
// the first skip, in order of their names, and gives how many there are.
func (p *Press) Remaining(tx reminders.Tx, of Publication, r FateResult, ground string, skip, limit int) (page []Fate, all int, err error) {
	err = p.eachFate(tx, of.Notice, r, func(f Fate) {
		if f.Ground() != ground {
			return
		}
		if all >= skip && len(page) < limit {
			page = append(page, f)
		}
		all++
	})
	return page, all, err
}

// Chase reminds those outstanding now (催办), at most once a day and within their push
// budget, in bounded pieces after the commit. It gives how many are outstanding. It fails
// with Closed if nothing is expected any more, or today's chase was asked for already.
func (p *Press) Chase(tx reminders.Tx, handle string, by reminders.PersonID) (int, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return 0, err
	}
	n, found, err := p.Desk.Store.Notice(tx, of.Notice)
	switch {
	case err != nil:
		return 0, err
	case !found || n.Terms == nil || of.State != Released || !tx.Now().Before(n.Terms.Due):
		return 0, reminders.Fail(reminders.Closed, "notice.chase", "publication.nothing_open", nil)
	case of.Chasing != nil && p.today(of.Chasing.At) == p.today(tx.Now()):
		return 0, reminders.Fail(reminders.Closed, "notice.chase", "publication.chased_today", nil)
	}
	open := 0
	err = p.Desk.Units.View(context.Background(), func(view reminders.Tx) error { // a unit of work would remember every line
		all, _, _, err := p.Desk.Book.Count(view, *n.Terms)
		open = all[obligation.Open]
		return err
	})
	if err != nil || open == 0 {
		return 0, err
	}
	of.Chasing = &Chasing{By: by, At: tx.Now()}
	if err := p.Store.SavePublication(tx, of); err != nil {
		return 0, err
	}
	return open, p.record(tx, of, ledger.Chased, by, askedStep+p.today(tx.Now()))
}

// carryChasing chases the next of those outstanding.
func (p *Press) carryChasing(tx reminders.Tx, of Publication) error {
	chasing := *of.Chasing
	of.Chasing = &chasing
	next := ""
	if of.State == Released && !of.correcting() {
		var err error
		next, err = p.Desk.Book.AskPage(tx, of.termsID(of.Round), chasing.Way.Cursor, takenBack, askedStep+p.today(chasing.At), chasing.By)
		if err != nil {
			return err
		}
	}
	if chasing.Way.Cursor = next; next == "" {
		chasing.Ended = tx.Now()
	}
	return p.Store.SavePublication(tx, of)
}

// today names the day of an instant.
func (p *Press) today(t time.Time) string {
	return calendar.DateOf(t, p.Desk.Calendar().Location()).String()
}
