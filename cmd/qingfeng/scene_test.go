package main

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// A scene is the whole service in one synctest bubble: real desks, real wire, a
// sandbox for the chat service, memory for the disk. Weeks pass in milliseconds.
type scene struct {
	t      *testing.T
	clock  *shiftedClock
	server *sandbox.Server
	engine store.Engine
	files  *filestore.Store // beside the engine; outlives the service as it does
	live   *service
	stop   func()
	loc    *time.Location
	phones map[reminders.PersonID]*sandbox.Person
}

// shiftedClock is the bubble's clock moved to the scene's date: bubbles begin in
// the year 2000. It can be stepped, which wakes whoever waits on it.
type shiftedClock struct {
	mu      sync.Mutex
	by      time.Duration
	stepped chan struct{}
}

func newShiftedClock(at time.Time) *shiftedClock {
	return &shiftedClock{by: time.Until(at), stepped: make(chan struct{})}
}

// Now is the bubble's instant, moved.
func (c *shiftedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.by)
}

// step moves the clock to an instant at once.
func (c *shiftedClock) step(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = time.Until(to)
	close(c.stepped)
	c.stepped = make(chan struct{})
}

// WaitUntil waits until the clock shows t.
func (c *shiftedClock) WaitUntil(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		left, stepped := t.Sub(time.Now().Add(c.by)), c.stepped
		c.mu.Unlock()
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-stepped:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// play runs a story in a bubble whose clock begins at start, beside other stories.
func play(t *testing.T, start string, story func(s *scene)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		clock := newShiftedClock(at)
		s := &scene{
			t: t, clock: clock, loc: loc, engine: mem.New(), files: filestore.Memory(clock), phones: map[reminders.PersonID]*sandbox.Person{},
			stop: func() {}, server: sandbox.New(sandbox.Options{Token: demoToken, Now: func() time.Time { return clock.Now().In(loc) }, Wall: time.Now, Limits: sandbox.DocumentedLimits()}),
		}
		defer s.server.Close()
		defer func() { s.end() }() // also when the story fails half-way
		s.begin()
		story(s)
	})
}

// begin starts the service over the scene's store and lets it do what is due.
func (s *scene) begin() {
	s.t.Helper()
	s.start()
	s.settle()
}

// start starts the service over the scene's store. rig may change it first. The draws of
// spot checks come out the same in every run, so that a story can be told again.
func (s *scene) start(rig ...func(live *service)) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(logTo{s.t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	f, err := newOffice(ctx, officeOptions{engine: s.engine, files: s.files, clock: s.clock, location: s.loc, language: reminders.Chinese, log: log})
	if err != nil {
		s.t.Fatal(err)
	}
	client, err := wire.New(demoToken, "http://sandbox", s.server, log)
	if err != nil {
		s.t.Fatal(err)
	}
	s.live, err = newService(ctx, f, serviceOptions{client: client, username: "qingfeng_demo_bot", rate: 28, pollDoer: s.server})
	if err != nil {
		s.t.Fatal(err)
	}
	s.live.spots.Secret = func() duty.SpotSecret { return duty.SpotSecret(strings.Repeat("5a", 32)) }
	for _, change := range rig {
		change(s.live)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.live.run(ctx, s.live.poll) }()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the service ended with %v", err)
		}
		if err := s.live.store.Close(); err != nil {
			s.t.Error(err)
		}
		s.stop = func() {}
	}
}

// end stops the service; begin starts it again over the same store.
func (s *scene) end() { s.stop() }

// settle lets everything that is due now happen: a few seconds pass, because a
// chat receives one message a second.
func (s *scene) settle() {
	time.Sleep(5 * time.Second)
	synctest.Wait()
}

// until lets time pass to an instant such as "2026-09-22 09:00", and what is due
// then happen. It steps from one full hour to the next, since whatever the
// programme holds is due on one, and faster through the night: weeks cost no more
// than what happens in them.
func (s *scene) until(text string) {
	s.t.Helper()
	at := s.at(text)
	for now := s.clock.Now(); now.Before(at); now = s.clock.Now() {
		next := now.In(s.loc).Truncate(time.Hour).Add(time.Hour)
		for hour := next.Hour(); hour < 7 && hour != 3 || hour > 20 && hour != 23; hour = next.Hour() {
			next = next.Add(time.Hour)
		}
		if next.After(at) {
			next = at
		}
		s.clock.step(next)
		s.settle()
	}
}

// lives lets time pass to an instant second by second, as it does outside.
func (s *scene) lives(text string) {
	s.t.Helper()
	if left := s.at(text).Sub(s.clock.Now()); left > 0 {
		time.Sleep(left)
	}
	s.settle()
}

// at reads an instant of the place.
func (s *scene) at(text string) time.Time {
	s.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, s.loc)
	if err != nil {
		s.t.Fatal(err)
	}
	return at
}

// enrol imports people, one a line in the columns of the contract, and binds all
// but those whose staff number is in unbound.
func (s *scene) enrol(rows string, unbound ...reminders.PersonID) {
	s.t.Helper()
	ctx := context.Background()
	file := "staff_no,name,unit,title,roles,language\n" + strings.TrimSpace(strings.ReplaceAll(rows, "\t", "")) + "\n"
	list, wrong, err := s.live.people.ReadPeople("people.csv", []byte(file))
	if err != nil || len(wrong) > 0 {
		s.t.Fatal(err, wrong)
	}
	if _, err := s.live.people.Apply(ctx, s.live.store, list, "system", nil); err != nil {
		s.t.Fatal(err)
	}
	skip := map[reminders.PersonID]bool{}
	for _, id := range unbound {
		skip[id] = true
	}
	for _, entry := range list.Entries {
		language := "zh-hans"
		if entry.Person.Language == reminders.English {
			language = "en"
		}
		id := entry.Person.ID
		s.phones[id] = s.server.Person(int64(5000+len(s.phones)), entry.Person.Name, language)
		if !skip[id] {
			s.phones[id].Start(s.invite(id))
		}
	}
	s.settle()
}

