package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// speaker speaks a language in the zone of the place.
func speaker(t *testing.T, language reminders.Language) *bot.Words {
	t.Helper()
	c, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return bot.NewWords(c.Catalogue(), language, time.FixedZone("place", 8*60*60))
}

// afternoon is 15:04 of 24 September at the place.
var afternoon = time.Date(2026, 9, 24, 7, 4, 0, 0, time.UTC)

// Every sort of argument, in both languages.
func TestWords(t *testing.T) {
	subject := reminders.Say("reminder.subject", reminders.Args{"Occasion": reminders.Say("festival.qingming", nil)})
	item := func(n int) reminders.Message {
		return reminders.Line("outstanding.item", reminders.Args{
			"Number": reminders.Number(n), "Subject": subject, "Due": reminders.Instant(afternoon),
		})
	}
	tests := []struct {
		name             string
		message          reminders.Message
		chinese, english string
	}{
		{
			"instant, text inside a text, list, plural of one",
			reminders.Line("outstanding.body", reminders.Args{"Count": reminders.Number(1), "Items": reminders.List(item(1))}),
			"〔我的待办〕1 项\n1. 清明廉洁提醒（9月24日 15:04 前）",
			"[Open for you] One thing\n1. Qingming integrity reminder (by 24 Sep, 15:04)",
		},
		{
			"plural of several",
			reminders.Line("outstanding.body", reminders.Args{"Count": reminders.Number(2), "Items": reminders.List(item(1), item(2))}),
			"〔我的待办〕2 项\n1. 清明廉洁提醒（9月24日 15:04 前）\n2. 清明廉洁提醒（9月24日 15:04 前）",
			"[Open for you] 2 things\n1. Qingming integrity reminder (by 24 Sep, 15:04)\n2. Qingming integrity reminder (by 24 Sep, 15:04)",
		},
		{
			"days",
			reminders.Line("format.days", reminders.Args{"From": reminders.Day(afternoon), "To": reminders.Day(afternoon.Add(24 * time.Hour))}),
			"9月24日至9月25日", "24 Sep to 25 Sep",
		},
		{
			"time of day",
			reminders.Line("people.bind.wait", reminders.Args{"Until": reminders.TimeOfDay(afternoon)}),
			"邀请码多次不对，请在 15:04 以后再试。也可以请本单位联络员核对链接。",
			"Several codes were wrong. Please try again after 15:04, or ask your unit's liaison to check the link.",
		},
		{
			"series in one line, names that look like markup",
			reminders.Line("people.person", reminders.Args{
				"Name": reminders.Text("<b>甲</b> & \"乙\""), "StaffNo": reminders.Text("P<1"), "Unit": reminders.UnitName("u<1>"),
				"Roles":    reminders.Series(reminders.Line("role.official", nil), reminders.Line("role.liaison", nil)),
				"Standing": reminders.Say("people.standing.bound", nil),
			}),
			"〔花名册〕<b>甲</b> & \"乙\"（P<1）\nu<1>，公职人员、联络员\n已绑定",
			"[People register] <b>甲</b> & \"乙\" (P<1)\nu<1>, official, liaison\nenrolled in chat",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for language, want := range map[reminders.Language]string{reminders.Chinese: test.chinese, reminders.English: test.english} {
				got, err := speaker(t, language).Plain(test.message)
				if err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%s:\n got %q\nwant %q", language, got, want)
				}
			}
		})
	}
}

// A line that is nothing but an empty argument is left out, wherever it stands;
// an empty argument inside a line leaves the line.
func TestEmptyArguments(t *testing.T) {
	message := func(text string, items, cases []reminders.Message) reminders.Message {
		return reminders.Line("reminder.personal", reminders.Args{
			"Occasion": reminders.Text("清明"), "Name": reminders.Text("方样张"), "Due": reminders.Text(text),
			"Items": reminders.List(items...), "Sources": reminders.Series(), "Hotline": reminders.Text("12388"),
			"Cases": reminders.List(cases...),
		})
	}
	got, err := speaker(t, reminders.Chinese).Plain(message("", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := "〔清明〕廉洁过节提醒\n方样张同志：清明将至，请留意：\n正常亲友往来、自费聚会不受影响。\n依据：。监督举报：12388\n请于  前点“已阅”。"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	line := reminders.Line("reminder.fine", nil)
	if got, err = speaker(t, reminders.Chinese).Plain(message("今天", []reminders.Message{line}, []reminders.Message{line})); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, "正常亲友往来"); n != 3 {
		t.Errorf("lists are shown %d times of 3:\n%s", n, got)
	}
}

// A text of a person that holds the mark for an empty argument is shown without
// it and drops no line.
func TestTextWithControlCharacters(t *testing.T) {
	got, err := speaker(t, reminders.Chinese).Plain(reminders.Line("feedback.staff", reminders.Args{
		"Number": reminders.Text("2026-0001"), "Unit": reminders.UnitName("u1"), "Text": reminders.Text("前\x00\n后"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if want := "〔意见〕2026-0001\n来自u1：\n前\n后"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What has no words is an error of ours, never a gap: an unknown key, and a text
// without the argument that it names.
func TestWordsThatAreMissing(t *testing.T) {
	for name, message := range map[string]reminders.Message{
		"unknown key":          reminders.Line("no.such.text", nil),
		"missing argument":     reminders.Line("reminder.subject", nil),
		"unknown key inside":   reminders.Line("reminder.subject", reminders.Args{"Occasion": reminders.Say("no.such.text", nil)}),
		"unknown key in list":  reminders.Line("outstanding.body", reminders.Args{"Count": reminders.Number(1), "Items": reminders.List(reminders.Line("no.such.text", nil))}),
		"count that is a text": reminders.Line("outstanding.body", reminders.Args{"Count": reminders.Text("1"), "Items": reminders.Text("x")}),
	} {
		got, err := speaker(t, reminders.English).Plain(message)
		if e, ok := errors.AsType[*reminders.Error](err); !ok || e.Kind != reminders.Internal || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A language that is not spoken here is answered in the default one.
func TestUnknownLanguage(t *testing.T) {
	got, err := speaker(t, "fr").Plain(reminders.Line("help.unknown", nil))
	if err != nil || got != "没有这个命令。可用的命令见 /help。" {
		t.Errorf("got %q, %v", got, err)
	}
}
