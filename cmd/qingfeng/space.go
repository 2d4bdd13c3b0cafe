package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// When a file is made compact at a start: from this size on, if more than half of it
// is free.
const compactFrom = 8 << 20

// compact writes the store of a data directory anew if more than half of its file is
// free. Whatever goes wrong with that, the file stays as it was and the start goes
// on; only a directory in use is an error, and a file that cannot be opened.
func compact(ctx context.Context, dir string, from int64, log *slog.Logger) (err error) {
	database := filepath.Join(dir, databaseName)
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	engine, err := bolt.Open(database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	leftovers(database)
	size, free := engine.Space()
	if size < from || 2*free <= size {
		return nil
	}
	after, err := rewrite(ctx, engine, database)
	if err != nil {
		log.WarnContext(ctx, "the store was not made compact", "bytes", size, "free", free, "error", err)
		return nil
	}
	log.InfoContext(ctx, "the store was made compact", "bytes", size, "free", free, "bytes_after", after)
	return nil
}

// leftovers removes what a kill left of a copy that never got its name. The caller
// holds the store, so nobody else is copying.
func leftovers(database string) {
	pattern := filepath.Join(filepath.Dir(database), "."+filepath.Base(database)+".new-*")
	old, _ := filepath.Glob(pattern) // only a wrong pattern fails
	for _, path := range old {
		_ = os.Remove(path)
	}
}

// rewrite copies an engine into a new file, looks whether the copy is sound, and gives
// it the name of the old one, which the caller still holds.
func rewrite(ctx context.Context, engine *bolt.Engine, database string) (after int64, err error) {
	fresh, err := freshName(database)
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(fresh) }()
	copied, err := bolt.Open(fresh, bolt.Bulk())
	if err != nil {
		return 0, err
	}
	err = fill(ctx, engine, copied, fresh)
	after, _ = copied.Space()
	if err = errors.Join(err, copied.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(fresh, database); err != nil {
		return 0, err
	}
	return after, syncDir(filepath.Dir(database))
}

// fill copies every record and makes the copy durable.
func fill(ctx context.Context, from store.Engine, to *bolt.Engine, path string) error {
	state, err := from.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = state.Close() }()
	if _, err := store.CopyRecords(ctx, state, to); err != nil {
		return err
	}
	if err := to.Sync(); err != nil {
		return err
	}
	return sound(ctx, to, path)
}

// minQuota is the smallest quota in bytes: the file grows in steps of 16 MiB.
const minQuota = 64 << 20

// parseQuota reads a size such as 2GB or 512MiB. Nothing is no limit.
func parseQuota(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	number := strings.TrimRight(text, "kKMGTiB ")
	scale, known := map[string]float64{
		"MB": 1e6, "GB": 1e9, "TB": 1e12, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}[strings.TrimSpace(text[len(number):])]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !known || !(n*scale >= minQuota && n*scale <= math.MaxInt64/2) { // NaN is neither
		return 0, badValue("quota", text, "2GB")
	}
	return int64(n * scale), nil
}

// warnFrom is the share of the quota, in percent, from which the admins are warned.
const warnFrom = 80

// lookEvery is how often the space is looked at.
const lookEvery = time.Hour

// spacious is an engine that knows how much space it takes.
type spacious interface {
	Space() (size, free int64)
}

// spaceWatch warns the admins once a day while the store has little room left. It is
// a source of the clockwork.
type spaceWatch struct {
	units  reminders.Units
	engine spacious
	quota  int64 // bytes; 0: none
	tell   func(tx reminders.Tx, key string, m reminders.Message) error
	zone   func() *time.Location
	looked time.Time
}

// watch makes the watch over the space of a service.
func (s *service) watch(quota int64) *spaceWatch {
	engine, _ := s.engine.(spacious)
	return &spaceWatch{
		units: s.store, engine: engine, quota: quota, tell: s.bot.TellAdmins,
		zone: func() *time.Location { return s.years.Calendar().Location() },
	}
}

// Advance implements dispatch.Source.
func (w *spaceWatch) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	if w.quota == 0 || w.engine == nil {
		return time.Time{}, false, nil
	}
	if next := w.looked.Add(lookEvery); now.Before(next) && !now.Before(w.looked) {
		return next, false, nil
	}
	size, free := w.engine.Space()
	if percent := (size - free) * 100 / w.quota; percent >= warnFrom {
		key := "quota/" + now.In(w.zone()).Format(time.DateOnly)
		err = w.units.Do(ctx, func(tx reminders.Tx) error {
			return w.tell(tx, key, reminders.Line("quota.warning", reminders.Args{
				"Percent": reminders.Number(int(percent)), "Used": reminders.Text(bytesText(size - free)), "Quota": reminders.Text(bytesText(w.quota)),
			}))
		})
	}
	if err == nil {
		w.looked = now
	}
	return now.Add(lookEvery), false, err
}
