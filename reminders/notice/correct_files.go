package notice

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// replaceable reports, as an error for a person, if files cannot take the places of those
// that were sent. The chat service changes neither how many messages there are nor, in an
// album, whether they are pictures or documents; a single file may be replaced by any.
func replaceable(sent, files []reminders.File) error {
	if len(files) != len(sent) {
		return reminders.Fail(reminders.Invalid, "notice.correct", "publication.files_count", reminders.Args{
			"Count": reminders.Number(len(sent)),
		})
	}
	for i, f := range files {
		if len(sent) > 1 && f.Picture() != sent[i].Picture() {
			return reminders.Fail(reminders.Invalid, "notice.correct", "publication.files_kind", reminders.Args{
				"File": reminders.Text(sent[i].Name),
			})
		}
	}
	return nil
}

// Replaceable reports whether one file may take the place of another among those that were
// sent with a publication.
func (p Publication) Replaceable(place int, by reminders.File) error {
	files := slices.Clone(p.Files)
	if place < 0 || place >= len(files) {
		return reminders.Fail(reminders.NotFound, "notice.correct", "error.not_found", nil)
	}
	files[place] = by
	return replaceable(p.Files, files)
}

// CorrectedFiles are the files that go along once the correction is carried out. One from
// before files could be replaced leaves them as they are.
func (p Publication) CorrectedFiles() []reminders.File {
	if c := p.Correction; c != nil && len(c.Files) == len(p.Files) {
		return c.Files
	}
	return p.Files
}

// sameFiles reports whether readers receive the same files under the same names.
func sameFiles(a, b []reminders.File) bool {
	return slices.EqualFunc(a, b, sameFile)
}

// sameFile reports whether readers receive the same file under the same name.
func sameFile(a, b reminders.File) bool { return a.Hash == b.Hash && a.Name == b.Name }

// filesChanged adds the hashes of the files before and after to the attributes of an
// entry of the ledger, if they differ.
func filesChanged(attrs map[string]string, was, is []reminders.File) map[string]string {
	if sameFiles(was, is) {
		return attrs
	}
	if attrs == nil {
		attrs = map[string]string{}
	}
	attrs["files_were"], attrs["files"] = hashesOf(was), hashesOf(is)
	return attrs
}

// hashesOf lists the hashes of files in their order.
func hashesOf(files []reminders.File) string {
	hashes := make([]string, len(files))
	for i, f := range files {
		hashes[i] = f.Hash
	}
	return strings.Join(hashes, ",")
}

// Hash is the SHA-256 in hex of all that a correction changes: texts, files and notes.
func (c Correction) Hash() string {
	all := []string{HashBodies(c.Bodies), hashesOf(c.Files), strconv.FormatBool(c.Material), c.Note}
	for _, f := range c.Files {
		all = append(all, f.Name)
	}
	for _, language := range slices.Sorted(maps.Keys(c.Notes)) {
		all = append(all, string(language), c.Notes[language])
	}
	return reminders.HashText(strings.Join(all, "\n"))
}

// changeFiles puts files in the place of those that were sent: copies that are written
// from now on carry them.
func (p *Press) changeFiles(tx reminders.Tx, of *Publication, files []reminders.File) error {
	if sameFiles(of.Files, files) {
		return nil
	}
	of.Files = files
	n, found, err := p.Desk.Store.Notice(tx, of.Notice)
	if err != nil || !found {
		return err
	}
	n.Files = files
	return p.Desk.Store.SaveNotice(tx, n)
}

// FilesNow gives the files that belong to a message as things stand: where a correction
// has replaced some, the new ones in the places of those that the message has. What was
// recalled stays as it is.
func (p *Press) FilesNow(tx reminders.Tx, m reminders.Delivery) ([]reminders.File, error) {
	if len(m.Files) == 0 {
		return nil, nil
	}
	files := slices.Clone(m.Files)
	for _, line := range m.Lines {
		of, found, err := p.of(tx, line.Ref)
		if err != nil {
			return nil, err
		}
		if !found || of.Recall != nil {
			continue
		}
		of.renewFiles(files)
	}
	return files, nil
}

// renewFiles puts the files as they are now in the places of those that a message has of the
// publication, among those of others. They stand together and in their order, each in
// whichever version: a file may have changed its place, or come from another one.
func (p Publication) renewFiles(files []reminders.File) {
	n := len(p.Files)
	for from := 0; n > 0 && from+n <= len(files); from++ {
		if p.stood(files[from : from+n]) {
			copy(files[from:], p.Files)
			return
		}
	}
	for i, f := range files {
		files[i] = p.successor(f)
	}
}

// stood reports whether each of some files stands now, or stood once, in its place.
func (p Publication) stood(files []reminders.File) bool {
	for i, f := range files {
		was := func(v Version) bool { return i < len(v.Files) && sameFile(v.Files[i], f) }
		if !sameFile(p.Files[i], f) && !slices.ContainsFunc(p.Past, was) {
			return false
		}
	}
	return true
}

// successor is the file that stands in the place of an earlier one; a file that it does
// not know stays.
func (p Publication) successor(f reminders.File) reminders.File {
	same := func(other reminders.File) bool { return sameFile(other, f) }
	for _, past := range slices.Backward(p.Past) {
		if i := slices.IndexFunc(past.Files, same); i >= 0 && i < len(p.Files) && !slices.ContainsFunc(p.Files, same) {
			return p.Files[i]
		}
	}
	return f
}
