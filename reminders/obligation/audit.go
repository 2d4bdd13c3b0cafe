package obligation

import (
	"context"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// AuditSetting is the name under which the result of the last self-audit is kept.
const AuditSetting = "audit"

// auditEvery is how often the book is recounted.
const auditEvery = 24 * time.Hour

// shownUnexplained bounds what an audit keeps of its findings.
const shownUnexplained = 50

// Audit is the result of one self-audit of the book (自查).
type Audit struct {
	At          time.Time   `json:"at"`
	Lines       int         `json:"lines"`
	States      Tally       `json:"states,omitempty"` // the lines by state
	Unexplained []Imbalance `json:"unexplained,omitempty"`
}

// AuditMemory keeps the last audit and knows all terms.
type AuditMemory interface {
	Setting(tx reminders.Tx, name string, v any) (bool, error)
	SaveSetting(tx reminders.Tx, name string, v any) error
	AllTerms(tx reminders.Tx) ([]Terms, error)
}

// Auditor recounts the book once a day and tells the staff if anything in it is
// unexplained. It is a source of the clockwork.
type Auditor struct {
	desk   *Desk
	memory AuditMemory
	staff  func(tx reminders.Tx) ([]reminders.PersonID, error)
}

// NewAuditor joins the auditor to the book, to its memory and to those who are
// told.
func NewAuditor(desk *Desk, memory AuditMemory, staff func(tx reminders.Tx) ([]reminders.PersonID, error)) *Auditor {
	return &Auditor{desk: desk, memory: memory, staff: staff}
}

// Advance audits if the last audit is a day old.
func (a *Auditor) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	var last Audit
	err = a.desk.units.View(ctx, func(tx reminders.Tx) error {
		_, err := a.memory.Setting(tx, AuditSetting, &last)
		return err
	})
	if err != nil || (now.Before(last.At.Add(auditEvery)) && !now.Before(last.At)) {
		return last.At.Add(auditEvery), false, err
	}
	var audit Audit
	if err := a.desk.units.View(ctx, func(tx reminders.Tx) (err error) {
		audit, err = a.Audit(tx, now)
		return err
	}); err != nil {
		return time.Time{}, false, err
	}
	err = a.desk.units.Do(ctx, func(tx reminders.Tx) error { return a.keep(tx, audit) })
	return now.Add(auditEvery), false, err
}

// Audit recounts every line of the book.
func (a *Auditor) Audit(tx reminders.Tx, now time.Time) (Audit, error) {
	audit := Audit{At: now.UTC(), States: Tally{}}
	terms, err := a.memory.AllTerms(tx)
	if err != nil {
		return audit, err
	}
	for _, t := range terms {
		all, _, found, err := a.desk.Count(tx, t)
		if err != nil {
			return audit, err
		}
		audit.Lines += all.Total()
		for state, n := range all {
			audit.States[state] += n
		}
		audit.Unexplained = append(audit.Unexplained, found...)
	}
	audit.Unexplained = audit.Unexplained[:min(len(audit.Unexplained), shownUnexplained)]
	return audit, nil
}

// keep writes the result down and tells the staff of what is unexplained.
func (a *Auditor) keep(tx reminders.Tx, audit Audit) error {
	if err := a.memory.SaveSetting(tx, AuditSetting, audit); err != nil {
		return err
	}
	err := a.desk.book.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Audit, Object: "obligations",
		Attrs: map[string]string{"lines": strconv.Itoa(audit.Lines), "unexplained": strconv.Itoa(len(audit.Unexplained))},
	})
	if err != nil || len(audit.Unexplained) == 0 {
		return err
	}
	people, err := a.staff(tx)
	if err != nil {
		return err
	}
	for _, person := range people {
		err := a.desk.outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey("audit/" + audit.At.Format("2006-01-02") + "/" + string(person)),
			Kind: "digest", Act: reminders.ActSend, Person: person, Lane: reminders.LanePersonal, As: reminders.Staff,
			Reason: "self-audit", NotBefore: tx.Now(),
			Lines: []reminders.Message{reminders.Line("audit.unexplained", reminders.Args{"Count": reminders.Number(len(audit.Unexplained))})},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
