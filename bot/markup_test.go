package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/bot"
)

// What a person wrote is shown character by character, whatever it contains.
func TestEscapeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		escaped := bot.Escape(text)
		if strings.ContainsAny(escaped, `<>"`) {
			t.Fatalf("Escape(%q) = %q", text, escaped)
		}
		if got := bot.Plain("<b>" + escaped + "</b>"); got != strings.ToValidUTF8(text, "\ufffd") {
			t.Fatalf("a reader sees %q of %q", got, text)
		}
	})
}

func TestPlain(t *testing.T) {
	cases := []struct{ name, html, want string }{
		{"no tags", "今天 18:00", "今天 18:00"},
		{"tags", `<b>节日</b><a href="https://example.org/?a=1&amp;b=2">提醒</a>`, "节日提醒"},
		{"named characters", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;", `1 < 2 && 3 > 2 "`},
		{"numbered characters", "&#28165;&#x98CE;", "清风"},
		{"a name that Telegram does not know", "&nbsp;", "&nbsp;"},
		{"escaped twice", "&amp;lt;", "&lt;"},
		{"no tag at all", "a < b", "a < b"},
		{"a tag that never ends", "<b", "<b"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := bot.Plain(c.html); got != c.want {
				t.Errorf("Plain(%q) = %q, want %q", c.html, got, c.want)
			}
		})
	}
}

func TestLengthCountsUnits(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "清风": 2, "😀": 2, "\U00020000": 2, "\xff": 1} {
		if got := bot.Length(text); got != want {
			t.Errorf("Length(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestTruncate(t *testing.T) {
	cases := []struct {
		name, text string
		units      int
		want       string
	}{
		{"fits", "清风", 2, "清风"},
		{"one too many", "清风徐来", 3, "清风…"},
		{"no blank before the ellipsis", "ab cd", 4, "ab…"},
		{"no half of a pair", "a😀b", 3, "a…"},
		{"a mark stays with its letter", "xe\u0301y", 3, "x…"},
		{"a joined emoji stays whole", "x👩\u200d👧y", 4, "x…"},
		{"a skin tone stays with its hand", "x👍🏽y", 4, "x…"},
		{"room for the ellipsis only", "清风", 1, "…"},
		{"no room", "清风", 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := bot.Truncate(c.text, c.units); got != c.want {
				t.Errorf("Truncate(%q, %d) = %q, want %q", c.text, c.units, got, c.want)
			}
		})
	}
}

func FuzzTruncate(f *testing.F) {
	f.Add("清风徐来😀", 3)
	f.Fuzz(func(t *testing.T, text string, units int) {
		got := bot.Truncate(text, units)
		if got != text && bot.Length(got) > max(0, units) {
			t.Fatalf("Truncate(%q, %d) = %q: too long", text, units, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatalf("Truncate(%q, %d) = %q: broken", text, units, got)
		}
	})
}
