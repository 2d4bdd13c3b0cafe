package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// copied takes a backup of the scene's store into memory.
func (s *scene) copied() store.Engine {
	s.t.Helper()
	to := mem.New()
	if _, err := s.live.store.Backup(context.Background(), to); err != nil {
		s.t.Fatal(err)
	}
	return to
}

// restore starts the service over a backup, as the command leaves it behind.
func (s *scene) restore(backup store.Engine) {
	s.t.Helper()
	s.end()
	s.engine = backup
	ctx := context.Background()
	kept, err := store.Open(ctx, backup, s.clock, discard())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := markIn(ctx, kept); err != nil {
		s.t.Fatal(err)
	}
	if err := kept.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.begin()
}

// silence counts what everyone but the admin has received.
func (s *scene) silence() map[reminders.PersonID]int {
	s.t.Helper()
	count := map[reminders.PersonID]int{}
	for _, id := range everyone {
		if id != "A1" {
			count[id] = s.received(id)
		}
	}
	return count
}

// unmoved fails unless nobody but the admin has received anything since.
func (s *scene) unmoved(before map[reminders.PersonID]int) {
	s.t.Helper()
	for id, n := range before {
		if got := s.received(id) - n; got != 0 {
			s.t.Errorf("%s received %d messages from a muted service: %q", id, got, s.last(id).Text)
		}
	}
}

// A store restored from the backup of the evening before the unit notice is muted: the
// notice passes, and nobody hears of it again. The admin is asked, once, chooses to
// skip, and everything goes on from there with the personal reminder.
func TestRestoreSkips(t *testing.T) {
	const unitNotice = "单位通知"
	play(t, "2026-09-16T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/feedback 字小了")
		s.until("2026-09-17 18:00")
		backup := s.copied()
		s.until("2026-09-18 12:00") // the notice goes out; the backup does not know
		s.once(unitNotice, "L1")
		s.types("P1", "/feedback 还是小")

		before := s.silence()
		s.restore(backup)
		s.reads("A1", "〔数据恢复〕系统已从 9月17日 18:00 的备份恢复")
		s.reads("A1", "通知 1 条")
		s.reads("A1", "feedback/2026：1")
		asked := s.received("A1")
		s.until("2026-09-18 15:00")
		s.end()
		s.begin()
		if s.received("A1") != asked {
			t.Error("the admin was asked again at the second start")
		}
		s.types("P2", "/outstanding")
		s.unmoved(before)

		s.types("A1", "/office number feedback/2026 2")
		s.reads("A1", "feedback/2026 的下一个编号将从 2 之后开始")
		s.types("A1", "/office number feedback/2026 1")
		s.reads("A1", "没有作改动")
		s.types("A1", "/office number feedback")
		s.reads("A1", "请这样填写")
		s.types("A1", "/office")
		s.tap("A1", "不发，从现在起照常")
		s.reads("A1", "系统已恢复正常发送")
		s.reads("P2", "您没有待办事项") // the answer to what was asked while muted
		s.once(unitNotice, "L1")
		if len(s.entries(ledger.Skipped)) == 0 {
			t.Error("the ledger does not say what was skipped")
		}
		for _, e := range s.entries(ledger.Skipped) {
			if e.Reason != "restored" && e.At.After(s.at("2026-09-17 18:00")) {
				t.Errorf("%s was skipped for %s", e.Object, e.Reason)
			}
		}
		s.types("P1", "/feedback 好了")
		s.reads("P1", "2026-0003")

		s.until("2026-09-22 09:00")
		s.once(heading, "P1", "P2", "L1")
		s.tap("P1", "已阅")
		s.until("2026-10-08 10:00")
		s.reads("S2", "个人提醒 9 人：按期 1，逾期 0，未阅 8")
		s.balanced()
	})
}

// What waited in the backup, and chases that were due since, are settled unsent; a
// notice that was half published is brought to its end with its obligations.
func TestRestoreSkipsWhatWaited(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-22 08:00")
		s.end()
		s.start(func(live *service) { live.work.Sender = deaf{} })
		s.until("2026-09-22 09:00")
		backup := s.copied()
		s.end()
		s.begin()
		s.once(heading, "P1", "P2")
		s.until("2026-09-24 11:00")
		before := s.silence()
		s.restore(backup)
		s.types("P1", "/feedback 字小了") // tells the staff, for whom a leftover is due as well
		s.unmoved(before)
		s.tap("A1", "不发，从现在起照常")
		s.until("2026-09-24 18:00")
		s.once("字小了", "S1", "S2", "S3")
		s.once(heading, "P1", "P2")
		before["P1"]++ // the answer to the feedback
		for _, id := range []reminders.PersonID{"S1", "S2", "S3"} {
			before[id]++
		}
		s.unmoved(before)
		for _, e := range s.entries(ledger.SendFailed) {
			if e.Attrs["code"] != "restored" || e.Attrs["result"] != "withdrawn" {
				t.Errorf("%s ended with %v", e.Object, e.Attrs)
			}
		}
		if got := len(s.lines("holiday-reminder")); got != 9 {
			t.Errorf("%d lines of the reminder instead of 9", got)
		}
		s.until("2026-10-08 10:00")
		// Whoever had answered after the backup is not called silent.
		if got := s.states("holiday-reminder"); got["excused service-down"] != 9 {
			t.Errorf("lines ended as %v", got)
		}
		s.balanced()
	})
}

