package store

import (
	"context"
	"log/slog"
)

// Migration is a migration that a test makes up.
type Migration struct {
	Name     string
	Version  int
	From, To string
	Change   func(Record) ([]Change, error)
}

// Migrate runs steps over an engine, as Open does with those of the program.
func Migrate(ctx context.Context, engine Engine, log *slog.Logger, steps ...Migration) error {
	var list []migration
	for _, m := range steps {
		list = append(list, migration{m.Name, m.Version, m.From, m.To, m.Change})
	}
	return migrate(ctx, engine, list, log)
}
