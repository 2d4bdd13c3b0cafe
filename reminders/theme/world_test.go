package theme_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// world is an office over a real store in memory, with a clock that a test sets. S1 and S2
// are its staff, U1 the auditor; X1 and X2 are the liaisons of the units u1 and u2.
type world struct {
	t     testing.TB
	now   time.Time
	store *store.Store
	desk  *theme.Desk
	cards map[string]theme.Decision
	why   string
	sent  []reminders.Delivery
}

var place = time.FixedZone("UTC+8", 8*3600)

func newWorld(t testing.TB) *world {
	w := &world{t: t, now: time.Date(2026, 7, 15, 9, 0, 0, 0, place), cards: map[string]theme.Decision{}}
	s, err := store.Open(context.Background(), new(mem.Memory).Open(), w, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w.store = s
	cal, err := calendar.New(place)
	if err != nil {
		t.Fatal(err)
	}
	w.desk = theme.NewDesk(theme.Options{
		Units: s, Store: s.Themes(), Book: obligation.NewDesk(s, s.Obligations(), s, w, w), Ledger: s, Outbox: w, Directory: w,
		Publisher: w, Cards: w, Calendar: func() *calendar.Calendar { return cal },
		Staff:   func(reminders.Tx) ([]reminders.PersonID, error) { return []reminders.PersonID{"S1", "S2"}, nil },
		Readers: func(reminders.Tx) ([]reminders.PersonID, error) { return []reminders.PersonID{"S1", "S2", "U1"}, nil },
		Screen: func(text string) []reminders.Hit {
			if !strings.Contains(text, "绝密") {
				return nil
			}
			return []reminders.Hit{{Rule: "mark", Hard: true, Say: reminders.Line("guard.mark", nil)}}
		},
	})
	return w
}

// Now and WaitUntil are the clock.
func (w *world) Now() time.Time { return w.now }

func (w *world) WaitUntil(ctx context.Context, _ time.Time) error {
	<-ctx.Done()
	return ctx.Err()
}

// InUnit is the directory.
func (w *world) InUnit(_ reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	if role != reminders.Liaison {
		return nil, nil
	}
	return []reminders.PersonID{reminders.PersonID("X" + string(unit)[1:])}, nil
}

// Publish and Decision are the press: it decides as a test says.
func (w *world) Publish(_ reminders.Tx, t theme.Theme, _ map[reminders.Language]theme.Card, _ reminders.PersonID) (string, error) {
	handle := "card-" + string(t.ID)
	w.cards[handle] = theme.Undecided
	return handle, nil
}

func (w *world) Decision(_ reminders.Tx, handle string) (theme.Decision, string, error) {
	return w.cards[handle], w.why, nil
}

// do runs f in a unit of work and gives its error; what fails leaves nothing behind.
func (w *world) do(f func(tx reminders.Tx) error) error {
	return w.store.Do(context.Background(), f)
}

// must fails the test on an error.
func (w *world) must(f func(tx reminders.Tx) error) {
	w.t.Helper()
	if err := w.do(f); err != nil {
		w.t.Fatal(err)
	}
}

// running gives a theme of u1 and u2 with two points that is under way.
func (w *world) running() theme.ID {
	w.t.Helper()
	var id theme.ID
	w.must(func(tx reminders.Tx) error {
		t, err := w.desk.Begin(tx, "2026-Q3", reminders.Chinese, "S1")
		if err != nil {
			return err
		}
		id = t.ID
		_, err = w.desk.Edit(tx, id, "S1", func(t *theme.Theme) {
			t.Title, t.Basis, t.Scope, t.Form = "公务接待", "规定", "审批和报销", theme.Led
			t.Units, t.From, t.To = []reminders.UnitID{"u1", "u2"}, t.Quarter.First(), t.Quarter.Last()
			t.Points = []theme.Point{{Text: "审批"}, {Text: "报销"}}
		})
		if err != nil {
			return err
		}
		_, err = w.desk.Submit(tx, id, map[reminders.Language]theme.Card{reminders.Chinese: {Title: "公务接待", Text: "全文"}}, "S1")
		return err
	})
	for handle := range w.cards {
		w.cards[handle] = theme.Approved
	}
	return id
}

// found records a check of u1 with one finding.
func (w *world) found(id theme.ID) {
	w.t.Helper()
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Check(tx, id, "u1", []theme.Answer{{}, {Finding: "清单不全。"}}, "S1")
		return err
	})
}

// finding gives a finding as it stands.
func (w *world) finding(id theme.ID, number int) (f theme.Finding) {
	w.t.Helper()
	w.must(func(tx reminders.Tx) (err error) {
		_, f, err = w.desk.Finding(tx, id, number)
		return err
	})
	return f
}

// sound fails unless the store and the book are.
func (w *world) sound() {
	w.t.Helper()
	problems, err := w.store.Check(context.Background())
	if err != nil || len(problems) > 0 {
		w.t.Fatalf("the store is not sound: %v %v", problems, err)
	}
}

// Enqueue is the outbox: it keeps what is to be sent, each key once.
func (w *world) Enqueue(_ reminders.Tx, d reminders.Delivery) error {
	if !slices.ContainsFunc(w.sent, func(one reminders.Delivery) bool { return one.Key == d.Key }) {
		w.sent = append(w.sent, d)
	}
	return nil
}

// told lists who was told something for a reason, in order.
func (w *world) told(reason string) []reminders.PersonID {
	var people []reminders.PersonID
	for _, d := range w.sent {
		if d.Reason == reason {
			people = append(people, d.Person)
		}
	}
	slices.Sort(people)
	return people
}
