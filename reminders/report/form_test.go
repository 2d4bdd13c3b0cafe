package report_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// shipped gives the forms that ship with the program.
func shipped(t testing.TB) (*report.Forms, *content.Content) {
	t.Helper()
	c, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	forms, err := report.Load(c.File)
	if err != nil {
		t.Fatal(err)
	}
	return forms, c
}

// The daily form stays short: four numbers, and everything else only on request.
func TestDailyFormIsShort(t *testing.T) {
	forms, _ := shipped(t)
	var first []string
	for _, field := range forms.Daily.Fields {
		if !field.More {
			first = append(first, field.Name)
		}
	}
	if diff := cmp.Diff([]string{"groups", "units", "problems", "fixed"}, first); diff != "" {
		t.Error(diff)
	}
	want := report.DailyHours{
		Due: 16 * 60, Remind: 30 * time.Minute, Grace: time.Hour, Leader: time.Hour, Staff: 65 * time.Minute, Closes: 8 * 60,
	}
	if diff := cmp.Diff(want, forms.Daily.Daily); diff != "" {
		t.Error(diff)
	}
}

// The first report of an incident wants two things, and neither a photo nor a place is
// ever required of anybody in a hurry.
func TestIncidentFormStartsSmall(t *testing.T) {
	forms, _ := shipped(t)
	var first, final []string
	for _, field := range forms.Incident.Fields {
		if field.Needed(report.First) {
			first = append(first, field.Name)
		}
		if field.Needed(report.Final) {
			final = append(final, field.Name)
		}
	}
	if diff := cmp.Diff([]string{"time", "course"}, first); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"time", "place", "course", "nature", "consequences"}, final); diff != "" {
		t.Error(diff)
	}
	if want := (report.Limits{Phone: 30 * time.Minute, Written: time.Hour}); forms.Incident.Limits != want {
		t.Errorf("limits %v", forms.Incident.Limits)
	}
}

// Every number that the daily form adds up is in the closing form, and the other way
// round, so that nobody is asked for it again.
func TestClosingFormTakesTheSums(t *testing.T) {
	forms, _ := shipped(t)
	var summed, taken []string
	for _, field := range forms.Daily.Fields {
		if field.Sum {
			summed = append(summed, field.Name)
		}
	}
	for _, field := range forms.Closing.Fields {
		if field.From == report.FromDailies {
			taken = append(taken, field.Name)
		}
		if field.Required != report.Optional && field.From != report.FromDailies {
			t.Errorf("%s is asked of people: one tap is no longer enough", field.Name)
		}
	}
	if diff := cmp.Diff(summed, taken); diff != "" {
		t.Error(diff)
	}
}

// Every text that forms and rules name is there in every language, with the arguments
// that it gets.
func TestFormsHaveTheirTexts(t *testing.T) {
	forms, c := shipped(t)
	k := c.Catalogue()
	texts := forms.Texts()
	if len(texts) < 80 {
		t.Fatalf("only %d texts", len(texts))
	}
	for key, args := range texts {
		for _, lang := range k.Languages() {
			if !slices.Contains(k.Keys(lang), key) {
				t.Errorf("%s has no text in %s", key, lang)
				continue
			}
			if got := k.Placeholders(lang, key); !slices.Equal(got, args) {
				t.Errorf("%s in %s wants %v and gets %v", key, lang, got, args)
			}
		}
	}
}

// small is a form in which each fault below is made.
const small = `kind = "daily"
version = 3
title = "report.form.daily"
[daily]
due = "16:00"
remind_before = "30m"
grace = "60m"
tell_leader_after = "60m"
tell_staff_after = "65m"
closes = "08:00"
[correction]
on_duty = "4h"
otherwise_workdays = 1
hour = "18:00"
closes_after = "48h"
[[field]]
name = "problems"
type = "number"
label = "report.field.problems"
required = "always"
sum = true
[[field]]
name = "mood"
type = "choice"
label = "report.field.source"
more = true
choice = [{ name = "fine", label = "report.source.other" }]
[[field]]
name = "attachments"
type = "attachment"
label = "report.field.files"
`

