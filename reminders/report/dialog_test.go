package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// talk is a dialog over a form at 09:15 on 4 October.
type talk struct {
	t    testing.TB
	form report.Form
	d    report.Dialog
}

// say types an answer, which must be understood.
func (k *talk) say(words ...string) *talk {
	k.t.Helper()
	for _, word := range words {
		if err := k.d.Set(k.form, word, on(4, 9, 15), place); err != nil {
			k.t.Fatalf("%q to %s: %v", word, k.d.Field, err)
		}
		k.restart()
	}
	return k
}

// restart writes the dialog down and reads it again, as a restart does.
func (k *talk) restart() {
	k.t.Helper()
	text, err := json.Marshal(k.d)
	if err != nil {
		k.t.Fatal(err)
	}
	k.d = report.Dialog{}
	if err := json.Unmarshal(text, &k.d); err != nil {
		k.t.Fatal(err)
	}
}

func (k *talk) asked(want string) {
	k.t.Helper()
	if k.d.Field != want {
		k.t.Errorf("asked is %q, want %q", k.d.Field, want)
	}
}

// startDaily begins a daily report in which nothing is known.
func startDaily(t testing.TB) *talk {
	forms, _ := shipped(t)
	return &talk{t, forms.Daily, report.Begin(forms.Daily, report.Draft{Kind: report.Daily, Unit: "u1", Day: day(4)})}
}

// Four answers lead to the preview. Each survives a restart.
func TestDialogFillsTheFirstScreen(t *testing.T) {
	k := startDaily(t)
	k.asked("groups")
	if nth, of := k.d.Place(k.form); nth != 1 || of != 4 {
		t.Errorf("%d of %d", nth, of)
	}
	k.say("两组", "12家", "3").asked("fixed")
	if missing := k.d.Missing(k.form); len(missing) != 1 || missing[0].Name != "fixed" {
		t.Errorf("missing are %v", missing)
	}
	k.say("3").asked("")
	if _, asked := k.d.Current(k.form); asked || len(k.d.Missing(k.form)) > 0 {
		t.Error("something is still asked")
	}
	var shown []string
	for _, line := range k.d.Preview(k.form) {
		shown = append(shown, line.Args["Label"].Say.Key+" "+line.Args["Value"].Say.Key)
	}
	want := []string{
		"report.field.groups report.unit.groups", "report.field.units report.unit.units",
		"report.field.problems report.unit.problems", "report.field.fixed report.unit.problems",
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Error(diff)
	}
}

// A word that is not understood changes nothing.
func TestDialogRefuses(t *testing.T) {
	k := startDaily(t)
	for _, row := range []struct{ text, key string }{
		{"many", "report.value.number"}, {"1000", "report.value.range"}, {"-1", "report.value.number"}, {"", "report.value.number"},
	} {
		before := k.d
		err := k.d.Set(k.form, row.text, on(4, 9, 15), place)
		if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != row.key {
			t.Errorf("%q: %v", row.text, err)
		}
		if diff := cmp.Diff(before, k.d); diff != "" {
			t.Errorf("%q changed the dialog:\n%s", row.text, diff)
		}
	}
	if err := k.d.Skip(k.form); reminders.MessageOf(err).Key != "report.value.required" {
		t.Errorf("a required field was skipped: %v", err)
	}
	k.say("1", "1", "1", "1")
	if err := k.d.Set(k.form, "5", on(4, 9, 15), place); reminders.KindOf(err) != reminders.Conflict {
		t.Errorf("an answer to nothing: %v", err)
	}
}

// Going back shows the answer again; changing one thing from the preview leads back there.
func TestDialogGoesBack(t *testing.T) {
	k := startDaily(t)
	k.say("2", "12")
	k.d.Back(k.form)
	k.asked("units")
	k.d.Back(k.form)
	k.asked("groups")
	k.d.Back(k.form)
	k.asked("groups")
	if n, _ := k.d.Values.Count("groups"); n != 2 {
		t.Errorf("the answer is gone: %d", n)
	}
	k.say("3").asked("problems")
	k.say("1", "1").asked("")
	k.d.Back(k.form)
	k.asked("fixed")
	if err := k.d.Skip(k.form); err != nil { // it has an answer, which stays
		t.Error(err)
	}
	k.d.GoTo(k.form, "units")
	k.say("十三").asked("")
	k.d.GoTo(k.form, "no_such_field")
	k.asked("")
	if n, _ := k.d.Values.Count("units"); n != 13 {
		t.Errorf("units %d", n)
	}
}

