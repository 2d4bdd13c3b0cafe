package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A visitor enrols a person, receives the reminder, taps, and sees the time of
// the acknowledgement in the place of the button.
func TestVisit(t *testing.T) {
	b := openBrowser(t)
	f := newFixture(t)
	bot := startBot(t, f)
	address := serve(t, f)
	b.look(1280, 800, "light", address+"/?lang=zh-Hans")
	b.keep("1280-light-start")

	// The phones are those of an official, of a liaison on duty and of the staff.
	for i, want := range []string{"11", "12", "14"} {
		if got := value[string](b, fmt.Sprintf(`document.querySelector("#phone-%d .person").value`, i)); got != want {
			t.Errorf("phone %d is that of %s, want %s", i, got, want)
		}
	}

	b.run(chromedp.Click("#phone-0 .invite button"))
	b.until(`document.querySelector("#phone-0 .key")?.textContent === "已阅"`)
	b.until(`document.querySelector("#phone-0 .invite").hidden`)

	// The keyboard works as well as the mouse, and keeps its place in the message.
	b.run(chromedp.Focus("#phone-0 .key"), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#phone-0 .key")?.textContent === "撤回"`)
	b.until(`document.querySelector("#phone-0 .toast.shown")?.textContent.startsWith("已阅 · 9月22日 09:00")`)
	if got := value[string](b, `document.querySelector("#phone-0 .said:last-child .meta").textContent`); got != "已更新09:00" {
		t.Errorf("the edited message says %q", got)
	}
	if !value[bool](b, `document.querySelector("#phone-0 .said:last-child").contains(document.activeElement)`) {
		t.Error("the edit took the keyboard focus away from the message")
	}
	if got := bot.taps(); got != 1 {
		t.Errorf("%d taps reached the bot", got)
	}

	visitMenu(b)
	visitStaff(b)
	visitFile(b)
	visitNews(b, bot)
	b.run(chromedp.Click("#phone-1 .invite button"))
	b.until(`document.querySelector("#phone-1 .key")`)
	b.keep("1280-light")
	b.look(1280, 800, "dark", address+"/?lang=en")
	b.keep("1280-dark")
	b.quiet()
}

// visitMenu opens the menu of the first phone by typing, and closes it again.
func visitMenu(b *browser) {
	b.t.Helper()
	b.run(chromedp.SendKeys("#phone-0 .line", "/"))
	b.until(`document.querySelectorAll("#phone-0 .menu:not([hidden]) [role=option]").length === 5`)
	b.run(chromedp.SendKeys("#phone-0 .line", "o"+kb.ArrowDown))
	b.until(`document.querySelector("#phone-0 [aria-selected=true]")?.dataset.command === "/outstanding"`)
	b.keep("1280-light-menu")
	b.run(chromedp.SendKeys("#phone-0 .line", kb.Escape))
	b.until(`document.querySelector("#phone-0 .menu").hidden`)
	b.run(script(`document.querySelector("#phone-0 .line").value = ""`))
}

// visitStaff types a command; markup in an answer is shown, markup that a person
// types is not.
func visitStaff(b *browser) {
	b.t.Helper()
	b.run(chromedp.SendKeys("#phone-2 .line", "<img src=x onerror=alert(1)><b>x</b>"+kb.Enter))
	b.until(`document.querySelector("#phone-2 .said.own .text")?.textContent === "<img src=x onerror=alert(1)><b>x</b>"`)
	if value[int](b, `document.querySelectorAll("#phone-2 .said.own .text *").length`) != 0 {
		b.t.Error("what a person typed became markup")
	}
	b.run(chromedp.SendKeys("#phone-2 .line", "/status"+kb.Enter))
	b.until(`document.querySelectorAll("#phone-2 .key").length === 3`)
	if got := value[string](b, `document.querySelector("#phone-2 .said:last-child .text a").href`); got != "https://example.org/rule" {
		b.t.Errorf("the link leads to %q", got)
	}
}

// visitFile sends a document; the answer to a tap may be a dialog.
func visitFile(b *browser) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "人员名单.csv")
	if err := os.WriteFile(file, []byte("staff_no,name\n"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.run(chromedp.SetUploadFiles("#phone-2 .file", []string{file}))
	b.until(`document.querySelector("#phone-2 .said.own .document")?.textContent === "人员名单.csv14 B"`)
	b.until(`document.querySelector("#phone-2 .said:last-child [data-data='cancel:1']")`)
	b.run(chromedp.Click(`#phone-2 .said:last-child [data-data="cancel:1"]`))
	b.until(`document.querySelector("#phone-2 .alert[open] p")?.textContent.startsWith("已取消")`)
	b.keep("1280-light-alert")
	b.run(chromedp.Click("#phone-2 .alert button"))
	b.until(`!document.querySelector("#phone-2 .alert").open`)
}

// visitNews: who reads further up is not carried away by a new message, and a
// command in a message can be pressed.
func visitNews(b *browser, bot *scripted) {
	b.t.Helper()
	b.run(script(`document.querySelector("#phone-2 .log").scrollTop = 0`))
	b.until(`document.querySelector("#phone-2 .log").scrollTop === 0`)
	bot.say(b.t.Context(), 14, "请用 /status。")
	b.until(`!document.querySelector("#phone-2 .latest").hidden`)
	b.run(chromedp.Click("#phone-2 .latest"))
	b.until(`document.querySelector("#phone-2 .latest").hidden`)
	b.run(chromedp.Click("#phone-2 .said:last-child .command"))
	b.until(`document.querySelectorAll("#phone-2 [data-data='open:1']").length === 2`)
}

// At 400 pixels there is one phone, and tabs for the others.
func TestVisitOnASmallScreen(t *testing.T) {
	b := openBrowser(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	b.look(400, 800, "light", address+"/?lang=zh-Hans")
	b.keep("400-light-start")
	b.run(chromedp.Click("#phone-0 .invite button"))
	b.until(`document.querySelector("#phone-0 .key")`)
	b.keep("400-light")
	if got := value[int](b, `document.documentElement.scrollWidth`); got > 400 {
		t.Errorf("the page is %d pixels wide", got)
	}
	// A message on a phone out of sight marks its tab; the arrow keys go there.
	f.person(t, 14).Type("/status")
	b.until(`document.querySelector("#tab-2.unread")`)
	b.run(chromedp.Focus("#tab-0"), chromedp.KeyEvent(kb.End))
	b.until(`!document.querySelector("#phone-2").hidden && document.querySelector("#phone-0").hidden`)
	b.until(`!document.querySelector("#tab-2.unread")`)
	b.look(400, 800, "dark", address+"/?lang=en")
	b.run(chromedp.Click("#plan-fold"))
	b.until(`document.querySelector("#plan").offsetHeight > 0`)
	b.keep("400-dark")
	b.quiet()
}

// The clock shows what the office says, and the visitor moves it.
func TestVisitTheClock(t *testing.T) {
	b := openBrowser(t)
	f := newFixture(t)
	f.office.stand(at(22, 9), at(22, 10))
	b.look(1280, 800, "light", serve(t, f)+"/?lang=en")
	b.until(`document.querySelector("#clock-now .hour").textContent === "09:00"`)
	b.until(`document.querySelector("#clock-mode").textContent === "Real time. Next: 22 Sep, 10:00, One chase"`)
	b.run(chromedp.SetValue("#speed", "86400"), script(`document.querySelector("#speed").dispatchEvent(new Event("change"))`))
	b.run(chromedp.Click("#play"))
	b.until(`document.querySelector("#clock").dataset.mode === "running"`)
	b.until(`document.querySelector("#play").disabled`)
	// The hands move by themselves, but never beyond the next event.
	b.until(`document.querySelector("#clock-now .hour").textContent === "10:00"`)
	f.office.stand(at(22, 10), at(24, 10))
	b.until(`document.querySelector("#clock").dataset.mode === "real" && !document.querySelector("#play").disabled`)
	b.run(chromedp.Click("#pause"))
	b.until(`document.querySelector("#clock").dataset.mode === "paused"`)
	if got := f.office.Clock("en"); got.Speed != 86400 || !got.Paused {
		t.Errorf("the office has %+v", got)
	}
	b.quiet()
}

// A stream that breaks is opened again, and nothing that happened meanwhile is
// missing.
func TestVisitAfterAGap(t *testing.T) {
	b := openBrowser(t)
	f := newFixture(t)
	srv := newBreakable(t, f)
	b.look(1280, 800, "light", srv.URL+"/?lang=en")
	srv.breakOff()
	b.until(`!document.querySelector("#offline").hidden`)
	f.person(t, 11).Type("while nobody listened")
	srv.mend()
	b.until(`document.querySelector("#phone-0 .said.own .text")?.textContent === "while nobody listened"`)
	b.until(`document.querySelector("#offline").hidden`)
}

// A choice of person survives a reload and a change of the language.
func TestVisitSomebodyElse(t *testing.T) {
	b := openBrowser(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	b.look(1280, 800, "light", address+"/?lang=zh-Hans")
	b.run(chromedp.SetValue("#phone-0 .person", "13"), script(`document.querySelector("#phone-0 .person").dispatchEvent(new Event("change"))`))
	b.run(chromedp.Click("#phone-0 .invite button"))
	b.until(`document.querySelector("#phone-0 .key[data-data]")?.textContent === "Acknowledge"`)
	b.run(chromedp.Click(`.languages a[lang="en"]`))
	b.run(chromedp.WaitReady(`html[lang="en"] body[data-ready]`))
	if got := value[string](b, `document.querySelector("#phone-0 .person").value`); got != "13" {
		t.Errorf("after the change of the language the phone is that of %s", got)
	}
	b.keep("1280-light-en")
	b.quiet()
}
