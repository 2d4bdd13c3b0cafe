package casebook

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// mostCases is how many cases one file has at most: more than an office looks through.
const mostCases = 2000

// List is a file of cases as it was read (案例表).
type List struct {
	Entries []ListEntry
	Ignored []string // headers that mean nothing here
}

// ListEntry is one case of a List.
type ListEntry struct {
	Row     int // in the file: of a table the row, of YAML the line
	ID      string
	Content Content
}

// record is one case as a file has it: the texts of its fields, and where they stand.
type record struct {
	row   int
	text  map[string]string
	day   func(field string) (time.Time, error)
	where func(field string) (row int, column string)
}

// columns are those of a table of cases. Whether a body names persons is assumed where
// nobody says otherwise.
func columns() []sheet.Column {
	return []sheet.Column{
		{Name: fieldID, Aliases: []string{"编号", "案例编号"}, Required: true},
		{Name: fieldTitle, Aliases: []string{"标题", "案例标题"}, Required: true},
		{Name: fieldCategory, Aliases: []string{"问题类型", "类别", "类型", "分类"}, Required: true},
		{Name: fieldLevel, Aliases: []string{"层级", "级别"}},
		{Name: fieldIssued, Aliases: []string{"通报日期", "发布日期"}, Required: true},
		{Name: fieldIssuer, Aliases: []string{"通报单位", "发布单位", "来源单位"}, Required: true},
		{Name: fieldSource, Aliases: []string{"来源链接", "链接", "网址", "来源"}, Required: true},
		{Name: fieldExpires, Aliases: []string{"到期日期", "到期", "有效期至"}},
		{Name: fieldFestivals, Aliases: []string{"节日", "适用节日"}},
		{Name: fieldBody, Aliases: []string{"内容", "案情", "正文"}},
		{Name: fieldNames, Aliases: []string{"含姓名", "是否含姓名", "实名"}},
		{Name: fieldTitleEN, Aliases: []string{"英文标题", "标题（英文）"}},
		{Name: fieldIssuerEN, Aliases: []string{"英文通报单位", "通报单位（英文）"}},
		{Name: fieldBodyEN, Aliases: []string{"英文内容", "内容（英文）", "英文正文", "正文（英文）"}},
	}
}

// Read reads a file of cases with the fields of the contract: a YAML list, or a table as
// XLSX or CSV with headers in either language. The row errors name everything that is
// wrong with it; with any of them the file is not to be imported.
func (d *Desk) Read(name string, file []byte, today calendar.Date) (List, []sheet.RowError, error) {
	var list List
	var records []record
	var wrong []sheet.RowError
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		records, wrong, err = readYAML(file)
	default:
		records, list.Ignored, wrong, err = readTable(name, file)
	}
	switch {
	case err != nil:
		return List{}, nil, reminders.Wrap("casebook.read", err)
	case len(records) == 0 && len(wrong) == 0:
		return List{}, nil, reminders.Fail(reminders.Invalid, "casebook.read", "case.file_empty", nil)
	case len(records) > mostCases:
		return List{}, nil, reminders.Fail(reminders.Invalid, "casebook.read", "case.too_many", reminders.Args{"Limit": reminders.Number(mostCases)})
	}
	seen := map[string]int{}
	for _, r := range records {
		entry, faults := d.entry(r, today)
		if first, twice := seen[entry.ID]; twice && entry.ID != "" {
			faults = append(faults, Fault{fieldID, reminders.Line("case.twice", reminders.Args{"Row": reminders.Number(first)})})
		} else {
			seen[entry.ID] = r.row
		}
		for _, fault := range faults {
			row, column := r.where(fault.Field)
			known := func(e sheet.RowError) bool { return e.Row == row && e.Column == column }
			if !slices.ContainsFunc(wrong, known) { // what is empty was found before
				wrong = append(wrong, sheet.RowError{Row: row, Column: column, Message: fault.Say})
			}
		}
		list.Entries = append(list.Entries, entry)
	}
	slices.SortStableFunc(wrong, func(a, b sheet.RowError) int { return a.Row - b.Row })
	return list, wrong, nil
}

