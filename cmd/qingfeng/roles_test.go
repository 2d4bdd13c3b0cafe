package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The table of the contract page, written down once more and independently of the
// program: who may use which command, and which button on which object. Every
// other combination refuses with one fixed text and leaves the store as it was.

// parts are those whom the table knows, by the staff number that plays them.
var parts = []struct {
	role string
	id   reminders.PersonID
}{
	{"official", "P1"},
	{"liaison", "L1"},
	{"leader", "B1"},
	{"staff", "S2"},
	{"head", "S1"},
	{"admin", "A1"},
	{"auditor", "U1"},
	{"retired", "R1"},
	{"stranger", "X1"},
	{"shift", "D1"},  // on a shift of the next weeks, without a role
	{"backup", "D2"}, // backup on it
	{"asked", "D3"},  // asked to swap, on no shift
}

const (
	enrolled  = "official liaison leader staff head admin auditor shift backup asked"
	overseers = "staff head auditor"
)

// commandRole and buttonRole are rows of the tables.
type (
	commandRole struct{ command, roles string }
	buttonRole  struct{ verb, object, roles string }
)

// commandRoles is the table of commands.
var commandRoles = []commandRole{
	{"/start", enrolled},
	{"/help", enrolled},
	{"/outstanding", enrolled},
	{"/upcoming", enrolled},
	{"/settings", enrolled},
	{"/feedback", enrolled},
	{"/feedback 字小了", enrolled},
	{"/unit", "liaison leader"},
	{"/status", overseers},
	{"/approve", "staff head"},
	{"/people", "admin"},
	{"/people P2", "admin"},
	{"/invite", "admin"},
	{"/invite P2", "admin"},
	{"/invite 样例局", "admin"},
	{"/office", "admin"},
	{"/office number feedback/2026 9", "admin"},
}

// buttonRoles is the table of buttons. In an object REVIEW, DRAFT, NOTICE and
// REMINDER stand for the handles of the scene, OWN for the unit of liaison and
// leader, OTHER for another unit.
var buttonRoles = []buttonRole{
	{"lang", "en", enrolled},
	{"lang", "zh-Hans", enrolled},
	{"topic", "theme", enrolled},
	{"page", "group", "liaison"},
	{"page", "group-code", "liaison"},
	{"page", "group-drop", "liaison"},
	{"cancel", "feedback", enrolled},
	{"open", "opinions", "staff head"},
	{"page", "opinions-1", "staff head"},
	{"ack", "NOTICE.OWN", "liaison"},
	{"undo", "NOTICE.OWN", "liaison"},
	{"ack", "NOTICE.OTHER", ""},
	{"undo", "NOTICE.OTHER", ""},
	{"open", "board", overseers},
	{"page", "board", overseers},
	{"open", "unreachable", overseers},
	{"page", "unreachable-1", overseers},
	{"open", "unit", "liaison leader"},
	{"page", "NOTICE", "liaison leader " + overseers},
	{"page", "NOTICE-1", "liaison leader " + overseers},
	{"open", "NOTICE.OWN", "liaison leader " + overseers},
	{"page", "NOTICE.OTHER", overseers},
	{"open", "sending.NOTICE", overseers},
	{"page", "sending.NOTICE", overseers},
	{"pause", "NOTICE", "staff head"},
	{"resume", "NOTICE", "staff head"},
	{"stop", "NOTICE", "staff head"},
	{"stop", "sure.NOTICE", "staff head"},
	{"waive", "NOTICE.OTHER", "staff head"},
	{"waive", "sure.NOTICE.OTHER", "staff head"},
	{"keep", "REVIEW", "staff head"},
	{"change", "REVIEW", "staff head"},
	{"approve", "DRAFT", "staff head"},
	{"reject", "DRAFT", "staff head"},
	{"chase", "REMINDER.OWN", "liaison staff head"},
	{"chase", "REMINDER.OTHER", "staff head"},
	{"ack", "REMINDER", enrolled},
	{"undo", "REMINDER", enrolled},
	{"page", "watch-2026-10-01", "liaison leader " + overseers},
	{"page", "days-2026-10-01.OWN", "liaison leader " + overseers},
	{"page", "days-2026-10-01.OTHER", overseers},
	{"page", "day-2026-10-03.OWN", "liaison leader " + overseers},
	{"page", "day-2026-10-03.OTHER", overseers},
	{"page", "served-2026-10-01.OWN", "liaison"},
	{"page", "served-2026-10-01.OTHER", ""},
	{"import", "file", "liaison staff head admin"},
	{"confirm", "approval.on", "admin"},
	{"confirm", "approval.off", "admin"},
	{"confirm", "year.2027", "admin"},
	{"confirm", "leave.P2", "admin"},
	{"confirm", "retire.P2", "admin"},
	{"confirm", "restore.skip", "admin"},
	{"confirm", "restore.send", "admin"},
}

