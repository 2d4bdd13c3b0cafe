package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
)

// A visitor of the demo publishes alone, on three phones: one of the office drafts an
// announcement with a picture, another approves it, and an official has it, picture and
// all. Then the visitor looks on while the office publishes, up to a correction. The
// picture of this visit is that of the README.
func TestDemoPublishVisit(t *testing.T) {
	t.Parallel()
	b := browsertest.Open(t)
	d, address := startDemo(t, demoStart)
	b.Look(1280, 860, "light", address+"/?lang=zh-Hans")
	choose(b, 1, "沈草稿")

	types(b, 2, "/notice", "没有草稿")
	presses(b, 2, "新建", "请选择要写什么")
	presses(b, 2, "公告", "请发来中文内容")
	b.Run(browsertest.Script(`document.querySelector("#phone-2 .line").value = "会议室调整（示例）\n下周的例会改到二层会议室。"`), chromedp.Click("#phone-2 .snap"))
	presses(b, 2, "对象", "请选择发给谁")
	presses(b, 2, "点名", "请写姓名或工号")
	types(b, 2, "方样张", "对象：方样张")
	presses(b, 2, "完成", "各项已备齐")
	presses(b, 2, "预览", "以上为预览")
	b.Until(showsPictures(2, 2)) // what was sent, and the preview
	presses(b, 2, "送审", "已送审，等待另一位同志审批")
	presses(b, 1, "查看", "请先预览，再批准或退回")
	b.Keep("publish-approval")
	presses(b, 1, "批准", "沈草稿批准")
	b.Until(showsPictures(0, 1))
	b.Until(`document.querySelector("#phone-0 .log").textContent.includes("〔公告〕会议室调整（示例）")`)

	choose(b, 1, "高示意")
	playsTo(d, b, 1, "〔送审〕公告《关于更换监督举报公示牌的公告》")
	presses(b, 1, "查看", "徐试题起草，待审批")
	playsTo(d, b, 0, "内容有变，请于 9月16日 18:00 前再点一次")
	types(b, 2, "/notice", "关于更换监督举报公示牌的公告")
	presses(b, 2, "1. 关于更换监督举报公示牌的公告", "已更正 1 次")
	b.Until(showsPictures(0, 2))
	turnsTo(b, 0, "9月11日 14:20 更正")
	turnsTo(b, 1, "徐试题起草，待审批")
	b.Until(`!document.querySelector(".toast.shown")`)
	b.Keep("publish")
	b.Look(400, 800, "dark", address+"/?lang=en")
	b.Keep("publish-phone")
	b.Quiet()
}

// showsPictures is true when a phone shows so many pictures.
func showsPictures(phone, n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#phone-%d .picture img")].filter(i => i.naturalWidth > 0).length === %d`, phone, n)
}

// turnsTo turns a phone back to the newest message with a text.
func turnsTo(b *browsertest.Browser, phone int, text string) {
	b.T.Helper()
	b.Run(browsertest.Script(fmt.Sprintf(`{
		const log = document.querySelector("#phone-%d .log");
		const said = [...log.querySelectorAll(".said")].findLast(m => m.textContent.includes(%q));
		log.scrollTop += said.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
	}`, phone, text)))
}