// deaf is a chat service that takes nothing.
type deaf struct{}

func (deaf) Send(context.Context, reminders.Delivery) reminders.Outcome {
	return reminders.Outcome{Result: reminders.NotSent}
}

// An admin may let everything go out that has been due since the backup.
func TestRestoreSends(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-21 18:00")
		backup := s.copied()
		s.end() // the machine is lost
		s.clock.step(s.at("2026-09-22 10:00"))
		before := s.silence()
		s.restore(backup)
		s.until("2026-09-22 11:00")
		s.unmoved(before)
		s.tap("A1", "照发备份以来到期的")
		s.reads("A1", "提醒") // the admin is an official too
		s.once(heading, "P1", "P2")
		s.tap("A1", "已阅")
		s.tap("P1", "已阅")
		var r bot.Restored
		err := s.live.store.View(context.Background(), func(tx reminders.Tx) (err error) {
			r, err = s.live.restored(tx)
			return err
		})
		if err != nil || r.Choice != bot.SendDue || r.By != "A1" || r.Muted() {
			t.Errorf("the record says %+v, %v", r, err)
		}
		s.balanced()
	})
}

// Taps on the question are the admins' alone, and the second one changes nothing.
func TestRestoreIsDecidedOnce(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.restore(s.copied())
		page := s.last("A1")
		s.tap("A1", "不发，从现在起照常")
		for _, row := range page.Buttons {
			if _, err := s.phone("A1").Tap(page.ID, row[0].Data); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if got := s.toast("A1").Text; !strings.Contains(got, "无需再选") {
				t.Errorf("a second choice is answered with %q", got)
			}
		}
		if got := len(s.entries(ledger.Confirmed)); got != 1 {
			t.Errorf("%d confirmations in the ledger", got)
		}
	})
}

// A backup taken while many units of work are committed holds one state of them, is
// sound, and is restored as sound.
func TestBackupUnderLoad(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, databaseName)
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := newOffice(t.Context(), officeOptions{engine: engine, clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	stop, failed := make(chan struct{}), make(chan error, 8)
	for range cap(failed) {
		go func() {
			for {
				select {
				case <-stop:
					failed <- nil
					return
				default:
				}
				if err := f.store.Do(context.Background(), pair(f)); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	var paths []string
	for _, name := range []string{"one.db", "two.db", "three.db"} {
		path := filepath.Join(dir, name)
		made, err := f.copyTo(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if made.Records == 0 {
			t.Error("an empty backup")
		}
		paths = append(paths, path)
	}
	close(stop)
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		c := &console{out: &strings.Builder{}, errs: &strings.Builder{}, language: reminders.English, location: time.UTC}
		if err := c.restore(t.Context(), place{dir: dir, location: time.UTC}, path); err != nil {
			t.Fatal(err)
		}
		even(t, dir)
	}
	kept, err := filepath.Glob(database + ".replaced-*")
	if err != nil || len(kept) != len(paths) {
		t.Errorf("kept aside: %v, %v", kept, err)
	}
}

// pair is a unit of work that raises two series by one and writes to the ledger.
func pair(f *office) func(tx reminders.Tx) error {
	return func(tx reminders.Tx) error {
		for _, series := range []string{"left/2026", "right/2026"} {
			if _, err := f.store.Number(tx, series); err != nil {
				return err
			}
		}
		return f.store.Append(tx, ledger.Entry{Actor: ledger.System, Verb: ledger.Setting, Object: "pair"})
	}
}

// even fails unless the store of a directory is sound and has all of each unit of
// work or nothing.
func even(t *testing.T, dir string) {
	t.Helper()
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	if err := sound(t.Context(), engine, dir); err != nil {
		t.Error(err)
	}
	s, err := store.Open(t.Context(), engine, wallClock{}, discard())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	err = s.View(t.Context(), func(tx reminders.Tx) error {
		last, err := s.Numbers(tx)
		if last["left/2026"] == 0 || last["left/2026"] != last["right/2026"] {
			t.Errorf("the series stand at %v", last)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
