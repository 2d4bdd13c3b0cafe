package content_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
)

// extra are texts for these tests: one that English lacks, one whose plural has
// two forms.
var extra = map[string]string{
	"locales/extra.zh-Hans.toml": `
"extra.static" = "您好"
"extra.name"   = "{{.Name}}同志，{{.Name}}"
"extra.count"  = "{{.Count}} 项"
"extra.alone"  = "只有中文 {{.Name}}"`,
	"locales/extra.en.toml": `
"extra.static" = "Hello"
"extra.name"   = "{{.Name}}, {{.Name}}"
["extra.count"]
one   = "one thing"
other = "{{.Count}} things"`,
}

func TestText(t *testing.T) {
	k := loadOver(t, extra).Catalogue()
	for _, row := range []struct {
		name, lang, key string
		args            map[string]any
		want            string
	}{
		{"static", "zh-Hans", "extra.static", nil, "您好"},
		{"static in English", "en", "extra.static", nil, "Hello"},
		{"argument", "zh-Hans", "extra.name", map[string]any{"Name": "安示范"}, "安示范同志，安示范"},
		{"argument that the text does not name", "en", "extra.static", map[string]any{"Name": "x"}, "Hello"},
		{"empty argument", "en", "extra.name", map[string]any{"Name": ""}, ", "},
		{"argument that looks like a template", "en", "extra.name", map[string]any{"Name": "{{.X}}"}, "{{.X}}, {{.X}}"},
		{"argument is not escaped again", "en", "extra.name", map[string]any{"Name": "&lt;b&gt;"}, "&lt;b&gt;, &lt;b&gt;"},
		{"one", "en", "extra.count", map[string]any{"Count": 1}, "one thing"},
		{"other", "en", "extra.count", map[string]any{"Count": 0}, "0 things"},
		{"Chinese has one form", "zh-Hans", "extra.count", map[string]any{"Count": 1}, "1 项"},
		{"a number without plural", "en", "extra.name", map[string]any{"Name": 3}, "3, 3"},
		{"language of a client", "en-GB", "extra.static", nil, "Hello"},
		{"language that is not spoken here", "fr", "extra.static", nil, "您好"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := k.Text(row.lang, row.key, row.args)
			if err != nil || got != row.want {
				t.Errorf("%q, %v; want %q", got, err, row.want)
			}
		})
	}
}

// A gap in a sentence is an error and gives no text at all.
func TestTextRefuses(t *testing.T) {
	k := loadOver(t, extra).Catalogue()
	for _, row := range []struct {
		name, lang, key string
		args            map[string]any
		want            error
	}{
		{"no such key", "en", "extra.none", nil, content.ErrNoText},
		{"no arguments", "en", "extra.name", nil, content.ErrArgument},
		{"argument of another name", "en", "extra.name", map[string]any{"name": "x"}, content.ErrArgument},
		{"argument without value", "en", "extra.name", map[string]any{"Name": nil}, content.ErrArgument},
		{"argument of another type", "en", "extra.name", map[string]any{"Name": time.Time{}}, content.ErrArgument},
		{"plural without Count", "en", "extra.count", nil, content.ErrArgument},
		{"Count as text", "en", "extra.count", map[string]any{"Count": "1"}, content.ErrArgument},
		{"Count as fraction", "en", "extra.count", map[string]any{"Count": 1.5}, content.ErrArgument},
		{"missing argument of the text that stands in", "en", "extra.alone", nil, content.ErrArgument},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := k.Text(row.lang, row.key, row.args)
			if got != "" || !errors.Is(err, row.want) {
				t.Errorf("%q, %v; want %v", got, err, row.want)
			}
		})
	}
}

// A text that a language lacks is said in the default language, and reported.
func TestTextFallsBack(t *testing.T) {
	k := loadOver(t, extra).Catalogue()
	var reported []string
	k.OnFallback(func(lang, key string) { reported = append(reported, lang+" "+key) })
	got, err := k.Text("en", "extra.alone", map[string]any{"Name": "x"})
	if err != nil || got != "只有中文 x" {
		t.Errorf("%q, %v", got, err)
	}
	for _, lang := range []string{"zh-Hans", "fr"} { // those ask for the default anyway
		if _, err := k.Text(lang, "extra.alone", map[string]any{"Name": "x"}); err != nil {
			t.Error(err)
		}
	}
	if _, err := k.Text("en", "extra.none", nil); err == nil { // nothing stands in: an error is enough
		t.Error("no error")
	}
	if want := []string{"en extra.alone"}; !cmp.Equal(reported, want) {
		t.Errorf("reported %v", reported)
	}
}

