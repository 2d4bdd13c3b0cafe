package notice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// PlacePublication stands before the handle of a publication, with a dot, in the object
// of a button that leads to it: it is a step of /notice.
const PlacePublication = "n-v"

// Submit hands a draft to a second person (送审). It fails as Edit does, and with Invalid
// and the text of the first problem if there is one.
func (p *Press) Submit(tx reminders.Tx, handle string, by reminders.PersonID) (Publication, error) {
	draft, err := p.own(tx, handle, by, Publication.writable)
	if err != nil {
		return draft, err
	}
	hits, err := p.Problems(tx, draft)
	if err != nil {
		return draft, err
	}
	if len(hits) > 0 {
		return draft, refused("notice.submit", hits[0])
	}
	draft.State, draft.Decision = Awaiting, Verdict{}
	if err := p.Store.SavePublication(tx, draft); err != nil {
		return draft, err
	}
	if err := p.record(tx, draft, ledger.Submitted, by, ""); err != nil {
		return draft, err
	}
	return draft, p.tellApprovers(tx, draft, by, "publication.submitted", "publication.submitted_lone")
}

// Decide approves a submitted draft or returns it to its drafter (审批). The drafter may
// not, unless there is nobody else who could (lone), which is recorded; a return needs a
// reason. What is approved is cleared for sending, prompts get their number, and the
// drafter is told. It fails with Closed if there is nothing to decide any more.
func (p *Press) Decide(tx reminders.Tx, handle string, approve bool, reason string, by reminders.PersonID, lone bool) (Publication, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return of, err
	}
	if err := p.mayDecide(of.State, of.By, approve, reason, by, lone); err != nil {
		return of, err
	}
	of.Decision = Verdict{By: by, At: tx.Now(), Lone: of.By == by, Reason: reason}
	if !approve {
		of.State = SentBack
		return of, p.decided(tx, of, of.By, of.Decision, ledger.Rejected, "publication.returned")
	}
	if err := p.clear(tx, &of); err != nil {
		return of, err
	}
	return of, p.decided(tx, of, of.By, of.Decision, ledger.Approved, "publication.approved")
}

// mayDecide says why somebody may not decide about a text in a state.
func (p *Press) mayDecide(state PublicationState, drafter reminders.PersonID, approve bool, reason string, by reminders.PersonID, lone bool) error {
	switch {
	case state != Awaiting:
		return reminders.Fail(reminders.Closed, "notice.decide", "publication.decided", nil)
	case drafter == by && !lone:
		return reminders.Fail(reminders.Denied, "notice.decide", "publication.own", nil)
	case !approve && strings.TrimSpace(reason) == "":
		return reminders.Fail(reminders.Invalid, "notice.decide", "publication.reason_missing", nil)
	}
	if hits := p.Screen(reason); reason != "" && len(hits) > 0 {
		return refused("notice.decide", hits[0])
	}
	return nil
}

// clear lets an approved publication go when its instant has come.
func (p *Press) clear(tx reminders.Tx, of *Publication) error {
	of.State = Cleared
	if !of.Kind.numbered() {
		return nil
	}
	year := calendar.DateOf(tx.Now(), p.Desk.Calendar().Location()).Year
	n, err := p.Number(tx, fmt.Sprintf("%s/%d", of.Kind, year))
	of.Number = fmt.Sprintf("%d/%d", year, n)
	return err
}

// decided writes a decision down and tells whoever wrote the text.
func (p *Press) decided(tx reminders.Tx, of Publication, drafter reminders.PersonID, v Verdict, verb ledger.Verb, key string) error {
	if err := p.Store.SavePublication(tx, of); err != nil {
		return err
	}
	reason := v.Reason
	if v.Lone && reason == "" {
		reason = "lone-approver"
	}
	if err := p.record(tx, of, verb, v.By, reason); err != nil {
		return err
	}
	if of.State == Cleared && of.Wanted.After(tx.Now()) {
		err := p.Desk.Ledger.Append(tx, ledger.Entry{
			Actor: string(v.By), Verb: ledger.Scheduled, Object: of.NoticeID(),
			Attrs: map[string]string{"at": of.Wanted.UTC().Format(timeFormat)},
		})
		if err != nil {
			return err
		}
	}
	if v.By == drafter || foreign(drafter) {
		return nil
	}
	return p.tell(tx, of, drafter, key, reminders.Args{
		"Subject": sayOf(of.Subject()), "By": reminders.PersonName(v.By), "Reason": reminders.Text(v.Reason),
		"At": reminders.Instant(p.begins(of, tx.Now())),
	})
}

