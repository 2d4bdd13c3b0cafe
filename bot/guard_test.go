package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The rules that ship are what the wire asks about every text.
var _ wire.Guard = (*bot.Guard)(nil).Redact

func shippedGuard(t testing.TB) *bot.Guard {
	t.Helper()
	file, err := os.ReadFile("../content/guard.toml")
	if err != nil {
		t.Fatal(err)
	}
	guard, err := bot.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return guard
}

// The numbers are invented: the region code 990101 belongs to no place.
func TestGuardHard(t *testing.T) {
	guard := shippedGuard(t)
	cases := []struct {
		name, text, rule string
	}{
		{"mark with star and term", "机密★10年", "classification-mark"},
		{"mark with star only", "本件为秘密★，请勿外传", "classification-mark"},
		{"top secret, long term", "绝密★长期", "classification-mark"},
		{"blanks inside", "秘 密 ★ 5 年", "classification-mark"},
		{"typed asterisk", "秘密*10年", "classification-mark"},
		{"full-width asterisk and digits", "秘密＊１０年", "classification-mark"},
		{"emoji star", "机密⭐️6个月", "classification-mark"},
		{"traditional characters", "機密★5年", "classification-mark"},
		{"invisible characters between", "机\u200b密★10年", "classification-mark"},
		{"in brackets", "【机密】关于某项工作的报告", "classification-mark"},
		{"after the word for level", "密级：秘密", "classification-mark"},
		{"alone on a line", "机密\n关于某项工作的报告", "classification-mark"},
		{"alone on a line with its term", "报告\n秘密 10年\n正文", "classification-mark"},
		{"work secret", "工作秘密★3年", "classification-mark"},
		{"identity number", "身份证 990101199003070015", "identity-number"},
		{"check character X", "99010119900307004X", "identity-number"},
		{"small x", "号码99010119900307004x。", "identity-number"},
		{"in groups", "990101 19900307 0015", "identity-number"},
		{"full-width digits", "９９０１０１１９９００３０７００１５", "identity-number"},
		{"after another number", "2026 990101199003070015", "identity-number"},
		{"after six digits and a blank", "123456 990101199003070015", "identity-number"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clean, hits := guard.Redact(c.text)
			if diff := cmp.Diff([]string{c.rule}, hits); diff != "" {
				t.Fatalf("hits (-want +got):\n%s", diff)
			}
			if want := "⟦guard:" + c.rule + "⟧"; clean != want {
				t.Errorf("clean = %q, want %q: nothing of the text may remain", clean, want)
			}
			if got, ok := bot.Redacted(clean); !ok || !cmp.Equal(got, hits) {
				t.Errorf("Redacted(%q) = %v, %v", clean, got, ok)
			}
		})
	}
}

// Ordinary words and numbers stay: a false alarm costs the trust of the office.
func TestGuardLeavesOrdinaryText(t *testing.T) {
	guard := shippedGuard(t)
	for _, text := range []string{
		"", "请注意保密", "这份材料的机密性要求较高", "秘密武器", "这个秘密10年后才公开", "涉密人员管理", "保密期限10年",
		"商业秘密保护培训", "★重点工作", "保守国家秘密，人人有责", "国家秘密分为绝密、机密、秘密三级", "秘密级文件请走内网",
		"990101199003070018",   // wrong check character
		"990101199002300019",   // there is no 30 February
		"9901011990030700150",  // 19 digits
		"19901011990030700150", // inside a longer number
		"督办〔2026〕17号", "20261001", "订单 202610010001", "2026-10-01 08:00",
		"⟦guard:identity-number⟧", // what was replaced once is not replaced again
	} {
		if clean, hits := guard.Redact(text); clean != text || hits != nil {
			t.Errorf("Redact(%q) = %q, %v; want the text and no hits", text, clean, hits)
		}
	}
}

