package calendar_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// texts reads the texts of this package in both languages.
func texts(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, language := range []string{"zh-Hans", "en"} {
		texts := map[string]string{}
		if _, err := toml.DecodeFile("../../content/locales/calendar."+language+".toml", &texts); err != nil {
			t.Fatal(err)
		}
		all[language] = texts
	}
	return all
}

// checkText makes sure that a message has a text in both languages and an argument
// for each placeholder.
func checkText(t *testing.T, m reminders.Message) {
	t.Helper()
	if !strings.HasPrefix(m.Key, "calendar.") {
		return // a text of another package
	}
	for language, texts := range texts(t) {
		text, ok := texts[m.Key]
		if !ok {
			t.Errorf("%s has no text %q", language, m.Key)
		}
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if _, ok := m.Args[found[1]]; !ok {
				t.Errorf("%s: %q lacks %s", language, m.Key, found[1])
			}
		}
	}
}

// TestKeysAndTexts compares the keys that the sources name with those that have a
// text: none is missing and none is left over.
func TestKeysAndTexts(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(file)
	}
	operations := []string{"calendar.arrangement", "calendar.builtin", "calendar.new", "calendar.parse"}
	all := texts(t)
	named := regexp.MustCompile(`"(calendar\.[\w.]*\w)"`).FindAllStringSubmatch(code.String(), -1)
	for language, texts := range all {
		for _, found := range named {
			if texts[found[1]] == "" && !slices.Contains(operations, found[1]) {
				t.Errorf("%s has no text %q", language, found[1])
			}
		}
		for key := range texts {
			last := key[strings.LastIndexByte(key, '.')+1:] // of a key that is put together
			if !strings.Contains(code.String(), `"`+key+`"`) && !strings.Contains(code.String(), `"`+last+`"`) {
				t.Errorf("%s: nothing says %q", language, key)
			}
		}
	}
	if len(all["en"]) != len(all["zh-Hans"]) {
		t.Errorf("%d texts in English, %d in Chinese", len(all["en"]), len(all["zh-Hans"]))
	}
}
