package content_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
)

// Each row is a wording that no published rule contains.
func TestLintFinds(t *testing.T) {
	c := load(t)
	for _, row := range []struct{ text, rule, match string }{
		{"节日期间一律不准请假。", "absolute", "一律"},
		{"任何情况下都不得外出。", "absolute", "任何情况下都不得"},
		{"无论什么理由，均须到岗。", "absolute", "无论什么理由"},
		{"全面禁止宴请。", "ban", "全面禁止"},
		{"严禁一切聚会。", "ban", "严禁一切"},
		{"不得参加任何形式的聚餐。", "ban", "不得参加任何形式的聚餐"},
		{"节日期间零聚餐。", "ban", "零聚餐"},
		{"工作日不得聚餐。", "gathering", "不得聚餐"},
		{"禁止私下聚会。", "gathering", "禁止私下聚会"},
		{"不准同事之间吃饭。", "gathering", "不准同事之间吃饭"},
		{"三人以上不得聚集。", "headcount", "三人以上不得聚集"},
		{"坚持三人不聚餐。", "headcount", "三人不聚餐"},
		{"5人及以上聚餐须报备。", "headcount", "5人及以上聚餐须"},
		{"聚会人数不得超过6人。", "headcount", "聚会人数不得超过6人"},
		{"Under no circumstances may officials dine out.", "absolute", "Under no circumstances"},
		{"Stay at your post, without exception.", "absolute", "without exception"},
		{"There is a blanket ban on dinners.", "ban", "blanket ban"},
		{"Dinners are completely prohibited.", "ban", "completely prohibited"},
		{"All gatherings are banned.", "ban", "All gatherings are banned"},
		{"Officials must not dine with colleagues.", "gathering", "must not dine with colleagues"},
		{"No gatherings of more than 5.", "headcount", "No gatherings of more than 5"},
		{"Three or more colleagues must not meet.", "headcount", "Three or more colleagues must not"},
		{"Meals may not exceed six people.", "headcount", "Meals may not exceed six"},
	} {
		t.Run(row.text, func(t *testing.T) {
			for _, f := range c.Lint(row.text) {
				if f.Rule == row.rule && f.Match == row.match {
					return
				}
			}
			t.Errorf("found %+v, want %s %q", c.Lint(row.text), row.rule, row.match)
		})
	}
}

// Each row is fit to be said: what rules say, what stays fine, words that only
// look alike, and wording whose rule is named.
func TestLintAllows(t *testing.T) {
	c := load(t)
	for _, text := range []string{
		"",
		"不收、不送可能影响公正执行公务的礼品、礼金、消费卡券。",
		"严禁公款购买赠送月饼等节礼。",
		"正常亲友往来、自费聚会不受影响。",
		"提示内容避免千篇一律。",
		"两人一组开展检查，三人以上轮流值班。",
		"本次聚餐自费，不报销。",
		"接待对象在 10 人以内的，陪餐人数不得超过 3 人。依据：《党政机关国内公务接待管理规定》。",
		"依据《示例规定》，一律登记上交。",
		"Decline meals and trips that could affect your duties.",
		"Seeing friends and family at your own expense is of course fine.",
		"Dinners of more than ten are common in our canteen.",
		"Under the Regulations on Official Receptions, meals must not exceed three hosts without exception.",
	} {
		if found := c.Lint(text); found != nil {
			t.Errorf("%s: %+v", text, found)
		}
	}
}

// Findings stand in the order of the text and each names its explanation.
func TestLintOrder(t *testing.T) {
	c := load(t)
	got := c.Lint("三人以上不得聚餐，一律照办。")
	want := []content.Finding{
		{Rule: "headcount", Match: "三人以上不得聚餐", Explain: "lint.headcount"},
		{Rule: "gathering", Match: "不得聚餐", Explain: "lint.gathering"},
		{Rule: "absolute", Match: "一律", Explain: "lint.absolute"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, f := range got {
		if _, err := c.Catalogue().Text("en", f.Explain, map[string]any{"Match": f.Match}); err != nil {
			t.Error(err)
		}
	}
}

// A sentence of ordinary length is searched without surprise, whatever it is.
func FuzzLint(f *testing.F) {
	c := load(f)
	f.Add("千篇一律，一律")
	f.Add("\x00\xff一律")
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range c.Lint(text) {
			if found.Match == "" || found.Explain == "" {
				t.Fatalf("%+v", found)
			}
		}
	})
}
