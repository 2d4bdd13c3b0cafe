package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// command is one line of the table of commands: who may use it and what it does.
type command struct {
	name  string
	roles []reminders.Role // any of them; Official is everyone enrolled
	shift bool             // also those on a shift, and those asked to swap one
	run   func(t *Turn, args string) error
	quiet bool             // works, but stands in no menu
	kept  bool             // stands in menus only where a roster is kept
	shown []reminders.Role // in whose menus it stands; nil: in those of roles
}

// button is one line of the table of buttons.
type button struct {
	verb  string
	roles []reminders.Role
	shift bool // as for commands
	run   func(t *Turn, object string) error
	// refused is what somebody reads who may not; empty: the words for everything.
	refused string
}

var (
	everyone = []reminders.Role{reminders.Official}
	office   = []reminders.Role{reminders.Staff, reminders.Head}
	readers  = []reminders.Role{reminders.Staff, reminders.Head, reminders.Auditor}
	ofUnit   = []reminders.Role{reminders.Liaison, reminders.Leader}
	admins   = []reminders.Role{reminders.Admin}

	ofDuty    = []reminders.Role{reminders.Liaison, reminders.Staff, reminders.Head}
	watching  = []reminders.Role{reminders.Liaison, reminders.Leader, reminders.Staff, reminders.Head, reminders.Auditor}
	importers = []reminders.Role{reminders.Admin, reminders.Liaison, reminders.Staff, reminders.Head}
)

// commands is the table of the contract page, as far as it is built, in the order of
// menus.
func commands() []command {
	first := []command{
		{name: "start", roles: everyone, run: (*Turn).start, quiet: true},
		{name: "outstanding", roles: everyone, run: (*Turn).outstanding},
	}
	return slices.Concat(first, dutyCommands(), reportCommands(), caseCommands(), publishCommands(), themeCommands(), []command{
		{name: "upcoming", roles: everyone, run: (*Turn).upcoming},
		{name: "unit", roles: ofUnit, run: (*Turn).unit},
		{name: "status", roles: readers, run: (*Turn).status},
		{name: "approve", roles: office, run: (*Turn).approvals},
		{name: "people", roles: admins, run: (*Turn).peopleCommand},
		{name: "invite", roles: admins, run: (*Turn).invite},
		{name: "office", roles: admins, run: (*Turn).officeCommand},
		{name: "settings", roles: everyone, run: (*Turn).settings},
		{name: "feedback", roles: everyone, run: (*Turn).feedback},
		{name: "help", roles: everyone, run: (*Turn).help},
	})
}

// buttons is the table of verbs of the contract page, as far as it is built.
func buttons() []button {
	return withThemes(slices.Concat(dutyButtons(), reportButtons(), publishButtons(), []button{
		{verb: "ack", roles: everyone, run: (*Turn).acknowledge},
		{verb: "undo", roles: everyone, run: (*Turn).undo},
		{verb: "lang", roles: everyone, run: (*Turn).chooseLanguage},
		{verb: "topic", roles: everyone, run: (*Turn).chooseTopic},
		{verb: "cancel", roles: everyone, run: (*Turn).cancel},
		{verb: "open", roles: everyone, run: (*Turn).open},
		{verb: "page", roles: everyone, run: (*Turn).turnTo},
		{verb: "chase", roles: []reminders.Role{reminders.Liaison, reminders.Staff, reminders.Head}, run: (*Turn).chase},
		{verb: "keep", roles: office, run: (*Turn).keep},
		{verb: "change", roles: office, run: (*Turn).change},
		{verb: "approve", roles: office, run: (*Turn).approve, refused: "button.decides_office"},
		{verb: "reject", roles: office, run: (*Turn).reject, refused: "button.decides_office"},
		{verb: "waive", roles: office, run: (*Turn).waive},
		{verb: "pause", roles: office, run: (*Turn).pauseSending},
		{verb: "resume", roles: office, run: (*Turn).resumeSending},
		{verb: "stop", roles: office, run: (*Turn).stopSending},
		{verb: "import", roles: importers, run: (*Turn).importFile},
		{verb: "confirm", roles: admins, run: (*Turn).confirm},
	}))
}

// allows reports whether the person of the turn may use the command. Everyone
// may start: a code makes an enrolled person out of a stranger.
func (c command) allows(t *Turn) (bool, error) {
	if c.name == "start" {
		return true, nil
	}
	return t.may(c.roles, c.shift)
}

// allows reports whether the person of the turn may use the button.
func (v button) allows(t *Turn) (bool, error) { return t.may(v.roles, v.shift) }

// may reports whether the person has one of the roles or, where that is enough, a part
// in duty.
func (t *Turn) may(roles []reminders.Role, shift bool) (bool, error) {
	if !t.enrolled || !shift || t.has(roles...) {
		return t.has(roles...), nil
	}
	return t.onRoster(t.tx, t.person.ID)
}

// menu lists the commands that stand in the menu of a person.
func (b *Bot) menu(tx reminders.Tx, r people.Record) ([]command, error) {
	onRoster, err := b.onRoster(tx, r.ID)
	if err != nil {
		return nil, err
	}
	kept, err := b.keptFor(tx, r)
	return slices.DeleteFunc(commands(), func(c command) bool {
		roles := c.shown
		if roles == nil {
			roles = c.roles
		}
		byRole := slices.ContainsFunc(roles, r.Roles.Has) && (kept || !c.kept)
		return c.quiet || !byRole && !(c.shift && onRoster)
	}), err
}
