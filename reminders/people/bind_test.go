package people_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

func (o *office) invite(t testing.TB, id reminders.PersonID) string {
	t.Helper()
	var code string
	o.do(t, func(tx reminders.Tx) (err error) { code, err = o.Invite(tx, id, 0, "S900"); return err })
	return code
}

func (o *office) inviteAdmin(t testing.TB) string {
	t.Helper()
	var code string
	o.do(t, func(tx reminders.Tx) (err error) { code, err = o.InviteAdmin(tx, 0, ledger.System); return err })
	return code
}

func (o *office) bind(t testing.TB, code string, chat reminders.ChatID) people.BindResult {
	t.Helper()
	var result people.BindResult
	o.do(t, func(tx reminders.Tx) (err error) {
		result, err = o.Bind(tx, code, chat, "  小\u200b 甲  ")
		return err
	})
	return result
}

// TestNewCode: 128 bits of letters and digits fit into the start parameter of a
// link, and no two are alike.
func TestNewCode(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		code := people.NewCode()
		if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(code) || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
}

func TestBind(t *testing.T) {
	const chat = 42
	tests := []struct {
		name   string
		before func(t *testing.T, o *office) string // gives the code that is tried
		want   people.BindReason
		holder reminders.PersonID // of the chat afterwards
	}{
		{"a fresh code", func(t *testing.T, o *office) string { return o.invite(t, "S001") }, people.BindDone, "S001"},
		{"typed by hand", func(t *testing.T, o *office) string { return " " + strings.ToUpper(o.invite(t, "S001")) + "\n" }, people.BindDone, "S001"},
		{"no such code", func(*testing.T, *office) string { return "nothing" }, people.BindWrong, ""},
		{"an empty code", func(*testing.T, *office) string { return "" }, people.BindWrong, ""},
		{"at the last moment", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.now = o.now.Add(people.InvitationTTL - time.Second)
			return code
		}, people.BindDone, "S001"},
		{"a moment too late", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.now = o.now.Add(people.InvitationTTL)
			return code
		}, people.BindExpired, ""},
		{"used by another chat", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.bind(t, code, 7)
			return code
		}, people.BindUsed, ""},
		{"tapped twice by the same chat", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.bind(t, code, chat)
			return code
		}, people.BindAgain, "S001"},
		{"a newer code was made", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.invite(t, "S001")
			return code
		}, people.BindReplaced, ""},
		{"a second code for the same chat", func(t *testing.T, o *office) string {
			o.bind(t, o.invite(t, "S001"), chat)
			return o.invite(t, "S001")
		}, people.BindAgain, "S001"},
		{"the person left meanwhile", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			r := o.state.people["S001"]
			r.Status = people.Retired
			o.state.people["S001"] = r
			return code
		}, people.BindVoid, ""},
		{"the person was retired and came back", func(t *testing.T, o *office) string {
			code := o.invite(t, "S001")
			o.do(t, func(tx reminders.Tx) error { _, err := o.Retire(tx, "S001", "", "S900"); return err })
			o.do(t, func(tx reminders.Tx) error { return o.Reinstate(tx, "S001", "S900") })
			return code
		}, people.BindReplaced, ""},
		{"the chat is another person's", func(t *testing.T, o *office) string {
			o.bind(t, o.invite(t, "S002"), chat)
			return o.invite(t, "S001")
		}, people.BindTaken, "S002"},
		{"after a change of account", func(t *testing.T, o *office) string {
			o.bind(t, o.invite(t, "S001"), 7)
			return o.invite(t, "S001")
		}, people.BindMoved, "S001"},
		{"the first admin", func(t *testing.T, o *office) string { return o.inviteAdmin(t) }, people.BindAdmin, people.Placeholder},
		{"an admin code a day later", func(t *testing.T, o *office) string {
			code := o.inviteAdmin(t)
			o.now = o.now.Add(24 * time.Hour)
			return code
		}, people.BindExpired, ""},
		{"a newer admin code", func(t *testing.T, o *office) string {
			code := o.inviteAdmin(t)
			o.inviteAdmin(t)
			return code
		}, people.BindReplaced, ""},
		{"an admin code for somebody enrolled", func(t *testing.T, o *office) string {
			o.bind(t, o.invite(t, "S001"), chat)
			return o.inviteAdmin(t)
		}, people.BindAdmin, "S001"},
		{"the placeholder becomes a real person", func(t *testing.T, o *office) string {
			o.bind(t, o.inviteAdmin(t), chat)
			return o.invite(t, "S001")
		}, people.BindDone, "S001"},
		{"the placeholder changes the account", func(t *testing.T, o *office) string {
			o.bind(t, o.inviteAdmin(t), 7)
			return o.inviteAdmin(t)
		}, people.BindMoved, people.Placeholder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice().enrol(person("S001", "甲科"), person("S002", "甲科"))
			code := tt.before(t, o)
			got := o.bind(t, code, chat)
			if got.Reason != tt.want {
				t.Errorf("reason %q, want %q", got.Reason, tt.want)
			}
			if got.Bound() != (tt.holder != "" && tt.want != people.BindTaken) {
				t.Errorf("bound: %v", got.Bound())
			}
			var holder people.Record
			o.do(t, func(tx reminders.Tx) (err error) { holder, _, err = o.At(tx, chat); return err })
			if holder.ID != tt.holder {
				t.Errorf("the chat is bound to %q, want %q", holder.ID, tt.holder)
			}
			if !strings.HasPrefix(got.Message().Key, "people.bind.") {
				t.Errorf("answer %v", got.Message())
			}
		})
	}
}

