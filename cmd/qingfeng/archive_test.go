package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// filing is a data directory whose store names files, with a console that notes what
// it says.
type filing struct {
	t    *testing.T
	dir  string
	said bytes.Buffer
	*office
}

func openFiling(t *testing.T, dir string) *filing {
	t.Helper()
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := newOffice(t.Context(), officeOptions{
		engine: engine, files: openFiles(dir, wallClock{}), clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: discard(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &filing{t: t, dir: dir, office: f}
}

// console speaks English into said.
func (f *filing) console() *console {
	return &console{out: &f.said, errs: &f.said, language: reminders.English, location: time.UTC}
}

// keep keeps a file that the conversation of a chat names.
func (f *filing) keep(chat reminders.ChatID, name, content string) reminders.File {
	f.t.Helper()
	file, err := f.files.Put(f.t.Context(), name, strings.NewReader(content))
	if err != nil {
		f.t.Fatal(err)
	}
	err = f.store.Do(f.t.Context(), func(tx reminders.Tx) error {
		return f.store.SaveDialog(tx, chat, map[string]any{"asked": "report", "files": true, "kept": []reminders.File{file}})
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return file
}

// backup takes a backup and gives its path.
func (f *filing) backup() string {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), "backup.db")
	if err := (&backupTask{Path: path}).run(f.t.Context(), f.console(), f.office); err != nil {
		f.t.Fatal(err)
	}
	return path
}

// restore puts a backup into a new directory and opens it.
func restore(t *testing.T, path string) (*filing, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	said := &filing{t: t}
	err := said.console().restore(t.Context(), place{dir: dir, location: time.UTC}, path)
	if err != nil {
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("a refused backup left %v", left)
		}
		return nil, err
	}
	f := openFiling(t, dir)
	f.said = said.said
	return f, nil
}

// read gives the content of a file.
func (f *filing) read(file reminders.File) string {
	f.t.Helper()
	content, err := f.files.Open(file.Hash)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = content.Close() }()
	all, err := io.ReadAll(content)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(all)
}

// faults lists what check says of files.
func (f *filing) faults() (areas []string) {
	f.t.Helper()
	found, err := f.checkFiles(f.t.Context(), f.console())
	if err != nil {
		f.t.Fatal(err)
	}
	for _, one := range found {
		areas = append(areas, filepath.Base(one.Where)[:6]+" "+one.What)
	}
	return areas
}

// What a backup holds comes back with a restore, bytes and all, and is found sound.
func TestBackupHoldsFiles(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	photo, list := f.keep(7, "现场.txt", "photo"), f.keep(8, "名单.csv", "list")
	path := f.backup()
	if !strings.Contains(f.said.String(), "2 photos and documents are in it") {
		t.Errorf("said %s", f.said.String())
	}
	want := []string{databaseName, "files/" + photo.Hash, "files/" + list.Hash}
	slices.Sort(want[1:])
	var names []string
	err := walkArchive(path, func(name string, _ io.Reader) error { names = append(names, name); return nil })
	if diff := cmp.Diff(want, names); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if stat, err := os.Stat(path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", stat.Mode(), err)
	}

	again, err := restore(t, path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.close()
	if again.read(photo) != "photo" || again.read(list) != "list" || len(again.faults()) > 0 {
		t.Errorf("after the restore: %q, %q, %v", again.read(photo), again.read(list), again.faults())
	}
	if !strings.Contains(again.said.String(), "2 photos and documents were taken back") {
		t.Errorf("said %s", again.said.String())
	}
	if problems, err := again.store.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// A store without files is backed up as the store alone, as ever.
func TestBackupWithoutFiles(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	path := f.backup()
	if archive, err := isArchive(path); archive || err != nil {
		t.Errorf("archive %v, %v", archive, err)
	}
	again, err := restore(t, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.close(); err != nil {
		t.Error(err)
	}
}

// One lost photo keeps nobody from taking a backup; it is said.
func TestBackupOfWhatIsLeft(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	lost, kept := f.keep(7, "a.txt", "lost"), f.keep(8, "b.txt", "kept")
	if err := os.Remove(filepath.Join(f.dir, filesName, lost.Hash[:2], lost.Hash)); err != nil {
		t.Fatal(err)
	}
	again, err := restore(t, f.backup())
	if err != nil {
		t.Fatal(err)
	}
	defer again.close()
	if !strings.Contains(f.said.String(), "One file that a record names is missing") || again.read(kept) != "kept" {
		t.Errorf("said %s", f.said.String())
	}
	want := []string{lost.Hash[:6] + " A record names this file, and it is not there. Take it from a backup, or ask its sender to send it again."}
	if diff := cmp.Diff(want, again.faults()); diff != "" {
		t.Error(diff)
	}
}

// A backup that is cut off anywhere, or altered in any part, is unfit: nothing of it is
// used.
func TestUnfitArchives(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	file := f.keep(7, "a.txt", strings.Repeat("x", 3000))
	whole, err := os.ReadFile(f.backup())
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(whole, []byte("xxx"))
	altered := bytes.Clone(whole)
	altered[at] = 'y'
	for name, content := range map[string][]byte{
		"cut within the store":    whole[:5000],
		"cut within a file":       whole[:at],
		"cut after the last file": whole[:at+512-at%512],
		"half of its end":         whole[:len(whole)-1024],
		"a file altered":          altered,
		"no store in it":          tarOf(t, "files/"+file.Hash, "x"),
		"another name":            tarOf(t, databaseName, "x", "files/../../etc/passwd", "x"),
		"two stores":              tarOf(t, databaseName, "x", databaseName, "x"),
		"a store that is none":    tarOf(t, databaseName, "x"),
	} {
		path := filepath.Join(t.TempDir(), "b.db")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := restore(t, path)
		if key := reminders.MessageOf(err).Key; key != "cli.restore.unfit" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// tarOf makes an archive of names and contents in turn.
func tarOf(t *testing.T, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for pair := range slices.Chunk(parts, 2) {
		if err := enter(t.Context(), w, pair[0], strings.NewReader(pair[1]), int64(len(pair[1])), time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Altered files and foreign ones are named by check.
func TestCheckNamesFiles(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	file := f.keep(7, "a.txt", "abc")
	if got := f.faults(); len(got) > 0 {
		t.Errorf("sound: %v", got)
	}
	if err := os.WriteFile(filepath.Join(f.dir, filesName, file.Hash[:2], file.Hash), []byte("abd"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, filesName, "zz-stray"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := (&checkTask{Format: "table"}).run(t.Context(), f.console(), f.office)
	said := f.said.String()
	if _, ok := errors.AsType[*statedError](err); !ok || !strings.Contains(said, "changed or damaged") || !strings.Contains(said, "was not put here") {
		t.Errorf("%v\n%s", err, said)
	}
}

// Once a day what nothing names any more goes, with what the chat service is known to
// have of it, and the ledger says how many.
func TestFilesArePurged(t *testing.T) {
	f := openFiling(t, t.TempDir())
	defer f.close()
	ctx := context.Background()
	named, loose := f.keep(7, "a.txt", "named"), f.keep(8, "b.txt", "loose")
	err := f.store.Do(ctx, func(tx reminders.Tx) error {
		return errors.Join(f.store.SaveDialog(tx, 8, nil), f.store.SaveUpload(tx, loose.Hash, "document/bot", "ID"))
	})
	if err != nil {
		t.Fatal(err)
	}
	p, now := &filePurger{office: f.office}, time.Now()
	for _, row := range []struct {
		after time.Duration
		left  string
		next  time.Duration
	}{
		{time.Hour, "loose", 25 * time.Hour},
		{20 * time.Hour, "loose", 25 * time.Hour}, // not asked again before
		{25 * time.Hour, "", 49 * time.Hour},
	} {
		next, more, err := p.Advance(ctx, now.Add(row.after))
		if err != nil || more || !next.Equal(now.Add(row.next)) {
			t.Errorf("after %v: next %v, more %v, %v", row.after, next.Sub(now), more, err)
		}
		if got := f.read(loose); (got == "loose") != (row.left == "loose") || f.read(named) != "named" {
			t.Errorf("after %v: %q and %q are left", row.after, f.read(named), got)
		}
	}
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		if _, known, err := f.store.Upload(tx, loose.Hash, "document/bot"); err != nil || known {
			t.Errorf("the upload is known still, %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if got := entries(f); !strings.Contains(got, `"object":"attachments"`) || !strings.Contains(got, `"count":"1"`) {
		t.Errorf("the ledger says\n%s", got)
	}
}

// entries gives the ledger as it stands in the store.
func entries(f *filing) string {
	f.t.Helper()
	records, err := f.engine.List(f.t.Context(), "ledger/", "ledger0", 0)
	if err != nil {
		f.t.Fatal(err)
	}
	var all strings.Builder
	for _, record := range records {
		all.Write(record.Value)
	}
	return all.String()
}
