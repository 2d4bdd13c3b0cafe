package bot_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A title that was written in two languages is read in the reader's; where there is none
// in it, in that of the author.
func TestTitleInTheReadersLanguage(t *testing.T) {
	texts, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	both := map[reminders.Language]string{reminders.Chinese: "报送公告", reminders.English: "Filing <notice>"}
	one := map[reminders.Language]string{reminders.Chinese: "报送公告"}
	for _, row := range []struct {
		language reminders.Language
		titles   map[reminders.Language]string
		want     string
	}{
		{reminders.Chinese, both, "公告《报送公告》"},
		{reminders.English, both, "Announcement: Filing <notice>"},
		{reminders.English, one, "Announcement: 报送公告"},
	} {
		words := bot.NewWords(texts.Catalogue(), row.language, time.UTC)
		got, err := words.Plain(reminders.Line("publication.subject", reminders.Args{
			"Kind": reminders.Say("publication.kind.announcement", nil), "Title": reminders.Each(row.titles, reminders.Chinese),
		}))
		if err != nil || got != row.want {
			t.Errorf("%s: %q, %v; want %q", row.language, got, err, row.want)
		}
	}
}
