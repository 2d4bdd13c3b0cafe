package notice

import (
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
