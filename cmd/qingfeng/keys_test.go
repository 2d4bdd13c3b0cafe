package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// endings are what the code puts behind a prefix to make a key, for every prefix
// that it does so with. A nil list means that the other package's own tests
// enumerate them.
func endings(t *testing.T, c *content.Content) map[string][]string {
	t.Helper()
	rules, err := c.File("guard.toml")
	if err != nil {
		t.Fatal(err)
	}
	guard, err := bot.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	festivals := append(texts(calendar.Festivals()...), "other")
	return map[string][]string{
		"menu.": {
			"help", "outstanding", "upcoming", "settings", "feedback", "unit", "status", "approve",
			"people", "invite", "office", "notice", "export", "report", "incident", "duty", "handover", "swap", "roster", "leave", "spotcheck", "theme", "cases", "case",
		},
		"kind.": texts(notice.Review, notice.UnitNotice, notice.Readiness, notice.HolidayReminder, notice.Chase,
			notice.Digest, notice.ClosingSummary, notice.CasePush, notice.Burden, notice.Announcement, notice.WorkPrompt,
			notice.CaseGuidance, notice.ThemeCard),
		"burden.part.":     burdenParts,
		"burden.rule.":     append(softRules(t, c), notice.ReasonUrgent, notice.RulePromptQuota),
		"casechat.group.":  {"F", "H"},
		"casechat.fault.":  {faultAddress, faultReach, faultStatus, faultGone, faultSize, faultType, faultForm},
		"casechat.state.":  {"draft", "waits", "returned", "held", "published", "expired", "withdrawn"},
		"casechat.stands.": {"draft", "returned", "expired", "source-gone", "source-changed"},
		"casechat.held.":   {casebook.SourceGone, casebook.SourceChanged},
		"casechat.why.":    {"no", "wd", "pass"},
		"casechat.ask.":    {"title", "source_url", "issuer", "issued", "category", "level", "festivals", "body", "names", "expires", "note", "title_en", "issuer_en", "body_en"},
		"casechat.field.":  {"title", "source_url", "issuer", "issued", "category", "level", "festivals", "body", "names", "expires", "title_en", "issuer_en", "body_en"},
		"role.":            texts(reminders.AllRoles()...),
		"theme.nth.":       {"1", "2", "3", "4"},
		"theme.state.":     texts(theme.States()...),
		"theme.form.":      texts(theme.Forms()...),
		"theme.finding.":   texts(theme.FindingStates()...),
		"theme.result.":    {theme.ResultOK, theme.ResultFinding},
		"theme.draft.":     theme.Fields(),
		"theme.field.":     theme.Fields(),
		"theme.move.": {
			"suggest", "suggest-days", "report", "report-for", "return", "return-days", "refer", "refer-day", "refer-to", "dismiss", "skip", "add",
		},
		"theme.column.": theme.Columns(),
		"case.field.":   {"title", "category", "level", "issued", "issuer", "source_url", "expires", "festivals", "body", "title_en", "issuer_en", "body_en"},
		"case.level.":   texts(casebook.Levels()...),
		"state.": texts(obligation.Open, obligation.Met, obligation.Late, obligation.Missed, obligation.Excused,
			obligation.Withdrawn),
		"ask.": append(texts(obligation.Missed, obligation.Excused, obligation.Withdrawn), "closed", "of"),
		"error.": texts(reminders.Invalid, reminders.NotFound, reminders.Conflict, reminders.Denied, reminders.Closed,
			reminders.Busy, reminders.Gone, reminders.Internal),
		"festival.":          festivals,
		"settings.language.": c.Catalogue().Languages(),
		"settings.leave.":    people.OptionalTopics(),
		"settings.join.":     people.OptionalTopics(),
		"group.bind.":        texts(people.GroupDone, people.GroupChanged, people.GroupAgain, people.GroupRefused),
		"people.bind.": texts(people.BindDone, people.BindMoved, people.BindAdmin, people.BindAgain, people.BindWrong,
			people.BindUsed, people.BindExpired, people.BindReplaced, people.BindVoid, people.BindTaken, people.BindWait),
		"people.reach.": append(texts(people.NeverBound, people.Blocked, people.Deactivated, people.ChatGone), "other"),
		"noticechat.state.": append(texts(notice.Drafting, notice.Awaiting, notice.SentBack, notice.Cleared, notice.Released, notice.Recalled,
			notice.Abandoned), "timed", "sent", "correcting", "orphan"),
		"fate.why.":            notice.Grounds(),
		"fate.label.":          notice.Grounds(),
		"noticechat.export.":   append(chatExports{}.Kinds(), "body", "making", "done", "file"),
		"noticechat.field.":    {"title", "pattern", "rule", "wrong", "right", "check"},
		"noticechat.help.":     {"title", "pattern", "rule", "wrong", "right", "check"},
		"noticechat.language.": c.Catalogue().Languages(),
		"guard.":               guard.Rules(),
		"token.":               texts(notice.ScopeDraft, notice.ScopeSend),
		"feedback.state.":      texts(feedback.Waiting, feedback.Answered, feedback.Over),
		"publication.kind.":    texts(notice.Announcement, notice.WorkPrompt, notice.CaseGuidance, notice.ThemeCard),
		"publication.number.":  texts(notice.WorkPrompt, notice.CaseGuidance),
		"publication.section.": {"pattern", "rule", "wrong", "right", "check"},
		"publication.problem.": {
			notice.RuleNoText, notice.RuleNoTitle, notice.RuleNoPattern, notice.RuleNoCases, notice.RuleNoAudience, notice.RuleNobody,
			notice.RuleNoDeadline, notice.RuleUnitsOnly, notice.RulePromptLength, notice.RulePromptQuota, notice.RuleNoNote,
			notice.RuleNotPublished,
		},
		"calendar.difference.": nil,
		"demo.stop.":           demoStops(t, c),
		"demo.why.":            demoStops(t, c),
		"demo.what.":           {duty.KindRosterDue, duty.KindTakeOver, report.KindDaily, report.KindClosing},
		"check.chain.":         nil,
		"check.index.":         nil,
		"cli.plan.":            nil,
		"watch.state.": append(texts(obligation.Open, obligation.Met, obligation.Late, obligation.Missed, obligation.Excused,
			obligation.Withdrawn), "none"),
		"watch.review.":    texts(report.Submitted, report.Returned, report.Accepted),
		"cli.verify.spot.": {spotHolds, spotSealed, spotUnseen, spotMismatch, spotUnordered},
		"cli.responsible.": {"unit", "who", "staff_no", "shift", "leader", "state"},
		"cli.unexplained.": {
			obligation.UnexplainedNoReason, obligation.UnexplainedNoNext, obligation.UnexplainedOverdue,
			obligation.UnexplainedMembers, obligation.UnexplainedForgotten,
		},
	}
}

