package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// backupTask copies the store into a file of its own, also while the service runs.
type backupTask struct {
	Path  string `json:"path"` // absolute: the service may work elsewhere
	Force bool   `json:"force,omitempty"`
}

// newBackup makes the command that takes a backup.
func newBackup(c *console) *cobra.Command {
	var t backupTask
	var place placeFlags
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy store and files into one file, also while the service runs",
		Long: "Copy one consistent state of the store into FILE, also while the service runs and sends. Where photos\n" +
			"and documents are kept, FILE is a tar archive of the store and of them.\n\n" +
			"The copy is compact and is checked before it gets its name; FILE appears complete or not at all.\n" +
			"Where the service runs it writes the file, so it must be allowed to write there. The backup holds\n" +
			"personal data and the secret that seals buttons: keep it as you keep the data directory.",
		Example: "  qingfeng backup /srv/backup/qingfeng-2026-09-24.db --data /var/lib/qingfeng",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := place.resolve()
			if err != nil {
				return err
			}
			if t.Path, err = filepath.Abs(args[0]); err != nil {
				return fileError(args[0], err)
			}
			return c.perform(cmd.Context(), where, "backup", &t, needStore)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().BoolVar(&t.Force, "force", false, "replace FILE if it exists")
	return cmd
}

// run implements task.
func (t *backupTask) run(ctx context.Context, c *console, f *office) error {
	if own, ok := f.engine.(interface{ Holds(path string) bool }); ok && own.Holds(t.Path) {
		return failed("cli.backup.itself", reminders.Args{"Path": reminders.Text(t.Path)}, nil)
	}
	if _, err := os.Lstat(t.Path); err == nil && !t.Force {
		return exists(t.Path)
	}
	began := time.Now()
	fresh, err := freshName(t.Path)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(fresh) }()
	release := f.files.Hold()
	made, with, err := f.copyAll(ctx, fresh)
	release()
	if err != nil {
		return err
	}
	stat, err := os.Stat(fresh)
	if err == nil {
		err = t.name(fresh)
	}
	if err != nil {
		return fileError(t.Path, err)
	}
	if err := syncDir(filepath.Dir(t.Path)); err != nil {
		return fileError(t.Path, err)
	}
	err = f.store.Do(ctx, func(tx reminders.Tx) error {
		return f.store.Append(tx, ledger.Entry{
			Actor: ledger.System, Verb: ledger.Exported, Object: "backup", Reason: "command-line",
			Attrs: map[string]string{"records": strconv.Itoa(made.Records)},
		})
	})
	if err != nil {
		return err
	}
	c.note("cli.backup.done", reminders.Args{
		"Path": reminders.Text(t.Path), "Count": reminders.Number(made.Records), "Size": reminders.Text(bytesText(stat.Size())),
		"At": reminders.Instant(made.At), "Took": reminders.Text(time.Since(began).Round(time.Millisecond).String()),
	})
	c.noteEnclosed(with)
	return nil
}

// copyAll copies the store, and with it the photos and documents that its records name.
// The records are copied first, so that the files hold all that they name.
func (f *office) copyAll(ctx context.Context, fresh string) (made store.Copied, with enclosed, err error) {
	if made, err = f.copyTo(ctx, fresh); err != nil {
		return made, with, err
	}
	with, err = f.enclose(ctx, fresh, made.At)
	return made, with, fileError(fresh, err)
}

// name gives the complete copy its name: a file that appeared there meanwhile is
// replaced only if that was asked for.
func (t *backupTask) name(fresh string) error {
	if t.Force {
		return os.Rename(fresh, t.Path)
	}
	err := os.Link(fresh, t.Path)
	if errors.Is(err, fs.ErrExist) {
		return exists(t.Path)
	}
	if err != nil { // a file system without links
		return os.Rename(fresh, t.Path)
	}
	return nil
}

// exists refuses to replace a file.
func exists(path string) error {
	return failed("cli.backup.exists", reminders.Args{"Path": reminders.Text(path)}, nil)
}

// freshName gives a name beside path that nothing has yet.
func freshName(path string) (string, error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-*")
	if err != nil {
		return "", fileError(path, err)
	}
	return file.Name(), errors.Join(file.Close(), os.Remove(file.Name()))
}

// copyTo copies the store into a new file, makes it durable and looks whether it is
// sound.
func (f *office) copyTo(ctx context.Context, path string) (made store.Copied, err error) {
	copied, err := bolt.Open(path, bolt.Bulk())
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	if made, err = f.store.Backup(ctx, copied); err != nil {
		return made, err
	}
	if err := copied.Sync(); err != nil {
		return made, err
	}
	return made, sound(ctx, copied, path)
}

// sound fails if something is wrong with the records of an engine.
func sound(ctx context.Context, engine store.Engine, path string) error {
	problems, err := store.Inspect(ctx, engine)
	if err != nil || len(problems) == 0 {
		return err
	}
	first := problems[0]
	return failed("cli.backup.unsound", reminders.Args{
		"Path": reminders.Text(path), "Count": reminders.Number(len(problems)), "Problem": reminders.Say(first.Text.Key, first.Text.Args),
	}, nil)
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	value, unit := float64(n), "B"
	for _, larger := range []string{"kB", "MB", "GB", "TB"} {
		if value < 1000 {
			break
		}
		value, unit = value/1000, larger
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", value, unit)
}