// invite makes a code for a person.
func (s *scene) invite(id reminders.PersonID) (code string) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) (err error) {
		code, err = s.live.people.Invite(tx, id, 0, "system")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// phone is the phone of a person.
func (s *scene) phone(id reminders.PersonID) *sandbox.Person {
	s.t.Helper()
	if s.phones[id] == nil {
		s.t.Fatalf("nobody has the staff number %s", id)
	}
	return s.phones[id]
}

// tap taps the newest button with this label.
func (s *scene) tap(id reminders.PersonID, label string) {
	s.t.Helper()
	if err := s.phone(id).TapLabel(label); err != nil {
		s.t.Fatalf("%s taps %q: %v\n%s", id, label, err, s.server.Transcript(s.phone(id)))
	}
	s.settle()
}

// types types a text.
func (s *scene) types(id reminders.PersonID, text string) {
	s.t.Helper()
	s.phone(id).Type(text)
	s.settle()
}

// sends sends a file.
func (s *scene) sends(id reminders.PersonID, name, content string) {
	s.t.Helper()
	s.phone(id).SendDocument(name, []byte(content), "")
	s.settle()
}

// last is the newest message from the bot in a person's chat.
func (s *scene) last(id reminders.PersonID) sandbox.Message {
	s.t.Helper()
	messages := s.phone(id).Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].FromBot {
			return messages[i]
		}
	}
	return sandbox.Message{}
}

// reads fails unless the newest message contains a text.
func (s *scene) reads(id reminders.PersonID, text string) {
	s.t.Helper()
	if got := s.last(id).Text; !strings.Contains(got, text) {
		s.t.Errorf("at %s %s does not read %q but:\n%s", s.clock.Now().In(s.loc).Format("2006-01-02 15:04"), id, text, got)
	}
}

// received counts the messages from the bot since the n-th.
func (s *scene) received(id reminders.PersonID) int {
	n := 0
	for _, m := range s.phone(id).Messages() {
		if m.FromBot {
			n++
		}
	}
	return n
}

// balanced fails unless the book of obligations explains every line and the store
// is sound.
func (s *scene) balanced() {
	s.t.Helper()
	problems, err := s.live.store.Check(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range problems {
		s.t.Errorf("store: %s %s %s", p.Check, p.Key, p.Text.Key)
	}
	err = s.live.store.View(context.Background(), func(tx reminders.Tx) error {
		audit, err := obligation.NewAuditor(s.live.book, s.live.store, s.live.reg.staff).Audit(tx, tx.Now())
		for _, u := range audit.Unexplained {
			s.t.Errorf("book: %s %s %s", u.Terms, u.Owner, u.Reason)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// logTo writes the service's warnings into the log of the test.
type logTo struct{ t *testing.T }

func (l logTo) Write(line []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// small is an office of one unit and the supervising office.
const small = `
S1,高示意,监督室,主任,head,zh-Hans
S2,周例证,监督室,主任科员,staff,zh-Hans
S3,徐试题,监督室,主任科员,staff,zh-Hans
A1,钱配置,监督室,管理员,admin,zh-Hans
L1,白样本,样例局,副主任,liaison,zh-Hans
B1,安示范,样例局,局长,leader,zh-Hans
P1,方样张,样例局,科长,official,zh-Hans
P2,孙样稿,样例局,科员,official,zh-Hans
P3,Ann Sample,样例局,科员,official,en
`

// The main job: an official receives the reminder at the right instant, taps,
// and sees when; who is outstanding is chased once; the office sees how many are
// missing and, on opening the unit, who.
func TestHolidayReminder(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		before := s.received("P1")
		s.lives("2026-09-22 08:59")
		if got := s.received("P1"); got != before {
			t.Fatalf("P1 received %d messages before the instant", got-before)
		}
		s.lives("2026-09-22 09:00")
		s.reads("P1", "廉洁过节提醒")
		s.reads("P3", "Integrity reminder")
		s.tap("P1", "已阅")
		s.reads("P1", "已阅 · 9月22日 09:00（10 分钟内可撤回）")
		s.types("S2", "/status")
		s.reads("S2", "已阅 1/9，未阅 8")

		chased := s.received("P2")
		s.until("2026-09-24 10:00")
		s.reads("P2", "还有 1 项待办")
		if got := s.received("P2") - chased; got != 1 {
			t.Errorf("P2 received %d messages instead of one chase", got)
		}
		if got := s.last("P1").Text; strings.Contains(got, "还有 1 项待办") {
			t.Error("P1, who had answered, was chased")
		}
		s.tap("P2", "已阅")

		s.types("S2", "/status")
		s.tap("S2", "中秋、国庆廉洁提醒")
		s.tap("S2", "样例局（3/5）")
		s.reads("S2", "Ann Sample（未阅）")
		s.until("2026-10-08 10:00")
		s.reads("S2", "个人提醒 9 人：按期 2，逾期 0，未阅 7")
		s.balanced()
	})
}
