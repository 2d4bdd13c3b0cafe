package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
)

// A visitor of the demo plays duty on three phones: the liaison files the sample rosters
// with one click each; the officer takes a shift over, has nothing to report, reports an
// incident with a picture, and has a report returned and corrected; the office reads,
// returns and accepts.
func TestDemoDutyVisit(t *testing.T) {
	t.Parallel()
	b := browsertest.Open(t)
	d, address := startDemo(t, afterStory)
	b.Look(1280, 860, "light", address+"/?lang=zh-Hans")

	playsTo(d, b, 1, "〔值班表〕")
	for _, block := range []string{"中秋", "国庆"} {
		b.Until(`document.querySelectorAll("#phone-1 .samples:not([hidden]) button").length > 0`)
		b.Run(browsertest.Script(`[...document.querySelectorAll("#phone-1 .samples button")].find(b => b.textContent.includes("` + block + `")).click()`))
		presses(b, 1, "报送", "〔值班表〕样例局 · "+block)
	}
	b.Until(`document.querySelector("#phone-1 .samples").hidden`)
	b.Keep("duty-roster")

	playsTo(d, b, 0, "〔接班〕样例局")
	presses(b, 0, "接班", "方样张已接班 · 9月25日 08:0")
	playsTo(d, b, 0, "〔值班日报〕9月25日")
	presses(b, 0, "无情况", "10 分钟内可以撤回")
	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("无情况 · 日报〔2026〕")`)

	playsTo(d, b, 0, "您的班次现在开始，到 10月2日")
	presses(b, 0, "接班", "方样张已接班 · 10月1日")
	visitIncident(b)
	b.Until(`document.querySelector("#phone-0 .latest").hidden`)
	b.Keep("duty")
	visitReturn(d, b)
	b.Keep("duty-returned")

	b.Look(400, 800, "light", address+"/?lang=zh-Hans")
	b.Keep("duty-phone")
	if got := browsertest.Value[int](b, `document.documentElement.scrollWidth`); got > 400 {
		t.Errorf("the page is %d pixels wide", got)
	}
	b.Quiet()
}

// visitIncident reports an incident with the sample picture; the office sees both at once.
func visitIncident(b *browsertest.Browser) {
	b.T.Helper()
	for _, step := range []struct{ text, shows string }{
		{"/incident", "发生时间"},
		{"07:50", "地点"},
		{"样例局一层大厅（示例）", "简要经过"},
		{"巡查发现大厅一处水管渗漏，地面有积水（示例）。", "已采取措施"},
		{"已关闭水阀，设置警示标识（示例）。", "核对无误请点“报送”"},
	} {
		types(b, 0, step.text, step.shows)
	}
	b.Run(chromedp.Click("#phone-0 .snap"))
	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("附件已收，现有 1 个")`)
	presses(b, 0, "报送", "〔已报送〕快报〔2026〕")
	b.Until(`document.querySelector("#phone-2 .log").textContent.includes("〔即时报告·首报〕样例局")`)
	b.Until(`document.querySelector("#phone-2 .log img")?.naturalWidth > 0`)
}

// visitReturn files a report that the office returns, and corrects it.
func visitReturn(d *demo, b *browsertest.Browser) {
	b.T.Helper()
	playsTo(d, b, 0, "〔值班日报〕10月1日")
	presses(b, 0, "填报", "派出检查组")
	types(b, 0, "1 3 5 2", "发现问题：5 个")
	presses(b, 0, "报送", "〔已报送〕日报〔2026〕")

	types(b, 2, "/report", "〔报告审核〕")
	accept := browsertest.Value[string](b, `[...document.querySelectorAll("#phone-2 .key")].findLast(k => k.textContent.startsWith("本页无情况均通过")).textContent`)
	presses(b, 2, accept, "10月1日，有内容")
	b.Until(fmt.Sprintf(`![...document.querySelectorAll("#phone-2 .key")].some(k => k.textContent === %q)`, accept))
	number := browsertest.Value[string](b, `[...document.querySelectorAll("#phone-2 .said")].at(-1).innerText.match(/(\d+)\. 样例局 [^\n]*10月1日，有内容/)[1]`)
	presses(b, 2, number, "发现问题：5 个")
	presses(b, 2, "退回", "请写明退回原因")
	types(b, 2, "检查单位 3 家，发现问题 5 个，请核对。", "（已退回）")

	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("〔退回更正〕样例局")`)
	presses(b, 0, "更正", "〔更正〕样例局")
	presses(b, 0, "修改", "请点要修改的一项")
	presses(b, 0, "发现问题：5 个", "现填：5 个")
	types(b, 0, "3", "发现问题：3 个")
	presses(b, 0, "报送", "〔已更正〕日报〔2026〕")
}

// playsTo plays on, event by event, until a phone shows a text. An event is over when the
// service has done what it brings.
func playsTo(d *demo, b *browsertest.Browser, phone int, text string) {
	b.T.Helper()
	const first = `document.querySelector("#plan .row time").dateTime`
	shown := fmt.Sprintf(`document.querySelector("#phone-%d .log").textContent.includes(%q)`, phone, text)
	id := browsertest.Value[int64](b, fmt.Sprintf(`Number(document.querySelector("#phone-%d .person").value)`, phone))
	owner := d.server.Person(id, "", "")
	for range 20 {
		before := browsertest.Value[string](b, first)
		playOn(b)
		within(b, 3*browsertest.Patience, fmt.Sprintf("%s !== %q", first, before))
		d.rests(b.T)
		if strings.Contains(d.server.Transcript(owner), text) {
			b.Until(shown)
			return
		}
	}
	b.T.Fatalf("phone %d never shows %q", phone, text)
}

// rests waits until the clock is at its event and the service has been idle for a while.
func (d *demo) rests(t *testing.T) {
	t.Helper()
	const look, idle = 20 * time.Millisecond, 25
	for quiet, deadline := 0, time.Now().Add(browsertest.Patience); quiet < idle && time.Now().Before(deadline); time.Sleep(look) {
		if quiet++; d.clock.state().running || d.busy(t.Context()) {
			quiet = 0
		}
	}
}

// within reports whether an expression becomes true in some time.
func within(b *browsertest.Browser, patience time.Duration, expression string) bool {
	b.T.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if browsertest.Value[bool](b, expression) {
			return true
		}
	}
	return false
}

// presses presses the newest button of a phone with a label and waits until the newest
// messages show a text.
func presses(b *browsertest.Browser, phone int, label, shows string) {
	b.T.Helper()
	id := fmt.Sprintf("#phone-%d", phone)
	b.Until(fmt.Sprintf(`[...document.querySelectorAll("%s .key")].some(k => k.textContent === %q)`, id, label))
	b.Run(click(id, label))
	b.Until(fmt.Sprintf(`[...document.querySelectorAll("%[1]s .said, %[1]s .toast")].slice(-5).some(m => m.textContent.includes(%[2]q))`, id, shows))
}

// types types a text on a phone and waits until the newest message shows a text.
func types(b *browsertest.Browser, phone int, text, shows string) {
	b.T.Helper()
	id := fmt.Sprintf("#phone-%d", phone)
	b.Run(chromedp.SendKeys(id+" .line", text+kb.Enter))
	b.Until(fmt.Sprintf(`[...document.querySelectorAll("%s .said:not(.own)")].at(-1)?.textContent.includes(%q)`, id, shows))
}
