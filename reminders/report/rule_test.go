package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// numbers makes values of "problems=3 fixed=2".
func numbers(text string) report.Values {
	values := report.Values{}
	for word := range strings.FieldsSeq(text) {
		var n int
		name, number, _ := strings.Cut(word, "=")
		if _, err := fmt.Sscan(number, &n); err != nil {
			panic(err)
		}
		values[name] = report.NumberOf(n)
	}
	return values
}

// Each row is a daily report and what the shipped rules ask about it. They ask about what
// is odd, and let alone what is merely left out.
func TestShippedRulesAsk(t *testing.T) {
	forms, _ := shipped(t)
	files := []reminders.File{{Hash: "x"}}
	for _, row := range []struct {
		name    string
		kind    report.Kind
		version report.Version
		context report.Context
		want    []string
	}{
		{"an ordinary day", report.Daily, report.Version{Values: numbers("groups=2 units=12 problems=3 fixed=2")}, report.Context{}, nil},
		{"nothing to report", report.Daily, report.Version{Nil: true}, report.Context{}, nil},
		{"more clues than problems", report.Daily, report.Version{Values: numbers("groups=1 units=2 problems=1 fixed=0 clues=2")}, report.Context{}, []string{"clues_within_problems"}},
		{"more mended than found", report.Daily, report.Version{Values: numbers("groups=1 units=2 problems=1 fixed=2")}, report.Context{}, []string{"fixed_within_problems"}},
		{"parts that make the whole", report.Daily, report.Version{Values: numbers("handled=5 educated=3 sanctioned=2")}, report.Context{}, nil},
		{"parts that do not", report.Daily, report.Version{Values: numbers("handled=5 educated=3 sanctioned=1")}, report.Context{}, []string{"handled_adds_up"}},
		{"a part left out counts nothing", report.Daily, report.Version{Values: numbers("handled=5 educated=3")}, report.Context{}, []string{"handled_adds_up"}},
		{"no parts are no contradiction", report.Daily, report.Version{Values: numbers("handled=5")}, report.Context{}, nil},
		{"problems out of nowhere", report.Daily, report.Version{Values: numbers("groups=0 units=0 problems=2 fixed=0")}, report.Context{}, []string{"problems_need_checks"}},
		{"problems from the hotline", report.Daily, report.Version{Values: numbers("groups=0 units=0 problems=2 fixed=0 hotline=2")}, report.Context{}, nil},
		{"units without a group", report.Daily, report.Version{Values: numbers("groups=0 units=2 problems=0 fixed=0")}, report.Context{}, []string{"checks_need_groups"}},
		{"a group of nobody", report.Daily, report.Version{Values: numbers("groups=3 persons=2 units=2")}, report.Context{}, []string{"persons_cover_groups"}},
		{"nothing, with a photo", report.Daily, report.Version{Nil: true, Files: files}, report.Context{}, []string{"nil_without_files"}},
		{"something, with a photo", report.Daily, report.Version{Values: numbers("groups=1 units=1 problems=0 fixed=0"), Files: files}, report.Context{}, nil},
		{"nothing, on the day of an incident", report.Daily, report.Version{Nil: true}, report.Context{Incidents: 1}, []string{"nil_without_incidents"}},
		{
			"three times last year's, and some", report.Daily,
			report.Version{Values: numbers("groups=1 units=20 problems=11 fixed=0")},
			report.Context{LastYear: map[string]int{"problems": 2}},
			nil,
		},
		{
			"more than that", report.Daily,
			report.Version{Values: numbers("groups=1 units=20 problems=12 fixed=0")},
			report.Context{LastYear: map[string]int{"problems": 2}},
			[]string{"problems_like_last_year"},
		},
		{
			"far more than on any day before", report.Daily,
			report.Version{Values: numbers("groups=1 units=20 problems=6 fixed=0")},
			report.Context{Earlier: map[string]int{"problems": 0}},
			[]string{"problems_like_earlier"},
		},
		{
			"a closing report as the dailies", report.Closing,
			report.Version{Values: numbers("problems=7 fixed=2")},
			report.Context{Dailies: map[string]int{"problems": 7, "fixed": 2}},
			nil,
		},
		{
			"a closing report of its own", report.Closing,
			report.Version{Values: numbers("problems=9 fixed=1")},
			report.Context{Dailies: map[string]int{"problems": 7, "fixed": 2}},
			[]string{"problems_as_reported", "fixed_as_reported"},
		},
		{"an incident is not measured", report.Incident, report.Version{}, report.Context{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var asked []string
			for _, q := range report.Evaluate(forms.Rules, row.kind, row.version, row.context) {
				asked = append(asked, q.Rule)
			}
			if diff := cmp.Diff(row.want, asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The question names the numbers that it is about.
func TestQuestionsNameNumbers(t *testing.T) {
	forms, _ := shipped(t)
	got := report.Evaluate(forms.Rules, report.Daily, report.Version{Values: numbers("handled=5 educated=3 sanctioned=1")}, report.Context{})
	want := reminders.Line("report.check.handled", reminders.Args{"Handled": reminders.Number(5), "Parts": reminders.Number(4)})
	if len(got) != 1 || cmp.Diff(want, got[0].Text) != "" {
		t.Errorf("%+v", got)
	}
}

// ruleOf makes a file with one rule over problems, fixed and clues.
func ruleOf(holds string) []byte {
	return fmt.Appendf(nil, "[[rule]]\nname = \"r\"\nforms = [\"daily\"]\nask = \"report.check.fixed\"\nholds = %q\n", holds)
}

// What expressions mean: the usual strength of operators, and what is unknown asks
// nothing unless the rest decides.
func TestExpressions(t *testing.T) {
	forms, _ := shipped(t)
	for _, row := range []struct {
		holds string
		asks  bool // with problems=3 fixed=2, nothing else known
	}{
		{"fixed <= problems", false},
		{"problems <= fixed", true},
		{"problems < 3", true},
		{"problems >= 3 and fixed != 3", false},
		{"problems == 3 or clues == 1", false},
		{"problems == 4 or clues == 1", false},           // clues is unknown
		{"problems == 4 and clues == 1", true},           // but one side decides
		{"not (problems == 3 and nil)", false},           // nil is known, and false
		{"not problems == 3", true},                      //
		{"fixed + 1 * 2 == 4", false},                    //
		{"(fixed + 1) * 2 == 6", false},                  //
		{"problems - fixed - 1 == 0", false},             // from the left
		{"problems + clues == 3", false},                 // what was left out adds nothing
		{"problems - clues == 3", false},                 // a difference does not
		{"problems - clues == 4", false},                 //
		{"clues > 0", false},                             //
		{"files == 0 and incidents == 0", false},         //
		{"3 * last_year.problems + 2 > problems", false}, // unknown, not 2
		{"last_year.problems > 0", false},                //
		{"nil", true},                                    //
	} {
		rules, err := report.ParseRules(ruleOf(row.holds), forms.Daily)
		if err != nil {
			t.Errorf("%s: %v", row.holds, err)
			continue
		}
		asked := report.Evaluate(rules, report.Daily, report.Version{Values: numbers("problems=3 fixed=2")}, report.Context{})
		if (len(asked) > 0) != row.asks {
			t.Errorf("%s asks %v", row.holds, asked)
		}
	}
}

// Expressions that mean nothing are refused when they are read.
func TestRulesFaults(t *testing.T) {
	forms, _ := shipped(t)
	for _, row := range []struct{ name, file, want string }{
		{"a number is no condition", string(ruleOf("problems + 1")), "is not what belongs here"},
		{"nothing", string(ruleOf("")), "ends too early"},
		{"unfinished", string(ruleOf("problems <=")), "ends too early"},
		{"left over", string(ruleOf("problems <= 3 4")), "left over"},
		{"a bracket open", string(ruleOf("(problems <= 3")), "not closed"},
		{"a sign that is none", string(ruleOf("problems ≤ 3")), "not understood"},
		{"an unknown field", string(ruleOf("trouble <= 3")), `no number "trouble"`},
		{"a field that is a text", string(ruleOf("matters <= 3")), `no number "matters"`},
		{"an unknown scope", string(ruleOf("next_year.problems <= 3")), "before a dot"},
		{"a scope alone", string(ruleOf("dailies <= 3")), "before a dot"},
		{"an operator for a name", string(ruleOf("problems <= and")), "stands where"},
		{"a sum of conditions", string(ruleOf("(problems > 1) + 2 > 3")), "+ does not join these"},
		{"a comparison of conditions", string(ruleOf("(problems > 1) == (fixed > 1)")), "compares numbers"},
		{"and between numbers", string(ruleOf("problems and fixed")), "and does not join these"},
		{"not of a number", string(ruleOf("not problems")), "not stands before"},
		{"too deep", string(ruleOf(strings.Repeat("not ", 40) + "nil")), "too deep"},
		{"too long", string(ruleOf(strings.Repeat("problems + ", 60) + "1 > 0")), "longer than"},
		{"an unknown form", strings.Replace(string(ruleOf("nil")), "daily", "weekly", 1), `no form "weekly"`},
		{"no form", strings.Replace(string(ruleOf("nil")), `"daily"`, "", 1), "forms: at least one"},
		{"a question that is no key", strings.Replace(string(ruleOf("nil")), "report.check.fixed", "Really?", 1), "ask:"},
		{"a rule twice", string(ruleOf("nil")) + string(ruleOf("nil")), "there twice"},
		{"an unknown member", string(ruleOf("nil")) + "blocks = true\n", "unknown field"},
		{"arguments that are conditions", string(ruleOf("nil")) + "args = { Fixed = \"nil\" }\n", "args.Fixed"},
		{"no TOML", "[[rule", "expected"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := report.ParseRules([]byte(row.file), forms.Daily)
			if reminders.KindOf(err) != reminders.Invalid || !strings.Contains(fmt.Sprint(err), row.want) {
				t.Errorf("%v\nwant %q", err, row.want)
			}
		})
	}
}

// No expression crashes the parser, and what it lets through can be worked out.
func FuzzRules(f *testing.F) {
	forms, _ := shipped(f)
	for _, seed := range []string{"fixed <= problems", "not (nil and files == 0) or clues > 1", "3 * last_year.problems + 5 > problems", "((((", "not not nil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, holds string) {
		rules, err := report.ParseRules(ruleOf(holds), forms.Daily)
		if err != nil {
			if reminders.KindOf(err) != reminders.Invalid {
				t.Error(err)
			}
			return
		}
		report.Evaluate(rules, report.Daily, report.Version{Values: numbers("problems=3")}, report.Context{})
		report.Evaluate(rules, report.Daily, report.Version{Nil: true}, report.Context{})
	})
}
