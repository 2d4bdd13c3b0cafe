package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// The office of a season, and how fast its clock runs.
const (
	officeUnits = 6
	officeStaff = 10 // in each unit, where a test says nothing else
	clockSpeed  = 30
)

// season is one office around one holiday block, whose service is killed again and
// again.
type season struct {
	t        *testing.T
	killed   *tally
	rng      *rand.Rand
	binary   string
	dir      string // of everything
	perUnit  int    // people in each unit
	posts    bool   // updates come by webhook
	port     string
	gate     *gate
	phones   *phones
	codes    map[int64]string // of invitations, by chat
	block    string
	from     time.Time // instant of the service's clock at began
	began    time.Time
	flights  []flight
	missed   map[crashpoint.Point]bool // not met at this stop
	captured map[reminders.DeliveryKey]bool
}

// flight is what was in flight at one kill.
type flight struct {
	newest int // number of the last message that the chat service had then
	keys   map[reminders.DeliveryKey]bool
}

// newSeason makes an office and its people.
func newSeason(t *testing.T, binary string, posts bool, rng *rand.Rand, killed *tally) *season {
	g := newGate(t)
	s := &season{
		t: t, killed: killed, rng: rng, binary: binary, dir: t.TempDir(), perUnit: officeStaff, posts: posts, port: "0", gate: g,
		phones: newPhones(t, g, rng), codes: map[int64]string{}, captured: map[reminders.DeliveryKey]bool{},
	}
	if posts {
		s.port = portFor(t)
	}
	return s
}