// entry makes a case of a record, and names what is wrong with it: fields that cannot be
// read, then what no case may be, then what the guard and the lint object to.
func (d *Desk) entry(r record, today calendar.Date) (ListEntry, []Fault) {
	var faults []Fault
	entry := ListEntry{Row: r.row, ID: strings.TrimSpace(r.text[fieldID])}
	if m := wrongID(entry.ID); m != nil {
		faults = append(faults, Fault{fieldID, *m})
	}
	c := Content{
		Title: oneLine(r.text[fieldTitle]), Issuer: r.text[fieldIssuer],
		SourceURL: r.text[fieldSource], Body: r.text[fieldBody],
		Category: d.categoryCalled(r.text[fieldCategory]), Level: levelCalled(r.text[fieldLevel]),
		English: Words{Title: oneLine(r.text[fieldTitleEN]), Issuer: r.text[fieldIssuerEN], Body: r.text[fieldBodyEN]},
	}
	var fault []Fault
	c.Issued, fault = r.date(fieldIssued)
	faults = append(faults, fault...)
	c.Expires, fault = r.date(fieldExpires)
	faults = append(faults, fault...)
	c.Festivals = festivalsCalled(r.text[fieldFestivals])
	var ok bool
	if c.Names, ok = yes(r.text[fieldNames]); !ok {
		faults = append(faults, Fault{fieldNames, reminders.Line("case.wrong_yes", nil)})
	}
	entry.Content = c.tidy()
	for _, fault := range d.Faults(entry.Content, today) {
		known := func(f Fault) bool { return f.Field == fault.Field }
		if !slices.ContainsFunc(faults, known) {
			faults = append(faults, fault)
		}
	}
	for _, field := range []struct{ name, text string }{
		{fieldTitle, c.Title},
		{fieldIssuer, c.Issuer},
		{fieldBody, c.Body},
		{fieldTitleEN, c.English.Title},
		{fieldIssuerEN, c.English.Issuer},
		{fieldBodyEN, c.English.Body},
	} {
		if hits := d.Screen(field.text); len(hits) > 0 {
			faults = append(faults, Fault{field.name, hits[0].Say})
		}
	}
	return entry, faults
}

// oneLine puts a text into one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// date reads a day; an empty field is none.
func (r record) date(field string) (calendar.Date, []Fault) {
	if strings.TrimSpace(r.text[field]) == "" {
		return calendar.Date{}, nil
	}
	t, err := r.day(field)
	if err != nil {
		return calendar.Date{}, []Fault{{field, reminders.MessageOf(err)}}
	}
	return calendar.DateOf(t, utc), nil
}

// categoryCalled gives the code of a category that is called by its code or its label;
// what is neither stays as it is, to be named.
func (d *Desk) categoryCalled(word string) string {
	word = strings.TrimSpace(word)
	for _, k := range d.Categories {
		if strings.EqualFold(k.Code, word) {
			return k.Code
		}
		for _, label := range k.Labels {
			if label == word {
				return k.Code
			}
		}
	}
	return word
}

// levelCalled gives the level that is called by its name in files or in the official
// table.
func levelCalled(word string) Level {
	word = strings.ToLower(strings.TrimSpace(word))
	chinese := map[string]Level{
		"省部级": Provincial, "地厅级": Prefecture, "县处级": County, "乡科级及以下": Township, "乡科级": Township,
	}
	if level, known := chinese[word]; known {
		return level
	}
	return Level(word)
}

// festivalWords are what tables call the festivals beside their names in keys.
var festivalWords = map[string]calendar.Festival{
	"元旦": calendar.NewYear, "春节": calendar.SpringFestival, "清明": calendar.Qingming, "劳动": calendar.LabourDay,
	"五一": calendar.LabourDay, "端午": calendar.DragonBoat, "中秋": calendar.MidAutumn, "国庆": calendar.NationalDay,
}

// festivalsCalled reads festivals separated by a comma, semicolon, enumeration comma or
// space. Unknown words stay, to be named.
func festivalsCalled(text string) []calendar.Festival {
	var all []calendar.Festival
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;，；、 \n\t", r) }) {
		festival, known := festivalWords[strings.TrimSuffix(word, "节")]
		if word == "春节" {
			festival, known = calendar.SpringFestival, true
		}
		if !known {
			festival = calendar.Festival(strings.ToLower(word))
		}
		if !slices.Contains(all, festival) {
			all = append(all, festival)
		}
	}
	return all
}

// yes reads whether the body names persons; nothing said counts as yes.
func yes(word string) (is, ok bool) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "", "yes", "true", "y", "1", "是", "有", "含":
		return true, true
	case "no", "false", "n", "0", "否", "无", "不含":
		return false, true
	}
	return true, false
}

// readTable reads a spreadsheet.
func readTable(name string, file []byte) (records []record, ignored []string, wrong []sheet.RowError, err error) {
	table, wrong, err := sheet.Read(name, file, columns())
	if err != nil {
		return nil, nil, nil, err
	}
	for _, row := range table.Rows {
		r := record{row: row.Number, text: map[string]string{}, day: row.Date}
		for _, c := range columns() {
			r.text[c.Name] = row.Text(c.Name)
		}
		r.where = func(field string) (int, string) {
			if header := table.Header(field); header != "" {
				return row.Number, header
			}
			return row.Number, field
		}
		records = append(records, r)
	}
	return records, table.Ignored, wrong, nil
}
