package report_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// Whatever digits people use, with or without what they count: the number is meant.
func TestReadNumber(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       int
	}{
		{"a digit", "3", 3},
		{"with its measure", "12个", 12},
		{"a space before the measure", " 12 人次 ", 12},
		{"full-width digits", "１２家", 12},
		{"separators of thousands", "1,200", 1200},
		{"full-width separator", "1，200 份", 1200},
		{"leading zeros", "007", 7},
		{"Chinese digit", "三", 3},
		{"the two that counts", "两组", 2},
		{"ten begins with ten", "十二", 12},
		{"tens", "二十", 20},
		{"tens and ones", "三十五条", 35},
		{"a hundred and five", "一百零五", 105},
		{"a hundred and fifty, as people say it", "一百五", 150},
		{"twelve thousand, as people say it", "一万二", 12000},
		{"with a gap", "一万零二十", 10020},
		{"all powers", "一亿二千三百四十五万六千七百八十九", 123456789},
		{"digits and a power", "3万", 30000},
		{"digit by digit", "二〇二六", 2026},
		{"capital numerals of accounts", "壹佰贰拾", 120},
		{"zero", "零", 0},
		{"none", "无", 0},
		{"none, said politely", "没有。", 0},
		{"none in English", "None", 0},
		{"with an English word", "4 groups", 4},
		{"with its full stop", "5。", 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, err := report.ReadNumber(row.text); got != row.want || err != nil {
				t.Errorf("%q: %d, %v; want %d", row.text, got, err, row.want)
			}
		})
	}
}

// What could be meant otherwise is not guessed.
func TestReadNumberRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":             "",
		"words":               "很多",
		"negative":            "-3",
		"a fraction":          "3.5",
		"about":               "约3个",
		"a range":             "3至5",
		"two numbers":         "3组5人",
		"broken separators":   "1,20",
		"too large":           "99999999999",
		"larger than allowed": "十一亿",
		"powers going up":     "十百",
		"a power twice":       "一千二千",
		"ten thousand twice":  "一万二万",
		"only a measure":      "个",
		"two measures":        "3个个",
		"digits out of place": "三十五二",
		"endless":             strings.Repeat("9", 4000),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := report.ReadNumber(text); reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != "report.value.number" {
				t.Errorf("%q: %d, %v", text, got, err)
			}
		})
	}
}

// chinese writes a number as schools teach it.
func chinese(n int) string {
	digits := []rune("零一二三四五六七八九")
	group := func(n int) string {
		text, gap := "", false
		for i, power := range []string{"千", "百", "十", ""} {
			d := n / []int{1000, 100, 10, 1}[i] % 10
			if d == 0 {
				gap = text != ""
				continue
			}
			if gap {
				text += "零"
			}
			text, gap = text+string(digits[d])+power, false
		}
		return text
	}
	if n == 0 {
		return "零"
	}
	text, before := "", false
	for i, power := range []string{"亿", "万", ""} {
		part := n / []int{100_000_000, 10_000, 1}[i] % 10_000
		if part == 0 {
			before = before || text != ""
			continue
		}
		if text != "" && (before || part < 1000) {
			text += "零"
		}
		text, before = text+group(part)+power, false
	}
	return text
}

// Every number is read back from its Chinese and its Arabic form.
func TestReadNumberBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 120), rapid.IntRange(0, 1_000_000_000)).Draw(t, "n")
		for _, text := range []string{strconv.Itoa(n), chinese(n), chinese(n) + "人次"} {
			if got, err := report.ReadNumber(text); got != n || err != nil {
				t.Fatalf("%d written %q is read %d, %v", n, text, got, err)
			}
		}
	})
}

// No text crashes it, and what it reads is a number that a form could have.
func FuzzReadNumber(f *testing.F) {
	for _, seed := range []string{"3", "１２家", "一百零五", "1,200", "3万", "一亿二千万", "无", "十十", "万亿", "零零零", "9万9千9百"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := report.ReadNumber(text)
		if err == nil && (n < 0 || n > 1_000_000_000) {
			t.Errorf("%q is read %d", text, n)
		}
		if err != nil && reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	})
}