// portFor is a port of this machine at which nobody listens.
func portFor(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// play lives through the weeks around a block.
func (s *season) play() {
	stops := s.stops()
	s.turnTo(stops[0].AddDate(0, 0, -1))
	s.found()
	for chat, code := range s.codes { // who comes first is a matter of chance
		s.gate.Person(chat, string(s.phones.people[chat]), "zh-hans").Start(code)
	}
	s.visit(s.now())
	for _, at := range stops {
		s.visit(at)
	}
	s.rest()
	s.count()
}

// blocks are those with instants in every known year; each season takes another.
var blocks = []string{"2026-qingming", "2026-labour-day", "2026-dragon-boat", "2026-mid-autumn+national-day", "2026-spring-festival"}

// stops are the instants at which the plan of a block has something.
func (s *season) stops() []time.Time {
	s.block = blocks[s.rng.IntN(len(blocks))]
	var plan []struct {
		At    time.Time
		Block string
	}
	text := s.run("plan", "--from", "2026-01-01", "--to", "2026-12-31", "--format", "json", "--data", s.path("nothing"))
	if err := json.Unmarshal(text, &plan); err != nil {
		s.t.Fatal(err)
	}
	var at []time.Time
	for _, item := range plan {
		if item.Block == s.block && !slices.ContainsFunc(at, item.At.Equal) {
			at = append(at, item.At)
		}
	}
	if len(at) < 5 {
		s.t.Fatalf("%s has only %d instants", s.block, len(at))
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

func (s *season) path(name string) string { return filepath.Join(s.dir, name) }

// run runs a command of the binary to its end and gives its stdout.
func (s *season) run(args ...string) []byte {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), s.binary, args...)
	cmd.Env = append(os.Environ(), "LANG=en_US.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			out = append(out, exit.Stderr...)
		}
		s.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// found enrols the people of the office and invites them.
func (s *season) found() {
	s.write("token", scriptToken)
	s.write("secret", "hook-secret-of-the-kills")
	units, people := "unit,parent,duty\n", "staff_no,name,unit,title,roles,language\n"
	roles := []string{"liaison", "leader", "staff", "head", "auditor"}
	for u := range officeUnits {
		units += fmt.Sprintf("示例单位%d,,\n", u+1)
		for n := range s.perUnit {
			role := ""
			if n < 2 || u == 0 && n < len(roles) {
				role = roles[n]
			}
			people += fmt.Sprintf("E%d%02d,样例%d%02d,示例单位%d,,%s,zh-Hans\n", u+1, n+1, u+1, n+1, u+1, role)
		}
	}
	s.write("units.csv", units)
	s.write("people.csv", people)
	v := s.start(fate{})
	s.await(v, func() bool { return v.errs.has("ready") })
	data := s.path("data")
	s.run("import", "units", s.path("units.csv"), "--data", data)
	s.run("import", "people", s.path("people.csv"), "--data", data)
	for u := range officeUnits {
		list := s.run("invite", "--unit", fmt.Sprintf("示例单位%d", u+1), "--data", data)
		for line := range strings.Lines(string(list)) {
			cells := strings.Split(strings.TrimSpace(line), "\t")
			_, code, _ := strings.Cut(cells[2], "start=")
			chat := int64(1001 + len(s.codes))
			s.codes[chat], s.phones.people[chat] = code, reminders.PersonID(cells[0])
		}
	}
	v.kill()
	<-v.dead
	s.examine()
}

func (s *season) write(name, text string) {
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// turnTo turns the clock of the office forward.
func (s *season) turnTo(at time.Time) {
	if at.After(s.now()) {
		s.from, s.began = at, time.Now()
	}
}

// now is what the clock of the office shows.
func (s *season) now() time.Time { return s.from.Add(time.Since(s.began) * clockSpeed) }

// start starts the service for one more life.
func (s *season) start(f fate) *victim {
	s.t.Helper()
	args := []string{
		"serve", "--data", s.path("data"), "--api-url", s.gate.web.URL, "--token-file", s.path("token"),
		"--listen", "127.0.0.1:" + s.port, "--rate", "1000", "--log-level", "warn",
		"--clock-start", s.now().Format(time.RFC3339Nano), "--clock-speed", fmt.Sprint(clockSpeed),
	}
	if s.posts {
		args = append(args, "--webhook-url", "http://127.0.0.1:"+s.port, "--webhook-secret-file", s.path("secret"))
	}
	return start(s.t, s.binary, f.String(), args...)
}

// await waits until a life has come so far, and fails if it ended instead.
func (s *season) await(v *victim, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		select {
		case <-v.dead:
			s.t.Fatalf("the service ended by itself:\n%s", v.errs)
		default:
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain; the service says:\n%s", v.errs)
		}
	}
}

// resting is how long nothing may have happened before a life has nothing to do.
const resting = 700 * time.Millisecond

// idle reports whether a life has nothing left to do.
func (s *season) idle(v *victim) bool {
	return v.errs.has("ready") && s.gate.quiet() > resting && s.phones.still() && s.gate.Pending() == 0
}

// Lives at one stop: most of them end early, the later ones may finish.
const (
	killsAtStop = 14
	livesAtStop = 40
)

// visit lets the service do what is due at an instant, over as many lives as it
// takes.
func (s *season) visit(at time.Time) {
	s.t.Helper()
	s.turnTo(at)
	s.missed = map[crashpoint.Point]bool{}
	for life := range livesAtStop {
		f := fate{}
		if life < killsAtStop {
			f = s.choose()
		}
		s.live(f)
		if s.examine() && s.phones.still() && s.gate.Pending() == 0 {
			return
		}
	}
	s.t.Fatalf("at %s something is still due after %d lives", at, livesAtStop)
}

// flooded is in how many lives of a hundred the chat service asks to wait a second:
// a message that was claimed goes back, and the order outlives the process.
const flooded = 10

// live lives one life to its end.
func (s *season) live(f fate) {
	s.t.Helper()
	if s.rng.IntN(100) < flooded {
		s.gate.Fail(sandbox.Fault{Method: "sendMessage", Status: http.StatusTooManyRequests, RetryAfter: 1})
	}
	v := s.start(f)
	born := time.Now()
	crashed := false
	s.gate.touch()
	for over := false; !over; {
		select {
		case <-v.dead:
			if !v.killed() || f.pass == 0 || !v.errs.has("crash at "+f.String()) {
				s.t.Fatalf("the service ended by itself, %s:\n%s", v.cmd.ProcessState, v.errs)
			}
			over, crashed = true, true
		case <-time.After(5 * time.Millisecond):
			over = f.after > 0 && time.Since(born) > f.after || s.idle(v)
		}
		if time.Since(born) > patience {
			s.t.Fatalf("the service does not come to rest; it says:\n%s", v.errs)
		}
	}
	v.kill()
	<-v.dead
	switch {
	case crashed || v.errs.has("crash at "): // at the instant at which it was to be killed anyway
		s.killed.hits[f.point]++
	case f.after > 0:
		s.killed.random++
	default:
		s.killed.idle++
		s.missed[f.point] = s.missed[f.point] || f.pass > 0
	}
	s.gate.drain(s.t)
}

// flew reports whether the last life ended with something in flight.
func (s *season) flew() bool { return len(s.flights) > 0 && len(s.flights[len(s.flights)-1].keys) > 0 }

// rest lets two more days pass without kills, and the service end as it should.
func (s *season) rest() {
	s.t.Helper()
	for day := range 2 {
		s.turnTo(s.now().AddDate(0, 0, 1))
		v := s.start(fate{})
		s.gate.touch()
		s.await(v, func() bool { return s.idle(v) && s.gate.quiet() > 3*resting }) // a flood is over by then
		if err := v.cmd.Process.Signal(os.Interrupt); err != nil {
			s.t.Fatal(err)
		}
		<-v.dead
		if !v.cmd.ProcessState.Success() {
			s.t.Fatalf("after day %d: %s\n%s", day, v.cmd.ProcessState, v.errs)
		}
		if !s.examine() {
			s.t.Fatalf("after day %d something is still due", day)
		}
	}
}

// look reads the data directory while no process has it.
func (s *season) look(f func(s *store.Store, tx reminders.Tx) error) {
	s.t.Helper()
	s.lookInto(s.path("data"), f)
}

// lookInto reads a data directory while no process has it, and looks whether its
// records are sound.
func (s *season) lookInto(dir string, f func(s *store.Store, tx reminders.Tx) error) {
	s.t.Helper()
	engine, err := openEngine(dir)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	ctx := context.Background()
	records, err := store.Open(ctx, engine, wallClock{}, slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = records.Close() }()
	problems, err := records.Check(ctx)
	for _, p := range problems {
		s.t.Errorf("after %d kills: %s %s %s", s.killed.kills(), p.Check, p.Key, p.Text.Key)
	}
	if err == nil {
		err = records.View(ctx, func(tx reminders.Tx) error { return f(records, tx) })
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
