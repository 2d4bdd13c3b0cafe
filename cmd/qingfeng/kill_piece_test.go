package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// Points within work that is done in pieces: each is hit by the test of its kind.
var (
	importing = []crashpoint.Point{crashpoint.Import, crashpoint.Chore, crashpoint.Adopt, crashpoint.Adopted}
	revising  = []crashpoint.Point{
		crashpoint.Decide, crashpoint.Carry, crashpoint.Lines, crashpoint.Waiting, crashpoint.Copies,
		crashpoint.Halt, crashpoint.Withdraw, crashpoint.Chases, crashpoint.Remove, crashpoint.End, crashpoint.Edit, crashpoint.Edited,
	}
	restoring = []crashpoint.Point{
		crashpoint.Copied, crashpoint.Marked, crashpoint.Kept, crashpoint.Replaced, crashpoint.Skip, crashpoint.Lift,
	}
)

// adminChat is the chat of the office's admin.
const adminChat = 1999

// pieces is an office whose long work is broken off.
type pieces struct {
	*season

	admin *sandbox.Person
	hits  map[crashpoint.Point]int
}

// newPieces makes an office and its service at an instant, with an admin.
func newPieces(t *testing.T, binary, at string) *pieces {
	t.Helper()
	seed := killSeedOf()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	p := &pieces{season: newSeason(t, binary, false, rng, newTally("pieces", seed)), hits: map[crashpoint.Point]int{}}
	instant, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	p.turnTo(instant)
	p.write("token", scriptToken)
	return p
}

// appoint enrols the admin in a life of its own.
func (p *pieces) appoint() {
	p.t.Helper()
	p.write("admin.csv", "staff_no,name,unit,title,roles,language\nA1,样例管理,示例办公室,,admin,zh-Hans\n")
	v := p.lively("")
	p.run("import", "people", p.path("admin.csv"), "--data", p.path("data"))
	link := string(p.run("invite", "--person", "A1", "--data", p.path("data")))
	_, code, _ := strings.Cut(strings.TrimSpace(link), "start=")
	p.admin = p.gate.Person(adminChat, "样例管理", "zh-hans")
	p.phones.people[adminChat] = "A1"
	p.admin.Start(code)
	p.await(v, func() bool { return p.told("绑定成功") > 0 })
	p.stop(v)
}

// lively starts a life and waits until updates are received.
func (p *pieces) lively(crashAt string) *victim {
	p.t.Helper()
	v := p.start(fated(crashAt))
	p.await(v, func() bool { return v.errs.has("ready") })
	return v
}

// fated reads how a life is to end.
func fated(crashAt string) fate {
	if crashAt == "" {
		return fate{}
	}
	name, pass, _ := strings.Cut(crashAt, ":")
	point, _ := crashpoint.Named(name)
	f := fate{point: point}
	_, _ = fmt.Sscan(pass, &f.pass)
	return f
}

// stop lets a life that has nothing left to do end as it should.
func (p *pieces) stop(v *victim) {
	p.t.Helper()
	p.gate.touch()
	p.await(v, func() bool { return p.idle(v) })
	if err := v.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	<-v.dead
	if !v.cmd.ProcessState.Success() {
		p.t.Fatalf("%s\n%s", v.cmd.ProcessState, v.errs)
	}
	p.gate.drain(p.t)
}

// dies waits for a life to end at its point.
func (p *pieces) dies(v *victim, crashAt string) {
	p.t.Helper()
	select {
	case <-v.dead:
	case <-time.After(patience):
		p.t.Fatalf("%s was not met; the process says:\n%s", crashAt, v.errs)
	}
	if !v.killed() || !v.errs.has("crash at "+crashAt) {
		p.t.Fatalf("the process ended by itself before %s, %s:\n%s", crashAt, v.cmd.ProcessState, v.errs)
	}
	p.hits[fated(crashAt).point]++
	p.gate.drain(p.t)
}

// fails runs a command that has to end with an exit code, and gives all it says.
func (p *pieces) fails(code int, args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.binary, args...)
	cmd.Env = append(os.Environ(), "LANG=en_US.UTF-8")
	out, err := cmd.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != code {
		p.t.Fatalf("%v: %v, want exit code %d\n%s", args, err, code, out)
	}
	return string(out)
}

// told counts the messages to the admin that contain a text.
func (p *pieces) told(text string) (n int) {
	for _, m := range p.admin.Messages() {
		if m.FromBot && strings.Contains(m.Text, text) {
			n++
		}
	}
	return n
}

// held is what a data directory holds while no process has it.
type held struct {
	people   map[reminders.PersonID]reminders.Person
	units    int
	entries  map[ledger.Verb][]ledger.Entry
	restored bot.Restored
	open     openImport
	chores   []bot.Chore
	years    int // arrangements that were imported
}

// holds reads a data directory.
func (p *pieces) holds(dir string) (h held) {
	p.t.Helper()
	h = held{people: map[reminders.PersonID]reminders.Person{}, entries: map[ledger.Verb][]ledger.Entry{}}
	p.lookInto(dir, func(s *store.Store, tx reminders.Tx) error {
		records, err := s.People().PeopleAfter(tx, "", 0)
		for _, r := range records {
			h.people[r.ID] = r.Person
		}
		units, unitsErr := s.People().Units(tx)
		h.units = len(units)
		years, yearsErr := s.Arrangements(tx)
		h.years = len(years)
		_, restoredErr := s.Setting(tx, bot.RestoredSetting, &h.restored)
		_, openErr := s.Setting(tx, openImportSetting, &h.open)
		_, choresErr := s.Setting(tx, bot.ChoresSetting, &h.chores)
		return errors.Join(err, unitsErr, yearsErr, restoredErr, openErr, choresErr)
	})
	text := p.run("export", "ledger", "-", "--format", "json", "--data", dir)
	for e, err := range ledger.Import(strings.NewReader(string(text))) {
		if err != nil {
			p.t.Fatal(err)
		}
		h.entries[e.Verb] = append(h.entries[e.Verb], e)
	}
	return h
}

// count is how many entries there are, but for those about exports: whoever looks
// makes them.
func (h held) count() (n int) {
	for verb, entries := range h.entries {
		if verb != ledger.Exported {
			n += len(entries)
		}
	}
	return n
}

// wasHit fails unless each of the points was hit.
func wasHit(t *testing.T, hits map[crashpoint.Point]int, points []crashpoint.Point) {
	t.Helper()
	for _, point := range points {
		if hits[point] == 0 {
			t.Errorf("point %s was never hit", point)
		}
	}
	t.Logf("hits: %v", hits)
}

// Every point is hit by one of the tests that kill.
func TestEveryPointIsHitSomewhere(t *testing.T) {
	all := slices.Concat(everyday(), revising, importing, restoring)
	slices.Sort(all)
	if !slices.Equal(all, crashpoint.All()) {
		t.Errorf("the tests hit %v", all)
	}
}

// read reads a file.
func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// instant reads an instant.
func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
