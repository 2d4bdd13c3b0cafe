package content

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// embedded holds every data file. A new folder of content is named here.
//
//go:embed *.toml calendars forms library locales programme
var embedded embed.FS

// maxFile is the size in bytes above which a file of an override directory is
// refused: content is text, and a larger file is there by mistake.
const maxFile = 4 << 20

// Content is one consistent set of content, read completely when it is loaded
// and never changed afterwards. It is safe for concurrent use.
type Content struct {
	files     map[string][]byte
	catalogue *Catalogue
	lint      *linter
	risks     *risks
	taxonomy  []Category
	cases     []Case
}

// Load reads the embedded content, with each file that override also has
// replaced by that of override; override may be nil and may add files. A file
// that does not parse, a text with a malformed placeholder, a key that two files
// define, and a folder in override that content does not have (a slip of the
// pen that would otherwise go unnoticed) are errors that name the file.
func Load(override fs.FS) (*Content, error) {
	c := &Content{files: map[string][]byte{}}
	if err := c.read(embedded, nil); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if override != nil {
		if err := c.read(override, c.known()); err != nil {
			return nil, fmt.Errorf("content: override: %w", err)
		}
	}
	if err := c.parse(); err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	return c, nil
}

// parse builds what this package itself understands of the files.
func (c *Content) parse() error {
	var err error
	if c.catalogue, err = newCatalogue(c); err != nil {
		return err
	}
	if c.lint, err = newLinter(c); err != nil {
		return err
	}
	if c.risks, err = newRisks(c); err != nil {
		return err
	}
	if c.taxonomy, err = newTaxonomy(c); err != nil {
		return err
	}
	c.cases, err = newCases(c)
	return err
}

// Catalogue gives the texts.
func (c *Content) Catalogue() *Catalogue { return c.catalogue }

// File gives a copy of one file by its slash-separated path, such as
// "calendars/2026.json". The error for a file that is not there satisfies
// errors.Is(err, fs.ErrNotExist).
func (c *Content) File(name string) ([]byte, error) {
	data, ok := c.files[path.Clean(name)]
	if !ok {
		return nil, &fs.PathError{Op: "content", Path: name, Err: fs.ErrNotExist}
	}
	return bytes.Clone(data), nil
}

// Files lists the paths of the files directly in dir, sorted; "." is the top
// folder. A folder that does not exist has none.
func (c *Content) Files(dir string) []string {
	dir = path.Clean(dir)
	var names []string
	for name := range c.files {
		if path.Dir(name) == dir {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// known gives the names at the top of the content: its folders and files.
func (c *Content) known() []string {
	top := map[string]bool{}
	for name := range c.files {
		first, _, _ := strings.Cut(name, "/")
		top[first] = true
	}
	return slices.Sorted(maps.Keys(top))
}

// read adds the files of from. Hidden files and notes in Markdown are left out;
// with a list of allowed names at the top, any other name there is an error.
func (c *Content) read(from fs.FS, allowed []string) error {
	return fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case strings.HasPrefix(path.Base(name), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) == ".md":
			return nil
		}
		first, _, _ := strings.Cut(name, "/")
		if allowed != nil && !slices.Contains(allowed, first) {
			return fmt.Errorf("%s: not a name of content; there are %s", name, strings.Join(allowed, ", "))
		}
		if entry.IsDir() {
			return nil
		}
		return c.add(from, name)
	})
}

// add reads one file.
func (c *Content) add(from fs.FS, name string) error {
	stat, err := fs.Stat(from, name)
	if err != nil {
		return err
	}
	if !stat.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", name)
	}
	if stat.Size() > maxFile {
		return fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	c.files[name] = data
	return nil
}

// must reads a file that the package itself needs.
func (c *Content) must(name string) ([]byte, error) {
	data, err := c.File(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing", name)
	}
	return data, err
}
