package people

import (
	"strings"
	"time"
	"unicode"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// BindReason names how an attempt to bind a chat ended.
type BindReason string

// The ends of an attempt. The first four leave the chat bound.
const (
	BindDone     BindReason = "bound"
	BindMoved    BindReason = "rebound"       // from an earlier chat, which is to be told
	BindAdmin    BindReason = "admin"         // the first admin
	BindAgain    BindReason = "already_bound" // the chat was bound to this person before
	BindWrong    BindReason = "wrong"         // no such code
	BindUsed     BindReason = "used"
	BindExpired  BindReason = "expired"
	BindReplaced BindReason = "replaced" // a newer code was made
	BindVoid     BindReason = "void"     // the person left the office meanwhile
	BindTaken    BindReason = "taken"    // the chat is bound to another person
	BindWait     BindReason = "wait"     // too many wrong codes
)

// BindResult is what became of an attempt. It is a value and not an error, since
// a wrong code changes the state too: it is counted.
type BindResult struct {
	Reason  BindReason
	Person  Record           // who is bound now; zero if nobody is
	OldChat reminders.ChatID // for BindMoved: tell it with the text people.old_chat
	Until   time.Time        // for BindWait
	// AdminMoved says that the role of admin went from the placeholder to Person.
	AdminMoved bool
}

// Bound reports whether the chat is bound to Person now.
func (b BindResult) Bound() bool { return b.Person.ID != "" }

// Message is the answer for the chat.
func (b BindResult) Message() reminders.Message {
	args := reminders.Args{}
	switch {
	case b.Bound():
		args["Name"] = reminders.Text(b.Person.Name)
	case b.Reason == BindWait:
		args["Until"] = reminders.TimeOfDay(b.Until)
	}
	if b.AdminMoved {
		return reminders.Line("people.bind.admin_moved", args)
	}
	return reminders.Line("people.bind."+string(b.Reason), args)
}

// OldChatMessage tells the chat from which a person has moved away.
func OldChatMessage() reminders.Message { return reminders.Line("people.bind.old_chat", nil) }

// Bind ties a chat to the person for whom a code was made. profile is the name
// that the chat service shows for the chat; only the first admin gets it. Errors
// are those of the store; everything else is a BindResult.
func (d *Desk) Bind(tx reminders.Tx, code string, chat reminders.ChatID, profile string) (BindResult, error) {
	guesses, err := d.store.Guesses(tx, chat)
	if err != nil {
		return BindResult{}, err
	}
	if until := guesses.WaitUntil(tx.Now()); !until.IsZero() {
		return BindResult{Reason: BindWait, Until: until}, nil
	}
	hash := hashOf(code)
	invitation, found, err := d.store.Invitation(tx, hash)
	if err != nil {
		return BindResult{}, err
	}
	if !found || !invitation.opens(hash) {
		return BindResult{Reason: BindWrong}, d.store.SaveGuesses(tx, chat, guesses.Add(tx.Now()))
	}
	holder, _, err := d.At(tx, chat)
	if err != nil {
		return BindResult{}, err
	}
	if reason := invitation.spent(tx.Now()); reason != "" {
		return refused(reason, invitation, holder), nil
	}
	if invitation.Kind == ForAdmin {
		return d.bindAdmin(tx, invitation, holder, chat, profile)
	}
	return d.bindPerson(tx, invitation, holder, chat)
}

// spent says why a code opens nothing any more.
func (i Invitation) spent(now time.Time) BindReason {
	switch {
	case !i.UsedAt.IsZero():
		return BindUsed
	case !i.ReplacedAt.IsZero():
		return BindReplaced
	case !now.Before(i.ExpiresAt):
		return BindExpired
	}
	return ""
}

// refused is the answer to a spent code. Whoever taps their own link a second
// time hears that all is well.
func refused(reason BindReason, i Invitation, holder Record) BindResult {
	if holder.ID != "" && holder.ID == i.Person {
		return BindResult{Reason: BindAgain, Person: holder}
	}
	return BindResult{Reason: reason}
}

// bindPerson ties the chat, which holder has now, to the person of the code.
func (d *Desk) bindPerson(tx reminders.Tx, i Invitation, holder Record, chat reminders.ChatID) (BindResult, error) {
	r, found, err := d.store.Person(tx, i.Person)
	switch {
	case err != nil:
		return BindResult{}, err
	case !found || !r.Enrolled():
		return BindResult{Reason: BindVoid}, nil
	case holder.ID == r.ID:
		return BindResult{Reason: BindAgain, Person: r}, d.use(tx, i, chat)
	case holder.ID != "" && holder.ID != Placeholder:
		return BindResult{Reason: BindTaken}, nil
	}
	moved := holder.ID == Placeholder
	if moved {
		if err := d.dissolve(tx, holder); err != nil {
			return BindResult{}, err
		}
		if !r.Roles.Has(reminders.Admin) {
			r.Roles = append(r.Roles[:len(r.Roles):len(r.Roles)], reminders.Admin)
		}
	}
	result, err := d.tie(tx, r, i, chat)
	result.AdminMoved = moved
	return result, err
}

// bindAdmin makes the person behind the chat an admin, or the placeholder if
// nobody is behind it.
func (d *Desk) bindAdmin(tx reminders.Tx, i Invitation, holder Record, chat reminders.ChatID, profile string) (BindResult, error) {
	if holder.ID != "" {
		if holder.Roles.Has(reminders.Admin) {
			return BindResult{Reason: BindAgain, Person: holder}, d.use(tx, i, chat)
		}
		holder.Roles = append(holder.Roles[:len(holder.Roles):len(holder.Roles)], reminders.Admin)
		if err := d.change(tx, holder, ledger.Changed, "admin", string(holder.ID)); err != nil {
			return BindResult{}, err
		}
		return BindResult{Reason: BindAdmin, Person: holder}, d.use(tx, i, chat)
	}
	r, _, err := d.store.Person(tx, Placeholder)
	if err != nil {
		return BindResult{}, err
	}
	r.Person = reminders.Person{
		ID: Placeholder, Name: profileName(profile), Roles: reminders.Roles{reminders.Admin}, Language: r.Language,
	}
	r.Status, r.RetiredReason, r.RetiredAt = Active, "", time.Time{}
	result, err := d.tie(tx, r, i, chat)
	if result.Reason == BindDone {
		result.Reason = BindAdmin
	}
	return result, err
}

// tie binds the chat, which is free, and uses the code up.
func (d *Desk) tie(tx reminders.Tx, r Record, i Invitation, chat reminders.ChatID) (BindResult, error) {
	result := BindResult{Reason: BindDone}
	verb := ledger.Bound
	if r.Bound() && r.Chat != chat {
		result.Reason, result.OldChat, verb = BindMoved, r.Chat, ledger.Rebound
	}
	r.Chat, r.BoundAt, r.Unreachable = chat, tx.Now(), Unreachable{}
	result.Person = r
	if err := d.change(tx, r, verb, string(i.Kind), string(r.ID)); err != nil {
		return BindResult{}, err
	}
	return result, d.use(tx, i, chat)
}

// use ends a code and forgets the wrong ones that came before it.
func (d *Desk) use(tx reminders.Tx, i Invitation, chat reminders.ChatID) error {
	i.UsedAt = tx.Now()
	if err := d.store.SaveInvitation(tx, i); err != nil {
		return err
	}
	return d.store.SaveGuesses(tx, chat, Guesses{})
}

// dissolve retires the placeholder; the real person takes its place.
func (d *Desk) dissolve(tx reminders.Tx, r Record) error {
	r.Status, r.RetiredAt = Retired, tx.Now()
	r.Chat, r.BoundAt, r.Unreachable, r.Roles = 0, time.Time{}, Unreachable{}, nil
	return d.change(tx, r, ledger.Retired, "placeholder", ledger.System)
}

// profileName makes a name from what a person calls themselves at the chat
// service: one line of at most 40 characters that can be seen.
func profileName(profile string) string {
	name := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, profile)), " ")
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40])
	}
	if name == "" {
		return string(Placeholder)
	}
	return name
}
