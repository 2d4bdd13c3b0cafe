package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// DraftState is where a draft stands.
type DraftState string

// The states of a draft.
const (
	DraftWaiting  DraftState = "waiting" // for a second person
	DraftApproved DraftState = "approved"
	DraftRejected DraftState = "rejected"
)

// Draft is what the office decided about the texts of a block (审稿): an own text
// for the personal reminder in one language, or (with an empty Text) that the
// shipped texts are kept.
type Draft struct {
	ID        string             `json:"id"` // block/language, or block/kept
	Block     string             `json:"block"`
	Notice    string             `json:"notice"` // the review in which it was asked for
	Language  reminders.Language `json:"language,omitempty"`
	Text      string             `json:"text,omitempty"`
	By        reminders.PersonID `json:"by"`
	At        time.Time          `json:"at"`
	State     DraftState         `json:"state"`
	DecidedBy reminders.PersonID `json:"decided_by,omitempty"`
	Lone      bool               `json:"lone,omitempty"` // approved by its drafter, who was the only one there
}

// Handle is the short name of the draft in button data.
func (d Draft) Handle() string { return Notice{ID: "draft/" + d.ID}.Handle() }

// Keep records that a member of the staff looked the texts of a block through
// and keeps them: they count as approved.
func (d *Desk) Keep(tx reminders.Tx, handle string, by reminders.PersonID) (Notice, error) {
	n, err := d.Review(tx, handle)
	if err != nil {
		return Notice{}, err
	}
	kept := Draft{
		ID: n.Block + "/kept", Block: n.Block, Notice: n.ID, By: by, At: tx.Now(), State: DraftApproved, DecidedBy: by,
	}
	if err := d.Store.SaveDraft(tx, kept); err != nil {
		return Notice{}, err
	}
	return n, d.Ledger.Append(tx, ledger.Entry{Actor: string(by), Verb: ledger.Kept, Object: n.ID})
}

// Change drafts an own text for the personal reminder of a block. It waits for a
// second person; the shipped text goes out as long as nobody approved it.
func (d *Desk) Change(tx reminders.Tx, handle string, language reminders.Language, text string, by reminders.PersonID) (Draft, error) {
	n, err := d.Review(tx, handle)
	if err != nil {
		return Draft{}, err
	}
	draft := Draft{
		ID: n.Block + "/" + string(language), Block: n.Block, Notice: n.ID, Language: language, Text: text,
		By: by, At: tx.Now(), State: DraftWaiting,
	}
	if err := d.Store.SaveDraft(tx, draft); err != nil {
		return Draft{}, err
	}
	return draft, d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Drafted, Object: draft.ID, TextHash: reminders.HashText(text),
	})
}

// Review finds the review with this handle while the reminder has not gone out. It
// fails with NotFound for another notice and with Closed afterwards.
func (d *Desk) Review(tx reminders.Tx, handle string) (Notice, error) {
	n, found, err := d.Store.NoticeByHandle(tx, handle)
	if err != nil {
		return Notice{}, err
	}
	if !found || n.Kind != Review {
		return Notice{}, reminders.Fail(reminders.NotFound, "notice.review", "draft.not_found", nil)
	}
	_, out, err := d.Store.Notice(tx, d.keyOf(n.Block, HolidayReminder))
	if err == nil && out {
		err = reminders.Fail(reminders.Closed, "notice.review", "draft.too_late", nil)
	}
	return n, err
}

// Waiting lists the drafts that wait for a second person, as long as the reminder
// for which they are meant has not gone out.
func (d *Desk) Waiting(tx reminders.Tx) ([]Draft, error) {
	drafts, err := d.Store.DraftsOf(tx, "")
	if err != nil {
		return nil, err
	}
	var waiting []Draft
	for _, draft := range drafts {
		if draft.State != DraftWaiting {
			continue
		}
		_, out, err := d.Store.Notice(tx, d.keyOf(draft.Block, HolidayReminder))
		if err != nil {
			return nil, err
		}
		if !out {
			waiting = append(waiting, draft)
		}
	}
	return waiting, nil
}

// Decide approves or rejects a draft. The drafter may not, unless there is nobody
// else who could (lone); that is recorded as such.
func (d *Desk) Decide(tx reminders.Tx, handle string, approve bool, by reminders.PersonID, lone bool) (Draft, error) {
	waiting, err := d.Waiting(tx)
	if err != nil {
		return Draft{}, err
	}
	for _, draft := range waiting {
		if draft.Handle() != handle {
			continue
		}
		if draft.By == by && !lone {
			return Draft{}, reminders.Fail(reminders.Denied, "notice.decide", "draft.own", nil)
		}
		draft.State, draft.DecidedBy, draft.Lone = DraftRejected, by, draft.By == by
		verb, reason := ledger.Rejected, ""
		if approve {
			draft.State, verb = DraftApproved, ledger.Approved
		}
		if draft.Lone {
			reason = "lone-approver"
		}
		if err := d.Store.SaveDraft(tx, draft); err != nil {
			return Draft{}, err
		}
		return draft, d.Ledger.Append(tx, ledger.Entry{
			Actor: string(by), Verb: verb, Object: draft.ID, Reason: reason, TextHash: reminders.HashText(draft.Text),
		})
	}
	return Draft{}, reminders.Fail(reminders.Closed, "notice.decide", "draft.decided", nil)
}
