package page_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page/browsertest"
)

// loaded is true when every picture of a phone is shown, n of them.
const loaded = `[...document.querySelectorAll("#phone-2 .picture img")].filter(i => i.complete && i.naturalWidth > 0).length === `

// A visitor sends a picture that the page draws and that says it is a sample, then two
// pictures and a document at once; pictures are shown, the document has a name.
func TestVisitWithPictures(t *testing.T) {
	b := browsertest.Open(t)
	f := newFixture(t)
	startBot(t, f)
	address := serve(t, f)
	b.Look(1280, 800, "light", address+"/?lang=zh-Hans")

	b.Run(browsertest.Script(`document.querySelector("#phone-2 .line").value = "值班室"`), chromedp.Click("#phone-2 .snap"))
	b.Until(loaded + "1")
	b.Keep("1280-light-picture")
	sent := f.person(t, 14).Messages()
	if m := sent[0]; !m.Photo || m.Text != "值班室" || m.Width != 960 || m.Height != 640 {
		t.Errorf("the bot receives %+v", m)
	}
	// There is room for a picture before it is loaded, so nothing moves afterwards.
	if !browsertest.Value[bool](b, `(i => i.width > 100 && Math.abs(i.getAttribute("width") / i.getAttribute("height") - 1.5) < .01)(document.querySelector("#phone-2 .picture img"))`) {
		t.Error("the picture has no room of its own")
	}
	if got := browsertest.Value[string](b, `document.querySelector("#phone-2 .line").value`); got != "" {
		t.Errorf("the caption stays in the line: %q", got)
	}

	dir := t.TempDir()
	var files []string
	for name, content := range map[string][]byte{"一.png": drawing(t), "二.png": drawing(t), "台账.csv": []byte("a,b\n")} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	b.Run(chromedp.SetUploadFiles("#phone-2 .file", files))
	b.Until(loaded + "3")
	b.Until(`document.querySelector("#phone-2 .document")?.textContent === "台账.csv4 B"`)
	if got := browsertest.Value[int](b, `document.querySelectorAll("#phone-2 .said[data-album]").length`); got != 2 {
		t.Errorf("%d messages belong to the album", got)
	}
	if got := browsertest.Value[string](b, `document.querySelector("#phone-2 .document").download`); got != "台账.csv" {
		t.Errorf("the document is called %q", got)
	}

	eleven := make([]string, 11)
	for i := range eleven {
		eleven[i] = files[0]
	}
	b.Run(chromedp.SetUploadFiles("#phone-2 .file", eleven))
	b.Until(`document.querySelector("#phone-2 .toast.shown")?.textContent.startsWith("一次最多发送 10 个文件")`)
	b.Keep("1280-light-album")
	b.Look(400, 800, "dark", address+"/?lang=en")
	b.Run(browsertest.Script(`document.querySelectorAll("#tabs [role=tab]")[2].click()`))
	b.Until(loaded + "3")
	b.Keep("400-dark-album")
	b.Quiet()
}