// TestBindTellsTheOldChat: after a change of account the old chat has nobody, is
// named in the result, and the person is reachable again.
func TestBindTellsTheOldChat(t *testing.T) {
	o := newOffice().enrol(person("S001", "甲科"))
	o.bind(t, o.invite(t, "S001"), 7)
	o.do(t, func(tx reminders.Tx) error { _, err := o.MarkUnreachable(tx, "S001", people.Deactivated); return err })
	got := o.bind(t, o.invite(t, "S001"), 8)
	if got.OldChat != 7 || o.state.people["S001"].Chat != 8 || o.state.people["S001"].Unreachable != (people.Unreachable{}) {
		t.Errorf("result %+v, record %+v", got, o.state.people["S001"])
	}
	last := o.state.entries[len(o.state.entries)-1]
	if last.Verb != ledger.Rebound || last.Subject != "S001" {
		t.Errorf("entry %+v", last)
	}
	if people.OldChatMessage().Key != "people.bind.old_chat" {
		t.Error("the old chat has no text")
	}
}

// TestPlaceholderDissolves: the role of admin moves to the real person and the
// placeholder retires; the ledger says both.
func TestPlaceholderDissolves(t *testing.T) {
	o := newOffice().enrol(person("S001", "甲科", reminders.Staff))
	first := o.bind(t, o.inviteAdmin(t), 7)
	if first.Person.Name != "小 甲" || first.Person.Enrolled() {
		t.Errorf("the first admin is %+v", first.Person)
	}
	got := o.bind(t, o.invite(t, "S001"), 7)
	if !got.AdminMoved || got.Message().Key != "people.bind.admin_moved" {
		t.Errorf("result %+v", got)
	}
	if d := cmp.Diff(reminders.Roles{reminders.Staff, reminders.Admin}, o.state.people["S001"].Roles); d != "" {
		t.Error(d)
	}
	if p := o.state.people[people.Placeholder]; p.Active() || p.Bound() || p.Roles.Has(reminders.Admin) {
		t.Errorf("the placeholder is %+v", p)
	}
	var verbs []ledger.Verb
	for _, e := range o.state.entries {
		verbs = append(verbs, e.Verb)
	}
	if d := cmp.Diff([]ledger.Verb{ledger.Invited, ledger.Bound, ledger.Invited, ledger.Retired, ledger.Bound}, verbs); d != "" {
		t.Error(d)
	}
}

// TestGuessing: five wrong codes in an hour make the chat wait, for the right
// code too; other chats are not slowed down; afterwards it works.
func TestGuessing(t *testing.T) {
	o := newOffice().enrol(person("S001", "甲科"), person("S002", "甲科"))
	code, other := o.invite(t, "S001"), o.invite(t, "S002")
	for range 5 {
		if got := o.bind(t, "guess", 7); got.Reason != people.BindWrong {
			t.Fatalf("reason %q", got.Reason)
		}
		o.now = o.now.Add(time.Minute)
	}
	got := o.bind(t, code, 7)
	if got.Reason != people.BindWait || !got.Until.Equal(start.Add(time.Hour)) {
		t.Errorf("%q until %v", got.Reason, got.Until)
	}
	if got := o.bind(t, other, 8); got.Reason != people.BindDone {
		t.Errorf("another chat: %q", got.Reason)
	}
	o.now = start.Add(time.Hour)
	if got := o.bind(t, code, 7); got.Reason != people.BindDone {
		t.Errorf("an hour later: %q", got.Reason)
	}
	if len(o.state.guesses) != 0 {
		t.Error("wrong codes are remembered after the right one")
	}
}