// Whoever has more to say is asked the rest, and may leave any of it out.
func TestDialogAsksMore(t *testing.T) {
	k := startDaily(t)
	k.say("2", "12", "3", "3")
	k.d.AskMore(k.form)
	k.asked("clues")
	for k.d.Field != "matters" {
		if err := k.d.Skip(k.form); err != nil {
			t.Fatal(err)
		}
		k.restart()
	}
	k.say("电梯检修，已通知物业").asked("practices")
	if err := k.d.Set(k.form, strings.Repeat("长", 501), on(4, 9, 15), place); reminders.MessageOf(err).Key != "report.value.long" {
		t.Errorf("a text without end: %v", err)
	}
	if err := k.d.Skip(k.form); err != nil {
		t.Fatal(err)
	}
	k.asked("attachments")
	if err := k.d.Set(k.form, "no photo", on(4, 9, 15), place); reminders.MessageOf(err).Key != "report.value.attachment" {
		t.Errorf("words for a photo: %v", err)
	}
	if err := k.d.Skip(k.form); err != nil {
		t.Fatal(err)
	}
	k.asked("")
	k.d.GoTo(k.form, "matters")
	if err := k.d.Clear(k.form); err != nil {
		t.Fatal(err)
	}
	if _, has := k.d.Values["matters"]; has {
		t.Error("the answer was not taken out")
	}
	k.asked("")
}

// What is known already is not asked, and says where it comes from until somebody changes
// it.
func TestDialogPassesOverWhatIsKnown(t *testing.T) {
	forms, _ := shipped(t)
	five := 5
	known := report.Draft{Kind: report.Closing, Values: report.Values{}}
	for _, field := range forms.Closing.Fields {
		if field.From == report.FromDailies {
			known.Values[field.Name] = report.Value{Number: &five, From: report.FromDailies, Refs: []string{"u1/2026-10-01/daily"}}
		}
	}
	k := &talk{t, forms.Closing, report.Begin(forms.Closing, known)}
	k.asked("overview")
	if err := k.d.Skip(k.form); err != nil {
		t.Fatal(err)
	}
	k.asked("")
	k.d.GoTo(k.form, "problems")
	k.say("5")
	if v := k.d.Values["problems"]; v.From != report.FromDailies || len(v.Refs) != 1 {
		t.Errorf("a confirmed number lost where it came from: %+v", v)
	}
	k.d.GoTo(k.form, "problems")
	k.say("6")
	if v := k.d.Values["problems"]; v.From != report.Given || v.Refs != nil {
		t.Errorf("a changed number still says that it was counted: %+v", v)
	}
	if n, _ := known.Values.Count("problems"); n != 5 {
		t.Error("the draft was changed behind its owner's back")
	}
}

