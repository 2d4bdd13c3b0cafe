package casebook_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

const goodYAML = `# invented
- id: y1
  title: An invented case
  category: h9a
  level: township
  issued: 2026-08-20
  issuer: An invented office
  source_url: https://example.invalid/y1
  festivals: [mid-autumn, 国庆节]
  names: false
  body: |
    One sentence.
  title_en: In English
  body_en: Once more.
`

const goodCSV = "编号,标题,问题类型,层级,通报日期,通报单位,来源链接,节日,内容,含姓名,英文标题,英文内容\n" +
	"y1,An invented case,问题H9a,乡科级及以下,2026年8月20日,An invented office,https://example.invalid/y1,中秋、国庆,One sentence.,否,In English,Once more.\n"

// A list and a table with Chinese headers say the same.
func TestRead(t *testing.T) {
	o := newOffice(t)
	want := sample("y1", func(c *casebook.Content) {
		c.Title, c.Category, c.Body = "An invented case", "H9a", "One sentence."
		c.English = casebook.Words{Title: "In English", Body: "Once more."}
		c.Issued = calendar.Date{Year: 2026, Month: 8, Day: 20}
		c.Expires = calendar.Date{Year: 2028, Month: 8, Day: 20}
		c.Festivals = []calendar.Festival{calendar.MidAutumn, calendar.NationalDay}
	}).Content
	for name, file := range map[string]string{"a.yaml": goodYAML, "a.csv": goodCSV} {
		list, wrong, err := o.desk.Read(name, []byte(file), today)
		if err != nil || len(wrong) > 0 || len(list.Entries) != 1 {
			t.Fatalf("%s: %v %v", name, wrong, err)
		}
		if diff := cmp.Diff(want, list.Entries[0].Content); diff != "" || list.Entries[0].ID != "y1" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Everything that is wrong with a file is named with row and column.
func TestReadFindsAll(t *testing.T) {
	o := newOffice(t)
	file := "id,title,category,issued,issuer,source_url,names,title_en,body_en\n" +
		"c1,Title,H1,2026-08-01,Office,https://example.invalid/1,no,,\n" +
		"c1,Title,H1,2026-08-01,Office,https://example.invalid/1,no,,\n" +
		"sample-1,,Z9,2026-12-01,SECRET,http://10.0.0.1/,maybe,,\n" +
		"c 3,PHONE,H1,yesterday,Office,example.invalid,no,,\n" +
		"c4,Title,H1,2026-08-01,Office,https://example.invalid/1,no,,SECRET\n"
	_, wrong, err := o.desk.Read("a.csv", []byte(file), today)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range wrong {
		got = append(got, fmt.Sprintf("%d %s %s", w.Row, w.Column, w.Message.Key))
	}
	want := []string{
		"3 id case.twice",
		"4 title sheet.cell_empty", "4 id case.sample_id", "4 names case.wrong_yes", "4 category case.wrong_category",
		"4 source_url case.private_address", "4 issued case.not_public", "4 issuer guard.SECRET",
		"5 id case.wrong_id", "5 issued sheet.date_wrong", "5 source_url case.wrong_address", "5 title guard.PHONE",
		"6 title_en case.missing", "6 body_en guard.SECRET",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A YAML file that is something else, or has a slip in it, is refused with the line.
func TestReadYAMLRefuses(t *testing.T) {
	o := newOffice(t)
	for file, want := range map[string]string{
		"":              "case.file_empty",
		"a: b":          "case.no_list",
		"- just a text": "case.no_list",
		"- [a, b]":      "case.no_list",
		"\t- x":         "case.no_list",
	} {
		if _, _, err := o.desk.Read("a.yml", []byte(file), today); reminders.MessageOf(err).Key != want {
			t.Errorf("%q: %v", file, err)
		}
	}
	_, wrong, err := o.desk.Read("a.yml", []byte(goodYAML+"  autor: x\n  expires: {a: b}\n"), today)
	if err != nil || len(wrong) != 2 || wrong[0].Row != 15 || wrong[0].Message.Key != "case.unknown_field" || wrong[1].Message.Key != "case.not_a_word" {
		t.Errorf("%v %v", wrong, err)
	}
	_, wrong, _ = o.desk.Read("a.yml", []byte("- &a {id: c1}\n- *a\n"), today)
	if len(wrong) > 0 {
		t.Errorf("an alias was followed: %v", wrong)
	}
}

// Imported cases are drafts that wait for a second person; the same file again changes
// nothing; a published case gets a correction that waits; a withdrawn one is refused.
func TestImport(t *testing.T) {
	o := newOffice(t)
	read := func(file string) casebook.List {
		list, wrong, err := o.desk.Read("a.yaml", []byte(file), today)
		if err != nil || len(wrong) > 0 {
			t.Fatal(wrong, err)
		}
		return list
	}
	apply := func(file string, want casebook.Difference) {
		t.Helper()
		list := read(file)
		var previewed casebook.Difference
		o.do(func(tx reminders.Tx) (err error) { previewed, _, err = o.desk.Preview(tx, list); return err })
		done, err := o.desk.Apply(t.Context(), list, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]casebook.Difference{want, want}, []casebook.Difference{previewed, done}); diff != "" {
			t.Error(diff)
		}
	}
	apply(goodYAML, casebook.Difference{New: 1})
	apply(goodYAML, casebook.Difference{Unchanged: 1})
	apply(goodYAML+"    More.\n", casebook.Difference{Changed: 1})
	handle := casebook.HandleOf("y1")
	o.do(func(tx reminders.Tx) error {
		waiting, err := o.desk.Waiting(tx)
		if err != nil || len(waiting) != 1 {
			t.Fatal(waiting, err)
		}
		_, err = o.desk.Decide(tx, handle, true, "", "S2", false)
		return err
	})
	apply(goodYAML, casebook.Difference{Corrected: 1})
	apply(goodYAML, casebook.Difference{Unchanged: 1})
	o.do(func(tx reminders.Tx) error { _, err := o.desk.Withdraw(tx, handle, "revoked", "S1"); return err })
	o.do(func(tx reminders.Tx) error {
		_, wrong, err := o.desk.Preview(tx, read(goodYAML))
		if len(wrong) != 1 || wrong[0].Message.Key != "case.buried" {
			t.Errorf("%v", wrong)
		}
		return err
	})
}

// No file crashes the reader, and whatever it takes without a fault is a case.
func FuzzRead(f *testing.F) {
	f.Add("a.yaml", goodYAML)
	f.Add("a.csv", goodCSV)
	f.Add("a.yml", "- &a {id: c1, festivals: *a}\n")
	o := newOffice(f)
	f.Fuzz(func(t *testing.T, name, file string) {
		list, wrong, err := o.desk.Read(name, []byte(file), today)
		if err != nil || len(wrong) > 0 {
			return
		}
		for _, e := range list.Entries {
			if faults := o.desk.Faults(e.Content, today); len(faults) > 0 || e.ID == "" {
				t.Errorf("%q: %v", e.ID, faults)
			}
		}
	})
}
