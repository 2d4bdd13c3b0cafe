package report

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// maxNumber bounds what is read; forms have smaller limits of their own.
const maxNumber = 1_000_000_000

// nothing are the words for none.
var nothing = []string{"无", "没有", "无情况", "零", "none", "nil", "no"}

// measures are the words that people put behind a number (量词).
var measures = []string{
	"人次", "家次", "个", "组", "人", "名", "位", "家", "处", "所", "件", "条", "份", "本", "起", "次", "项", "张", "辆", "封", "批",
	"groups", "group", "teams", "team", "people", "persons", "person", "units", "unit", "times", "venues", "venue",
	"places", "place", "documents", "document", "problems", "problem", "clues", "clue", "items", "item", "rules", "rule",
	"reports", "report", "notices", "notice", "cases", "case", "incidents", "incident",
}

// grouped is a number with separators of thousands.
var grouped = regexp.MustCompile(`^\d{1,3}(?:,\d{3})+$`)

// ReadNumber reads a whole number that is not negative as people write it in a report:
// 3, ３个, 1,200, 十二, 两百零五人次, 3万, 无. What it does not understand, or is larger
// than a thousand million, is an Invalid error.
func ReadNumber(text string) (int, error) {
	plain := strings.ToLower(strings.TrimSpace(width.Fold.String(text)))
	plain = strings.TrimRight(plain, "。. ")
	if slices.Contains(nothing, plain) {
		return 0, nil
	}
	bare := withoutMeasure(plain)
	if grouped.MatchString(bare) {
		bare = strings.ReplaceAll(bare, ",", "")
	}
	if n, ok := numeral(bare); ok {
		return n, nil
	}
	return 0, reminders.Fail(reminders.Invalid, "report.number", "report.value.number", nil)
}

// withoutMeasure takes one measure word away, the longest that fits.
func withoutMeasure(text string) string {
	rest := text
	for _, word := range measures {
		if cut, found := strings.CutSuffix(text, word); found && len(cut) < len(rest) {
			rest = cut
		}
	}
	return strings.TrimSpace(rest)
}

// digits are the Chinese digits, with 两 for two and the capital forms of accounts.
var digits = map[rune]int{
	'〇': 0, '零': 0, '○': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

// powers are the Chinese words for powers of ten.
var powers = map[rune]int{
	'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 10_000, '亿': 100_000_000,
}

// numeral reads a number in Arabic or Chinese digits, or both as in 3万.
func numeral(text string) (int, bool) {
	if text == "" || len([]rune(text)) > 24 {
		return 0, false
	}
	if !strings.ContainsFunc(text, func(c rune) bool { return powers[c] > 0 }) {
		return positional(text)
	}
	return counted(text)
}

// positional reads digit by digit: 17, 二〇二六.
func positional(text string) (int, bool) {
	n := 0
	for _, c := range text {
		d, ok := digitOf(c)
		if n = n*10 + d; !ok || n > maxNumber {
			return 0, false
		}
	}
	return n, true
}

// digitOf gives the value of one digit.
func digitOf(c rune) (int, bool) {
	if c >= '0' && c <= '9' {
		return int(c - '0'), true
	}
	d, ok := digits[c]
	return d, ok
}

// counted reads a number with powers of ten: 一百零五, 一万二, 3万. Powers go down within
// each group of four, and from group to group.
func counted(text string) (int, bool) {
	total, group, digit := 0, 0, -1
	lastGroup, lastPower, zero := maxNumber*10, 10_000, false
	for _, c := range text {
		power, isPower := powers[c]
		switch d, isDigit := digitOf(c); {
		case isPower && power >= 10_000:
			if group += max(digit, 0); power >= lastGroup || group == 0 {
				return 0, false
			}
			total, lastGroup = total+group*power, power
			group, digit, lastPower, zero = 0, -1, 10_000, false
		case isPower:
			if digit < 0 && power == 10 && group == 0 && total == 0 {
				digit = 1 // 十二
			}
			if digit <= 0 || digit > 9 || power >= lastPower {
				return 0, false
			}
			group, digit, lastPower, zero = group+digit*power, -1, power, false
		case !isDigit:
			return 0, false
		case d == 0 && digit < 0:
			zero = true
		case digit < 0:
			digit = d
		case c >= '0' && c <= '9' && digit <= maxNumber:
			digit = digit*10 + d
		default:
			return 0, false
		}
		if total > maxNumber || group > maxNumber || digit > maxNumber {
			return 0, false
		}
	}
	return end(total, group, digit, lastGroup, lastPower, zero)
}

// end adds the last digit: it stands for ones, or in everyday speech (一百五, 一万二) for
// the next power.
func end(total, group, digit, lastGroup, lastPower int, zero bool) (int, bool) {
	switch {
	case digit < 0:
	case zero || digit > 9 || lastPower == 10:
		group += digit
	case lastPower < 10_000:
		group += digit * lastPower / 10
	case total > 0 && lastGroup < maxNumber:
		group += digit * lastGroup / 10
	default:
		group += digit
	}
	total += group
	return total, total <= maxNumber
}
