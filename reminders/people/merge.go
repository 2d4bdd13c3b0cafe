package people

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// merge gives the record of a person after a row of a file, and the columns that
// changed it. Binding, reach, status, topics and a chosen language stay; so does
// what the file has no column for. keepAdmin says that the role of admin stays
// although the file does not name it.
func (l List) merge(old Record, e Entry, keepAdmin bool) (Record, []string) {
	r := old
	r.ID, r.Name, r.Unit = e.Person.ID, e.Person.Name, e.Person.Unit
	if r.Status == "" {
		r.Status = Active
	}
	if l.has("title") {
		r.Title = e.Person.Title
	}
	if l.has("roles") {
		r.Roles = e.Person.Roles
		if keepAdmin && !r.Roles.Has(reminders.Admin) {
			r.Roles = append(slices.Clone(r.Roles), reminders.Admin)
		}
	}
	if e.Person.Language != "" && !old.LanguageChosen {
		r.Language = e.Person.Language
	}
	return r, changedFields(old.Person, r.Person)
}

// changedFields names the columns in which two versions of a person differ.
func changedFields(a, b reminders.Person) []string {
	var fields []string
	for _, f := range []struct {
		column string
		same   bool
	}{
		{"name", a.Name == b.Name},
		{"unit", a.Unit == b.Unit},
		{"title", a.Title == b.Title},
		{"roles", slices.Equal(sortRoles(a.Roles), sortRoles(b.Roles))},
		{"language", a.Language == b.Language},
	} {
		if !f.same {
			fields = append(fields, f.column)
		}
	}
	return fields
}
