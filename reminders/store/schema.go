package store

import (
	"context"
	"log/slog"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// schemaKey is where the form of the store stands. It is the first record ever
// written.
const schemaKey = "schema"

// schemaVersion is the form that this binary reads and writes.
const schemaVersion = 1

// schema says which form the records have and how they came by it.
type schema struct {
	Version int      `json:"version"`
	Applied []string `json:"applied,omitempty"` // names of migrations, in order
	// Name and Cursor are of a migration under way: the records before Cursor
	// are done.
	Name   string `json:"name,omitempty"`
	Cursor string `json:"cursor,omitempty"`
}

// migration brings records to a newer form, once. It visits the records with
// from <= key < to in order and applies what change returns for each; change
// writes no key of the range that comes after the record it was given. A kill in
// the middle is no harm: the next start goes on where this one stopped.
type migration struct {
	name     string
	version  int // of the store afterwards
	from, to string
	change   func(Record) ([]Change, error)
}

// migrations lists them by rising version. They stay for ever: a backup may be
// old.
var migrations []migration

// migrate brings the store to the last version of steps.
func migrate(ctx context.Context, engine Engine, steps []migration, log *slog.Logger) error {
	now, err := readSchema(ctx, engine, newest(steps))
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.version <= now.Version {
			continue
		}
		log.InfoContext(ctx, "migrating the store", "migration", step.name, "version", step.version)
		if now, err = step.run(ctx, engine, now); err != nil {
			return reminders.Wrap("store.migrate "+step.name, err)
		}
	}
	return nil
}

// newest is the version that steps lead to.
func newest(steps []migration) int {
	version := schemaVersion
	for _, step := range steps {
		version = max(version, step.version)
	}
	return version
}

// readSchema reads the form of the store. An empty store gets the newest.
func readSchema(ctx context.Context, engine Engine, known int) (schema, error) {
	record, ok, err := engine.Get(ctx, schemaKey)
	if err != nil {
		return schema{}, err
	}
	if !ok {
		return found(ctx, engine, known)
	}
	var now schema
	if err := Decode(record.Value, &now); err != nil {
		return schema{}, err
	}
	if now.Version > known {
		return schema{}, reminders.Fail(reminders.Denied, "store.open", "error.store.newer", reminders.Args{
			"Found": reminders.Number(now.Version), "Known": reminders.Number(known),
		})
	}
	return now, nil
}

// found founds a new store. A store without a schema that has records is not one
// of ours, and is left alone.
func found(ctx context.Context, engine Engine, version int) (schema, error) {
	some, err := engine.List(ctx, "", "", 1)
	if err != nil {
		return schema{}, err
	}
	if len(some) > 0 {
		return schema{}, reminders.Fail(reminders.Denied, "store.open", "error.store.foreign", nil)
	}
	now := schema{Version: version}
	return now, writeSchema(ctx, engine, now)
}

// writeSchema writes the form of the store together with changes.
func writeSchema(ctx context.Context, engine Engine, now schema, changes ...Change) error {
	record, err := Encode(now)
	if err != nil {
		return err
	}
	return engine.Apply(ctx, append(changes, Change{Key: schemaKey, Value: record, Seen: Any})...)
}

// run runs the migration from where it stands, chunk by chunk, each with the
// cursor behind it in the same Apply.
func (m migration) run(ctx context.Context, engine Engine, now schema) (schema, error) {
	if now.Name != m.name {
		now.Name, now.Cursor = m.name, m.from
	}
	var chunk []Change
	for record, err := range walk(ctx, engine, now.Cursor, m.to) {
		if err != nil {
			return now, err
		}
		changes, err := m.change(record)
		if err != nil {
			return now, err
		}
		if len(chunk)+len(changes)+1 > engine.MaxChanges() {
			if err := writeSchema(ctx, engine, now, chunk...); err != nil {
				return now, err
			}
			chunk = nil
		}
		chunk = append(chunk, changes...)
		now.Cursor = After(record.Key)
	}
	now.Version, now.Applied = m.version, append(now.Applied, m.name)
	now.Name, now.Cursor = "", ""
	return now, writeSchema(ctx, engine, now, chunk...)
}
