package wire_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

func TestSplit(t *testing.T) {
	x := func(n int) string { return strings.Repeat("风", n) }
	cases := []struct {
		name, html string
		want       []string
	}{
		{"nothing", "", nil},
		{"nothing visible", " \n<b></b> ", nil},
		{"short", "<b>好</b>", []string{"<b>好</b>"}},
		{"just fits", x(4096), []string{x(4096)}},
		{"tags do not count", "<b>" + x(4096) + "</b>", []string{"<b>" + x(4096) + "</b>"}},
		{"an escaped character counts once", x(4095) + "&amp;", []string{x(4095) + "&amp;"}},
		{"a pair counts twice", x(4095) + "😀", []string{x(4095), "😀"}},
		{"at the end of a paragraph", x(3000) + "\n\n" + x(500) + "\n" + x(1000), []string{x(3000), x(500) + "\n" + x(1000)}},
		{"at the end of a line", x(3000) + "\n" + x(2000), []string{x(3000), x(2000)}},
		{"at the end of a sentence", x(3000) + "。" + x(2000), []string{x(3000) + "。", x(2000)}},
		{"at the end of a word", x(3000) + " " + x(2000), []string{x(3000), x(2000)}},
		{"anywhere", x(5000), []string{x(4096), x(904)}},
		{"not after a short beginning", x(10) + "\n\n" + x(5000), []string{x(10) + "\n\n" + x(4084), x(916)}},
		{"tags are closed and opened again", "<b><i>" + x(4000) + "\n\n" + x(4000) + "</i></b>", []string{"<b><i>" + x(4000) + "</i></b>", "<b><i>" + x(4000) + "</i></b>"}},
		{"a link stays one", `<a href="https://example.org">` + x(5000) + "</a>", []string{`<a href="https://example.org">` + x(4096) + "</a>", `<a href="https://example.org">` + x(904) + "</a>"}},
		{"a tag that ends at the cut", "<b>" + x(4000) + "\n\n</b>" + x(4000), []string{"<b>" + x(4000) + "</b>", x(4000)}},
		{"no cut inside an escaped character", x(4096) + "&lt;", []string{x(4096), "&lt;"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, wire.Split(c.html)); diff != "" {
				t.Errorf("Split (-want +got):\n%s", diff)
			}
		})
	}
}

// balanced reports whether every tag is closed in order, by a reading of its own.
// Like the service it does not mind capitals.
func balanced(html string) bool {
	html = strings.ToLower(html)
	var open []string
	for {
		_, rest, found := strings.Cut(html, "<")
		if !found {
			return len(open) == 0
		}
		inner, after, found := strings.Cut(rest, ">")
		if !found {
			return false
		}
		html = after
		if name, closing := strings.CutPrefix(inner, "/"); closing {
			if len(open) == 0 || open[len(open)-1] != name {
				return false
			}
			open = open[:len(open)-1]
			continue
		}
		name, _, _ := strings.Cut(inner, " ")
		open = append(open, name)
	}
}

// visible is what a reader sees, without blanks: those at a cut are dropped.
func visible(parts ...string) string {
	var out strings.Builder
	for _, part := range parts {
		for _, r := range wire.Plain(part) {
			if !unicode.IsSpace(r) {
				out.WriteRune(r)
			}
		}
	}
	return out.String()
}

func FuzzSplit(f *testing.F) {
	f.Add("<b>风徐来\n\n水波</b>不兴。\n\n", uint8(7))
	f.Add(`<a href="https://example.org/?a=1&amp;b=2">清 &lt;风。</a>`, uint8(2))
	f.Add("😀<i>😀\n</i>\n\n", uint8(3))
	f.Add("<b>x</i></b>< &x", uint8(1))
	f.Fuzz(func(t *testing.T, html string, size uint8) {
		limit := 2 + int(size) // room for a pair at least
		html = strings.ToValidUTF8(html, "\ufffd")
		parts := wire.SplitAt(html, limit)
		for i, part := range parts {
			if n := wire.Length(wire.Plain(part)); n > limit {
				t.Fatalf("part %d has %d units of %d", i, n, limit)
			}
			if visible(part) == "" {
				t.Fatalf("part %d shows nothing: %q", i, part)
			}
			if balanced(html) && !balanced(part) {
				t.Fatalf("part %d has broken tags: %q of %q", i, part, html)
			}
		}
		if visible(parts...) != visible(html) {
			t.Fatalf("something was lost of %q: %q", html, parts)
		}
		if !cmp.Equal(parts, wire.SplitAt(html, limit)) {
			t.Fatal("the same text was cut at other places")
		}
	})
}