// intakeKeys are the records that every update leaves behind, whatever it does.
var intakeKeys = []string{"inbox/", "seen/", "seen-at/", "offset", "receipt/answer/", "delivery/answer/", "due/0/", "alive", "up", "life/beat"}

// The fixed texts of refusal.
const (
	notYours   = "您的角色不能使用这个命令。可用的命令见 /help。"
	notDecider = "批准和退回由室里的同志办理，您不用处理，稿件没有变化。有意见的，请直接告诉起草的同志。"
	denied     = "您的角色不能办理这一项。如需办理，请联系本单位联络员。"
	notFound   = "没有找到这一项，可能已经撤回。请用 /outstanding 查看您的待办。"
	unenrolled = "您好，这里是单位内部的提醒服务。您还没有登记，请向本单位联络员索取邀请链接。"
)

// playRole plays one part of the table in an office where something is open for
// everyone, a draft waits and a unit notice has gone out.
func playRole(t *testing.T, story func(s *scene, name func(object string) string)) {
	t.Helper()
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town+"S4,孔四方,监督室,主任科员,staff,zh-Hans\nR1,退示例,样例局,科员,official,zh-Hans\n"+onRoster, "P5")
		s.phones["X1"] = s.server.Person(6999, "路人", "zh-hans")
		s.types("X1", "/start")
		s.types("A1", "/people R1")
		s.tap("A1", "办理离岗")
		s.tap("A1", "确认离岗")
		s.rosterOfRoles()
		s.until("2026-09-11 09:00")
		s.tap("S4", "修改")
		s.types("S4", "节日将至，请守住底线。")
		s.until("2026-09-18 09:00")
		units := map[string]reminders.UnitID{}
		for _, unit := range listOf[reminders.Unit](s, "unit/") {
			units[unit.Name] = unit.ID
		}
		block := "2026-mid-autumn+national-day"
		handle := func(id string) string { return string(obligation.HandleOf(obligation.TermsID(id))) }
		waiting, sent := s.publicationsOfRoles()
		names := strings.NewReplacer(
			"PUBLICATION", waiting, "SENT", sent,
			"REVIEW", handle(block+"/review"), "NOTICE", handle(block+"/unit-notice"),
			"REMINDER", handle(block+"/holiday-reminder"),
			"DRAFT", notice.Draft{ID: block + "/zh-Hans"}.Handle(),
			"SHIFT", string(units["样例局"])+"/20261001T0800", "SWAP", s.swapOfRoles(), "ROSTER", handle("2026-national-day/roster-due"),
			"CASE", casebook.HandleOf("sample-01"), "OWN", string(units["样例局"]), "OTHER", string(units["示例委"]),
		)
		story(s, names.Replace)
		s.balanced()
	})
}

func allowed(roles, role string) bool { return slices.Contains(strings.Fields(roles), role) }

