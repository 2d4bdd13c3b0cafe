package bot_test

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// command marks the first units UTF-16 units as a command.
func command(units int) []wire.Entity {
	return []wire.Entity{{Type: "bot_command", Length: units}}
}

func TestParseCommand(t *testing.T) {
	cases := []struct {
		name     string
		text     string
		entities []wire.Entity
		want     bot.Command
	}{
		{"bare", "/help", command(5), bot.Command{Name: "help"}},
		{"with arguments", "/start  ABC-1 ", command(6), bot.Command{Name: "start", Args: "ABC-1"}},
		{"to us", "/ack@QF_Bot x", command(11), bot.Command{Name: "ack", Args: "x"}},
		{"our name in other case", "/ack@qf_bot", command(11), bot.Command{Name: "ack"}},
		{"capitals", "/Help", command(5), bot.Command{Name: "help"}},
		{"arguments in the next line", "/feedback\n好的", command(9), bot.Command{Name: "feedback", Args: "好的"}},
		{"without an entity", "/help me", nil, bot.Command{Name: "help", Args: "me"}},
		{"characters right behind", "/help，谢谢", command(5), bot.Command{Name: "help", Args: "，谢谢"}},
		{"entity too long", "/help", command(100), bot.Command{Name: "help"}},
		{"entity negative", "/help", command(-3), bot.Command{Name: "help"}},
		{"entity empty", "/help", command(0), bot.Command{Name: "help"}},
		{"entity ends inside a pair", "/a😀", command(3), bot.Command{Name: "a", Args: "😀"}},
		{"entity at another place first", "/help", []wire.Entity{{Type: "bold", Length: 2}, {Type: "bot_command", Offset: 0, Length: 5}}, bot.Command{Name: "help"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := bot.ParseCommand(c.text, c.entities, "@QF_bot")
			if !ok || got != c.want {
				t.Errorf("ParseCommand(%q) = %+v, %v, want %+v", c.text, got, ok, c.want)
			}
		})
	}
}

func TestParseCommandRefuses(t *testing.T) {
	cases := []struct {
		name, text string
		entities   []wire.Entity
	}{
		{"empty", "", nil},
		{"no command", "你好", nil},
		{"slash alone", "/", command(1)},
		{"later in the text", "你好 /ack", []wire.Entity{{Type: "bot_command", Offset: 3, Length: 4}}},
		{"after a blank", " /ack", nil},
		{"to another bot", "/ack@other_bot", command(14)},
		{"to another bot whose name begins with ours", "/ack@qf_bot2", command(12)},
		{"a path", "/etc/passwd", nil},
		{"a date", "1/2", nil},
		{"Chinese command", "/帮助", command(3)},
		{"a name of more than 32 letters", "/" + strings.Repeat("a", 33), nil},
		{"half an address", "/ack@", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := bot.ParseCommand(c.text, c.entities, "qf_bot"); ok {
				t.Errorf("ParseCommand(%q) = %+v, want none", c.text, got)
			}
		})
	}
}

func FuzzParseCommand(f *testing.F) {
	f.Add("/ack@qf_bot 1", "bot_command", 0, 11)
	f.Add("你好 /ack", "bot_command", 3, 4)
	f.Add("/a😀\xff", "bot_command", 0, 1<<62)
	f.Fuzz(func(t *testing.T, text, kind string, offset, length int) {
		got, ok := bot.ParseCommand(text, []wire.Entity{{Type: kind, Offset: offset, Length: length}}, "qf_bot")
		switch {
		case !ok && got != bot.Command{}:
			t.Fatalf("no command, but %+v", got)
		case ok && (!strings.HasPrefix(strings.ToLower(text), "/"+got.Name) || !strings.Contains(text, got.Args)):
			t.Fatalf("ParseCommand(%q) = %+v: not of this text", text, got)
		}
	})
}
