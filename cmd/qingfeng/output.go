package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// oneOf wants a flag to be one of a few words.
func oneOf(name, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return badValue(name, value, strings.Join(words, ", "))
}

// line writes one line of a result.
func (c *console) line(m reminders.Message) error {
	_, err := io.WriteString(c.out, c.say(m)+"\n")
	return err
}

// table writes rows under headers, in columns that line up also where Chinese
// characters take two places. The last column runs on.
func (c *console) table(headers []string, rows [][]string) error {
	widths := make([]int, len(headers))
	for _, row := range append([][]string{headers}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], displayWidth(cell))
		}
	}
	var b strings.Builder
	for n, row := range append([][]string{headers}, rows...) {
		line := tableLine(row, widths)
		if n == 0 && c.styled {
			line = "\x1b[1m" + line + "\x1b[0m"
		}
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(c.out, b.String())
	return err
}

// tableLine pads the cells of a row to the widths of their columns.
func tableLine(row []string, widths []int) string {
	var b strings.Builder
	for i, cell := range row {
		b.WriteString(cell)
		if i < len(row)-1 {
			b.WriteString(strings.Repeat(" ", widths[i]-displayWidth(cell)+2))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// displayWidth is how many places a text takes on a terminal.
func displayWidth(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// object is a flat JSON object whose members keep their order.
type object struct {
	names  []string
	values []any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, name := range o.names {
		value, err := json.Marshal(o.values[i])
		if err != nil {
			return nil, err
		}
		before := ","
		if i == 0 {
			before = "{"
		}
		fmt.Fprintf(&b, "%s%q:%s", before, name, value)
	}
	return []byte(b.String() + "}"), nil
}

// writeArray writes a JSON array, one element a line.
func writeArray[T any](w io.Writer, elements []T) error {
	if len(elements) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	before := "[\n"
	for _, element := range elements {
		line, err := json.Marshal(element)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", before, line); err != nil {
			return err
		}
		before = ",\n"
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

// rfc3339 writes an instant with the offset of the place; empty if there is none.
func rfc3339(t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(loc).Format(time.RFC3339)
}

// newFile is a file that appears under its name only when it is complete. Only its
// owner may read it.
type newFile struct {
	*os.File

	path string
}

// createFile begins a file.
func createFile(path string) (*newFile, error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return nil, fileError(path, err)
	}
	return &newFile{file, path}, nil
}

// finish gives the file its name, or removes it if what filled it failed.
func (f *newFile) finish(failure error) error {
	if failure == nil {
		failure = fileError(f.path, f.Sync())
	}
	if err := f.Close(); failure == nil {
		failure = fileError(f.path, err)
	}
	if failure == nil {
		failure = fileError(f.path, os.Rename(f.Name(), f.path))
	}
	if failure != nil {
		_ = os.Remove(f.Name())
	}
	return failure
}

// fileError is an error of a file that the operator named.
func fileError(path string, err error) error {
	if err == nil {
		return nil
	}
	return failed("cli.file", reminders.Args{"Path": reminders.Text(path), "Cause": reminders.Text(cause(err))}, err)
}

// temporaryDir makes a directory for its owner only. Where the system has no place
// for temporary files, as in an image from scratch, it makes that too.
func temporaryDir(prefix string) (string, error) {
	dir, err := os.MkdirTemp("", prefix)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(os.TempDir(), 0o700); err != nil {
			return "", fileError(os.TempDir(), err)
		}
		dir, err = os.MkdirTemp("", prefix)
	}
	return dir, err
}
