package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// response is an answer as the fetcher gives it.
func response(t testing.TB, media, charset, body string) fetched {
	t.Helper()
	at, err := url.Parse("https://feed.example.org/news/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	return fetched{at: at, media: media, charset: charset, body: []byte(body)}
}

const rssHead = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>示例市<![CDATA[<b>通报</b>]]></title>`

// What an item becomes: plain text, a complete link, the day of the site.
func TestReadFeed(t *testing.T) {
	for name, row := range map[string]struct {
		media, charset, body string
		want                 feed
	}{
		"rss": {
			"application/rss+xml", "", rssHead + `
			<item><title>样例局 &lt;i&gt;某科长&lt;/i&gt;</title><link> /2026/1.html#top </link><pubDate>Mon, 02 Nov 2026 08:00:00 +0800</pubDate>
			<description>&lt;p&gt;第一段&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;&lt;p&gt;第二段&amp;nbsp;A &amp;lt; B&lt;/p&gt;</description></item></channel></rss>`,
			feed{title: "示例市通报", items: []feedItem{{
				title: "样例局 某科长", link: "https://feed.example.org/2026/1.html", text: "第一段\n第二段 A < B",
				at: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
			}}},
		},
		"atom, the newest first": {
			"application/atom+xml", "", `<feed xmlns="http://www.w3.org/2005/Atom"><title>Notices</title>
			<entry><title>Old</title><link href="https://a.example.org/1"/><updated>2026-01-01T00:00:00Z</updated></entry>
			<entry><title>New</title><link href="https://a.example.org/2"/><updated>2026-02-01T00:00:00Z</updated><summary>Text</summary></entry></feed>`,
			feed{title: "Notices", items: []feedItem{
				{title: "New", link: "https://a.example.org/2", text: "Text", at: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
				{title: "Old", link: "https://a.example.org/1", at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
			}},
		},
		"no link, no date": {
			"text/xml", "", rssHead + `<item><title>甲</title></item><item><title>乙</title><guid>https://b.example.org/2</guid></item>
			<item><title>丙</title><guid isPermaLink="false">id-3</guid></item><item><link>javascript:alert(1)</link></item></channel></rss>`,
			feed{title: "示例市通报", linkless: 3, items: []feedItem{{title: "乙", link: "https://b.example.org/2"}}},
		},
		"GB 18030 by declaration": {
			"text/xml", "", "<?xml version=\"1.0\" encoding=\"gb2312\"?><rss version=\"2.0\"><channel><title>\xca\xbe\xc0\xfd</title></channel></rss>",
			feed{title: "示例"},
		},
		"GB 18030 by header": {"text/xml", "gbk", "<rss version=\"2.0\"><channel><title>\xca\xbe\xc0\xfd</title></channel></rss>", feed{title: "示例"}},
		"GB 18030 by nothing": {
			"text/xml", "", "<rss version=\"2.0\"><channel><title>\xca\xbe\xc0\xfd</title></channel></rss>",
			feed{title: "示例"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFeed(response(t, row.media, row.charset, row.body))
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.items {
				got.items[i].at = got.items[i].at.UTC()
			}
			if diff := cmp.Diff(row.want, got, cmp.AllowUnexported(feed{}, feedItem{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is no feed, or costs more than one, is refused with its reason.
func TestReadFeedRefuses(t *testing.T) {
	deep := strings.Repeat("<x:a>", 1000) + strings.Repeat("</x:a>", 1000)
	var names strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&names, ` xmlns:n%d="urn:%d"`, i, i)
	}
	for name, row := range map[string]struct{ media, body, fault string }{
		"a page":             {"text/html", rssHead + "</channel></rss>", faultType},
		"JSON":               {"application/json", "{}", faultType},
		"JSON under a cloak": {"text/xml", `{"version":"https://jsonfeed.org/version/1","items":[]}`, faultForm},
		"nothing":            {"text/xml", "", faultForm},
		"no feed":            {"text/xml", "<html><body/></html>", faultForm},
		"cut off":            {"text/xml", rssHead + "<item><title>a", faultForm},
		"deep":               {"text/xml", rssHead + "<item>" + deep + "</item></channel></rss>", faultForm},
		"many names":         {"text/xml", "<rss" + names.String() + "><channel/></rss>", faultForm},
		"many pieces":        {"text/xml", rssHead + "<item><x:y>" + strings.Repeat("a<!---->", 5000) + "</x:y></item></channel></rss>", faultForm},
		"a strange encoding": {"text/xml", `<?xml version="1.0" encoding="martian"?><rss><channel/></rss>`, faultForm},
		"an entity bomb":     {"text/xml", `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title>`, faultForm},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readFeed(response(t, row.media, "", row.body)); err == nil || faultOf(err) != row.fault {
				t.Errorf("fault %q, want %q (%v)", faultOf(err), row.fault, err)
			}
		})
	}
}

// Of ten thousand items the newest fifty are taken, wherever they stand.
func TestReadFeedOfTenThousand(t *testing.T) {
	var body strings.Builder
	body.WriteString(rssHead)
	begin := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 10000 {
		fmt.Fprintf(&body, "<item><title>%d</title><link>https://a.example.org/%d</link><pubDate>%s</pubDate></item>\n", i, i, begin.AddDate(0, 0, i%9999).Format(time.RFC1123Z))
	}
	body.WriteString("</channel></rss>")
	if body.Len() > fetchBytes {
		t.Fatal("longer than what is fetched")
	}
	got, err := readFeed(response(t, "text/xml", "", body.String()))
	if err != nil || len(got.items) != feedItems || got.items[0].title != "9998" {
		t.Errorf("%d items, %v", len(got.items), err)
	}
}

// Titles and texts have an end.
func TestFeedTextsAreShort(t *testing.T) {
	got, err := readFeed(response(t, "text/xml", "", rssHead+"<item><title>"+strings.Repeat("长", 5000)+"</title><link>https://a.example.org</link><description>"+
		strings.Repeat("文", 50000)+"</description></item></channel></rss>"))
	if err != nil || len(got.items) != 1 {
		t.Fatal(got, err)
	}
	if n := len([]rune(got.items[0].title)); n != lineLength {
		t.Errorf("the title has %d characters", n)
	}
	if n := len([]rune(got.items[0].text)); n != textLength {
		t.Errorf("the text has %d characters", n)
	}
}

// The mark of a page is that of its paragraphs: what changes every day around them does
// not count, a word in them does.
func TestTextMark(t *testing.T) {
	const notice = "样例局某科长中秋期间收受供应商所送蟹券若干，价值明显超出正常礼尚往来，受到党内警告处分。"
	page := func(day, text string) string {
		return "<html><head><title>" + day + "</title></head><body><header>" + strings.Repeat("今日要闻", 20) + day + "</header><div class=x" + day + ">" + day + "</div><p>" +
			text + "</p><script>" + strings.Repeat(day, 50) + "</script><footer>访问 " + day + "</footer></body></html>"
	}
	was := textMark(page("11月1日", notice))
	if was == "" || was != textMark(page("11月2日", notice)) {
		t.Error("another day makes another mark")
	}
	if was == textMark(page("11月1日", strings.Replace(notice, "警告", "严重警告", 1))) {
		t.Error("another text has the same mark")
	}
	for _, empty := range []string{"", "<html></html>", "<p>短</p>", "<script>" + notice + "</script>"} {
		if mark := textMark(empty); mark != "" {
			t.Errorf("%q has the mark %s", empty, mark)
		}
	}
}

// No document makes the reader fail.
func FuzzReadFeed(f *testing.F) {
	f.Add("text/xml", "gbk", rssHead+"<item><link>a</link></item></channel></rss>")
	f.Add("application/atom+xml", "", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a/"><entry><title type="xhtml"><div>a</div></title></entry></feed>`)
	f.Fuzz(func(t *testing.T, media, charset, body string) {
		got, err := readFeed(response(t, media, charset, body))
		if err == nil && len(got.items) > feedItems {
			t.Errorf("%d items", len(got.items))
		}
		for _, item := range got.items {
			u, err := url.Parse(item.link)
			if err != nil || !ofWeb(u) || len([]rune(item.title)) > lineLength || len([]rune(item.text)) > textLength {
				t.Errorf("%+v", item)
			}
		}
	})
}
