package notice

import (
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// system is how the drafts of other systems begin the name of their author.
const system = "api/"

// foreign reports whether somebody is another system: nobody can tell it anything.
func foreign(id reminders.PersonID) bool { return strings.HasPrefix(string(id), system) }

// Brought reports whether another system is the drafter: no person learns what becomes of
// it by being told.
func (p Publication) Brought() bool { return foreign(p.By) }

// Orphan reports whether another system brought the publication and it was returned:
// nobody can change it until somebody of the office takes it over.
func (p Publication) Orphan() bool { return p.State == SentBack && p.Brought() }

// TakeOver makes somebody of the office the drafter of what another system brought and a
// second person returned (接手). From then on it is theirs like a draft of their own: they
// change it and submit it, and somebody else decides. It is Closed for everything else,
// also for what a colleague has taken over meanwhile.
func (p *Press) TakeOver(tx reminders.Tx, handle string, by reminders.PersonID) (Publication, error) {
	of, err := p.Find(tx, handle)
	switch {
	case err != nil:
		return of, err
	case of.Brought() && !of.Orphan():
		return of, reminders.Fail(reminders.Closed, "notice.takeover", "publication.decided", nil)
	case !of.Orphan():
		return of, reminders.Fail(reminders.Closed, "notice.takeover", "publication.taken_over", reminders.Args{"By": reminders.PersonName(of.By)})
	}
	brought := of.By
	of.By = by
	if err := p.Store.SavePublication(tx, of); err != nil {
		return of, err
	}
	return of, p.record(tx, of, ledger.TakenOver, by, string(brought))
}

// Composed lists the kinds that the office writes in chat.
func Composed() []Kind { return []Kind{Announcement, WorkPrompt, CaseGuidance} }

// CanRedraft reports whether a new draft can be made of the publication: it was given up
// or taken back, and is written in chat.
func (p Publication) CanRedraft() bool {
	return (p.State == Abandoned || p.State == Recalled) && slices.Contains(Composed(), p.Kind)
}

// Redraft makes a new draft of what was given up or taken back (重新起草): what it says, its
// files, its audience and what it asks. The instant, the haste and what the head let pass
// belong to the old one, which stays as it is. It is Closed for everything else.
func (p *Press) Redraft(tx reminders.Tx, handle string, by reminders.PersonID) (Publication, error) {
	old, err := p.Find(tx, handle)
	switch {
	case err != nil:
		return old, err
	case !old.CanRedraft():
		return old, reminders.Fail(reminders.Closed, "notice.redraft", "publication.not_over", nil)
	}
	draft, err := p.Begin(tx, old.Kind, "chat", by, old.Lead)
	if err != nil {
		return draft, err
	}
	draft.Bodies, draft.Files, draft.Audience = maps.Clone(old.Bodies), slices.Clone(old.Files), old.Audience
	draft.Expects, draft.Workdays = old.Expects, old.Workdays
	if err := p.Store.SavePublication(tx, draft); err != nil {
		return draft, err
	}
	return draft, p.record(tx, draft, ledger.Drafted, by, old.NoticeID())
}
