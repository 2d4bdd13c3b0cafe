package people_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// read reads a file that has no errors.
func read(t testing.TB, o *office, file string) people.List {
	t.Helper()
	list, errs, err := o.ReadPeople("a.csv", []byte(file))
	if err != nil || len(errs) > 0 {
		t.Fatalf("ReadPeople: %v, %v", err, errs)
	}
	return list
}

func preview(t testing.TB, o *office, list people.List) people.Diff {
	t.Helper()
	var diff people.Diff
	err := o.View(context.Background(), func(tx reminders.Tx) (err error) {
		diff, err = o.Preview(tx, list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

func apply(t testing.TB, o *office, list people.List) people.Diff {
	t.Helper()
	diff, err := o.Apply(context.Background(), o, list, "S900", nil)
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

// fields gives staff number and changed columns of each row.
func fields(changes []people.Change) map[reminders.PersonID]string {
	all := map[reminders.PersonID]string{}
	for _, c := range changes {
		all[c.Person.ID] = strings.Join(c.Fields, ",")
	}
	return all
}

// TestPreview: a dry run names what is new, what changes and in which columns,
// and what stays.
func TestPreview(t *testing.T) {
	retired := person("S004", "甲科")
	retired.Status = people.Retired
	o := newOffice().enrol(person("S001", "甲科"), person("S002", "甲科", reminders.Liaison), person("S003", "甲科"), retired, person("S005", "甲科"))
	o.state.units[people.UnitIDOf("甲科")] = reminders.Unit{ID: people.UnitIDOf("甲科"), Name: "甲科"}
	list := read(t, o, "工号,姓名,单位,角色,备注\n"+
		"S001,甲S001,甲科,,\n"+ // as it is
		"S002,改名,乙科,leader,\n"+ // everything changes
		"S004,甲S004,甲科,,\n"+ // has left
		"S009,新人,乙科,,\n") // is new; S003 and S005 are not named
	diff := preview(t, o, list)

	if d := cmp.Diff(map[reminders.PersonID]string{"S009": ""}, fields(diff.New)); d != "" {
		t.Errorf("new: %s", d)
	}
	if d := cmp.Diff(map[reminders.PersonID]string{"S002": "name,unit,roles"}, fields(diff.Changed)); d != "" {
		t.Errorf("changed: %s", d)
	}
	if d := cmp.Diff([]reminders.Unit{{ID: people.UnitIDOf("乙科"), Name: "乙科"}}, diff.Units); d != "" {
		t.Errorf("units: %s", d)
	}
	if diff.Unchanged != 1 || diff.Absent != 2 || len(diff.Retired) != 1 || !slices.Equal(diff.Ignored, []string{"备注"}) {
		t.Errorf("diff %+v", diff)
	}
	var keys []string
	for _, line := range diff.Lines() {
		keys = append(keys, strings.TrimPrefix(line.Key, "people.import."))
	}
	if d := cmp.Diff([]string{"new", "changed", "unchanged", "units", "absent", "retired", "ignored"}, keys); d != "" {
		t.Errorf("lines: %s", d)
	}
	if got := *diff.Line(diff.Changed[0]).Args["Fields"].Text; got != "姓名 / 单位 / 角色" {
		t.Errorf("fields shown as %q", got)
	}
	if len(o.state.entries) != 0 {
		t.Error("a dry run wrote into the ledger")
	}
}

// TestApply: the register afterwards is what the dry run said; people who are
// not in the file and people who left stay as they are.
func TestApply(t *testing.T) {
	retired := person("S004", "甲科")
	retired.Status = people.Retired
	o := newOffice().enrol(person("S003", "甲科"), retired)
	list := read(t, o, "工号,姓名,单位,角色\nS004,回来,乙科,admin\nS009,新人,乙科,联络员\n")
	said := preview(t, o, list)
	done := apply(t, o, list)
	if d := cmp.Diff(fields(said.New), fields(done.New)); d != "" {
		t.Errorf("Apply did not do what Preview said: %s", d)
	}
	if d := cmp.Diff(retired, o.state.people["S004"]); d != "" {
		t.Errorf("a retired person was changed: %s", d)
	}
	want := people.Record{Status: people.Active, Person: reminders.Person{
		ID: "S009", Name: "新人", Unit: people.UnitIDOf("乙科"), Roles: reminders.Roles{reminders.Liaison},
	}}
	if d := cmp.Diff(want, o.state.people["S009"]); d != "" {
		t.Errorf("the new person: %s", d)
	}
	entries := []ledger.Entry{
		{Actor: "S900", Verb: ledger.Imported, Object: "units", Subject: string(people.UnitIDOf("乙科")), Reason: "new"},
		{Actor: "S900", Verb: ledger.Imported, Object: "people", Subject: "S009", Reason: "new"},
	}
	if d := cmp.Diff(entries, o.state.entries); d != "" {
		t.Errorf("ledger: %s", d)
	}
}

// TestApplyKeeps: what a file has no column or no word for stays.
func TestApplyKeeps(t *testing.T) {
	old := bound(person("S001", "甲科", reminders.Liaison), 7)
	old.Title, old.Language = "科长", reminders.English
	tests := []struct {
		name string
		old  people.Record
		file string
		want func(r *people.Record)
	}{
		{"no columns of choice", old, "工号,姓名,单位\nS001,甲S001,甲科\n", func(*people.Record) {}},
		// An empty title or role is a word of the file; an empty language is none.
		{"empty cells", old, "工号,姓名,单位,职务,角色,语言\nS001,甲S001,甲科,,,\n", func(r *people.Record) { r.Title, r.Roles = "", nil }},
		{"a language that was imported", old, "工号,姓名,单位,语言\nS001,甲S001,甲科,中文\n", func(r *people.Record) { r.Language = reminders.Chinese }},
		{"a language that was chosen", func() people.Record { r := old; r.LanguageChosen = true; return r }(), "工号,姓名,单位,语言\nS001,甲S001,甲科,中文\n", func(*people.Record) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice().enrol(tt.old)
			want := o.state.people["S001"]
			tt.want(&want)
			apply(t, o, read(t, o, tt.file))
			if d := cmp.Diff(want, o.state.people["S001"]); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestApplyLastAdmin: an import never takes the role from the last admin who can
// be reached; with another one left, it does as the file says.
func TestApplyLastAdmin(t *testing.T) {
	admin := bound(person("S001", "甲科", reminders.Admin), 7)
	file := "工号,姓名,单位,角色\nS001,甲S001,甲科,liaison\nS002,乙,甲科,admin\n"
	tests := []struct {
		name  string
		other people.Record
		kept  bool
	}{
		{"nobody else", person("S003", "甲科"), true},
		{"another one without a chat", person("S003", "甲科", reminders.Admin), true},
		{"another one", bound(person("S003", "甲科", reminders.Admin), 8), false},
		{"one whom the file makes an admin", bound(person("S002", "甲科"), 8), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice().enrol(admin, tt.other)
			diff := apply(t, o, read(t, o, file))
			if got := o.state.people["S001"].Roles.Has(reminders.Admin); got != tt.kept || (len(diff.KeptAdmins) == 1) != tt.kept {
				t.Errorf("is admin: %v, kept %v, want %v", got, diff.KeptAdmins, tt.kept)
			}
			if !o.state.people["S001"].Roles.Has(reminders.Liaison) {
				t.Error("the other roles were not taken over")
			}
		})
	}
}

// TestApplyChunks: 50 people of as many units are three units of work, each told,
// and each fits into one commit of the smallest engine.
func TestApplyChunks(t *testing.T) {
	o := newOffice()
	var file strings.Builder
	file.WriteString("工号,姓名,单位\n")
	for i := range 50 {
		fmt.Fprintf(&file, "S%03d,甲,单位%d\n", i, i)
	}
	var told []int
	_, err := o.Apply(context.Background(), o, read(t, o, file.String()), "S900", func(done, total int) { told = append(told, done, total) })
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int{20, 50, 40, 50, 50, 50}, told); d != "" {
		t.Error(d)
	}
	if len(o.state.people) != 50 || o.units != 3 {
		t.Errorf("%d people in %d units of work", len(o.state.people), o.units)
	}
}

// failing refuses every unit of work after the first.
type failing struct{ *office }

func (f failing) Do(ctx context.Context, g func(tx reminders.Tx) error) error {
	if f.units >= 1 {
		return reminders.Internalf("test", "out of order")
	}
	return f.office.Do(ctx, g)
}

// TestApplyResumes: an import that broke off is done again and has the effect of
// once.
func TestApplyResumes(t *testing.T) {
	o := newOffice()
	var file strings.Builder
	file.WriteString("工号,姓名,单位\n")
	for i := range 80 {
		fmt.Fprintf(&file, "S%03d,甲,单位\n", i)
	}
	list := read(t, o, file.String())
	if _, err := o.Apply(context.Background(), failing{o}, list, "S900", nil); err == nil || len(o.state.people) != 20 {
		t.Fatalf("%v with %d people", err, len(o.state.people))
	}
	if diff := apply(t, o, list); len(diff.New) != 60 || diff.Unchanged != 20 {
		t.Errorf("the rest: %d new, %d unchanged", len(diff.New), diff.Unchanged)
	}
	if len(o.state.entries) != 81 {
		t.Errorf("%d entries, want one for each person and the unit", len(o.state.entries))
	}
}

// drawOffice makes an office of invented people in every standing.
func drawOffice(t *rapid.T) *office {
	o := newOffice()
	for i := range rapid.IntRange(0, 8).Draw(t, "people") {
		r := person(reminders.PersonID(fmt.Sprintf("S%03d", i)), rapid.SampledFrom([]string{"甲科", "乙科"}).Draw(t, "unit"))
		r.Roles = drawRoles(t)
		r.Language = rapid.SampledFrom([]reminders.Language{"", "en", "zh-Hans"}).Draw(t, "language")
		r.LanguageChosen = rapid.Bool().Draw(t, "chosen")
		if rapid.Bool().Draw(t, "retired") {
			r.Status, r.RetiredReason = people.Retired, "退休"
		} else if rapid.Bool().Draw(t, "bound") {
			r = bound(r, reminders.ChatID(100+i))
			r.Unreachable.Reason = rapid.SampledFrom([]people.Reach{"", people.Blocked}).Draw(t, "reach")
		}
		if rapid.Bool().Draw(t, "left") {
			r.LeftTopics = []string{"theme"}
		}
		o.enrol(r)
	}
	return o
}

func drawRoles(t *rapid.T) reminders.Roles {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(reminders.AllRoles()[1:]), 0, 3, rapid.ID).Draw(t, "roles")
}

// drawFile makes a file that names some of them and some others.
func drawFile(t *rapid.T) string {
	columns := []string{"staff_no,name,unit", "staff_no,name,unit,roles", "staff_no,name,unit,roles,language,title"}
	header := rapid.SampledFrom(columns).Draw(t, "columns")
	file := header + "\n"
	for _, i := range rapid.SliceOfDistinct(rapid.IntRange(0, 12), rapid.ID).Draw(t, "rows") {
		roles := drawRoles(t)
		words := make([]string, len(roles))
		for j, r := range roles {
			words[j] = string(r)
		}
		language := rapid.SampledFrom([]string{"", "en", "中文"}).Draw(t, "language")
		cells := []string{fmt.Sprintf("S%03d", i), "名" + language, "丙科", strings.Join(words, ";"), language, "科员"}
		file += strings.Join(cells[:strings.Count(header, ",")+1], ",") + "\n"
	}
	return file
}

// TestImportProperties: whatever the register and the file, importing twice
// changes nothing more, nobody vanishes, and what people and admins did
// themselves stays.
func TestImportProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOffice(t)
		before := o.state.clone()
		list, errs, err := o.ReadPeople("a.csv", []byte(drawFile(t)))
		if err != nil {
			return // a header without rows
		}
		if len(errs) > 0 {
			t.Fatalf("row errors %v", errs)
		}
		applyTwice(t, o, list)
		for id, old := range before.people {
			r, found := o.state.people[id]
			if !found {
				t.Fatalf("%s vanished", id)
			}
			if !old.Active() {
				if d := cmp.Diff(old, r); d != "" {
					t.Fatalf("retired %s changed: %s", id, d)
				}
				continue
			}
			kept := r
			kept.Name, kept.Unit, kept.Title, kept.Roles = old.Name, old.Unit, old.Title, old.Roles
			if !old.LanguageChosen {
				kept.Language = old.Language
			}
			if d := cmp.Diff(old, kept); d != "" {
				t.Fatalf("%s lost something of their own: %s", id, d)
			}
		}
	})
}

// TestLedgerNamesNobody: entries carry identifiers, never a name, a title or the
// name of a unit.
func TestLedgerNamesNobody(t *testing.T) {
	o := newOffice()
	apply(t, o, read(t, o, "工号,姓名,单位,职务,角色\nS001,张示例,保密科,处长,\n"))
	apply(t, o, read(t, o, "工号,姓名,单位,职务,角色\nS001,李示例,机要科,科长,admin\nS002,王示例,机要科,,admin\n"))
	var code string
	o.do(t, func(tx reminders.Tx) (err error) { code, err = o.Invite(tx, "S001", 0, "S002"); return err })
	o.do(t, func(tx reminders.Tx) error { _, err := o.Bind(tx, code, 7, "小示例"); return err })
	o.do(t, func(tx reminders.Tx) error { _, err := o.MarkUnreachable(tx, "S001", people.Blocked); return err })
	o.do(t, func(tx reminders.Tx) error { _, err := o.Retire(tx, "S001", "示例原因", "S002"); return err })
	raw, err := json.Marshal(o.state.entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"示例", "科", "长", code} {
		if strings.Contains(string(raw), word) {
			t.Errorf("the ledger says %q: %s", word, raw)
		}
	}
	if len(o.state.entries) != 9 {
		t.Errorf("%d entries, want 9: %s", len(o.state.entries), raw)
	}
}

// TestApplyUnits: units are created and changed as the file says; the others stay,
// and doing it again does nothing.
func TestApplyUnits(t *testing.T) {
	o := newOffice()
	old := reminders.Unit{ID: people.UnitIDOf("甲局"), Name: "甲局", Duty: true}
	o.state.units[old.ID] = old
	o.state.units["u1"] = reminders.Unit{ID: "u1", Name: "另一个"}
	list, errs, err := o.ReadUnits("a.csv", []byte("单位,上级单位\n甲局一科,甲局\n甲局,\n"))
	if err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	diff, err := o.ApplyUnits(context.Background(), o, list, "S900", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(diff.New) != 1 || len(diff.Changed) != 0 || diff.Unchanged != 1 || diff.Absent != 1 {
		t.Errorf("diff %+v", diff)
	}
	// The file has no column for duty: it stays.
	if d := cmp.Diff(old, o.state.units[old.ID]); d != "" {
		t.Error(d)
	}
	child := people.UnitIDOf("甲局一科")
	if d := cmp.Diff(reminders.Unit{ID: child, Name: "甲局一科", Parent: old.ID}, o.state.units[child]); d != "" {
		t.Error(d)
	}
	entries := len(o.state.entries)
	if diff, err = o.ApplyUnits(context.Background(), o, list, "S900", nil); err != nil || len(diff.New)+len(diff.Changed) > 0 || len(o.state.entries) != entries {
		t.Errorf("the second time: %v, %+v", err, diff)
	}
}
