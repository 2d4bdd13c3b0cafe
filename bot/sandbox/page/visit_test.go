package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
)

// A visitor enrols a person, receives the reminder, taps, and sees the time of
// the acknowledgement in the place of the button.
func TestVisit(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	bot := startBot(t, f)
	address := serve(t, f)
	b.Look(1280, 800, "light", address+"/?lang=zh-Hans")
	b.Keep("1280-light-start")

	// The phones are those of an official, of a liaison on duty and of the staff.
	for i, want := range []string{"11", "12", "14"} {
		if got := browsertest.Value[string](b, fmt.Sprintf(`document.querySelector("#phone-%d .person").value`, i)); got != want {
			t.Errorf("phone %d is that of %s, want %s", i, got, want)
		}
	}

	b.Run(chromedp.Click("#phone-0 .invite button"))
	b.Until(`document.querySelector("#phone-0 .key")?.textContent === "已阅"`)
	b.Until(`document.querySelector("#phone-0 .invite").hidden`)

	// The keyboard works as well as the mouse, and keeps its place in the message.
	b.Run(chromedp.Focus("#phone-0 .key"), chromedp.KeyEvent(kb.Enter))
	b.Until(`document.querySelector("#phone-0 .key")?.textContent === "撤回"`)
	b.Until(`document.querySelector("#phone-0 .toast.shown")?.textContent.startsWith("已阅 · 9月22日 09:00")`)
	if got := browsertest.Value[string](b, `document.querySelector("#phone-0 .said:last-child .meta").textContent`); got != "已更新09:00" {
		t.Errorf("the edited message says %q", got)
	}
	if !browsertest.Value[bool](b, `document.querySelector("#phone-0 .said:last-child").contains(document.activeElement)`) {
		t.Error("the edit took the keyboard focus away from the message")
	}
	if got := bot.taps(); got != 1 {
		t.Errorf("%d taps reached the bot", got)
	}

	visitMenu(b)
	visitStaff(b)
	visitFile(b)
	visitNews(b, bot)
	b.Run(chromedp.Click("#phone-1 .invite button"))
	b.Until(`document.querySelector("#phone-1 .key")`)
	b.Keep("1280-light")
	b.Look(1280, 800, "dark", address+"/?lang=en")
	b.Keep("1280-dark")
	b.Quiet()
}

// visitMenu opens the menu of the first phone by typing, and closes it again.
func visitMenu(b *browsertest.Browser) {
	b.T.Helper()
	b.Run(chromedp.SendKeys("#phone-0 .line", "/"))
	b.Until(`document.querySelectorAll("#phone-0 .menu:not([hidden]) [role=option]").length === 5`)
	b.Run(chromedp.SendKeys("#phone-0 .line", "o"+kb.ArrowDown))
	b.Until(`document.querySelector("#phone-0 [aria-selected=true]")?.dataset.command === "/outstanding"`)
	b.Keep("1280-light-menu")
	b.Run(chromedp.SendKeys("#phone-0 .line", kb.Escape))
	b.Until(`document.querySelector("#phone-0 .menu").hidden`)
	b.Run(browsertest.Script(`document.querySelector("#phone-0 .line").value = ""`))
}

// visitStaff types a command; markup in an answer is shown, markup that a person
// types is not.
func visitStaff(b *browsertest.Browser) {
	b.T.Helper()
	b.Run(chromedp.SendKeys("#phone-2 .line", "<img src=x onerror=alert(1)><b>x</b>"+kb.Enter))
	b.Until(`document.querySelector("#phone-2 .said.own .text")?.textContent === "<img src=x onerror=alert(1)><b>x</b>"`)
	if browsertest.Value[int](b, `document.querySelectorAll("#phone-2 .said.own .text *").length`) != 0 {
		b.T.Error("what a person typed became markup")
	}
	b.Run(browsertest.Script(`document.querySelector("#phone-2 .line").value = "一\n"`), chromedp.SendKeys("#phone-2 .line", "二"+kb.Enter))
	b.Until(`[...document.querySelectorAll("#phone-2 .said.own .text")].at(-1)?.innerText === "一\n二"`)
	b.Run(chromedp.SendKeys("#phone-2 .line", "/status"+kb.Enter))
	b.Until(`document.querySelectorAll("#phone-2 .key").length === 3`)
	if got := browsertest.Value[string](b, `document.querySelector("#phone-2 .said:last-child .text a").href`); got != "https://example.org/rule" {
		b.T.Errorf("the link leads to %q", got)
	}
}

// visitFile sends a document; the answer to a tap may be a dialog.
func visitFile(b *browsertest.Browser) {
	b.T.Helper()
	file := filepath.Join(b.T.TempDir(), "人员名单.csv")
	if err := os.WriteFile(file, []byte("staff_no,name\n"), 0o600); err != nil {
		b.T.Fatal(err)
	}
	b.Run(chromedp.SetUploadFiles("#phone-2 .file", []string{file}))
	b.Until(`document.querySelector("#phone-2 .said.own .document")?.textContent === "人员名单.csv14 B"`)
	b.Until(`document.querySelector("#phone-2 .said:last-child [data-data='cancel:1']")`)
	b.Run(chromedp.Click(`#phone-2 .said:last-child [data-data="cancel:1"]`))
	b.Until(`document.querySelector("#phone-2 .alert[open] p")?.textContent.startsWith("已取消")`)
	b.Keep("1280-light-alert")
	b.Run(chromedp.Click("#phone-2 .alert button"))
	b.Until(`!document.querySelector("#phone-2 .alert").open`)
}

