package duty_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// words gives the Chinese words of messages, names as identifiers. A text that lacks an
// argument fails the test.
func words(t testing.TB) func(reminders.Message) string { return wordsIn(t, reminders.Chinese) }

// allTexts are the shipped texts.
var allTexts = sync.OnceValues(func() (*content.Content, error) { return content.Load(nil) })

func wordsIn(t testing.TB, language reminders.Language) func(reminders.Message) string {
	t.Helper()
	texts, err := allTexts()
	if err != nil {
		t.Fatal(err)
	}
	var say func(m reminders.Message) string
	say = func(m reminders.Message) string {
		args := map[string]any{}
		for name, v := range m.Args {
			args[name] = plain(v, say)
		}
		text, err := texts.Catalogue().Text(string(language), m.Key, args)
		if err != nil {
			t.Errorf("%s in %s: %v", m.Key, language, err)
		}
		return text
	}
	return say
}

// plain writes one argument.
func plain(v reminders.Value, say func(reminders.Message) string) any {
	join := func(lines []reminders.Message, by string) string {
		parts := make([]string, len(lines))
		for i, line := range lines {
			parts[i] = say(line)
		}
		return strings.Join(parts, by)
	}
	switch {
	case v.Text != nil:
		return *v.Text
	case v.Number != nil:
		return *v.Number
	case v.Instant != nil:
		return v.Instant.In(place).Format("1月2日 15:04")
	case v.Unit != "":
		return string(v.Unit)
	case v.Person != "":
		return string(v.Person)
	case v.Say != nil:
		return say(*v.Say)
	case v.Series != nil:
		return join(v.Series, "、")
	}
	return join(v.List, "\n")
}

// Every text that the desk sends to people has its words in both languages, and says
// first what it is and last what to do.
func TestMessagesHaveWords(t *testing.T) {
	w := newWorld(t)
	w.at(september(20, 9, 0)) // rosters are asked for
	plan := w.whole("harbour", "H5", "H1", "H2", "H3")
	w.file(plan)
	w.file(w.whole("harbour", "H5", "H2", "H3"))
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.PersonGone(tx, "H3")
		return err
	})
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.LeaveEntered(tx, "H2", reminders.Window{From: october(1, 0, 0), To: october(4, 0, 0)}, "H2")
		return err
	})
	w.at(september(30, 18, 0))
	w.at(october(1, 8, 30))
	seen := map[string]bool{}
	for _, language := range []reminders.Language{reminders.Chinese, reminders.English} {
		say := wordsIn(t, language)
		for _, d := range w.outbox() {
			for _, line := range d.Lines {
				text := say(line)
				seen[line.Key] = true
				if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) > 11 || len(text) < 20 {
					t.Errorf("%s in %s has %s lines:\n%s", line.Key, language, strconv.Itoa(len(lines)), text)
				}
			}
		}
	}
	for _, key := range []string{
		"duty.roster.ask", "duty.first", "duty.change", "duty.takeover.ask", "duty.takeover.missing", "duty.gone", "duty.leave",
	} {
		if !seen[key] {
			t.Errorf("%s was never sent", key)
		}
	}
}
