package content_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
)

// keys gives the items chosen, by their ids.
func keys(t *testing.T, c *content.Content, festivals ...string) []string {
	t.Helper()
	items, err := c.Reminder(festivals)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, item := range items {
		ids = append(ids, strings.TrimPrefix(item.Key, "risk."))
	}
	return ids
}

// What each holiday of the year names, the special things first.
func TestReminder(t *testing.T) {
	c := load(t)
	for _, row := range []struct {
		festivals string
		want      []string
	}{
		{"new-year", []string{"new-year-greetings", "new-year-rush", "new-year-dinners", "gifts"}},
		{"spring-festival", []string{"spring-red-packets", "spring-goods", "spring-dinners", "spring-gambling"}},
		{"qingming", []string{"qingming-cars", "qingming-offerings", "qingming-visits", "qingming-driving"}},
		{"labour-day", []string{"labour-travel", "labour-cars", "labour-weddings", "gifts"}},
		{"dragon-boat", []string{"dragon-boat-gifts", "dragon-boat-meals", "dragon-boat-allowances", "cars"}},
		{"mid-autumn", []string{"mid-autumn-gifts", "mid-autumn-mooncakes", "mid-autumn-meals", "cars"}},
		{"national-day", []string{"national-travel", "national-cars", "national-service", "gifts"}},
		// Merged occasions deal one item to each festival in turn.
		{"mid-autumn national-day", []string{"mid-autumn-gifts", "national-travel", "mid-autumn-mooncakes", "national-cars"}},
		{"new-year spring-festival", []string{"new-year-greetings", "spring-red-packets", "new-year-rush", "spring-goods"}},
		{"labour-day dragon-boat", []string{"labour-travel", "dragon-boat-gifts", "labour-cars", "dragon-boat-meals"}},
		// A holiday of another place gets what holds at any time.
		{"harvest-day", []string{"gifts", "meals", "cars", "allowances"}},
		// The same festival twice says nothing twice.
		{"qingming qingming", []string{"qingming-cars", "qingming-offerings", "qingming-visits", "qingming-driving"}},
	} {
		t.Run(row.festivals, func(t *testing.T) {
			if diff := cmp.Diff(row.want, keys(t, c, strings.Fields(row.festivals)...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Without festivals the general items stand; without any item there is an error.
func TestReminderWithoutItems(t *testing.T) {
	if got := keys(t, load(t)); len(got) != content.MaxItems {
		t.Errorf("no festival: %v", got)
	}
	c := loadOver(t, map[string]string{"library/risks.toml": "# an office without items\n"})
	if _, err := c.Reminder([]string{"qingming"}); !errors.Is(err, content.ErrNoItem) {
		t.Errorf("no items: %v", err)
	}
}

// Every item stands on a rule, and the name shown is that of the official title,
// in full or in the usual short form.
func TestReminderSources(t *testing.T) {
	c := load(t)
	data, err := c.File("library/risks.toml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Sources map[string]struct{ Title string }
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for id, source := range file.Sources {
		shown, err := c.Catalogue().Text("zh-Hans", "source."+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(shown, "《"), "》")
		if len(name)+len("《》") != len(shown) || !strings.HasSuffix(source.Title, name) {
			t.Errorf("%s shows %s, but the title is 《%s》", id, shown, source.Title)
		}
	}
}

// A reminder as people will read it: first line with the occasion, at most seven
// lines beside the items, the thing to do last.
func TestReminderReads(t *testing.T) {
	c := load(t)
	for lang, want := range map[string]string{
		"zh-Hans": `<b>〔中秋、国庆〕廉洁过节提醒</b>
方样张同志：中秋、国庆将至，请留意：
1. 不收、不送可能影响公正执行公务的蟹卡蟹券、烟酒茶等礼品礼金。
2. 不用公款旅游，不接受可能影响公正执行公务的旅游、娱乐安排。
3. 不用公款购买、赠送月饼等节礼。
4. 不公车私用，不私车公养。
正常亲友往来、自费聚会不受影响。
依据：《中国共产党纪律处分条例》、《党政机关公务用车管理办法》。监督举报：12388
案例：〔示例〕甲（乙，9月1日）
请于 9月24日 18:00 前点“已阅”。`,
		"en": `<b>[Mid-Autumn and National Day] Integrity reminder</b>
方样张, before the holiday please keep in mind:
1. Do not give or accept crab vouchers, liquor, tea, cash or other gifts that could affect your duties.
2. No travel on public funds; decline trips and entertainment that could affect your duties.
3. No public money for mooncakes or other holiday presents.
4. No private use of official cars, no private car costs on public funds.
Seeing friends and family at your own expense is of course fine.
Source: CPC Regulations on Disciplinary Action, Measures on Official Vehicles of Party and Government Organs. Concerns: 12388
Case: 〔示例〕甲 (乙, 1 Sep)
Please tap Acknowledge by 24 Sep, 18:00.`,
	} {
		t.Run(lang, func(t *testing.T) {
			if diff := cmp.Diff(want, personal(t, c, lang)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// personal composes the reminder for Mid-Autumn and National Day.
func personal(t *testing.T, c *content.Content, lang string) string {
	t.Helper()
	say := func(key string, args map[string]any) string {
		text, err := c.Catalogue().Text(lang, key, args)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	items, err := c.Reminder([]string{"mid-autumn", "national-day"})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i, item := range items {
		line := map[string]any{"Number": i + 1, "Item": say(item.Key, nil)}
		lines = append(lines, say("reminder.item", line))
	}
	day, due := "9月1日", "9月24日 18:00"
	if lang == "en" {
		day, due = "1 Sep", "24 Sep, 18:00"
	}
	festivals := map[string]any{"First": say("festival.mid-autumn", nil), "Second": say("festival.national-day", nil)}
	sources := []string{say(items[0].SourceKey, nil), say(items[3].SourceKey, nil)}
	return say("reminder.personal", map[string]any{
		"Occasion": say("occasion.two", festivals),
		"Name":     "方样张",
		"Items":    strings.Join(lines, "\n"),
		"Sources":  strings.Join(sources, say("series.separator", nil)),
		"Hotline":  say("reminder.hotline", nil),
		"Cases":    say("reminder.case", map[string]any{"Title": "〔示例〕甲", "Issuer": "乙", "Date": day}),
		"Due":      due,
	})
}

// The contract of the texts with those who fill them in.
func TestReminderPlaceholders(t *testing.T) {
	k := load(t).Catalogue()
	for key, want := range map[string]string{
		"reminder.personal":           "Cases Due Hotline Items Name Occasion Sources",
		"reminder.unit":               "Dates Due Items Occasion Unit",
		"reminder.item":               "Item Number",
		"reminder.case":               "Date Issuer Title",
		"reminder.subject":            "Occasion",
		"reminder.unit_subject":       "Occasion",
		"reminder.acknowledged":       "At",
		"reminder.acknowledged_final": "At",
		"reminder.acknowledged_late":  "At",
		"chase.one":                   "Due Subject",
		"chase.many":                  "Count Items",
		"chase.item":                  "Due Number Subject",
	} {
		for _, lang := range k.Languages() {
			if got := strings.Join(k.Placeholders(lang, key), " "); lang == "zh-Hans" && got != want {
				t.Errorf("%s: %s, want %s", key, got, want)
			}
		}
	}
}
