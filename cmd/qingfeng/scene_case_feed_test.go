package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// noticeFeed is a feed of an invented authority: one item that becomes a draft, one with an
// identity number in it, one without a page.
const noticeFeed = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>示例市通报</title>
<item><title>样例局某科长违规收受礼品被通报</title><link>https://www.example.org/notices/7.html</link>
<pubDate>Mon, 02 Nov 2026 08:00:00 +0800</pubDate><description>&lt;p&gt;样例局某科长收受礼品，受到党内警告处分。&lt;/p&gt;</description></item>
<item><title>另一则通报</title><link>https://www.example.org/notices/8.html</link><description>证件号 11010519491231002X</description></item>
<item><title>没有网页的通报</title></item>
</channel></rss>`

// An item of an authority's feed becomes a draft that names its feed, and nothing else: a
// person chooses the category and says whether the text names people, a second person
// approves. What the input guard objects to is counted, not kept. A site that does not
// answer is told once and shown at the desk, and nothing stops.
func TestFeedItemBecomesDraft(t *testing.T) {
	var reads atomic.Int32
	var broken atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads.Add(1)
		switch {
		case broken.Load():
			http.Error(w, "", http.StatusBadGateway)
		case r.Header.Get("If-None-Match") == `"1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"1"`)
			says("application/rss+xml", noticeFeed)(w, r)
		}
	}))
	t.Cleanup(site.Close)
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.end()
		withFeed := func(live *service) {
			live.reader.addresses = []string{site.URL + "/rss.xml"}
			live.reader.fetch.local = true // no setting leads here
		}
		s.start(withFeed)
		s.settle()
		cases := s.casesNow()
		if len(cases) != 1 || cases[0].State != casebook.Draft || cases[0].Origin != "feed/示例市通报" || cases[0].Category != "" || !cases[0].Names {
			t.Fatalf("the feed made %+v", cases)
		}
		s.types("P1", "/cases")
		s.reads("P1", "共 9 起") // a draft is not shown
		s.types("S2", "/case")
		s.reads("S2", "信息源“示例市通报”：11月3日 09:00 已读取")
		s.tap("S2", "待办理（1）")
		s.reads("S2", "〔草稿〕样例局某科长违规收受礼品被通报（信息源：示例市通报）")
		s.tap("S2", "1")
		s.reads("S2", "需处理：")
		s.tap("S2", "修改")
		s.tap("S2", "问题类型")
		s.tap("S2", "享乐主义、奢靡之风")
		s.tap("S2", "违规收送名贵特产和礼品礼金")
		s.tap("S2", "姓名")
		s.tap("S2", "没有姓名")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准发布")
		s.types("P1", "/cases")
		s.reads("P1", "共 1 起")

		s.until("2026-11-03 15:05") // six hours later: nothing new
		if got := reads.Load(); got != 2 {
			t.Errorf("the feed was read %d times", got)
		}
		broken.Store(true)
		s.until("2026-11-03 23:30")
		s.types("S2", "/case")
		s.reads("S2", "上次抓取失败（11月3日 23:00，对方网站报错）")
		broken.Store(false)
		s.end()
		s.start(withFeed) // a restart is no reason to read it again
		s.settle()
		if got := reads.Load(); got != 3 {
			t.Errorf("after a restart the feed was read %d times", got)
		}
		s.until("2026-11-04 07:30")
		s.types("S2", "/case")
		s.reads("S2", "11月4日")
		if got := len(s.casesNow()); got != 1 {
			t.Errorf("there are %d cases", got)
		}
		for key, value := range s.dump() {
			if strings.Contains(value, "11010519491231002X") || strings.Contains(value, "另一则通报") {
				t.Errorf("%s keeps what the guard objected to", key)
			}
		}
		s.recorded("S2", "staff-case-feed")
		s.balanced()
	})
}

// The address of a site on the own network is refused when it is read, whatever it says.
func TestFeedOnThisMachineIsRefused(t *testing.T) {
	reached := atomic.Bool{}
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(site.Close)
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.end()
		s.start(func(live *service) { live.reader.addresses = []string{site.URL} })
		s.settle()
		s.types("S2", "/case")
		s.reads("S2", "上次抓取失败（11月3日 09:00，地址不是公开网址）")
		if reached.Load() {
			t.Error("the site was reached")
		}
	})
}

// The page of a published case is looked at every day. While it says the same nothing
// happens; when its text changes, readers do not see the case any more, the office is
// told, and it is shown again once somebody has looked.
func TestSourceOfCaseChanges(t *testing.T) {
	const notice = "样例局某科长中秋期间收受供应商所送蟹券若干，价值明显超出正常礼尚往来，受到党内警告处分。"
	var changed atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := notice
		if changed.Load() {
			text = strings.Replace(notice, "警告", "严重警告", 1)
		}
		says("text/html; charset=utf-8", "<html><body><p>"+text+"</p></body></html>")(w, r)
	}))
	t.Cleanup(site.Close)
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.submitsCase("S2", "样例局某科长违规收受礼品", "http://www.example.org/notices/1.html")
		s.tap("S3", "查看")
		s.tap("S3", "批准发布")
		s.end()
		s.start(func(live *service) {
			live.reader.pages, live.reader.fetch.local = true, true
			dialer := &net.Dialer{Control: live.reader.fetch.permit} // the name of the page leads to this machine
			live.reader.fetch.client.Transport = &http.Transport{
				DisableKeepAlives: true,
				DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
					return dialer.DialContext(ctx, network, site.Listener.Addr().String())
				},
			}
		})
		s.until("2026-11-05 10:00")
		s.types("P1", "/cases")
		s.reads("P1", "共 1 起")
		changed.Store(true)
		s.until("2026-11-06 12:00")
		s.reads("S2", "公开案例已暂停展示")
		s.types("P1", "/cases")
		s.reads("P1", "目前没有可以查看的公开案例")
		s.tap("S2", "查看")
		s.reads("S2", "来源网页的内容有变化")
		s.tap("S2", "已核对，继续展示")
		s.types("P1", "/cases")
		s.reads("P1", "共 1 起")
		s.until("2026-11-08 12:00")
		s.types("P1", "/cases")
		s.reads("P1", "共 1 起")
		s.balanced()
	})
}
