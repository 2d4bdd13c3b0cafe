package main

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// What lies in the data directory: the one file of the store, and the photos and
// documents that its records name.
const (
	databaseName = "qingfeng.db"
	filesName    = "files"
)

// office is the domain joined together: the desks over one store. Commands use it
// with or without the service around it.
type office struct {
	content *content.Content
	engine  store.Engine
	store   *store.Store
	years   *years
	files   *filestore.Store
	people  *people.Desk
	leaves  *people.Leaves
	groups  *people.Groups
	reg     register
	book    *obligation.Desk
	notices *notice.Desk
	press   *notice.Press
	themes  *theme.Desk
	gate    *notice.Gate
	cases   *casebook.Desk
	guard   *bot.Guard
	duty    *duty.Desk
	swaps   *duty.SwapDesk
	spots   *duty.SpotDesk
	reports *report.Desk
	post    *dispatch.Post
	clock   reminders.Clock
	lang    reminders.Language
	log     *slog.Logger
}

// officeOptions say over what an office is joined.
type officeOptions struct {
	engine   store.Engine
	files    *filestore.Store // nil: in memory, gone at the end
	clock    reminders.Clock
	location *time.Location
	language reminders.Language
	override fs.FS // content that replaces the shipped one; may be nil
	log      *slog.Logger
}

// openEngine opens the store of a data directory. A directory in use is a Busy
// error.
func openEngine(dir string, options ...bolt.Option) (*bolt.Engine, error) {
	return bolt.Open(filepath.Join(dir, databaseName), options...)
}

// openFiles opens the store of files in a data directory.
func openFiles(dir string, clock reminders.Clock) *filestore.Store {
	return filestore.Open(filepath.Join(dir, filesName), clock)
}

// newOffice joins the desks.
func newOffice(ctx context.Context, o officeOptions) (*office, error) {
	texts, err := content.Load(o.override)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, o.engine, o.clock, o.log)
	if err != nil {
		return nil, err
	}
	if o.files == nil {
		o.files = filestore.Memory(o.clock)
	}
	f := &office{content: texts, engine: o.engine, files: o.files, store: s, clock: o.clock, lang: o.language, log: o.log}
	if err := f.join(ctx, o.location); err != nil {
		return nil, err
	}
	return f, nil
}

// join makes the desks and hands each what it needs.
func (f *office) join(ctx context.Context, loc *time.Location) error {
	var err error
	if f.years, err = newYears(ctx, f.content, f.store, loc); err != nil {
		return err
	}
	file, err := f.content.File("programme/default.toml")
	if err != nil {
		return err
	}
	programme, err := notice.ParseProgramme(file)
	if err != nil {
		return err
	}
	f.people = people.New(f.store.People(), f.store, people.NewCode, languages(f.content)...)
	f.groups = people.NewGroups(f.people, f.store.Groups())
	f.reg = register{desk: f.people, store: f.store.People(), crew: &crew{}}
	f.post = dispatch.NewPost(f.store.Outbox(), f)
	who := &directory{people: f.people}
	f.book = obligation.NewDesk(f.store, f.store.Obligations(), f.store, who, f.post)
	f.notices = notice.NewDesk(notice.Options{
		Units: f.store, Store: f.store.Notices(), Register: f.reg, Library: library{f.content, f.log}, Book: f.book,
		Ledger: f.store, Outbox: f.post, Copies: f.store.Copies(), Box: f.store.Outbox(), Programme: programme, MaxUnit: f.store.MaxUnit(), Calendar: f.years.Calendar,
		Born: f.store.Born, ApprovalRequired: f.approvalRequired, Gaps: rosterGaps{f}, Closings: closings{f}, Burdens: burdens{f},
		Owed: f.owed, Groups: groups{f.groups, f.people}, GroupStore: f.store.Groups(),
	})
	f.years.notices = f.notices
	if err := f.joinPress(); err != nil {
		return err
	}
	if err := f.joinThemes(who); err != nil {
		return err
	}
	return f.joinDuty(who)
}

