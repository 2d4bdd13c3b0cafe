package people

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// List is a file of people as it was read (人员名单).
type List struct {
	Entries []Entry

	// Headers are the columns that the file has, by their names in the
	// contract, as the file writes them. What a file has no column for is left
	// as it is.
	Headers map[string]string
	Ignored []string // headers that mean nothing here
}

// Entry is one row of a List.
type Entry struct {
	Row    int // in the file
	Person reminders.Person
	Unit   string // its name
}

func (l List) has(column string) bool { return l.Headers[column] != "" }

func peopleColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "staff_no", Aliases: []string{"工号", "职工号", "人员编号", "编号"}, Required: true},
		{Name: "name", Aliases: []string{"姓名"}, Required: true},
		{Name: "unit", Aliases: []string{"单位", "所在单位", "单位名称", "部门", "所在部门"}, Required: true},
		{Name: "title", Aliases: []string{"职务", "职位"}},
		{Name: "roles", Aliases: []string{"角色"}},
		{Name: "language", Aliases: []string{"语言"}},
	}
}

// ReadPeople reads a file of people with the columns of the contract:
// staff_no, name, unit, title, roles, language, in any order, the last three
// optional. The row errors name everything that is wrong with it; with any of
// them the file is not to be imported. The error says that it cannot be read.
func (d *Desk) ReadPeople(name string, file []byte) (List, []sheet.RowError, error) {
	table, empty, err := sheet.Read(name, file, peopleColumns())
	if err != nil {
		return List{}, nil, reminders.Wrap("people.read", err)
	}
	errs := &rowErrors{table: table, list: empty}
	list := List{Headers: headersOf(table, peopleColumns()), Ignored: table.Ignored}
	first := map[reminders.PersonID]int{}
	for _, row := range table.Rows {
		entry := d.readEntry(row, errs)
		list.Entries = append(list.Entries, entry)
		if entry.Person.ID == "" {
			continue
		}
		if at, twice := first[entry.Person.ID]; twice {
			errs.add(row, "staff_no", "people.row.staff_no_twice", reminders.Args{
				"First": reminders.Number(at), "Second": reminders.Number(row.Number),
			})
			continue
		}
		first[entry.Person.ID] = row.Number
	}
	if len(table.Rows) == 0 {
		return List{}, nil, reminders.Fail(reminders.Invalid, "people.read", "people.file_empty", nil)
	}
	sortErrors(errs.list)
	return list, errs.list, nil
}

func sortErrors(list []sheet.RowError) {
	slices.SortStableFunc(list, func(a, b sheet.RowError) int { return cmp.Compare(a.Row, b.Row) })
}

// readEntry reads one row; what is wrong with it goes to errs.
func (d *Desk) readEntry(row sheet.Row, errs *rowErrors) Entry {
	unit := errs.text(row, "unit")
	p := reminders.Person{
		ID:       readStaffNo(row, errs),
		Name:     errs.text(row, "name"),
		Unit:     UnitIDOf(unit),
		Title:    errs.text(row, "title"),
		Roles:    readRoles(row, errs),
		Language: d.readLanguage(row, errs),
	}
	return Entry{Row: row.Number, Person: p, Unit: unit}
}

var staffNo = regexp.MustCompile(`^[A-Za-z0-9._-]{1,24}$`)

// readStaffNo reads a staff number. Full-width letters and digits, which some
// input methods produce, are the same as plain ones.
func readStaffNo(row sheet.Row, errs *rowErrors) reminders.PersonID {
	id := reminders.PersonID(width.Fold.String(row.Text("staff_no")))
	switch {
	case id == "":
	case !staffNo.MatchString(string(id)):
		errs.add(row, "staff_no", "people.row.staff_no", nil)
	case id == Placeholder:
		errs.add(row, "staff_no", "people.row.staff_no_reserved", nil)
	}
	return id
}

// roleWords are the roles as Chinese lists call them.
var roleWords = map[string]reminders.Role{
	"公职人员": reminders.Official, "联络员": reminders.Liaison, "单位负责人": reminders.Leader,
	"室工作人员": reminders.Staff, "室负责人": reminders.Head, "管理员": reminders.Admin, "审计": reminders.Auditor,
}

// readRoles reads the roles in the order in which lists show them.
func readRoles(row sheet.Row, errs *rowErrors) reminders.Roles {
	words := strings.FieldsFunc(row.Text("roles"), func(r rune) bool { return strings.ContainsRune(";；,，、", r) })
	for i, word := range words {
		words[i] = strings.TrimSpace(word)
		if role, ok := roleWords[words[i]]; ok {
			words[i] = string(role)
		}
	}
	roles, err := reminders.ParseRoles(strings.Join(words, ";"))
	if err != nil {
		errs.put(row, "roles", reminders.MessageOf(err))
	}
	return sortRoles(roles)
}

// sortRoles orders roles as lists show them; nil stays nil.
func sortRoles(roles reminders.Roles) reminders.Roles {
	order := reminders.AllRoles()
	sorted := slices.Clone(roles)
	slices.SortFunc(sorted, func(a, b reminders.Role) int {
		return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
	})
	return sorted
}

// languageWords are the languages as people write them.
var languageWords = map[string]reminders.Language{
	"中文": reminders.Chinese, "汉语": reminders.Chinese, "zh": reminders.Chinese, "zh-cn": reminders.Chinese,
	"英文": reminders.English, "英语": reminders.English, "english": reminders.English,
}

// readLanguage reads a language; an empty cell leaves it as it is.
func (d *Desk) readLanguage(row sheet.Row, errs *rowErrors) reminders.Language {
	word := row.Text("language")
	if word == "" {
		return ""
	}
	if language, ok := languageWords[strings.ToLower(word)]; ok {
		word = string(language)
	}
	for _, language := range d.languages {
		if strings.EqualFold(word, string(language)) {
			return language
		}
	}
	errs.add(row, "language", "people.language_unknown", reminders.Args{"Word": reminders.Text(word)})
	return ""
}