// unchanged fails if the records differ from those before, the ones with these
// prefixes left aside.
func (s *scene) unchanged(what string, before map[string]string, without ...string) {
	s.t.Helper()
	after := s.dump(slices.Concat(intakeKeys, without)...)
	if maps.Equal(before, after) {
		return
	}
	var keys []string
	for key, value := range after {
		if before[key] != value {
			keys = append(keys, key)
		}
	}
	for key := range before {
		if _, stays := after[key]; !stays {
			keys = append(keys, "-"+key)
		}
	}
	slices.Sort(keys)
	s.t.Errorf("%s changed the records %v", what, keys)
}

func TestCommandsByRole(t *testing.T) {
	for _, part := range parts {
		t.Run(part.role, func(t *testing.T) {
			playRole(t, func(s *scene, _ func(string) string) {
				refusal := notYours
				if part.role == "stranger" || part.role == "retired" {
					refusal = unenrolled
				}
				for _, row := range slices.Concat(commandRoles, dutyCommandRoles, reportCommandRoles, publishCommandRoles, caseCommandRoles, themeCommandRoles) {
					before, records := s.received(part.id), s.dump(intakeKeys...)
					s.types(part.id, row.command)
					if s.received(part.id) == before {
						t.Errorf("%s was not answered", row.command)
					}
					got := s.last(part.id)
					if allowed(row.roles, part.role) {
						if got.Text == refusal || got.Text == denied || strings.Contains(got.Text, "抱歉") {
							t.Errorf("%s is allowed and answers %q", row.command, got.Text)
						}
						continue
					}
					if got.Text != refusal || len(got.Buttons) > 0 {
						t.Errorf("%s is not allowed and answers %q", row.command, got.Text)
					}
					s.unchanged(row.command, records)
				}
			})
		})
	}
}

// The buttons are tapped with data that is sealed for whoever taps: as if the
// person had been shown them, or had kept them from an earlier role.
func TestButtonsByRole(t *testing.T) {
	for _, part := range parts {
		t.Run(part.role, func(t *testing.T) {
			playRole(t, func(s *scene, name func(string) string) {
				for _, row := range slices.Concat(buttonRoles, dutyButtonRoles, reportButtonRoles, publishButtonRoles, caseButtonRoles, themeButtonRoles) {
					if strings.HasPrefix(row.object, "REMINDER") {
						s.until("2026-09-22 09:00")
					}
					s.button(part.id, part.role, row.verb, name(row.object), allowed(row.roles, part.role))
				}
			})
		})
	}
}

// button taps a button of the table and judges the answer.
func (s *scene) button(id reminders.PersonID, role, verb, object string, may bool) {
	s.t.Helper()
	what := fmt.Sprintf("[%s:%s]", verb, object)
	data, err := s.live.bot.Codec.Encode(verb, object, id)
	if err != nil {
		s.t.Fatal(err)
	}
	before, taps := s.dump(intakeKeys...), len(s.phone(id).Toasts())
	texts := s.seen(id)
	if _, err := s.phone(id).Tap(s.last(id).ID, data); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	if len(s.phone(id).Toasts()) != taps+1 {
		s.t.Fatalf("%s was answered %d times", what, len(s.phone(id).Toasts())-taps)
	}
	got := s.toast(id)
	refusals := []string{denied, notDecider}
	if role == "stranger" || role == "retired" {
		refusals = []string{unenrolled}
	}
	if may {
		if slices.Contains(append(refusals, notFound), got.Text) || strings.Contains(got.Text, "抱歉") {
			s.t.Errorf("%s is allowed and answers %q", what, got.Text)
		}
		return
	}
	if !got.Alert || !slices.Contains(refusals, got.Text) {
		s.t.Errorf("%s is not allowed and answers %q", what, got.Text)
	}
	if diff := cmp.Diff(texts, s.seen(id)); diff != "" {
		s.t.Errorf("%s is not allowed and shows (-before +after):\n%s", what, diff)
	}
	s.unchanged(what, before)
}

