package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
)

// nameless lists what can be operated but has no name for a screen reader.
const nameless = `[...document.querySelectorAll("button, a, input, textarea, select, [role=log], [role=listbox]")]
	.filter((node) => node.checkVisibility())
	.filter((node) => !(node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent).trim())
	.map((node) => node.outerHTML)`

// contrast lists visible texts whose contrast with the nearest filled background
// is below 4.5:1 (WCAG 2.2, AA).
const contrast = `(() => {
	const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgb = (colour) => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); return [...paint.getImageData(0, 0, 1, 1).data]; };
	const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (node) => { for (; node; node = node.parentElement) { const c = rgb(getComputedStyle(node).backgroundColor); if (c[3] > 250) return c; } return rgb(getComputedStyle(document.documentElement).getPropertyValue("--ground")); };
	const found = [];
	for (const node of document.querySelectorAll("body *")) {
		const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
		if (!own || !node.checkVisibility({ opacityProperty: true }) || node.matches("option, :disabled, :disabled *")) continue;
		const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) found.push(ratio.toFixed(2) + " " + node.outerHTML.slice(0, 120));
	}
	return found;
})()`

// What a screen reader needs: a name for everything that can be operated, one
// heading of the first level, landmarks, and roles that fit the window.
func TestAccess(t *testing.T) {
	tests := []struct {
		name          string
		width, height int64
		scheme, lang  string
		tabs          int
	}{
		{"large, light, chinese", 1280, 800, "light", "zh-Hans", 0},
		{"large, dark, english", 1280, 800, "dark", "en", 0},
		{"small, light, english", 400, 800, "light", "en", 3},
		{"small, dark, chinese", 400, 800, "dark", "zh-Hans", 3},
	}
	b := browsertest.Open(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.Look(tt.width, tt.height, tt.scheme, address+"/?lang="+tt.lang)
			if browsertest.Value[bool](b, `!document.querySelector("#phone-0 .invite").hidden`) {
				b.Run(chromedp.Click("#phone-0 .invite button"))
				b.Until(`document.querySelector("#phone-0 .key")`)
			}
			for what, expression := range map[string]string{"without a name": nameless, "hard to read": contrast} {
				if diff := cmp.Diff([]string{}, browsertest.Value[[]string](b, expression)); diff != "" {
					t.Errorf("%s\n%s", what, diff)
				}
			}
			for selector, want := range map[string]int{
				"h1": 1, "body > header": 1, "main": 1, "aside[aria-label]": 1, "nav[aria-label]": 1,
				"[role=log][aria-label]": 3, "[role=tablist] > [role=tab]": tt.tabs, "[role=tabpanel]": tt.tabs,
			} {
				if got := browsertest.Value[int](b, `document.querySelectorAll("`+selector+`").length`); got != want {
					t.Errorf("%d of %s, want %d", got, selector, want)
				}
			}
			if got := browsertest.Value[int](b, `document.documentElement.scrollWidth`); int64(got) > tt.width {
				t.Errorf("the page is %d pixels wide", got)
			}
		})
	}
	b.Quiet()
}