// A limit that is left out is the usual one.
func TestParseForm(t *testing.T) {
	form, err := report.ParseForm([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	problems, found := form.Field("problems")
	if form.Version != 3 || !found || problems.Max != 1_000_000 || len(form.Fields) != 3 {
		t.Errorf("%+v", form)
	}
	if _, found := form.Field("nothing"); found {
		t.Error("a field that is not there was found")
	}
}

// Each row breaks the form in one place, and the error says where.
func TestParseFormFaults(t *testing.T) {
	for _, row := range []struct{ name, old, text, want string }{
		{"another kind", `kind = "daily"`, `kind = "weekly"`, "kind:"},
		{"no version", `version = 3`, ``, "version:"},
		{"title that is no key", `"report.form.daily"`, `"Daily report"`, "title:"},
		{"hour that does not exist", `due = "16:00"`, `due = "26:00"`, "daily.due:"},
		{"hour without minutes", `due = "16:00"`, `due = "16"`, "daily.due:"},
		{"span that is none", `grace = "60m"`, `grace = "an hour"`, "daily.grace:"},
		{"negative span", `grace = "60m"`, `grace = "-1m"`, "daily.grace:"},
		{"reminder on the day before", `remind_before = "30m"`, `remind_before = "17h"`, "daily.remind_before:"},
		{"leader told within the grace", `tell_leader_after = "60m"`, `tell_leader_after = "10m"`, "daily.tell_staff_after:"},
		{"staff told after the closing", `tell_staff_after = "65m"`, `tell_staff_after = "20h"`, "daily.tell_staff_after:"},
		{"grace past the closing", `grace = "60m"`, `grace = "17h"`, "daily.grace:"},
		{"no correction", "[correction]\n", "[correktion]\n", "correktion"},
		{"no workday", `otherwise_workdays = 1`, `otherwise_workdays = 0`, "correction.otherwise_workdays:"},
		{"correction without time", `closes_after = "48h"`, `closes_after = "1m"`, "correction.closes_after:"},
		{"a head of another form", "[correction]\n", "[limits]\nphone = \"1m\"\nwritten = \"1m\"\n[correction]\n", "[limits]"},
		{"a name with a space", `name = "problems"`, `name = "the problems"`, "field 1 (the problems): name:"},
		{"a word of the rules as a name", `name = "mood"`, `name = "nil"`, "field 2 (nil): name:"},
		{"the same name twice", `name = "mood"`, `name = "problems"`, "the name is there twice"},
		{"a label that is no key", `"report.field.problems"`, `"Problems"`, "field 1 (problems): label:"},
		{"an unknown type", `type = "number"`, `type = "float"`, "field 1 (problems): type:"},
		{"an unknown need", `required = "always"`, `required = "often"`, "field 1 (problems): required:"},
		{"a final report of a day", `required = "always"`, `required = "final"`, "only an incident has a final report"},
		{"a sum of words", "type = \"choice\"\n", "type = \"choice\"\nsum = true\n", "unit, sum and min are for numbers"},
		{"a source of another form", "sum = true\n", "from = \"dailies\"\n", "field 1 (problems): from:"},
		{"a choice without choices", `choice = [{ name = "fine", label = "report.source.other" }]`, ``, "has 1 to 12 choices"},
		{"two choices of one name", `choice = [{`, `choice = [{ name = "fine", label = "report.source.duty" }, {`, "a choice has a name of its own"},
		{"a photo that is required", `type = "attachment"`, "type = \"attachment\"\nrequired = \"always\"", "never required"},
		{"two places for photos", `type = "choice"`, `type = "attachment"`, "one field for photos"},
		{"required but out of sight", "sum = true\n", "more = true\n", "stands on the first screen"},
		{"limits the wrong way round", "sum = true\n", "min = 5\nmax = 3\n", "0 <= min <= max"},
		{"a text without end", "type = \"number\"\n", "type = \"text\"\nmax = 5000\n", "a text has 1 to 1000"},
		{"a field that does not exist", "sum = true\n", "sums = true\n", `unknown field "field.sums"`},
		{"no fields", small[strings.Index(small, "[[field]]"):], "", "a form has 1 to 40 fields"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(small, row.old) {
				t.Fatalf("the form has no %q", row.old)
			}
			_, err := report.ParseForm([]byte(strings.Replace(small, row.old, row.text, 1)))
			if reminders.KindOf(err) != reminders.Invalid || !strings.Contains(fmt.Sprint(err), row.want) {
				t.Errorf("%v\nwant %q", err, row.want)
			}
		})
	}
}

// All faults are named at once, so that an office edits once.
func TestParseFormNamesAllFaults(t *testing.T) {
	text := strings.NewReplacer(`version = 3`, `version = 0`, `due = "16:00"`, `due = "noon"`, `type = "number"`, `type = "float"`).Replace(small)
	_, err := report.ParseForm([]byte(text))
	for _, want := range []string{"version:", "daily.due:", "type:"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if _, err := report.ParseForm([]byte("kind = ")); reminders.KindOf(err) != reminders.Invalid {
		t.Errorf("a file that is no TOML: %v", err)
	}
}

// Files that do not fit together are refused as one.
func TestLoadRefuses(t *testing.T) {
	_, c := shipped(t)
	swap := func(path, old, text string) func(string) ([]byte, error) {
		return func(name string) ([]byte, error) {
			file, err := c.File(name)
			if name == path {
				if !strings.Contains(string(file), old) {
					return nil, errors.New("nothing to swap")
				}
				file = []byte(strings.Replace(string(file), old, text, 1))
			}
			return file, err
		}
	}
	for _, row := range []struct {
		name string
		read func(string) ([]byte, error)
		want string
	}{
		{"a form in the wrong file", func(string) ([]byte, error) { return c.File("forms/incident.toml") }, "it is the form incident"},
		{"a sum that nobody gives", swap("forms/closing.toml", `name     = "groups"`, `name     = "teams"`), "field teams: the daily form has no sum of this name"},
		{"a rule about a field that is gone", swap("forms/plausibility.toml", `fixed <= problems`, `mended <= problems`), `no number "mended"`},
		{"a broken form", swap("forms/daily.toml", `version = 1`, `version = -1`), "forms/daily.toml"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := report.Load(row.read); reminders.KindOf(err) != reminders.Invalid || !strings.Contains(fmt.Sprint(err), row.want) {
				t.Errorf("%v\nwant %q", err, row.want)
			}
		})
	}
	if _, err := report.Load(func(string) ([]byte, error) { return nil, fs.ErrNotExist }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// No file crashes the parser, and what it lets through is a form that can be filled in.
func FuzzParseForm(f *testing.F) {
	_, c := shipped(f)
	for _, name := range c.Files("forms") {
		file, err := c.File(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, file []byte) {
		form, err := report.ParseForm(file)
		if err != nil {
			if reminders.KindOf(err) != reminders.Invalid {
				t.Error(err)
			}
			return
		}
		d := report.Begin(form, report.Draft{Kind: form.Kind})
		for range len(form.Fields) + 1 {
			field, asked := d.Current(form)
			if !asked {
				return
			}
			if err := d.Skip(form); err != nil {
				d.Values = report.Values{field.Name: report.NumberOf(1)}
				return
			}
		}
		t.Error("the questions do not end")
	})
}