// Data of buttons that is forged, somebody else's or no data at all changes
// nothing and says so.
func TestButtonDataThatIsNotOurs(t *testing.T) {
	const foreign = "这个按钮不是发给您的，或者已经失效。请用 /outstanding 查看您的待办。"
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-22 09:00")
		own := s.last("P1").Buttons[0][0].Data
		other := s.last("P2").Buttons[0][0].Data
		verb, rest, _ := strings.Cut(own, ":")
		object, seal, _ := strings.Cut(rest, ":")
		last := map[bool]string{true: "B", false: "A"}[strings.HasSuffix(seal, "A")]
		for name, data := range map[string]string{
			"somebody else's":     other,
			"another verb":        "undo:" + object + ":" + seal,
			"another object":      verb + ":" + object[:len(object)-1] + "z:" + seal,
			"another seal":        verb + ":" + object + ":" + seal[:len(seal)-1] + last,
			"empty seal":          verb + ":" + object + ":",
			"no seal":             verb + ":" + object,
			"one part more":       own + ":x",
			"nothing":             " ",
			"only colons":         "::",
			"unknown verb":        "rule:" + object + ":" + seal,
			"not ASCII":           "ack:中秋:" + seal,
			"over 64 bytes":       verb + ":" + strings.Repeat("a", 60) + ":" + seal,
			"far over 64 bytes":   strings.Repeat("ack:", 2000),
			"looks like an order": "retire.P2",
		} {
			before := s.dump(intakeKeys...)
			if _, err := s.phone("P1").Tap(s.last("P1").ID, data); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.settle()
			if got := s.toast("P1"); got.Text != foreign || !got.Alert {
				t.Errorf("%s: answered %q", name, got.Text)
			}
			s.unchanged(name, before)
		}
		s.balanced()
	})
}

// The same tap twice has the effect of once: two taps before the message changed,
// the same update delivered again, and a tap on what was decided long ago.
func TestButtonsTappedAgain(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-11 09:00")
		s.tap("S2", "修改")
		s.types("S2", "节日将至，请守住底线。")
		s.types("S3", "/approve")
		page := s.last("S3")
		s.tap("S3", "通过")
		before := s.dump(intakeKeys...)
		for _, b := range page.Buttons[0] { // stale: approve and reject once more
			if _, err := s.phone("S3").Tap(page.ID, b.Data); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if got := s.toast("S3").Text; got != "这份文稿已经有了结论。" {
				t.Errorf("[%s] again: answered %q", b.Text, got)
			}
		}
		s.unchanged("a stale tap", before)

		s.until("2026-09-22 09:00")
		reminder := s.last("P1")
		for range 3 {
			if _, err := s.phone("P1").Tap(reminder.ID, reminder.Buttons[0][0].Data); err != nil {
				t.Fatal(err)
			}
		}
		s.settle()
		if got := s.toast("P1").Text; !strings.HasPrefix(got, "您已在") {
			t.Errorf("the third tap was answered %q", got)
		}
		s.once(heading, "P1")
		if got := s.states("holiday-reminder")["met answered"]; got != 1 {
			t.Errorf("%d lines are met", got)
		}
		taps := 0
		for _, e := range s.entries("acknowledged") {
			if e.Subject == "P1" {
				taps++
			}
		}
		if taps != 1 {
			t.Errorf("the ledger has %d acknowledgements of one person", taps)
		}

		seen := s.received("P2")
		tap := fmt.Sprintf(`{"id":"77","from":{"id":%d,"first_name":"x"},"data":%q,"message":{"message_id":%d,"chat":{"id":%d,"type":"private"}}}`,
			s.phone("P2").ID(), s.last("P2").Buttons[0][0].Data, s.last("P2").ID, s.phone("P2").ID())
		first := s.server.Push("callback_query", raw(tap))
		s.settle()
		before = s.dump(intakeKeys...)
		s.server.Renumber(first)
		s.server.Push("callback_query", raw(tap))
		s.settle()
		s.unchanged("the same update again", before)
		if s.received("P2") != seen {
			t.Error("the same update again was answered with a message")
		}
		s.balanced()
	})
}
