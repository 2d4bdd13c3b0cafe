package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// command is one line of the table of commands: who may use it and what it does.
type command struct {
	name  string
	roles []reminders.Role // any of them; Official is everyone enrolled
	run   func(t *Turn, args string) error
	quiet bool // works, but stands in no menu
}

// button is one line of the table of buttons.
type button struct {
	verb  string
	roles []reminders.Role
	run   func(t *Turn, object string) error
}

var (
	everyone = []reminders.Role{reminders.Official}
	office   = []reminders.Role{reminders.Staff, reminders.Head}
	readers  = []reminders.Role{reminders.Staff, reminders.Head, reminders.Auditor}
	ofUnit   = []reminders.Role{reminders.Liaison, reminders.Leader}
	admins   = []reminders.Role{reminders.Admin}
)

// commands is the table of the contract page, as far as it is built.
func commands() []command {
	return []command{
		{name: "start", roles: everyone, run: (*Turn).start, quiet: true},
		{name: "outstanding", roles: everyone, run: (*Turn).outstanding},
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
	}
}

// buttons is the table of verbs of the contract page, as far as it is built.
func buttons() []button {
	return []button{
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
		{verb: "approve", roles: office, run: (*Turn).approve},
		{verb: "reject", roles: office, run: (*Turn).reject},
		{verb: "waive", roles: office, run: (*Turn).waive},
		{verb: "pause", roles: office, run: (*Turn).pauseSending},
		{verb: "resume", roles: office, run: (*Turn).resumeSending},
		{verb: "stop", roles: office, run: (*Turn).stopSending},
		{verb: "import", roles: admins, run: (*Turn).importFile},
		{verb: "confirm", roles: admins, run: (*Turn).confirm},
	}
}

// allows reports whether the person of the turn may use the command. Everyone
// may start: a code makes an enrolled person out of a stranger.
func (c command) allows(t *Turn) bool { return c.name == "start" || t.has(c.roles...) }

// allows reports whether the person of the turn may use the button.
func (v button) allows(t *Turn) bool { return t.has(v.roles...) }

// menu lists the commands that a person with these roles can use.
func menu(roles reminders.Roles) []command {
	return slices.DeleteFunc(commands(), func(c command) bool {
		return c.quiet || !slices.ContainsFunc(c.roles, roles.Has)
	})
}