func TestGuardSoft(t *testing.T) {
	guard := shippedGuard(t)
	cases := []struct {
		name, text string
		want       []string
	}{
		{"mobile number", "联系 13900000001", []string{"mobile-number"}},
		{"in groups", "139 0000 0001", []string{"mobile-number"}},
		{"with the country", "+86 139-0000-0001", []string{"mobile-number"}},
		{"without a blank after the country", "8613900000001是号码，+8613900000001", []string{"mobile-number"}},
		{"bank card", "卡号 6200 0000 0000 0000 000", []string{"bank-card"}},
		{"sixteen digits", "6200000000000005", []string{"bank-card"}},
		{"name, then investigation", "对张某某立案审查", []string{"open-investigation"}},
		{"name under detention", "李四已被留置", []string{"open-investigation"}},
		{"informant named", "举报人：王五", []string{"open-investigation"}},
		{"informant named without a colon", "举报人是赵六同志", []string{"open-investigation"}},
		{"lead about a name", "向孙七的问题线索核查组报告", []string{"open-investigation"}},
		{"double surname", "拟对欧阳某谈话函询", []string{"open-investigation"}},
		{"lead that concerns a name", "线索反映陈某违规", []string{"open-investigation"}},
		{"two rules", "王五被留置，电话13900000001", []string{"mobile-number", "open-investigation"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, guard.Soft(c.text)); diff != "" {
				t.Errorf("Soft(%q) (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestGuardSoftLeavesOrdinaryText(t *testing.T) {
	guard := shippedGuard(t)
	for _, text := range []string{
		"监督举报：12388", "电话 010-12345678", "12345678901", "113900000001", "139000000012",
		"6200000000000006",     // wrong check digit
		"62000000000000050000", // 20 digits
		"问题线索移送", "立案审查调查程序", "线索处置方案", "任何线索都可以反映", "高质量线索", "关于是否立案的请示",
		"举报人信息要严格保护", "留置措施", "谈话函询工作规则", "初核方案", "对举报人的保护", "王五同志值班", "张三 已阅",
		"立案程序", "各方面问题线索", "周三前报送线索台账",
	} {
		if hits := guard.Soft(text); hits != nil {
			t.Errorf("Soft(%q) = %v, want none", text, hits)
		}
	}
}

// All that the program itself says passes its own guard.
func TestGuardPassesOwnTexts(t *testing.T) {
	guard := shippedGuard(t)
	files, err := filepath.Glob("../content/locales/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no locale files: %v", err)
	}
	texts := 0
	for _, file := range files {
		var tree map[string]any
		if _, err := toml.DecodeFile(file, &tree); err != nil {
			t.Logf("%s: not readable now: %v", filepath.Base(file), err)
			continue
		}
		each(tree, func(text string) {
			texts++
			if _, hits := guard.Redact(text); hits != nil {
				t.Errorf("%s: %v in %q", filepath.Base(file), hits, text)
			}
			if hits := guard.Soft(text); hits != nil {
				t.Errorf("%s: %v in %q", filepath.Base(file), hits, text)
			}
		})
	}
	if texts < 10 {
		t.Errorf("only %d texts were looked at", texts)
	}
}

func each(value any, visit func(string)) {
	switch v := value.(type) {
	case string:
		visit(v)
	case map[string]any:
		for _, inner := range v {
			each(inner, visit)
		}
	case []any:
		for _, inner := range v {
			each(inner, visit)
		}
	}
}

// Every rule has its refusal in both languages.
func TestGuardRefusals(t *testing.T) {
	guard := shippedGuard(t)
	for _, language := range []string{"zh-Hans", "en"} {
		var texts map[string]any
		if _, err := toml.DecodeFile("../content/locales/guard."+language+".toml", &texts); err != nil {
			t.Fatal(err)
		}
		for _, rule := range guard.Rules() {
			if _, ok := texts[bot.Refusal(rule).Key]; !ok {
				t.Errorf("%s: no text for rule %s", language, rule)
			}
		}
	}
}

func TestRedactedRefusesOrdinaryText(t *testing.T) {
	for _, text := range []string{"", "guard:x", "⟦guard:⟧", "⟦guard:X⟧", "⟦guard:a", "⟦guard:a⟧ and more", "⟦guard:a,⟧"} {
		if hits, ok := bot.Redacted(text); ok {
			t.Errorf("Redacted(%q) = %v, true", text, hits)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for name, file := range map[string]string{
		"no TOML":         "[[hard",
		"nothing":         "",
		"only soft rules": "[[soft]]\nname='a'\npatterns=['x']",
		"unknown key":     "[[hard]]\nname='a'\npatterns=['x']\nwords=['y']",
		"unknown check":   "[[hard]]\nname='a'\npatterns=['x']\ncheck='y'",
		"unknown part":    "[[hard]]\nname='a'\npatterns=['{{y}}']",
		"bad pattern":     "[[hard]]\nname='a'\npatterns=['(']",
		"bad name":        "[[hard]]\nname='A b'\npatterns=['x']",
		"no patterns":     "[[hard]]\nname='a'",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bot.Compile([]byte(file))
			if reminders.KindOf(err) != reminders.Invalid || err == nil {
				t.Errorf("Compile: %v, want an Invalid error", err)
			}
		})
	}
}

func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"机密★10年", "99010119900307004X", "13900000001 举报人：王五", "\xff秘密★", "６２００ 0000"} {
		f.Add(seed)
	}
	guard := shippedGuard(f)
	f.Fuzz(func(t *testing.T, text string) {
		clean, hits := guard.Redact(text)
		if (len(hits) == 0) != (clean == text) {
			t.Fatalf("Redact(%q) = %q, %v", text, clean, hits)
		}
		if again, more := guard.Redact(clean); again != clean || more != nil {
			t.Fatalf("what was replaced is replaced again: %q, %v", again, more)
		}
		if strings.Contains(clean, "\n") && len(hits) > 0 {
			t.Fatalf("something of the text remains: %q", clean)
		}
		guard.Soft(text)
	})
}
