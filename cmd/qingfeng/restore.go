package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// newRestore makes the command that puts a backup in place of the store.
func newRestore(c *console) *cobra.Command {
	var place placeFlags
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place of the store; sending waits for an admin",
		Long: "Put the backup FILE in place of the store of the data directory, while the service does not run.\n\n" +
			"The backup is checked first. The store that was there is kept beside it. Afterwards the service starts\n" +
			"muted: it asks its admins in the chat what becomes of all that was due since the backup, and sends\n" +
			"nothing to anybody else before one of them has chosen.",
		Example: "  qingfeng restore /srv/backup/qingfeng-2026-09-24.db --data /var/lib/qingfeng",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := place.resolve()
			if err != nil {
				return err
			}
			c.location = where.location
			if err := armAlone(c.errs); err != nil {
				return err
			}
			return c.restore(cmd.Context(), where, args[0])
		},
	}
	place.register(cmd.Flags())
	return cmd
}

// restore puts a backup in place of the store of a data directory.
func (c *console) restore(ctx context.Context, where place, path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fileError(path, err)
	}
	if err := privateDir(where.dir); err != nil {
		return err
	}
	database := filepath.Join(where.dir, databaseName)
	release, made, err := hold(database)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && made {
			_ = os.Remove(database)
		}
		err = errors.Join(err, release())
	}()
	leftovers(database)
	fresh, err := freshName(database)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(fresh) }()
	restored, err := copyOut(ctx, path, fresh)
	if err != nil {
		return err
	}
	files, err := unpackFiles(path, openFiles(where.dir, wallClock{})) // before records name them
	if err != nil {
		return fileError(path, err)
	}
	kept, err := putInPlace(fresh, database, made, restored.At)
	if err != nil {
		return fileError(database, err)
	}
	c.tellRestored(restored, files, kept)
	return nil
}

// copyOut takes the store out of a backup, checks it and writes into it that it was restored.
func copyOut(ctx context.Context, path, fresh string) (bot.Restored, error) {
	if err := unpack(path, fresh); errors.Is(err, errArchive) {
		return bot.Restored{}, failed("cli.restore.unfit", reminders.Args{"Path": reminders.Text(path)}, err)
	} else if err != nil {
		return bot.Restored{}, fileError(path, err)
	}
	crashpoint.Pass(crashpoint.Copied)
	restored, err := markRestored(ctx, path, fresh)
	if err == nil {
		crashpoint.Pass(crashpoint.Marked)
	}
	return restored, err
}

// putInPlace gives a store the name of the one that is replaced, which gets the name kept
// unless it was made for this. At every instant one of the two has the name of the store.
func putInPlace(fresh, database string, made bool, at time.Time) (kept string, err error) {
	if !made {
		if kept, err = keepAside(database, at); err != nil {
			return "", err
		}
		crashpoint.Pass(crashpoint.Kept)
	}
	if err := os.Rename(fresh, database); err != nil {
		return kept, err
	}
	crashpoint.Pass(crashpoint.Replaced)
	return kept, syncDir(filepath.Dir(database))
}

// tellRestored says what a restore has done.
func (c *console) tellRestored(restored bot.Restored, files int, kept string) {
	if kept != "" {
		c.note("cli.restore.kept", reminders.Args{"Path": reminders.Text(kept)})
	}
	if files > 0 {
		c.note("attachment.restored", reminders.Args{"Count": reminders.Number(files)})
	}
	c.note("cli.restore.done", reminders.Args{"At": reminders.Instant(restored.Backup)})
}

// hold takes the lock of the store that is to be replaced, so that no service starts
// on it meanwhile; where there is none it makes an empty one. A store that cannot be
// opened for any other reason than its lock needs none: no service opens it either.
func hold(database string) (release func() error, made bool, err error) {
	_, err = os.Stat(database)
	made = errors.Is(err, fs.ErrNotExist)
	engine, err := bolt.Open(database)
	switch {
	case inUse(err), err != nil && made:
		return nil, made, err
	case err != nil: // damaged, which is what backups are for
		return func() error { return nil }, made, nil
	}
	return engine.Close, made, nil
}

// copyFile copies a file into a new one that only its owner reads.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// markRestored checks the copy of a backup and writes into it that it was restored.
func markRestored(ctx context.Context, path, fresh string) (r bot.Restored, err error) {
	engine, err := bolt.Open(fresh)
	if err != nil {
		return r, unfit(path, err)
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	s, err := store.Open(ctx, engine, wallClock{}, discard()) // brings an older one to the present form
	if err != nil {
		return r, unfit(path, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := sound(ctx, engine, path); err != nil {
		return r, err
	}
	return markIn(ctx, s)
}

// markIn writes into a store that it was restored now.
func markIn(ctx context.Context, s *store.Store) (r bot.Restored, err error) {
	err = s.Do(ctx, func(tx reminders.Tx) error {
		taken, err := s.TakenAt(tx)
		if err != nil {
			return err
		}
		if taken.IsZero() { // the service never was at work
			taken = tx.Now()
		}
		r = bot.Restored{At: tx.Now(), Backup: taken}
		if err := s.SaveSetting(tx, bot.RestoredSetting, r); err != nil {
			return err
		}
		if err := s.LoseAnswers(tx, reminders.Window{From: r.Backup, To: r.At}); err != nil {
			return err
		}
		return s.Append(tx, ledger.Entry{
			Actor: ledger.System, Verb: ledger.Restored, Object: "store", Reason: "command-line",
			Attrs: map[string]string{"backup": r.Backup.UTC().Format(time.RFC3339)},
		})
	})
	return r, err
}

// unfit says that a file is no backup that can be restored. Nothing was changed.
func unfit(path string, err error) error {
	switch reminders.MessageOf(err).Key {
	case "error.store.damaged", "error.store.foreign":
		return failed("cli.restore.unfit", reminders.Args{"Path": reminders.Text(path)}, err)
	}
	return err // it has a remedy of its own
}

// keepAside gives the store a second name.
func keepAside(database string, at time.Time) (string, error) {
	base := database + ".replaced-" + at.UTC().Format("20060102T150405Z")
	for n := 0; ; n++ {
		kept := base
		if n > 0 {
			kept += "-" + strconv.Itoa(n)
		}
		err := os.Link(database, kept)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			return kept, nil
		}
		if _, taken := os.Lstat(kept); errors.Is(taken, fs.ErrNotExist) {
			return kept, os.Rename(database, kept) // a file system without links
		}
	}
}