// visitNews: who reads further up is not carried away by a new message, and a
// command in a message can be pressed.
func visitNews(b *browsertest.Browser, bot *scripted) {
	b.T.Helper()
	b.Run(browsertest.Script(`document.querySelector("#phone-2 .log").scrollTop = 0`))
	b.Until(`document.querySelector("#phone-2 .log").scrollTop === 0`)
	bot.say(b.T.Context(), 14, "请用 /status。")
	b.Until(`!document.querySelector("#phone-2 .latest").hidden`)
	b.Run(chromedp.Click("#phone-2 .latest"))
	b.Until(`document.querySelector("#phone-2 .latest").hidden`)
	b.Run(chromedp.Click("#phone-2 .said:last-child .command"))
	b.Until(`document.querySelectorAll("#phone-2 [data-data='open:1']").length === 2`)
}

// At 400 pixels there is one phone, and tabs for the others.
func TestVisitOnASmallScreen(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	b.Look(400, 800, "light", address+"/?lang=zh-Hans")
	b.Keep("400-light-start")
	b.Run(chromedp.Click("#phone-0 .invite button"))
	b.Until(`document.querySelector("#phone-0 .key")`)
	b.Keep("400-light")
	if got := browsertest.Value[int](b, `document.documentElement.scrollWidth`); got > 400 {
		t.Errorf("the page is %d pixels wide", got)
	}
	// A message on a phone out of sight marks its tab; the arrow keys go there.
	f.person(t, 14).Type("/status")
	b.Until(`document.querySelector("#tab-2.unread")`)
	b.Run(chromedp.Focus("#tab-0"), chromedp.KeyEvent(kb.End))
	b.Until(`!document.querySelector("#phone-2").hidden && document.querySelector("#phone-0").hidden`)
	b.Until(`!document.querySelector("#tab-2.unread")`)
	b.Look(400, 800, "dark", address+"/?lang=en")
	b.Run(chromedp.Click("#plan-fold"))
	b.Until(`document.querySelector("#plan").offsetHeight > 0`)
	b.Keep("400-dark")
	b.Quiet()
}

// The clock shows what the office says, and the visitor moves it.
func TestVisitTheClock(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	f.office.stand(at(22, 9), at(22, 10))
	b.Look(1280, 800, "light", serve(t, f)+"/?lang=en")
	b.Until(`document.querySelector("#clock-now .hour").textContent === "09:00"`)
	b.Until(`document.querySelector("#clock-mode").textContent === "Real time. Next: 22 Sep, 10:00, One chase"`)
	b.Run(chromedp.SetValue("#speed", "86400"), browsertest.Script(`document.querySelector("#speed").dispatchEvent(new Event("change"))`))
	b.Run(chromedp.Click("#play"))
	b.Until(`document.querySelector("#clock").dataset.mode === "running"`)
	b.Until(`document.querySelector("#play").disabled`)
	// The hands move by themselves, but never beyond the next event.
	b.Until(`document.querySelector("#clock-now .hour").textContent === "10:00"`)
	f.office.stand(at(22, 10), at(24, 10))
	b.Until(`document.querySelector("#clock").dataset.mode === "real" && !document.querySelector("#play").disabled`)
	b.Run(chromedp.Click("#pause"))
	b.Until(`document.querySelector("#clock").dataset.mode === "paused"`)
	if got := f.office.Clock("en"); got.Speed != 86400 || !got.Paused {
		t.Errorf("the office has %+v", got)
	}
	b.Quiet()
}

// A stream that breaks is opened again, and nothing that happened meanwhile is
// missing.
func TestVisitAfterAGap(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	srv := newBreakable(t, f)
	b.Look(1280, 800, "light", srv.URL+"/?lang=en")
	srv.breakOff()
	b.Until(`!document.querySelector("#offline").hidden`)
	f.person(t, 11).Type("while nobody listened")
	srv.mend()
	b.Until(`document.querySelector("#phone-0 .said.own .text")?.textContent === "while nobody listened"`)
	b.Until(`document.querySelector("#offline").hidden`)
}

// A choice of person survives a reload and a change of the language.
func TestVisitSomebodyElse(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	b.Look(1280, 800, "light", address+"/?lang=zh-Hans")
	b.Run(chromedp.SetValue("#phone-0 .person", "13"), browsertest.Script(`document.querySelector("#phone-0 .person").dispatchEvent(new Event("change"))`))
	b.Run(chromedp.Click("#phone-0 .invite button"))
	b.Until(`document.querySelector("#phone-0 .key[data-data]")?.textContent === "Acknowledge"`)
	b.Run(chromedp.Click(`.languages a[lang="en"]`))
	b.Run(chromedp.WaitReady(`html[lang="en"] body[data-ready]`))
	if got := browsertest.Value[string](b, `document.querySelector("#phone-0 .person").value`); got != "13" {
		t.Errorf("after the change of the language the phone is that of %s", got)
	}
	b.Keep("1280-light-en")
	b.Quiet()
}