// softRules are the rules of guard and lint that the head of the office may let pass, by
// the names that the monthly summary has texts for.
func softRules(t *testing.T, c *content.Content) (names []string) {
	t.Helper()
	for _, file := range []string{"guard.toml", "lint.toml"} {
		text, err := c.File(file)
		if err != nil {
			t.Fatal(err)
		}
		var rules struct {
			Soft []struct{ Name string } `toml:"soft"`
			Rule []struct{ ID string }   `toml:"rule"`
		}
		if err := toml.Unmarshal(text, &rules); err != nil {
			t.Fatal(err)
		}
		before := len(names)
		for _, r := range rules.Soft {
			names = append(names, r.Name)
		}
		for _, r := range rules.Rule {
			names = append(names, r.ID)
		}
		if len(names) == before {
			t.Fatalf("%s has no rules that can be let pass", file)
		}
	}
	return names
}

// texts gives named words as plain ones.
func texts[T ~string](words ...T) []string {
	plain := make([]string, len(words))
	for i, word := range words {
		plain[i] = string(word)
	}
	return plain
}

// keyShape is what a key of the catalogue looks like.
var keyShape = regexp.MustCompile(`^[a-z]+(?:[.-][a-z0-9_-]+)*\.[a-z0-9_-]+$`)

// fileName is what looks like a key and is the name of a file.
var fileName = regexp.MustCompile(`\.(?:csv|xlsx|json|ics|db|toml)$`)

// completedLater are texts whose arguments the code completes after the call.
var completedLater = []string{"why.single"}

// uses is what the code wants of the catalogue.
type uses struct {
	keys     map[string]string   // key -> one place
	prefixes map[string]string   // "menu." -> one place
	args     map[string][]string // "place key" -> names of arguments given
}

