package store

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Retention says how long records are kept (保留期限), each kind counted from its
// own end. The ledger is kept for ever; updates that were seen are forgotten after
// 48 hours, with the beat of the service.
type Retention struct {
	Receipts    time.Duration // since the message was sent, or given up
	Diaries     time.Duration // since the push
	Obligations time.Duration // since the closing of their terms
	Feedback    time.Duration // since something was said last
	Invitations time.Duration // since the code was used, replaced or ran out
	Quarantine  time.Duration // since it was put aside
	Requests    time.Duration // since another system brought something under a key
	Files       time.Duration // since somebody sent a file and said nothing more
	Drafts      time.Duration // since somebody went on with a half-finished report
	Cases       time.Duration // since a public case expired or was withdrawn
	Reports     time.Duration // since the last version or step of the review
	Themes      time.Duration // since a theme was closed
	Duty        time.Duration // since the end of a shift, roster, leave or draw, or of what came of it
}

// DefaultRetention keeps for two years what shows who was told and who answered,
// and the rest for as long as somebody may still need it.
func DefaultRetention() Retention {
	const day = 24 * time.Hour
	return Retention{
		Receipts: 2 * 365 * day, Diaries: 2 * 365 * day, Obligations: 2 * 365 * day, Feedback: 2 * 365 * day,
		Invitations: 90 * day, Quarantine: 30 * day, Requests: 7 * day, Files: day, Drafts: 14 * day,
		Cases: 365 * day, Reports: 2 * 365 * day, Themes: 2 * 365 * day, Duty: 2 * 365 * day,
	}
}

// The pace of a purge: how often it begins, how many records one unit of work looks
// at, how many times as many are passed over before it, and how many it deletes at
// most. The smallest engine takes 128 changes, and a report has five records with its rows.
const (
	purgeEvery   = 24 * time.Hour
	purgeLooks   = 200
	purgeSkims   = 20
	purgeDeletes = 24
)

// purgeKey is where the purge says how far it has come.
const purgeKey = "purge"

// purge is a run over all kinds of records: under way while Kind is within the list.
type purge struct {
	Began  time.Time `json:"began"`
	Kind   int       `json:"kind"`             // the one it is at
	Cursor string    `json:"cursor,omitempty"` // the last record it looked at
	Count  int       `json:"count,omitempty"`  // deleted of this kind
}

// Purger deletes once a day what has had its time, in small units of work, and
// writes into the ledger how many of each kind. It is a source of the clockwork.
type Purger struct {
	store *Store
	kinds []purgeable
}

// NewPurger makes a purger that keeps records for as long as keep says.
func NewPurger(s *Store, keep Retention) *Purger {
	kinds := []purgeable{
		{"receipts", "receipt/", keep.Receipts, purgeReceipt},
		{"diaries", "diary/", keep.Diaries, purgeDiary},
		{"obligations", "terms/", keep.Obligations, purgeTerms},
		{"feedback", "feedback/", keep.Feedback, purgeThread},
		{"invitations", "invitation/", keep.Invitations, purgeInvitation},
		{"quarantine", "quarantine/", keep.Quarantine, purgeDated},
		{"requests", "request/", keep.Requests, purgeDated},
		{"files", "dialog/", keep.Files, purgeFile},
		{"drafts", "dialog/", keep.Drafts, purgeDraft},
		{"copies", "unsent/", keep.Receipts, purgeDated},
		{"fates", "fate/", keep.Receipts, purgeDated},
		{"cases", caseKey(""), keep.Cases, purgeCase},
		{"reports", "report/", keep.Reports, purgeReport},
		{"themes", "theme/", keep.Themes, purgeTheme},
	}
	return &Purger{store: s, kinds: slices.Concat(kinds, purgeableDuty(keep.Duty), purgeableGroups(keep))}
}

// purgeable is one kind of record.
type purgeable struct {
	name   string
	prefix string
	keep   time.Duration
	// old deletes what of a record is from before an instant, at most room
	// records. rest says that there is more of it.
	old func(u *Unit, record Record, before time.Time, room int) (deleted int, rest bool, err error)
}