func TestGuesses(t *testing.T) {
	at := func(minutes ...int) people.Guesses {
		var g people.Guesses
		for _, m := range minutes {
			g.Wrong = append(g.Wrong, start.Add(time.Duration(m)*time.Minute))
		}
		return g
	}
	tests := []struct {
		name string
		g    people.Guesses
		now  int // minutes
		wait int // until, in minutes; -1: not at all
	}{
		{"none", at(), 0, -1},
		{"four", at(0, 1, 2, 3), 3, -1},
		{"five", at(0, 1, 2, 3, 4), 4, 60},
		{"five, the first an hour ago", at(0, 1, 2, 3, 4), 60, -1},
		{"five over more than an hour", at(0, 20, 40, 60, 80), 80, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.g.WaitUntil(start.Add(time.Duration(tt.now) * time.Minute))
			want := start.Add(time.Duration(tt.wait) * time.Minute)
			if tt.wait < 0 {
				want = time.Time{}
			}
			if !got.Equal(want) {
				t.Errorf("wait until %v, want %v", got, want)
			}
		})
	}
	if d := cmp.Diff(at(30, 61), at(0, 1, 30).Add(start.Add(61*time.Minute))); d != "" {
		t.Errorf("Add keeps what counts no longer: %s", d)
	}
}

// TestStoreHoldsNoCode: only hashes are kept.
func TestStoreHoldsNoCode(t *testing.T) {
	o := newOffice().enrol(person("S001", "甲科"))
	code := o.invite(t, "S001")
	raw, err := json.Marshal([]any{o.state.invitations, o.state.people, o.state.entries})
	if err != nil || strings.Contains(string(raw), code) {
		t.Errorf("%v: the store holds %s", err, raw)
	}
	for hash := range o.state.invitations {
		if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(hash) {
			t.Errorf("hash %q", hash)
		}
	}
}

func TestInviteRefuses(t *testing.T) {
	retired := person("S002", "甲科")
	retired.Status = people.Retired
	o := newOffice().enrol(person("S001", "甲科"), retired)
	tests := []struct {
		id   reminders.PersonID
		ttl  time.Duration
		want reminders.Kind
	}{
		{"S009", 0, reminders.NotFound},
		{"S002", 0, reminders.Closed},
		{"S001", -time.Hour, reminders.Invalid},
	}
	for _, tt := range tests {
		err := o.Do(context.Background(), func(tx reminders.Tx) error { _, err := o.Invite(tx, tt.id, tt.ttl, "S900"); return err })
		if reminders.KindOf(err) != tt.want || reminders.MessageOf(err).Key == "" {
			t.Errorf("Invite %s for %v: %v", tt.id, tt.ttl, err)
		}
	}
}

// TestInviteUnit: the sheet of a unit has a working code for everybody in it and
// below it who has no chat yet, or for everybody.
func TestInviteUnit(t *testing.T) {
	top, below, other := people.UnitIDOf("甲局"), people.UnitIDOf("甲局一科"), people.UnitIDOf("乙局")
	retired := person("S004", "甲局")
	retired.Status = people.Retired
	o := newOffice().enrol(person("S001", "甲局"), bound(person("S002", "甲局一科"), 7), person("S003", "甲局一科"), retired, person("S005", "乙局"))
	for id, u := range map[reminders.UnitID]reminders.Unit{top: {Name: "甲局"}, below: {Name: "甲局一科", Parent: top}, other: {Name: "乙局"}} {
		u.ID = id
		o.state.units[id] = u
	}
	for all, want := range map[bool][]reminders.PersonID{false: {"S001", "S003"}, true: {"S001", "S002", "S003"}} {
		sheet, err := o.InviteUnit(context.Background(), o, top, all, 0, "S900")
		if err != nil {
			t.Fatal(err)
		}
		var got []reminders.PersonID
		for i, line := range sheet {
			got = append(got, line.Person.ID)
			if r := o.bind(t, line.Code, reminders.ChatID(100+i)); all && !r.Bound() {
				t.Errorf("the code of %s ends with %q", line.Person.ID, r.Reason)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("all %v: %s", all, d)
		}
		for id, r := range o.state.people { // untie for the next round
			if id != "S002" {
				r.Chat = 0
				o.state.people[id] = r
			}
		}
	}
	if _, err := o.InviteUnit(context.Background(), o, "u0", false, 0, "S900"); reminders.KindOf(err) != reminders.NotFound {
		t.Errorf("an unknown unit: %v", err)
	}
}

// FuzzBind: no code and no profile name do harm.
func FuzzBind(f *testing.F) {
	f.Add("code-1", "小甲")
	f.Add("", "\x00\u202e\n")
	f.Fuzz(func(t *testing.T, code, profile string) {
		o := newOffice().enrol(person("S001", "甲科"))
		want := o.inviteAdmin(t)
		var got people.BindResult
		o.do(t, func(tx reminders.Tx) (err error) { got, err = o.Bind(tx, code, 7, profile); return err })
		if got.Bound() != strings.EqualFold(strings.TrimSpace(code), want) {
			t.Fatalf("code %q: %q", code, got.Reason)
		}
		if name := got.Person.Name; got.Bound() && (name == "" || strings.ContainsAny(name, "\n\x00") || len([]rune(name)) > 40) {
			t.Fatalf("profile %q became %q", profile, name)
		}
	})
}