// joinPress makes the guard and the desk at which the office publishes.
func (f *office) joinPress() error {
	rules, err := f.content.File("guard.toml")
	if err != nil {
		return err
	}
	if f.guard, err = bot.Compile(rules); err != nil {
		return err
	}
	f.press = notice.NewPress(notice.PressOptions{
		Desk: f.notices, Store: f.store.Publications(), Number: f.store.Number,
		Grouped: groups{f.groups, f.people}.has,
		Screen:  bot.Screen(f.guard, f.content), Approvers: f.reg.staff, Reachable: f.reg.reachable,
		Released: func(tx reminders.Tx, of notice.Publication) error { return f.notices.Follow(tx, of.Notice, of.By) },
	})
	f.gate = notice.NewGate(f.store.Gate(), f.press, f.store)
	f.cases = casebook.NewDesk(casebook.Options{
		Store: f.store.Cases(), Ledger: f.store, Number: f.store.Number, Screen: f.press.Screen,
		Categories: categories(f.content), Library: libraryCases(f.content), Zone: f.zone,
		Units: f.store, Changed: f.notices.CaseChanged,
	})
	f.notices.Cases, f.notices.CaseCopies = f.cases, f.store.CaseCopies()
	return nil
}

// joinDuty makes the desks of duty and of reports, and tells the directory who is on
// duty.
func (f *office) joinDuty(who *directory) error {
	file, err := f.content.File("programme/duty.toml")
	if err != nil {
		return err
	}
	rules, spotRules, err := duty.ParseRules(file, people.UnitIDOf)
	if err != nil {
		return err
	}
	f.leaves = people.NewLeaves(f.store.Leaves(), f.people, f.zone)
	f.duty = duty.NewDesk(duty.Options{
		Units: f.store, Store: f.store.Duty(), Book: f.book, Ledger: f.store, Outbox: f.post, Register: f.reg, Leaves: f.leaves,
		Calendar: f.years.Calendar, Rules: rules,
	})
	f.swaps = duty.NewSwapDesk(f.duty, f.store.Swaps())
	f.duty.Lay, who.duty = f.swaps.Lay, f.duty
	f.spots, err = duty.NewSpotDesk(f.duty, duty.SpotOptions{
		Store: f.store.SpotChecks(), Rules: spotRules, Readers: f.reg.readers,
	})
	if err != nil {
		return err
	}
	forms, err := report.Load(f.content.File)
	if err != nil {
		return err
	}
	shifts := watch{duty: f.duty, units: f.reg.AllUnits}
	f.reports = report.NewDesk(report.Options{
		Units: f.store, Store: f.store.Reports(), Book: f.book, Ledger: f.store, Outbox: f.post, Directory: who,
		Watch: shifts, Roster: shifts, Handovers: shifts, Forms: forms, Calendar: f.years.Calendar,
	})
	return nil
}

// zone is that of the place, in which days begin.
func (f *office) zone() *time.Location { return f.years.Calendar().Location() }

// Place lets the notices' rules of restraint place a push: the post is joined
// before the notices are.
func (f *office) Place(d reminders.Delivery, diary []reminders.Push, now time.Time) (time.Time, string) {
	return f.notices.Place(d, diary, now)
}

// approvalRequired reads the setting that makes every block wait for an approval.
func (f *office) approvalRequired(tx reminders.Tx) (required bool, err error) {
	_, err = f.store.Setting(tx, bot.ApprovalSetting, &required)
	return required, err
}

// languages lists those in which there are texts.
func languages(c *content.Content) []reminders.Language {
	var tags []reminders.Language
	for _, tag := range c.Catalogue().Languages() {
		tags = append(tags, reminders.Language(tag))
	}
	return tags
}

// seal gives the secret under which button data is sealed, and makes it at the
// first start.
func (f *office) seal(ctx context.Context) ([]byte, error) {
	var secret []byte
	err := f.store.Do(ctx, func(tx reminders.Tx) error {
		if found, err := f.store.Setting(tx, "button-seal", &secret); err != nil || found {
			return err
		}
		secret = make([]byte, 32)
		if _, err := rand.Read(secret); err != nil {
			return err
		}
		return f.store.SaveSetting(tx, "button-seal", secret)
	})
	return secret, err
}

// plan gives every item of the plan from one day until, without, another.
func (f *office) plan(from, to calendar.Date) []notice.Item {
	loc := f.years.Calendar().Location()
	return f.notices.Upcoming(reminders.Window{From: from.At(0, 0, loc), To: to.At(0, 0, loc)})
}

// close ends the store and lets go of the file.
func (f *office) close() error {
	if err := f.store.Close(); err != nil {
		return err
	}
	return f.engine.Close()
}
