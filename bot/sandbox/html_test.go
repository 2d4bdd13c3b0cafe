package sandbox_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

type entities = []sandbox.Entity

// Tags become entities, which count UTF-16 units.
func TestReadsHTML(t *testing.T) {
	tests := []struct {
		name, in, text string
		entities       entities
	}{
		{"plain", "a > b", "a > b", nil},
		{"references", "&lt;&gt;&amp;&quot;&#39;&#x5eC9;", `<>&"'廉`, nil},
		{"all tags of the catalogue", "<b>a</b><i>b</i><code>c</code><a href=\"https://a.example/?x=1&amp;y\">d</a>", "abcd", entities{
			{Type: "bold", Offset: 0, Length: 1},
			{Type: "italic", Offset: 1, Length: 1},
			{Type: "code", Offset: 2, Length: 1},
			{Type: "text_link", Offset: 3, Length: 1, URL: "https://a.example/?x=1&y"},
		}},
		{"synonyms and case", "<STRONG>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd", entities{
			{Type: "bold", Offset: 0, Length: 1},
			{Type: "italic", Offset: 1, Length: 1},
			{Type: "underline", Offset: 2, Length: 1},
			{Type: "strikethrough", Offset: 3, Length: 1},
		}},
		{"nested", "<b>a<i>b</i></b>", "ab", entities{{Type: "bold", Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{"UTF-16", "\U0001F4C5<b>廉</b>", "\U0001F4C5廉", entities{{Type: "bold", Offset: 2, Length: 1}}},
		{"spoiler", "<span class='tg-spoiler'>a</span>", "a", entities{{Type: "spoiler", Length: 1}}},
		{"quotation", "<blockquote expandable>a</blockquote>", "a", entities{{Type: "expandable_blockquote", Length: 1}}},
		{"language", `<pre><code class="language-go">a</code></pre>`, "a", entities{{Type: "pre", Length: 1, Language: "go"}}},
		// Code holds nothing else.
		{"inside code", "<code>a<b>b</b></code>", "ab", entities{{Type: "code", Length: 2}}},
		{"link without address", "<a>x</a>", "x", nil},
		{"empty", "<b></b>x", "x", nil},
		{"closes whatever is open", "<b>x</>", "x", entities{{Type: "bold", Length: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, found, err := sandbox.ParseHTML(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.text, text); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.entities, found); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Markup that does not parse is refused in the words of the service.
func TestRefusesHTML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"unknown tag", "廉<u1>x</u1>", `Unsupported start tag "u1" at byte offset 3`},
		{"unescaped <", "a < b", `Unsupported start tag "" at byte offset 2`},
		{"unescaped < before a tag", "1<2 <b>x</b>", `Unsupported start tag "2" at byte offset 1`},
		{"unescaped &", "a & b", `Unescaped character '&' at byte offset 2`},
		{"unknown reference", "&nbsp;", `Unescaped character '&' at byte offset 0`},
		{"number beyond Unicode", "&#x110000;", `Unescaped character '&' at byte offset 0`},
		{"no end tag", "<b>x", `Can't find end tag corresponding to start tag "b"`},
		{"wrong nesting", "<b><i>x</b></i>", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{"end tag alone", "x</b>", `Unexpected end tag at byte offset 1`},
		{"open end tag", "<b>x</b", `Unclosed end tag at byte offset 4`},
		{"open tag", "<b", `Unclosed start tag at byte offset 0`},
		{"open attribute", `<a href="x`, `Unclosed start tag at byte offset 0`},
		{"open after a space", "<b ", `Unclosed start tag at byte offset 0`},
		{"reference in an attribute", `<a href="x&y">x</a>`, `Unescaped character '&' at byte offset 10`},
		{"no value", `<a href=`, `Unclosed start tag at byte offset 0`},
		{"attribute without value", `<a href>x</a>`, `Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0`},
		{"attribute without name", `<a ="x">x</a>`, `Empty attribute name in the tag "a" at byte offset 0`},
		{"address without quotes", `<a href=a/b>x</a>`, `Unexpected end of name token at byte offset 8`},
		{"span", "<span>x</span>", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"emoji", "<tg-emoji>x</tg-emoji>", `Invalid custom emoji identifier specified at byte offset 0`},
		{"line break as tag", "a<br>b", `Unsupported start tag "br" at byte offset 1`},
	}
	for _, tt := range tests {
		_, _, err := sandbox.ParseHTML(tt.in)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// What a page shows is escaped, nests, and links to the web, mail or the chat only.
func TestRendersSafely(t *testing.T) {
	tests := []struct {
		name, text string
		entities   entities
		want       string
	}{
		{"escaped", "<script>&", nil, "&lt;script&gt;&amp;"},
		{"nested", "abc", entities{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 1}}, "<b>a<i>b</i>c</b>"},
		{"crossing is cut", "abc", entities{{Type: "bold", Length: 2}, {Type: "italic", Offset: 1, Length: 2}}, "<b>a<i>b</i></b>c"},
		{"link", "a", entities{{Type: "text_link", Length: 1, URL: `https://a.example/"`}}, `<a href="https://a.example/&#34;">a</a>`},
		{"script", "a", entities{{Type: "text_link", Length: 1, URL: "javascript:x"}}, "a"},
		{"UTF-16", "\U0001F4C5廉", entities{{Type: "bold", Offset: 2, Length: 1}}, "\U0001F4C5<b>廉</b>"},
		{"command", "/help", entities{{Type: "bot_command", Length: 5}}, "/help"},
		{"spoiler", "a", entities{{Type: "spoiler", Length: 1}}, `<span class="tg-spoiler">a</span>`},
	}
	for _, tt := range tests {
		if got := sandbox.Render(tt.text, tt.entities); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Whatever arrives is refused or becomes a text that renders to HTML which reads
// as the same text again.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{"<b>a</b>", "&lt;", "<a href='x'>", "a<b><i>\U0001F4C5</i></b>", "<pre><code class=x>a</code></pre>", "</", "&#0;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, found, err := sandbox.ParseHTML(in)
		if err != nil {
			return
		}
		again, _, err := sandbox.ParseHTML(sandbox.Render(text, found))
		if err != nil {
			t.Fatalf("%q renders to what does not parse: %v", in, err)
		}
		if again != text {
			t.Fatalf("%q became %q", text, again)
		}
	})
}

// White space at the ends goes, and entities move with their text.
func TestTrimsTexts(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	call(t, s, "sendMessage", params{"chat_id": "7", "text": "\r\n <b> 廉 </b>洁 \n", "parse_mode": "HTML"}).messageID(t)
	m := p.Messages()[1]
	want := entities{{Type: "bold", Offset: 0, Length: 2}}
	if diff := cmp.Diff(want, m.Entities); diff != "" || m.Text != "廉 洁" || m.HTML != "<b>廉 </b>洁" {
		t.Errorf("%+v %s", m, diff)
	}
}