// The code may say only what the catalogue has words for, in every language, and
// must bring what those words want.
func TestEveryKeyHasItsText(t *testing.T) {
	c, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	k := c.Catalogue()
	areas := map[string]bool{}
	for _, key := range k.Keys(content.DefaultLanguage) {
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	found := usesOf(t, areas)
	for prefix, list := range endings(t, c) {
		for _, ending := range list {
			found.keys[prefix+ending] = "prefix " + prefix
		}
	}
	for prefix, place := range found.prefixes {
		if _, known := endings(t, c)[prefix]; !known {
			t.Errorf("%s makes keys of %q, whose endings this test does not know", place, prefix)
		}
	}
	for _, lang := range k.Languages() {
		has := k.Keys(lang)
		for _, key := range slices.Sorted(maps.Keys(found.keys)) {
			if _, there := slices.BinarySearch(has, key); !there {
				t.Errorf("%s: %q has no text in %s", found.keys[key], key, lang)
			}
		}
		for call, given := range found.args {
			place, key, _ := strings.Cut(call, " ")
			if diff := cmp.Diff(k.Placeholders(lang, key), given); diff != "" && k.Has(key) && !slices.Contains(completedLater, key) {
				t.Errorf("%s: arguments of %q (-text in %s +code):\n%s", place, key, lang, diff)
			}
		}
	}
	if len(found.keys) < 150 || len(found.args) < 60 {
		t.Errorf("only %d keys and %d calls were found: does this test still see the code?", len(found.keys), len(found.args))
	}
}

// usesOf reads the code of the program.
func usesOf(t *testing.T, areas map[string]bool) uses {
	t.Helper()
	u := uses{keys: map[string]string{}, prefixes: map[string]string{}, args: map[string][]string{}}
	root := filepath.Join("..", "..")
	for _, dir := range []string{"bot", "reminders", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.Name() == "sandbox" && entry.IsDir() {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			u.read(file, areas, func(n ast.Node) string {
				at := files.Position(n.Pos())
				name, _ := filepath.Rel(root, at.Filename)
				return filepath.ToSlash(name) + ":" + strconv.Itoa(at.Line)
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// read collects what one file uses. A text that looks like a key of an area of the
// catalogue is one, unless it names an operation for errors.
func (u uses) read(file *ast.File, areas map[string]bool, place func(ast.Node) string) {
	operations := map[ast.Expr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			u.call(n, operations, place)
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok && (name.Name == "Op" || name.Name == "Object" || name.Name == "Reason") {
				operations[n.Value] = true
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name.Name == "op" && i < len(n.Values) {
					operations[n.Values[i]] = true
				}
			}
		case *ast.BinaryExpr:
			if prefix, ok := literal(n.X); ok && strings.HasSuffix(prefix, ".") && areas[strings.SplitN(prefix, ".", 2)[0]] && !operations[n] {
				u.prefixes[prefix] = place(n)
			}
		case *ast.BasicLit:
			key, ok := literal(n)
			area, _, _ := strings.Cut(key, ".")
			if ok && !operations[n] && areas[area] && keyShape.MatchString(key) && !fileName.MatchString(key) {
				u.keys[key] = place(n)
			}
		}
		return true
	})
}

// call notes the operations that a call names, and the arguments that it gives a
// text.
func (u uses) call(call *ast.CallExpr, operations map[ast.Expr]bool, place func(ast.Node) string) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at := 0
	switch name {
	case "Fail":
		if len(call.Args) > 1 {
			operations[call.Args[1]] = true
		}
		at = 2
	case "Line", "Say":
	case "Text", "Number", "Setting", "SaveSetting", "Append", "File": // no keys: names of settings and files
		for _, arg := range call.Args {
			operations[arg] = true
		}
		return
	default:
		for _, arg := range call.Args {
			operations[arg] = operations[arg] || takesOperation[name]
		}
		return
	}
	if len(call.Args) < at+2 {
		return
	}
	key, ok := literal(call.Args[at])
	args, composite := call.Args[at+1].(*ast.CompositeLit)
	if !ok || !composite {
		return
	}
	var given []string
	for _, element := range args.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if name, ok := literal(pair.Key); ok {
				given = append(given, name)
			}
		}
	}
	slices.Sort(given)
	u.args[place(call)+" "+key] = given
}

// takesOperation names the functions that are told which operation they are for.
var takesOperation = map[string]bool{
	"Wrap": true, "Internalf": true, "find": true, "busy": true, "problem": true, "refusedToken": true, "ErrClosed": true,
	"note": true, "standing": true,
}

// literal gives the text of a string literal.
func literal(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}
