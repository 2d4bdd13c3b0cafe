package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A visitor of the demo enrols a person, plays on to the reminder, taps, sees the
// time of the acknowledgement, and sees the staff's board change. The pictures of
// this visit are those of the README.
func TestDemoVisit(t *testing.T) {
	t.Parallel()
	b := browsertest.Open(t)
	_, address := startDemo(t, afterStory)
	b.Look(1280, 860, "light", address+"/?lang=zh-Hans")

	// Enrol the one who never did: the phone offers the invitation.
	choose(b, 1, "李例句")
	b.Until(`!document.querySelector("#phone-1 .invite").hidden`)
	b.Run(chromedp.Click("#phone-1 .invite button"))
	b.Until(`document.querySelector("#phone-1 .log").textContent.includes("绑定成功。李例句同志")`)
	choose(b, 1, "白样本")

	// Play on, event by event, until the personal reminder is there.
	for range 3 {
		next(b)
	}
	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("廉洁过节提醒")`)
	b.Keep("chat-page")

	b.Run(chromedp.SendKeys("#phone-2 .line", "/status"+kb.Enter))
	b.Until(`document.querySelector("#phone-2 .log").textContent.includes("已阅 0/24，未阅 24")`)
	b.Run(click("#phone-0", "已阅"))
	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("10 分钟内可撤回")`)
	b.Run(chromedp.SendKeys("#phone-2 .line", "/status"+kb.Enter))
	b.Until(`/已阅 [1-9]\d*\/24/.test(document.querySelector("#phone-2 .log").textContent)`)
	b.Run(click("#phone-2", "中秋、国庆廉洁提醒"))
	b.Until(`document.querySelector("#phone-2 .log").textContent.includes("点单位查看名单")`)
	b.Keep("board")
	b.Look(400, 800, "dark", address+"/?lang=en")
	b.Keep("phone")
	b.Quiet()
}

// afterStory is a start after what the office publishes before the holidays: what it does
// on its own takes its time.
const afterStory = "2026-09-16T08:00:00+08:00"

// startDemo runs the demo of `qingfeng demo` on a free port, from an instant on, for the
// time of the test.
func startDemo(t *testing.T, from string) (d *demo, address string) {
	t.Helper()
	start, err := time.Parse(time.RFC3339, from)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	d, err = newDemoOffice(ctx, demoOptions{
		dir: t.TempDir(), start: start, speed: 86400, language: reminders.Chinese, log: slog.New(slog.NewTextHandler(logTo{t}, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.run(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	return d, "http://" + listener.Addr().String()
}

// choose puts the phone of an invented person on a place of the page.
func choose(b *browsertest.Browser, phone int, name string) {
	b.T.Helper()
	id := string(rune('0' + phone))
	b.Run(browsertest.Script(`{
		const list = document.querySelector("#phone-` + id + ` .person");
		list.value = [...list.options].find(o => o.textContent.includes("` + name + `")).value;
		list.dispatchEvent(new Event("change", {bubbles: true}));
	}`))
}

// next presses the button that plays on to the next event, and waits until the
// clock is there: the event leaves the strip of what comes next.
func next(b *browsertest.Browser) {
	b.T.Helper()
	const first = `document.querySelector("#plan .row time").dateTime`
	before := browsertest.Value[string](b, first)
	playOn(b)
	b.Until(fmt.Sprintf("%s !== %q", first, before))
}

// playOn presses the button that plays on. While the clock runs nobody can press it, and
// the page may hear that the clock is there a moment after an event has left the strip.
func playOn(b *browsertest.Browser) {
	b.T.Helper()
	b.Until(`!document.querySelector("#play").disabled`)
	b.Run(chromedp.Click("#play"))
}

// click presses the newest button of a phone with this text.
func click(phone, text string) chromedp.Action[chromedp.Void] {
	return browsertest.Script(`[...document.querySelectorAll("` + phone + ` .key")].filter(k => k.textContent === "` + text + `").at(-1).click()`)
}
