package people_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// trouble is a row error as the tests compare it.
type trouble struct {
	Row    int
	Column string
	Key    string
}

func troubles(errs []sheet.RowError) []trouble {
	var all []trouble
	for _, e := range errs {
		all = append(all, trouble{e.Row, e.Column, e.Message.Key})
	}
	return all
}

func TestReadPeople(t *testing.T) {
	finance := people.UnitIDOf("财务科")
	tests := []struct {
		name string
		file string
		want []people.Entry
	}{
		{
			"the columns of the contract",
			"staff_no,name,unit,title,roles,language\nS001,甲一,财务科,科员,official;liaison,en\n",
			[]people.Entry{{Row: 2, Unit: "财务科", Person: reminders.Person{
				ID: "S001", Name: "甲一", Unit: finance, Title: "科员", Roles: reminders.Roles{reminders.Liaison}, Language: "en",
			}}},
		},
		{
			"chinese headers and words",
			"某市花名册（示例）\n工号,姓名,单位,职务,角色,语言\nS001,甲一,财务科,,联络员、室工作人员,中文\n",
			[]people.Entry{{Row: 3, Unit: "财务科", Person: reminders.Person{
				ID: "S001", Name: "甲一", Unit: finance, Roles: reminders.Roles{reminders.Liaison, reminders.Staff}, Language: "zh-Hans",
			}}},
		},
		{
			// Roles are a set: their order in the file does not matter.
			"roles in any order, languages in any case",
			"staff_no,name,unit,roles,language\n1,a b,财务科,ADMIN;leader;admin,ZH-hans\n",
			[]people.Entry{{Row: 2, Unit: "财务科", Person: reminders.Person{
				ID: "1", Name: "a b", Unit: finance, Roles: reminders.Roles{reminders.Leader, reminders.Admin}, Language: "zh-Hans",
			}}},
		},
		{
			// Lists stretch short names; full-width digits come from input methods.
			"stretched names and wide digits",
			"工号,姓名,单位\nＳ００１,甲\u3000一, 财务科 \n",
			[]people.Entry{{Row: 2, Unit: "财务科", Person: reminders.Person{ID: "S001", Name: "甲一", Unit: finance}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, errs, err := newOffice().ReadPeople("people.csv", []byte(tt.file))
			if err != nil || len(errs) > 0 {
				t.Fatalf("ReadPeople: %v, %v", err, errs)
			}
			if diff := cmp.Diff(tt.want, list.Entries); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadPeopleRowErrors(t *testing.T) {
	const header = "工号,姓名,单位,职务,角色,语言\n"
	long := strings.Repeat("长", 61)
	tests := []struct {
		name string
		rows string
		want []trouble
	}{
		{"no name", "S001,,财务科,,,\n", []trouble{{2, "姓名", "sheet.cell_empty"}}},
		{"no staff number, twice", ",甲一,财务科,,,\n,甲二,财务科,,,\n", []trouble{{2, "工号", "sheet.cell_empty"}, {3, "工号", "sheet.cell_empty"}}},
		{"no unit", "S001,甲一,,,,\n", []trouble{{2, "单位", "sheet.cell_empty"}}},
		{"a staff number with a space", "S 001,甲一,财务科,,,\n", []trouble{{2, "工号", "people.row.staff_no"}}},
		{"a staff number of 25 characters", strings.Repeat("9", 25) + ",甲一,财务科,,,\n", []trouble{{2, "工号", "people.row.staff_no"}}},
		{"a staff number in Chinese", "甲,甲一,财务科,,,\n", []trouble{{2, "工号", "people.row.staff_no"}}},
		{"the word of the placeholder", "admin,甲一,财务科,,,\n", []trouble{{2, "工号", "people.row.staff_no_reserved"}}},
		{"a staff number twice", "S001,甲一,财务科,,,\nS002,甲二,财务科,,,\nS001,甲三,财务科,,,\n", []trouble{{4, "工号", "people.row.staff_no_twice"}}},
		{"a role that does not exist", "S001,甲一,财务科,,boss,\n", []trouble{{2, "角色", "error.role"}}},
		{"a language that does not exist", "S001,甲一,财务科,,,tlh\n", []trouble{{2, "语言", "people.language_unknown"}}},
		{"texts of the wrong column", "S001," + long + "," + long + "," + long + ",,\n", []trouble{
			{2, "单位", "people.row.too_long"}, {2, "姓名", "people.row.too_long"}, {2, "职务", "people.row.too_long"},
		}},
		{"several rows, in their order", "S001,甲一,财务科,,boss,\nS002,,财务科,,,\n,甲三,财务科,,,x\n", []trouble{
			{2, "角色", "error.role"}, {3, "姓名", "sheet.cell_empty"}, {4, "工号", "sheet.cell_empty"}, {4, "语言", "people.language_unknown"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs, err := newOffice().ReadPeople("people.csv", []byte(header+tt.rows))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, troubles(errs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTwiceNamesBothRows: who corrects the file sees both rows at once.
func TestTwiceNamesBothRows(t *testing.T) {
	_, errs, _ := newOffice().ReadPeople("a.csv", []byte("工号,姓名,单位\nS1,甲一,科\n\nS1,甲二,科\n"))
	args := errs[0].Message.Args
	if *args["First"].Number != 2 || *args["Second"].Number != 4 {
		t.Errorf("rows %v", args)
	}
}

func TestReadRefusesFiles(t *testing.T) {
	o := newOffice()
	for file, want := range map[string]string{"": "sheet.empty", "工号,姓名,单位\n": "people.file_empty", "工号,单位\n1,2\n": "sheet.column_missing"} {
		_, _, err := o.ReadPeople("a.csv", []byte(file))
		if got := reminders.MessageOf(err).Key; got != want || reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("people file %q: text %q (%v), want %q", file, got, err, want)
		}
	}
	for file, want := range map[string]string{"": "sheet.empty", "单位\n": "people.file_empty", "上级单位\n1\n": "sheet.column_missing"} {
		_, _, err := o.ReadUnits("a.csv", []byte(file))
		if got := reminders.MessageOf(err).Key; got != want {
			t.Errorf("unit file %q: text %q (%v), want %q", file, got, err, want)
		}
	}
}

func TestReadUnits(t *testing.T) {
	list, errs, err := newOffice().ReadUnits("a.csv", []byte("单位,上级单位,值班\n甲局,,是\n甲局一科,甲局,否\n甲局二科,甲局,\n"))
	if err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	want := []people.UnitEntry{
		{Row: 2, Name: "甲局", Duty: true},
		{Row: 3, Name: "甲局一科", Parent: "甲局"},
		{Row: 4, Name: "甲局二科", Parent: "甲局"},
	}
	if diff := cmp.Diff(want, list.Entries); diff != "" {
		t.Error(diff)
	}
}

func TestUnitErrors(t *testing.T) {
	tests := []struct {
		name string
		file string
		want []trouble
	}{
		{"a unit twice", "甲局,,\n甲局,,\n", []trouble{{3, "单位", "people.row.unit_twice"}}},
		{"no name", ",甲局,\n", []trouble{{2, "单位", "sheet.cell_empty"}}},
		{"neither yes nor no", "甲局,,maybe\n", []trouble{{2, "值班", "people.row.duty"}}},
		{"a parent that nobody knows", "甲局,乙局,\n", []trouble{{2, "上级单位", "people.row.parent_unknown"}}},
		{"its own parent", "甲局,甲局,\n", []trouble{{2, "上级单位", "people.row.cycle"}}},
		{"a circle, named once", "甲局,丙局,\n乙局,甲局,\n丙局,乙局,\n", []trouble{{2, "上级单位", "people.row.cycle"}}},
		// 旧局 stands in the register below 旧部: this row closes the circle.
		{"a circle through the register", "旧部,旧局,\n", []trouble{{2, "上级单位", "people.row.cycle"}}},
		{"a parent in the register", "甲局,旧局,\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice()
			for _, u := range []reminders.Unit{
				{ID: people.UnitIDOf("旧部"), Name: "旧部"},
				{ID: people.UnitIDOf("旧局"), Name: "旧局", Parent: people.UnitIDOf("旧部")},
			} {
				o.state.units[u.ID] = u
			}
			list, errs, err := o.ReadUnits("a.csv", []byte("单位,上级单位,值班\n"+tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if len(errs) == 0 {
				err = o.View(context.Background(), func(tx reminders.Tx) (err error) {
					_, errs, err = o.PreviewUnits(tx, list)
					return err
				})
				_, refused := o.ApplyUnits(context.Background(), o, list, "S001", nil)
				if (reminders.KindOf(refused) == reminders.Invalid) != (len(errs) > 0) {
					t.Errorf("ApplyUnits: %v with %d errors", refused, len(errs))
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, troubles(errs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzReadFiles: no bytes make the readers panic; a list without row errors has
// only staff numbers of the contract, each once, and can be applied twice.
func FuzzReadFiles(f *testing.F) {
	f.Add([]byte("工号,姓名,单位,职务,角色,语言\nS001,甲一,财务科,,admin,en\nS002,甲二,财务科,,,\n"))
	f.Add([]byte("staff_no;name;unit\n1;a;b\n"))
	f.Add([]byte("单位,上级单位,值班\n甲,乙,是\n乙,甲,\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		o := newOffice()
		if list, errs, err := o.ReadUnits("a.csv", file); err == nil && len(errs) == 0 {
			_, _ = o.ApplyUnits(context.Background(), o, list, "S001", nil)
		}
		list, errs, err := o.ReadPeople("a.csv", file)
		if err != nil || len(errs) > 0 {
			return
		}
		seen := map[reminders.PersonID]bool{}
		for _, e := range list.Entries {
			if e.Person.Name == "" || e.Unit == "" || seen[e.Person.ID] || len(e.Person.ID) == 0 || len(e.Person.ID) > 24 {
				t.Fatalf("entry %+v passed", e)
			}
			seen[e.Person.ID] = true
		}
		applyTwice(t, o, list)
	})
}

// applyTwice applies a list and fails if doing it again changes anything.
func applyTwice(t interface {
	Helper()
	Fatalf(string, ...any)
}, o *office, list people.List,
) {
	t.Helper()
	if _, err := o.Apply(context.Background(), o, list, "S001", nil); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	before, commits := o.state.clone(), o.units
	diff, err := o.Apply(context.Background(), o, list, "S001", nil)
	if err != nil || !diff.Empty() || len(diff.Units) > 0 || o.units != commits {
		t.Fatalf("the second time: %v, %+v", err, diff)
	}
	if d := cmp.Diff(before, o.state, cmp.AllowUnexported(state{})); d != "" {
		t.Fatalf("the second time changed:\n%s", d)
	}
}
