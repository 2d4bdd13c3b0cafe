package duty_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// catalogue is what the service can say.
var catalogue = sync.OnceValues(func() (*content.Content, error) { return content.Load(nil) })

// sayable fails the test if a message has no words in some language, or words without an
// argument.
func sayable(t testing.TB, m reminders.Message) {
	t.Helper()
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	k := c.Catalogue()
	for _, lang := range k.Languages() {
		if !slices.Contains(k.Keys(lang), m.Key) {
			t.Errorf("%s: %q has no words", lang, m.Key)
			continue
		}
		for _, name := range k.Placeholders(lang, m.Key) {
			if _, given := m.Args[name]; !given {
				t.Errorf("%s: %q is said without %s", lang, m.Key, name)
			}
		}
	}
	for _, value := range m.Args {
		if value.Say != nil {
			sayable(t, *value.Say)
		}
		for _, part := range slices.Concat(value.List, value.Series) {
			sayable(t, part)
		}
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			sayable(t, reminders.Message{Key: b.Label, Args: b.Args})
			if len(b.Object) >= 32 {
				t.Errorf("button %s: %q is too long", b.Verb, b.Object)
			}
		}
	}
}

// refused checks the words of an error and gives its key.
func refused(t testing.TB, err error) string {
	t.Helper()
	m := reminders.MessageOf(err)
	if m.Key != "" {
		sayable(t, m)
	}
	return m.Key
}
