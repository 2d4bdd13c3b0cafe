package store

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// backupKey is where a backup says when it was taken.
const backupKey = "backup"

// Copied says what a backup holds.
type Copied struct {
	At      time.Time `json:"at"`      // the instant of the state that it holds, in UTC
	Records int       `json:"records"` // without the one that carries this
}

// Backup copies one consistent state of the store into an empty engine, while
// units of work go on. What it writes there is only whole when it returns nil.
func (s *Store) Backup(ctx context.Context, to Engine) (Copied, error) {
	state, err := s.engine.Snapshot(ctx)
	if err != nil {
		return Copied{}, err
	}
	defer func() { _ = state.Close() }()
	made := Copied{At: s.clock.Now().UTC()}
	if made.Records, err = CopyRecords(ctx, state, to); err != nil {
		return made, err
	}
	record, err := Encode(made)
	if err != nil {
		return made, err
	}
	return made, to.Apply(ctx, Change{Key: backupKey, Value: record, Seen: Any})
}

// CopyRecords copies every record of from into an empty engine, in the order of
// their keys, and says how many there were. They get revisions of their own there.
// The record that an earlier backup left is not copied.
func CopyRecords(ctx context.Context, from Reader, to Engine) (int, error) {
	var chunk []Change
	records := 0
	for record, err := range walk(ctx, from, "", "") {
		if err != nil {
			return records, err
		}
		if record.Key == backupKey {
			continue
		}
		if len(chunk) == to.MaxChanges() {
			if err := to.Apply(ctx, chunk...); err != nil {
				return records, err
			}
			chunk = nil // the engine has it now
		}
		chunk = append(chunk, Change{Key: record.Key, Value: record.Value, Seen: 0})
		records++
	}
	return records, to.Apply(ctx, chunk...)
}

// Inspect looks at the records of an engine on which no store is open, as Check
// does.
func Inspect(ctx context.Context, engine Engine) ([]Problem, error) {
	return (&Store{engine: engine}).Check(ctx)
}

// TakenAt gives the instant of the state that the store came from: that of the
// backup, or for a file that was copied by hand the last at which the service was
// at work. It is zero for a store that never was.
func (s *Store) TakenAt(tx reminders.Tx) (time.Time, error) {
	made, found, err := load[Copied](tx, backupKey)
	if err != nil || found {
		return made.At, err
	}
	return s.LastAlive(tx)
}

// LoseAnswers notes that answers given in a span are not known to this store, as
// when it was restored from a backup taken at the beginning of the span. Whoever was
// asked then and has not answered is excused at the closing: they may have.
func (s *Store) LoseAnswers(tx reminders.Tx, span reminders.Window) error {
	// An outage excuses only if it is longer than the chat service keeps updates.
	// What closed in the day before was settled before the backup was taken.
	span.From = span.From.Add(-lostBefore)
	outages, _, err := load[[]reminders.Window](tx, outagesKey)
	if err != nil {
		return err
	}
	return save(tx, outagesKey, keepOutages(outages, span))
}