// Advance goes one unit of work further if a purge is under way or due.
func (p *Purger) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	var at purge
	err = p.store.View(ctx, func(tx reminders.Tx) error {
		at, _, err = load[purge](tx, purgeKey)
		return err
	})
	if err != nil {
		return time.Time{}, false, err
	}
	idle := at.Began.IsZero() || at.Kind >= len(p.kinds)
	if due := at.Began.Add(purgeEvery); idle && now.Before(due) && !now.Before(at.Began) {
		return due, false, nil
	}
	if idle {
		at = purge{Began: now.UTC()}
	}
	at, err = p.skim(ctx, at)
	if err != nil {
		return time.Time{}, false, err
	}
	err = p.store.Do(ctx, func(tx reminders.Tx) error {
		u, err := unitOf(tx)
		if err != nil {
			return err
		}
		after, err := p.step(u, at)
		more = after.Kind < len(p.kinds)
		if err != nil {
			return err
		}
		return Save(u, purgeKey, after)
	})
	return at.Began.Add(purgeEvery), more, err
}

// skim passes over records that stay, reading only, so that a million young ones
// are not a commit each page.
func (p *Purger) skim(ctx context.Context, at purge) (purge, error) {
	err := p.store.View(ctx, func(tx reminders.Tx) error {
		u, err := unitOf(tx)
		if err != nil {
			return err
		}
		for range purgeSkims {
			page, err := p.page(u, at)
			if err != nil || len(page) < purgeLooks {
				return err
			}
			for _, record := range page {
				if old, err := p.kinds[at.Kind].isOld(u, record, at.Began); err != nil || old {
					return err
				}
				at.Cursor = record.Key
			}
		}
		return nil
	})
	return at, err
}

// isOld tries in a unit of work that comes to nothing whether a record has had its
// time.
func (k purgeable) isOld(u *Unit, record Record, now time.Time) (bool, error) {
	trial := &Unit{ctx: u.ctx, now: u.now, base: u.base}
	deleted, rest, err := k.old(trial, record, now.Add(-k.keep), 1)
	return deleted > 0 || rest, err
}

// page reads the next records of the kind at which the purge is.
func (p *Purger) page(u *Unit, at purge) ([]Record, error) {
	from, to := Prefix(p.kinds[at.Kind].prefix)
	if at.Cursor != "" {
		from = After(at.Cursor)
	}
	return u.List(from, to, purgeLooks)
}

// step deletes what is old among the next records, and goes on to the next kind
// where there are no more.
func (p *Purger) step(u *Unit, at purge) (purge, error) {
	kind := p.kinds[at.Kind]
	page, err := p.page(u, at)
	if err != nil {
		return at, err
	}
	room := purgeDeletes
	for _, record := range page {
		if room <= 0 {
			return at, nil
		}
		deleted, rest, err := kind.old(u, record, at.Began.Add(-kind.keep), room)
		if err != nil {
			return at, err
		}
		room, at.Count = room-deleted, at.Count+deleted
		if rest {
			return at, nil
		}
		at.Cursor = record.Key
	}
	if len(page) == purgeLooks {
		return at, nil
	}
	if at.Count > 0 {
		u.Append(ledger.Entry{
			Actor: ledger.System, Verb: ledger.Purged, Object: kind.name, Reason: "retention",
			Attrs: map[string]string{"count": strconv.Itoa(at.Count), "before": at.Began.Add(-kind.keep).Format(time.RFC3339)},
		})
	}
	return purge{Began: at.Began, Kind: at.Kind + 1}, nil
}

// What cannot be read stays, in each of the following: the check reports it.

// purgeReceipt deletes a receipt.
func purgeReceipt(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var r reminders.Receipt
	if Decode(record.Value, &r) != nil {
		return 0, false, nil
	}
	at := r.SentAt
	if at.IsZero() {
		at = r.NotBefore
	}
	return deleteIf(u, record.Key, at.Before(before)), false, nil
}