// Choices are tapped, or written by their number in any digits.
func TestDialogChooses(t *testing.T) {
	forms, _ := shipped(t)
	k := &talk{t, forms.Incident, report.Begin(forms.Incident, report.Draft{Kind: report.Incident, Stage: report.First})}
	k.say("昨天 23:10", "东门", "电梯停运，已疏散", "已报修").asked("")
	k.d.GoTo(k.form, "source")
	k.say("２").asked("nature")
	if got := k.d.Values["source"].Choice; got != "duty" {
		t.Errorf("chosen is %q", got)
	}
	k.d.GoTo(k.form, "trend")
	for _, wrong := range []string{"0", "9", "平稳"} {
		if err := k.d.Set(k.form, wrong, on(4, 9, 15), place); reminders.MessageOf(err).Key != "report.value.choice" {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := k.d.Choose(k.form, "calm", on(4, 9, 15)); reminders.KindOf(err) != reminders.Invalid {
		t.Errorf("a choice that does not exist: %v", err)
	}
	if err := k.d.Choose(k.form, "stable", on(4, 9, 15)); err != nil || k.d.Values["trend"].Choice != "stable" {
		t.Errorf("%v, %+v", err, k.d.Values["trend"])
	}
	if got := k.d.Values["time"].At; !got.Equal(on(3, 23, 10)) {
		t.Errorf("it happened at %v", got)
	}
	k.d.GoTo(k.form, "time")
	if err := k.d.Set(k.form, "明年", on(4, 9, 15), place); reminders.MessageOf(err).Key != "report.value.instant" {
		t.Errorf("%v", err)
	}
	if err := k.d.Set(k.form, "今天 18:00", on(4, 9, 15), place); reminders.MessageOf(err).Key != "report.value.future" {
		t.Errorf("it has not happened yet: %v", err)
	}
}

// The final report asks for what the first could leave out.
func TestFinalReportIsComplete(t *testing.T) {
	forms, _ := shipped(t)
	known := report.Draft{Kind: report.Incident, Stage: report.Final, Values: report.Values{
		"time": {At: on(3, 23, 10)}, "course": {Text: "电梯停运"},
	}}
	k := &talk{t, forms.Incident, report.Begin(forms.Incident, known)}
	var asked []string
	for k.d.Field != "" {
		asked = append(asked, k.d.Field)
		k.say("无人受伤")
	}
	if diff := cmp.Diff([]string{"place", "taken", "nature", "consequences"}, asked); diff != "" {
		t.Error(diff)
	}
}

// Photos are taken whenever they come, each once, and not without end.
func TestDialogAttaches(t *testing.T) {
	k := startDaily(t)
	for i := range 10 {
		file := reminders.File{Hash: strings.Repeat(string(rune('a'+i)), 64), Name: "p.jpg"}
		for range 2 {
			if err := k.d.Attach(k.form, file); err != nil {
				t.Fatal(err)
			}
		}
	}
	k.asked("groups")
	if err := k.d.Attach(k.form, reminders.File{Hash: strings.Repeat("z", 64)}); reminders.MessageOf(err).Key != "report.files_many" {
		t.Errorf("the eleventh: %v", err)
	}
	if len(k.d.Files) != 10 {
		t.Errorf("%d files", len(k.d.Files))
	}
	k.d.Detach()
	if len(k.d.Preview(k.form)) != 0 {
		t.Error("the preview still shows files")
	}
	k.form.Fields = k.form.Fields[:1]
	if err := k.d.Attach(k.form, reminders.File{Hash: "x"}); reminders.MessageOf(err).Key != "report.files_none" {
		t.Errorf("a form without photos: %v", err)
	}
}

// A form that changed while somebody was at it is noticed. Values of fields that are still
// there stay; the others are kept aside, and come back when their field does.
func TestDialogResumesOverAnotherForm(t *testing.T) {
	k := startDaily(t)
	k.say("2", "12")
	if c := k.d.Resume(k.form, on(4, 9, 15)); c.Changed() {
		t.Errorf("nothing changed: %+v", c)
	}
	newer := k.form
	newer.Version = 2
	newer.Fields = slices.Clone(k.form.Fields)
	newer.Fields[0].Max = 1                          // two groups are too many now
	newer.Fields = slices.Delete(newer.Fields, 1, 2) // units is gone
	newer.Fields = append(newer.Fields, report.Field{Name: "weather", Type: report.TypeText, Max: 10, Label: "x.y"})
	got := k.d.Resume(newer, on(4, 9, 15))
	want := report.Change{From: 1, To: 2, Left: []string{"groups", "units"}, Added: []string{"groups", "problems", "fixed", "weather"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	k.restart()
	k.asked("problems")
	if len(k.d.Values) != 0 || len(k.d.Left) != 2 || k.d.FormVersion != 2 {
		t.Errorf("%+v", k.d)
	}
	older := k.form
	older.Version = 3
	if c := k.d.Resume(older, on(4, 9, 15)); len(c.Left) != 0 || len(k.d.Left) != 0 {
		t.Errorf("%+v, left %v", c, k.d.Left)
	}
	if n, _ := k.d.Values.Count("units"); n != 12 {
		t.Errorf("what was kept aside did not come back: %v", k.d.Values)
	}
	k.asked("problems")
}

// Whatever people tap and type, in any order, the dialog never loses a value that it has
// taken, never asks for a field that does not exist, and a preview without gaps makes a
// report that the form takes.
func TestDialogKeepsWhatItTook(t *testing.T) {
	forms, _ := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([]report.Form{forms.Daily, forms.Incident, forms.Closing}).Draw(t, "form")
		d := report.Begin(form, report.Draft{Kind: form.Kind})
		taken := map[string]bool{}
		names := make([]string, len(form.Fields))
		for i, field := range form.Fields {
			names[i] = field.Name
		}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				name := d.Field
				word := rapid.SampledFrom([]string{"3", "三", "无", "昨天 10:00", "长话短说", "", "999999999"}).Draw(t, "word")
				if d.Set(form, word, on(4, 9, 15), place) == nil {
					taken[name] = true
				}
			},
			"skip":    func(*rapid.T) { _ = d.Skip(form) },
			"back":    func(*rapid.T) { d.Back(form) },
			"more":    func(*rapid.T) { d.AskMore(form) },
			"preview": func(*rapid.T) { d.ToPreview() },
			"go":      func(t *rapid.T) { d.GoTo(form, rapid.SampledFrom(names).Draw(t, "name")) },
			"clear": func(*rapid.T) {
				name := d.Field
				if field, asked := d.Current(form); asked && !field.Needed(d.Stage) && d.Clear(form) == nil {
					delete(taken, name)
				}
			},
			"": func(t *rapid.T) {
				for name := range taken {
					if _, has := d.Values[name]; !has {
						t.Fatalf("%s was taken and is gone", name)
					}
				}
				if d.Field != "" && !slices.Contains(names, d.Field) {
					t.Fatalf("asked is %q", d.Field)
				}
				for name, value := range d.Values {
					field, _ := form.Field(name)
					if err := field.Check(value, on(4, 9, 15).Add(time.Hour)); err != nil {
						t.Fatalf("%s holds what the form does not take: %v", name, err)
					}
				}
			},
		})
	})
}
