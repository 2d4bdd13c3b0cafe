package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

func entity(kind string, offset, length int) wire.Entity {
	return wire.Entity{Type: kind, Offset: offset, Length: length}
}

// Formats are kept as their tags, nested whatever way they overlap; what the chat service
// does not take is left out, and the text stays.
func TestFormatted(t *testing.T) {
	for name, test := range map[string]struct {
		text     string
		entities []wire.Entity
		want     string
	}{
		"nothing":          {"一句话 <b> & \"x\"", nil, `一句话 &lt;b&gt; &amp; &quot;x&quot;`},
		"bold":             {"请务必阅读", []wire.Entity{entity("bold", 1, 2)}, "请<b>务必</b>阅读"},
		"every simple one": {"abcde", []wire.Entity{entity("italic", 0, 1), entity("underline", 1, 1), entity("strikethrough", 2, 1), entity("spoiler", 3, 1), entity("blockquote", 4, 1)}, "<i>a</i><u>b</u><s>c</s><tg-spoiler>d</tg-spoiler><blockquote>e</blockquote>"},
		"nested":           {"abcd", []wire.Entity{entity("bold", 0, 4), entity("italic", 1, 2)}, "<b>a<i>bc</i>d</b>"},
		"overlapping":      {"abcd", []wire.Entity{entity("italic", 0, 3), entity("bold", 2, 2)}, "<i>ab</i><b><i>c</i>d</b>"},
		"the same twice":   {"abc", []wire.Entity{entity("bold", 0, 2), entity("bold", 1, 2)}, "<b>abc</b>"},
		"bold code":        {"abc", []wire.Entity{entity("bold", 0, 3), entity("code", 1, 1)}, "<b>a</b><code>b</code><b>c</b>"},
		"pre":              {"a\nb", []wire.Entity{entity("pre", 0, 3)}, "<pre>a\nb</pre>"},
		"link":             {"见通知", []wire.Entity{{Type: "text_link", Offset: 1, Length: 2, URL: "https://example.org/?a=1&b=\"2\""}}, `见<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">通知</a>`},
		"link to an app":   {"见通知", []wire.Entity{{Type: "text_link", Offset: 1, Length: 2, URL: "tg://user?id=7"}}, "见通知"},
		"script as a link": {"见通知", []wire.Entity{{Type: "text_link", Offset: 1, Length: 2, URL: "javascript:alert(1)"}}, "见通知"},
		"not kept":         {"@某人 #标签", []wire.Entity{entity("mention", 0, 3), entity("hashtag", 4, 3)}, "@某人 #标签"},
		"UTF-16 units":     {"🙂好的", []wire.Entity{entity("bold", 2, 1)}, "🙂<b>好</b>的"},
		"inside of a pair": {"🙂好", []wire.Entity{entity("bold", 1, 2)}, "<b>🙂好</b>"},
		"beyond the end":   {"ab", []wire.Entity{entity("bold", 1, 99)}, "a<b>b</b>"},
		"behind the end":   {"ab", []wire.Entity{entity("bold", 9, 2)}, "ab"},
		"before the text":  {"ab", []wire.Entity{entity("bold", -5, 6)}, "<b>a</b>b"},
		"of no length":     {"ab", []wire.Entity{entity("bold", 0, 0), entity("italic", 1, -1)}, "ab"},
		"absurd":           {"ab", []wire.Entity{entity("bold", 1<<62, 1<<62), entity("italic", -1<<62, 1<<62)}, "ab"},
		"blanks around":    {" \n ab \n", []wire.Entity{entity("bold", 0, 7)}, "<b>ab</b>"},
		"only blanks":      {" \n ", []wire.Entity{entity("bold", 0, 3)}, ""},
		"not UTF-8":        {"a\xffb", []wire.Entity{entity("bold", 1, 1)}, "a<b>\ufffd</b>b"},
		"quote over lines": {"a\nb\nc", []wire.Entity{entity("expandable_blockquote", 2, 1)}, "a\n<blockquote>b</blockquote>\nc"},
	} {
		if got := bot.Formatted(test.text, test.entities); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}

// The first line is the title; what was formatted behind it stays in its place.
func TestHeaded(t *testing.T) {
	for name, test := range map[string]struct {
		text        string
		entities    []wire.Entity
		title, html string
	}{
		"one line":      {"关于值班的公告", []wire.Entity{entity("bold", 0, 7)}, "关于值班的公告", ""},
		"two":           {"标题\n请务必阅读", []wire.Entity{entity("bold", 4, 2)}, "标题", "请<b>务必</b>阅读"},
		"over the end":  {"标题\n请阅读", []wire.Entity{entity("bold", 0, 4)}, "标题", "<b>请</b>阅读"},
		"blank lines":   {"\n\n 🙂 标题 \n\n正文", []wire.Entity{entity("italic", 11, 2)}, "🙂 标题", "<i>正文</i>"},
		"many blanks":   {"标  题\t甲\n乙", nil, "标 题 甲", "乙"},
		"absurd offset": {"标题\n正文", []wire.Entity{entity("bold", -1<<63, 1)}, "标题", "正文"},
	} {
		title, html := bot.Headed(test.text, test.entities)
		if title != test.title || html != test.html {
			t.Errorf("%s: %q and %q, not %q and %q", name, title, html, test.title, test.html)
		}
	}
}

// Whatever entities come, a reader sees exactly the text, and every tag is closed.
func FuzzFormatted(f *testing.F) {
	f.Add("请务必 <阅读>", "bold", 1, 2, "italic", 2, 99)
	f.Add("🙂🙂", "code", 1, 1, "blockquote", -4, 6)
	f.Add("a&b", "text_link", 0, 2, "pre", 1, 1)
	f.Add("x", "spoiler", -1<<63, -1<<63, "bold", 1<<63-1, 1<<63-1)
	f.Fuzz(func(t *testing.T, text, kind string, offset, length int, other string, at, long int) {
		entities := []wire.Entity{
			{Type: kind, Offset: offset, Length: length, URL: "https://example.org/" + other}, entity(other, at, long),
		}
		html := bot.Formatted(text, entities)
		want := strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
		if got := bot.Plain(html); got != want {
			t.Fatalf("a reader sees %q, not %q", got, want)
		}
		if !utf8.ValidString(html) {
			t.Fatal("the text is not UTF-8")
		}
		for _, tag := range []string{"b", "i", "u", "s", "tg-spoiler", "code", "pre", "blockquote"} {
			if opened, closed := strings.Count(html, "<"+tag+">"), strings.Count(html, "</"+tag+">"); opened != closed {
				t.Fatalf("%d times <%s>, closed %d times: %q", opened, tag, closed, html)
			}
		}
		bot.Headed(text, entities)
	})
}
