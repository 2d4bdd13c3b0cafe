package content_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/qingfeng-bot/qingfeng/content"
)

// The gate of all texts of the project, whoever wrote them.
func TestTextsAreFit(t *testing.T) {
	for _, problem := range load(t).Check() {
		t.Error(problem)
	}
}

// Every text executes in every language for every plural, leaves no gap and
// stays short enough for one message.
func TestTextsExecute(t *testing.T) {
	k := load(t).Catalogue()
	for _, lang := range k.Languages() {
		for _, key := range k.Keys(lang) {
			for _, count := range []int{0, 1, 2, 5, 21} {
				text, err := k.Text(lang, key, sampleArgs(k.Placeholders(lang, key), count))
				if err != nil || text == "" {
					t.Errorf("%s in %s: %q, %v", key, lang, text, err)
				}
				if strings.Contains(text, "no value") || strings.Contains(text, "{{") {
					t.Errorf("%s in %s has a gap: %s", key, lang, text)
				}
				if len(utf16.Encode([]rune(text))) > content.MaxText {
					t.Errorf("%s in %s is too long", key, lang)
				}
			}
		}
	}
}

// sampleArgs gives every placeholder a value.
func sampleArgs(names []string, count int) map[string]any {
	args := map[string]any{}
	for _, name := range names {
		args[name] = "样例"
		if name == "Count" {
			args[name] = count
		}
	}
	return args
}

// Each row breaks one rule of the house.
func TestCheckFinds(t *testing.T) {
	for name, row := range map[string]struct{ zh, en, rule string }{
		"text in one language only":       {`"x.a" = "好"`, ``, "missing"},
		"text that Chinese lacks":         {``, `"x.a" = "fine"`, "missing"},
		"placeholder in one language":     {`"x.a" = "{{.A}}"`, `"x.a" = "{{.B}}"`, "placeholders"},
		"no plural for one":               {`"x.a" = "{{.Count}} 项"`, `"x.a" = "{{.Count}} things"`, "plural"},
		"too long":                        {`"x.a" = "` + strings.Repeat("长", 4097) + `"`, `"x.a" = "long"`, "length"},
		"only space":                      {`"x.a" = " "`, `"x.a" = "a"`, "unfinished"},
		"tag not closed":                  {`"x.a" = "<b>好"`, `"x.a" = "fine"`, "html"},
		"tags crossed":                    {`"x.a" = "<b><i>好</b></i>"`, `"x.a" = "fine"`, "html"},
		"closing alone":                   {`"x.a" = "好</b>"`, `"x.a" = "fine"`, "html"},
		"tag of the web":                  {`"x.a" = "<div>好</div>"`, `"x.a" = "fine"`, "html"},
		"tag in capitals":                 {`"x.a" = "<B>好</B>"`, `"x.a" = "fine"`, "html"},
		"attribute":                       {`"x.a" = "<b onclick=\"x\">好</b>"`, `"x.a" = "fine"`, "html"},
		"link without address":            {`"x.a" = "<a>好</a>"`, `"x.a" = "<a name=\"x\">fine</a>"`, "html"},
		"loose bracket":                   {`"x.a" = "5 < 6"`, `"x.a" = "fine"`, "html"},
		"loose ampersand":                 {`"x.a" = "好"`, `"x.a" = "you & me"`, "html"},
		"exclamation mark":                {`"x.a" = "好！"`, `"x.a" = "fine"`, "tone"},
		"exclamation mark in English":     {`"x.a" = "好"`, `"x.a" = "Fine!"`, "tone"},
		"familiar address":                {`"x.a" = "亲，请点一下"`, `"x.a" = "fine"`, "tone"},
		"familiar address within":         {`"x.a" = "您好，亲爱的同事"`, `"x.a" = "fine"`, "tone"},
		"emoji":                           {`"x.a" = "好 🎉"`, `"x.a" = "fine"`, "emoji"},
		"unfinished":                      {`"x.a" = "TODO"`, `"x.a" = "fine"`, "unfinished"},
		"stricter than any rule":          {`"x.a" = "节日期间不得聚餐"`, `"x.a" = "fine"`, "wording"},
		"stricter than any rule, English": {`"x.a" = "好"`, `"x.a" = "Under no circumstances dine out"`, "wording"},
	} {
		t.Run(name, func(t *testing.T) {
			c := loadOver(t, map[string]string{"locales/x.zh-Hans.toml": row.zh, "locales/x.en.toml": row.en})
			found := slices.ContainsFunc(c.Check(), func(p content.Problem) bool {
				return p.Key == "x.a" && p.Rule == row.rule
			})
			if !found {
				t.Errorf("%s not found", row.rule)
			}
		})
	}
}

// Each row looks like a fault and is none.
func TestCheckAllows(t *testing.T) {
	for name, row := range map[string]struct{ zh, en string }{
		"relatives and friends": {`"x.a" = "正常亲友往来、走亲访友不受影响"`, `"x.a" = "fine"`},
		"all tags":              {`"x.a" = "<b><i>a</i></b><u>b</u><s>c</s><code>d</code><pre>e</pre><blockquote>f</blockquote>"`, `"x.a" = "fine"`},
		"link":                  {`"x.a" = "<a href=\"{{.Link}}\">来源</a>"`, `"x.a" = "<a href=\"{{.Link}}\">source</a>"`},
		"entities":              {`"x.a" = "5 &lt; 6 &amp; 7"`, `"x.a" = "5 &lt; 6 &#38; 7"`},
		"plural":                {`"x.a" = "{{.Count}} 项"`, "[\"x.a\"]\none = \"one\"\nother = \"{{.Count}} things\""},
		"exactly one message":   {`"x.a" = "` + strings.Repeat("长", 4096) + `"`, `"x.a" = "long"`},
	} {
		t.Run(name, func(t *testing.T) {
			c := loadOver(t, map[string]string{"locales/x.zh-Hans.toml": row.zh, "locales/x.en.toml": row.en})
			for _, p := range c.Check() {
				if p.Key == "x.a" {
					t.Error(p)
				}
			}
		})
	}
}
