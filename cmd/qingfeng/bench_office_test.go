package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// The offices of the benchmarks. Staff numbers follow the order in which people
// came and say nothing about the unit, as in most registers, so that the lines of
// one publication lie scattered over the units.

// perUnit is how many people a unit of the benchmarks has: a liaison, a leader,
// and officials. The first unit is the supervising office.
const perUnit = 50

// benchLocation is the place of the benchmarks.
var benchLocation = time.FixedZone("Asia/Shanghai", 8*3600)

// The instants of the benchmarks, around the personal reminder of a block.
var (
	benchDayBefore = time.Date(2026, 9, 21, 8, 0, 0, 0, benchLocation)
	benchReminder  = time.Date(2026, 9, 22, 9, 0, 0, 0, benchLocation)
)

// stillClock stands until it is set.
type stillClock struct{ at atomic.Pointer[time.Time] }

func newStillClock(at time.Time) *stillClock {
	c := &stillClock{}
	c.set(at)
	return c
}

func (c *stillClock) set(at time.Time) { c.at.Store(&at) }

// Now is the instant to which the clock was set.
func (c *stillClock) Now() time.Time { return *c.at.Load() }

// WaitUntil waits for ctx alone unless t has come.
func (c *stillClock) WaitUntil(ctx context.Context, t time.Time) error {
	if !c.Now().Before(t) {
		return nil
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// fileRows is how many people one file may name below its header.
const fileRows = sheet.MaxRows - 1

// benchID is the staff number of the n-th person.
func benchID(n int) reminders.PersonID { return reminders.PersonID(fmt.Sprintf("E%07d", n)) }

// openOffice opens the office of a directory.
func openOffice(ctx context.Context, dir string, clock reminders.Clock) (*office, error) {
	engine, err := openEngine(dir)
	if err != nil {
		return nil, err
	}
	return newOffice(ctx, officeOptions{
		engine: engine, clock: clock, location: benchLocation, language: reminders.Chinese, log: slog.New(slog.DiscardHandler),
	})
}

// foundOffice makes an office of so many people in dir: the register is imported
// as an operator would, in files of the largest size, and everyone is bound. It
// gives how long the import took.
func foundOffice(b *testing.B, dir string, persons int) time.Duration {
	b.Helper()
	ctx := b.Context()
	f, err := openOffice(ctx, dir, newStillClock(benchDayBefore))
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	for from := 0; from < persons; from += fileRows {
		file := peopleFile(from, min(from+fileRows, persons), max(1, persons/perUnit))
		list, wrong, err := f.people.ReadPeople("people.csv", []byte(file))
		if err != nil || len(wrong) > 0 {
			b.Fatal(err, wrong)
		}
		if _, err := f.people.Apply(ctx, f.store, list, "system", nil); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(begun)
	bindAll(b, f)
	err = f.store.Do(ctx, func(tx reminders.Tx) error {
		_, _, err := f.store.Alive(tx, time.Hour)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := f.close(); err != nil {
		b.Fatal(err)
	}
	return took
}

// peopleFile lists the people from number from until, without, another.
func peopleFile(from, to, units int) string {
	var file strings.Builder
	file.WriteString("staff_no,name,unit,title,roles,language\n")
	for n := from; n < to; n++ {
		unit, role := n%units, ""
		switch {
		case unit == 0 && n == 0:
			role = "staff"
		case unit == 0 && n == units:
			role = "admin"
		case n < units:
			role = "liaison"
		case n < 2*units:
			role = "leader"
		}
		fmt.Fprintf(&file, "%s,样本%d,示例单位%d,科员,%s,\n", benchID(n), n, unit, role)
	}
	return file.String()
}

// bindAll binds everyone to a chat of their own.
func bindAll(b *testing.B, f *office) {
	b.Helper()
	const atOnce = 200
	register := f.store.People()
	for after, more := reminders.PersonID(""), true; more; {
		err := f.store.Do(b.Context(), func(tx reminders.Tx) error {
			page, err := register.PeopleAfter(tx, after, atOnce)
			more = len(page) == atOnce
			for _, record := range page {
				record.Chat, record.BoundAt, after = benchChat(record.ID), tx.Now(), record.ID
				if err == nil {
					err = register.SavePerson(tx, record)
				}
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// firstBenchChat is below the chat of the first person.
const firstBenchChat = 10_000_000

// benchChat is the chat of a person.
func benchChat(id reminders.PersonID) reminders.ChatID {
	n := 0
	_, _ = fmt.Sscanf(string(id), "E%d", &n)
	return reminders.ChatID(firstBenchChat + n)
}

// databaseOf is the file of the store of a directory.
func databaseOf(dir string) string { return filepath.Join(dir, databaseName) }
