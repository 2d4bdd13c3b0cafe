package bot_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

var shanghai = time.FixedZone("CST", 8*3600)

// noon is the instant at which the instants of the tables are typed.
var noon = time.Date(2026, 9, 18, 12, 0, 0, 0, shanghai)

func TestParseWhen(t *testing.T) {
	for text, want := range map[string]string{
		"10月12日 09:00":     "2026-10-12 09:00",
		"10月12日9点":         "2026-10-12 09:00",
		"10月12日 9点半":       "2026-10-12 09:30",
		"10月12日 15点20分":    "2026-10-12 15:20",
		"2026-10-12 9:00":  "2026-10-12 09:00",
		"２０２６年10月12日 ９：００": "2026-10-12 09:00",
		"明天 15:00":         "2026-09-19 15:00",
		"后天9点":             "2026-09-20 09:00",
		"今天 18:30":         "2026-09-18 18:30",
		"tomorrow 9:00":    "2026-09-19 09:00",
		"12 Oct, 09:00":    "2026-10-12 09:00",
		"Oct 12 09:00":     "2026-10-12 09:00",
		"18:30":            "2026-09-18 18:30",
		"9:00":             "2026-09-19 09:00", // over for today
		"1月4日 9:00":        "2027-01-04 09:00", // of the next year
	} {
		at, err := bot.ParseWhen(text, noon, shanghai)
		if got := at.In(shanghai).Format("2006-01-02 15:04"); err != nil || got != want {
			t.Errorf("%q is %s (%v), not %s", text, got, err, want)
		}
	}
}

func TestParseWhenRefuses(t *testing.T) {
	for _, text := range []string{
		"", "尽快", "10月12日", "25:00", "9:75", "11月31日 9:00", "今天 9:00", "9月17日 9:00", "2025-01-01 9:00",
		"10月12日至10月14日 9:00", "下个月某天 9:00",
	} {
		if at, err := bot.ParseWhen(text, noon, shanghai); reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("%q is %s (%v)", text, at, err)
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	f.Add("10月12日 09:00")
	f.Add("明天9点半")
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := bot.ParseWhen(text, noon, shanghai); err == nil && !at.After(noon) {
			t.Errorf("%q is %s, which is over", text, at)
		}
	})
}