// timeFormat is how the ledger writes an instant.
const timeFormat = "2006-01-02T15:04:05Z07:00"

// sayOf is a message as an argument of another.
func sayOf(m reminders.Message) reminders.Value { return reminders.Say(m.Key, m.Args) }

// tellApprovers tells those who may decide, once, that something waits for them. The
// drafter is told only if there is nobody else, in words that say so.
func (p *Press) tellApprovers(tx reminders.Tx, of Publication, by reminders.PersonID, key, lone string) error {
	approvers, err := p.Approvers(tx)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(approvers), func(id reminders.PersonID) bool { return id == by })
	if len(others) == 0 {
		others, key = approvers, lone
	}
	args := reminders.Args{"Subject": sayOf(of.Subject()), "By": reminders.PersonName(by)}
	for _, approver := range others {
		if err := p.tell(tx, of, approver, key, args); err != nil {
			return err
		}
	}
	return nil
}

// tell tells one person of the office about a publication, with a button that leads to
// it. It is their work: no budget counts it.
func (p *Press) tell(tx reminders.Tx, of Publication, to reminders.PersonID, key string, args reminders.Args) error {
	m := reminders.Line(key, args)
	m.Buttons = [][]reminders.Button{{{Label: "button.open_publication", Verb: "open", Object: PlacePublication + "." + of.Handle()}}}
	d := reminders.Delivery{
		Key:  reminders.DeliveryKey(fmt.Sprintf("told/%s/%s/%s/%s", of.NoticeID(), key, tx.Now().UTC().Format(timeFormat), to)),
		Kind: string(of.Kind), Act: reminders.ActSend, Person: to, Lane: reminders.LanePersonal, As: reminders.Staff,
		Reason: "publishing", Lines: []reminders.Message{m},
	}
	if of.Urgent != "" {
		d.Lane, d.Reason = reminders.LaneDuty, ReasonUrgent
	}
	return p.Desk.Outbox.Enqueue(tx, d)
}

// Receive takes a finished draft from elsewhere (the card of a theme, a public case,
// another system) in one step, and submits it. Of draft it takes what its author decides.
// It fails as Submit does.
func (p *Press) Receive(tx reminders.Tx, draft Publication, by reminders.PersonID) (Publication, error) {
	begun, err := p.Begin(tx, draft.Kind, draft.Origin, by, draft.Lead)
	if err != nil {
		return begun, err
	}
	_, err = p.Edit(tx, begun.Handle(), by, func(of *Publication) {
		of.Bodies, of.Files, of.Audience = draft.Bodies, draft.Files, draft.Audience
		of.Expects, of.Workdays, of.Wanted, of.Urgent = draft.Expects, draft.Workdays, draft.Wanted, draft.Urgent
	})
	if err != nil {
		return begun, err
	}
	return p.Submit(tx, begun.Handle(), by)
}

// Release clears a submitted publication by a token that is scoped so; by names it, as
// "api/NAME".
func (p *Press) Release(tx reminders.Tx, handle, by string) (Publication, error) {
	of, err := p.Find(tx, handle)
	if err != nil {
		return of, err
	}
	if of.State != Awaiting {
		return of, reminders.Fail(reminders.Closed, "notice.release", "publication.decided", nil)
	}
	of.Decision = Verdict{By: reminders.PersonID(by), At: tx.Now()}
	if err := p.clear(tx, &of); err != nil {
		return of, err
	}
	return of, p.decided(tx, of, of.By, of.Decision, ledger.Approved, "publication.approved")
}

// Waiting lists what waits for a second person: drafts that were submitted, and
// publications of which a correction was, in order of their ids.
func (p *Press) Waiting(tx reminders.Tx) ([]Publication, error) {
	return p.Store.UndecidedPublications(tx)
}

// SaveAudience keeps an audience under a name; one that is nobody forgets the name.
func (p *Press) SaveAudience(tx reminders.Tx, name string, audience reminders.Audience) error {
	if hits := p.Screen(name); len(hits) > 0 {
		return refused("notice.audience", hits[0])
	}
	return p.Store.SaveAudience(tx, name, audience)
}

// SavedAudiences gives the audiences that have names.
func (p *Press) SavedAudiences(tx reminders.Tx) (map[string]reminders.Audience, error) {
	return p.Store.SavedAudiences(tx)
}