func TestLanguage(t *testing.T) {
	k := load(t).Catalogue()
	for choice, want := range map[string]string{
		"zh-Hans": "zh-Hans", "zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hans", "zh-HK": "zh-Hans", "zh-hans": "zh-Hans",
		"en": "en", "en-GB": "en", "EN": "en", "en_US": "en",
		"fr": "zh-Hans", "ja": "zh-Hans", "": "zh-Hans", "?": "zh-Hans", "en;DROP": "zh-Hans",
	} {
		if got := k.Language(choice); got != want {
			t.Errorf("%q gives %s, want %s", choice, got, want)
		}
	}
}

// A language is added by adding one file; what it lacks yet stands in Chinese.
func TestLanguageAdded(t *testing.T) {
	k := loadOver(t, map[string]string{"locales/reminder.de.toml": `"button.ack" = "Gelesen"`}).Catalogue()
	if want := []string{"zh-Hans", "de", "en"}; !cmp.Equal(k.Languages(), want) {
		t.Errorf("languages %v", k.Languages())
	}
	if got, err := k.Text("de-AT", "button.ack", nil); err != nil || got != "Gelesen" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := k.Text("de", "button.undo", nil); err != nil || got != "撤回" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestLayout(t *testing.T) {
	k := load(t).Catalogue()
	at := time.Date(2026, 9, 4, 18, 5, 0, 0, time.UTC)
	for _, row := range []struct{ lang, name, want string }{
		{"zh-Hans", "instant", "9月4日 18:05"},
		{"zh-Hans", "instant_year", "2026年9月4日 18:05"},
		{"zh-Hans", "day", "9月4日"},
		{"zh-Hans", "day_year", "2026年9月4日"},
		{"zh-Hans", "clock", "18:05"},
		{"en", "instant", "4 Sep, 18:05"},
		{"en", "instant_year", "4 Sep 2026, 18:05"},
		{"en", "day", "4 Sep"},
		{"en", "day_year", "4 Sep 2026"},
		{"en", "clock", "18:05"},
	} {
		layout, err := k.Layout(row.lang, row.name)
		if got := at.Format(layout); err != nil || got != row.want {
			t.Errorf("%s in %s: %q, %v; want %q", row.name, row.lang, got, err, row.want)
		}
	}
	if _, err := k.Layout("en", "century"); !errors.Is(err, content.ErrNoText) {
		t.Errorf("unknown layout: %v", err)
	}
}

func TestKeysAndPlaceholders(t *testing.T) {
	k := loadOver(t, extra).Catalogue()
	if got := k.Placeholders("en", "extra.count"); !cmp.Equal(got, []string{"Count"}) {
		t.Errorf("extra.count: %v", got)
	}
	if got := k.Placeholders("en", "extra.alone"); got != nil {
		t.Errorf("a text that English lacks: %v", got)
	}
	if k.Keys("fr") != nil || len(k.Keys("zh-Hans")) != len(k.Keys("en"))+1 {
		t.Errorf("%d keys in Chinese, %d in English, %d in French",
			len(k.Keys("zh-Hans")), len(k.Keys("en")), len(k.Keys("fr")))
	}
}

// Many readers at once, under the race detector.
func TestTextConcurrently(t *testing.T) {
	k := loadOver(t, extra).Catalogue()
	var group sync.WaitGroup
	for _, lang := range []string{"en", "zh-Hans", "en-GB", "fr"} {
		group.Go(func() {
			for i := range 200 {
				if text, err := k.Text(lang, "extra.count", map[string]any{"Count": i}); err != nil || text == "" {
					t.Error(lang, err)
				}
			}
		})
	}
	group.Wait()
}

// What comes in as an argument never changes the sentence around it, and a text
// never has a gap.
func FuzzText(f *testing.F) {
	k := loadOver(f, extra).Catalogue()
	f.Add("en", "Name", "x")
	f.Add("zh", "name", "{{.Name}}")
	f.Fuzz(func(t *testing.T, lang, name, value string) {
		got, err := k.Text(lang, "extra.name", map[string]any{name: value})
		if (err == nil) != (name == "Name") {
			t.Fatalf("argument %q: %v", name, err)
		}
		if err == nil && strings.Count(got, value) < 2 {
			t.Fatalf("%q lacks %q", got, value)
		}
	})
}

func BenchmarkTextStatic(b *testing.B) {
	k := loadOver(b, extra).Catalogue()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Text("en", "extra.static", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTextTemplate(b *testing.B) {
	k := loadOver(b, extra).Catalogue()
	args := map[string]any{"Name": "安示范"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Text("zh-Hans", "extra.name", args); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTextPlural(b *testing.B) {
	k := loadOver(b, extra).Catalogue()
	args := map[string]any{"Count": 2}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Text("en", "extra.count", args); err != nil {
			b.Fatal(err)
		}
	}
}