// purgeDiary takes old pushes out of a diary, and deletes it when none is left.
func purgeDiary(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var pushes, kept []reminders.Push
	if Decode(record.Value, &pushes) != nil {
		return 0, false, nil
	}
	for _, push := range pushes {
		if !push.At.Before(before) {
			kept = append(kept, push)
		}
	}
	switch len(kept) {
	case len(pushes):
		return 0, false, nil
	case 0:
		return deleteIf(u, record.Key, true), false, nil
	}
	return 1, false, Save(u, record.Key, kept)
}

// purgeTerms deletes the lines under closed terms and then the terms. Members goes
// down with the lines, so that the book balances after each unit of work.
func purgeTerms(u *Unit, record Record, before time.Time, room int) (int, bool, error) {
	var t obligation.Terms
	if Decode(record.Value, &t) != nil {
		return 0, false, nil
	}
	if !t.Closed || !t.Closes.Before(before) {
		return 0, false, nil
	}
	from, to := Prefix("line/" + string(obligation.HandleOf(t.ID)) + "/")
	lines, err := u.List(from, to, room)
	if err != nil {
		return 0, false, err
	}
	for _, line := range lines {
		var o obligation.Obligation
		if Decode(line.Value, &o) != nil {
			return 0, false, nil
		}
		if !o.State.Final() {
			return 0, false, nil // unexplained: the audit says so, and it stays to be looked at
		}
	}
	for _, line := range lines {
		u.Delete(line.Key)
	}
	t.Members -= len(lines)
	if len(lines) == room {
		return len(lines), true, Save(u, record.Key, t)
	}
	u.Delete("terms-handle/" + string(obligation.HandleOf(t.ID)))
	return len(lines) + deleteIf(u, record.Key, true), false, nil
}

// purgeDated deletes a record that says by itself when it was made.
func purgeDated(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var dated struct {
		At time.Time `json:"at"`
	}
	if Decode(record.Value, &dated) != nil {
		return 0, false, nil
	}
	return deleteIf(u, record.Key, dated.At.Before(before)), false, nil
}

// purgeInvitation deletes an invitation that cannot be used any more, and where it
// is found as the latest of its person.
func purgeInvitation(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var i people.Invitation
	if Decode(record.Value, &i) != nil {
		return 0, false, nil
	}
	ended := i.ExpiresAt
	for _, at := range []time.Time{i.UsedAt, i.ReplacedAt} {
		if !at.IsZero() && at.Before(ended) {
			ended = at
		}
	}
	if !ended.Before(before) {
		return 0, false, nil
	}
	latest := "invited/" + string(i.Person)
	hash, found, err := Load[string](u, latest)
	if err != nil {
		return 0, false, err
	}
	if found && hash == i.Hash {
		u.Delete(latest)
	}
	return deleteIf(u, record.Key, true), false, nil
}

// purgeFile ends a conversation that holds a file which nobody came back to. Half-finished
// reports of the same chat have a time of their own and stay.
func purgeFile(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var dialog struct {
		At    time.Time         `json:"at"`
		File  []byte            `json:"file"`
		Forms []json.RawMessage `json:"forms"`
	}
	if Decode(record.Value, &dialog) != nil || len(dialog.File) == 0 || !dialog.At.Before(before) {
		return 0, false, nil
	}
	if len(dialog.Forms) == 0 {
		return deleteIf(u, record.Key, true), false, nil
	}
	return 1, false, Save(u, record.Key, map[string]any{"asked": "", "forms": dialog.Forms})
}

// purgeDraft ends a conversation that holds half-finished reports which nobody came back
// to, if it asks nothing else.
func purgeDraft(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var dialog struct {
		At    time.Time `json:"at"`
		Forms []struct {
			At time.Time `json:"at"`
		} `json:"forms"` // the last one first
	}
	if Decode(record.Value, &dialog) != nil || len(dialog.Forms) == 0 {
		return 0, false, nil
	}
	return deleteIf(u, record.Key, dialog.At.Before(before) && dialog.Forms[0].At.Before(before)), false, nil
}

// deleteIf deletes a record if it is old, and counts it.
func deleteIf(u *Unit, key string, old bool) int {
	if !old {
		return 0
	}
	u.Delete(key)
	return 1
}
