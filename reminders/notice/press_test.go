package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// prompt is a complete work prompt.
func prompt(p *notice.Publication) {
	p.Bodies = map[reminders.Language]notice.Body{reminders.Chinese: {
		Title: "t", Prompt: &notice.Prompt{Pattern: "p", Rule: "r", Check: "c"},
	}}
}

// What is complete and clean can be submitted.
func TestNoProblems(t *testing.T) {
	tests := []struct {
		name   string
		kind   notice.Kind
		change func(p *notice.Publication)
	}{
		{"an announcement", notice.Announcement, nil},
		{"a prompt", notice.WorkPrompt, prompt},
		{"a guidance with its case", notice.CaseGuidance, func(p *notice.Publication) {
			prompt(p)
			p.Bodies[reminders.Chinese].Prompt.Cases = []string{"c1"}
		}},
		{"units answer, all of them or some", notice.Announcement, func(p *notice.Publication) {
			p.Expects, p.Workdays, p.Audience = notice.ExpectPerUnit, 3, reminders.Audience{Units: []reminders.UnitID{"u01"}}
		}},
		{"a soft hit that the head let pass", notice.Announcement, func(p *notice.Publication) {
			p.Bodies, p.Overrides = said("always"), []reminders.Override{{Rule: "strict"}}
		}},
	}
	r := newNewsroom(t, 20)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := r.problems(r.drafted(test.kind, test.change)); len(got) > 0 {
				t.Errorf("problems: %v", got)
			}
		})
	}
}

// What is missing is named by its rule, and hard; so is what the guard finds, wherever it
// stands.
func TestProblems(t *testing.T) {
	hidden := func(change func(p *notice.Publication)) func(p *notice.Publication) { return change }
	tests := []struct {
		name   string
		kind   notice.Kind
		change func(p *notice.Publication)
		want   string
	}{
		{"no text in any language", notice.Announcement, func(p *notice.Publication) { p.Bodies = nil }, "no-text"},
		{"tags are no text", notice.Announcement, func(p *notice.Publication) {
			p.Bodies = map[reminders.Language]notice.Body{reminders.Chinese: {Title: "t", Text: "<b> </b>"}}
		}, "no-text"},
		{"a second language is held to the same", notice.Announcement, func(p *notice.Publication) {
			p.Bodies[reminders.English] = notice.Body{Text: "text"}
		}, "no-title"},
		{"a prompt is more than text", notice.WorkPrompt, nil, "no-pattern"},
		{"a guidance has cases", notice.CaseGuidance, prompt, "no-cases"},
		{"a page", notice.WorkPrompt, func(p *notice.Publication) {
			prompt(p)
			p.Bodies[reminders.Chinese].Prompt.Wrong = strings.Repeat("长", 801)
		}, "prompt-length"},
		{"for nobody", notice.Announcement, func(p *notice.Publication) { p.Audience = reminders.Audience{} }, "no-audience"},
		{"for nobody who is there", notice.Announcement, func(p *notice.Publication) {
			p.Audience = reminders.Audience{Units: []reminders.UnitID{"u99"}}
		}, "nobody"},
		{"asks without a day", notice.Announcement, func(p *notice.Publication) { p.Expects = notice.ExpectPerPerson }, "no-deadline"},
		{"people cannot answer for units", notice.Announcement, func(p *notice.Publication) {
			p.Expects, p.Workdays, p.Audience = notice.ExpectPerUnit, 1, reminders.Audience{People: []reminders.PersonID{"G0000"}, Units: []reminders.UnitID{"u01"}}
		}, "units-only"},
		{"no such kind", notice.Digest, nil, "kind-not-known"},
		{"a mark in a title", notice.Announcement, hidden(func(p *notice.Publication) { p.Bodies = said("secret") }), "mark"},
		{"a mark between tags", notice.Announcement, hidden(func(p *notice.Publication) {
			p.Bodies = map[reminders.Language]notice.Body{reminders.Chinese: {Title: "t", Text: "sec<b>ret</b>"}}
		}), "mark"},
		{"a mark in a file name", notice.Announcement, hidden(func(p *notice.Publication) { p.Files = []reminders.File{{Name: "secret.pdf"}} }), "mark"},
		{"a mark in the reason for haste", notice.Announcement, hidden(func(p *notice.Publication) { p.Urgent = "secret" }), "mark"},
		{"a soft hit", notice.Announcement, func(p *notice.Publication) { p.Bodies = said("always") }, "strict"},
		{"a hard hit that somebody let pass", notice.Announcement, func(p *notice.Publication) {
			p.Bodies, p.Overrides = said("secret"), []reminders.Override{{Rule: "mark"}}
		}, "mark"},
	}
	r := newNewsroom(t, 20)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{test.want}, r.problems(r.drafted(test.kind, test.change))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// problems names what keeps a draft from being submitted.
func (r *newsroom) problems(handle string) (rules []string) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		p, err := r.press.Find(tx, handle)
		if err != nil {
			return err
		}
		rules = nil
		hits, err := r.press.Problems(tx, p)
		for _, hit := range hits {
			rules = append(rules, hit.Rule)
			if hit.Hard == (hit.Rule == "strict") {
				r.t.Errorf("%s is hard: %v", hit.Rule, hit.Hard)
			}
		}
		return err
	})
	return rules
}

// Six prompts a quarter; the seventh needs the head, with a reason on record. The next
// quarter begins anew, and the numbers of the year go on.
func TestPromptsOfAQuarter(t *testing.T) {
	r := newNewsroom(t, 10)
	for range notice.PromptsPerQuarter {
		r.approved(r.drafted(notice.WorkPrompt, prompt))
	}
	seventh := r.drafted(notice.WorkPrompt, prompt)
	r.do(func(tx reminders.Tx) error {
		if _, err := r.press.Submit(tx, seventh, "S001"); reminders.MessageOf(err).Key != "publication.problem.prompt-quota" {
			t.Errorf("the seventh: %v", err)
		}
		if err := r.press.Overrule(tx, seventh, notice.RulePromptQuota, " ", "S002"); reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		return r.press.Overrule(tx, seventh, notice.RulePromptQuota, "flood season", "S002")
	})
	r.approved(seventh)
	if got := r.publication(seventh).Number; got != "2026/7" {
		t.Errorf("the seventh has number %q", got)
	}
	if e := r.entries(ledger.Overrode); len(e) != 1 || e[0].Reason != "flood season" || e[0].Attrs["rule"] != notice.RulePromptQuota {
		t.Errorf("the ledger: %+v", e)
	}
	r.clock.now = day(10, 9, 10, 0)
	r.do(func(tx reminders.Tx) error {
		if used, limit, err := r.press.Prompts(tx); used != 0 || limit != 6 || err != nil {
			t.Errorf("in the next quarter %d of %d, %v", used, limit, err)
		}
		return nil
	})
	next := r.drafted(notice.WorkPrompt, prompt)
	r.approved(next)
	if got := r.publication(next).Number; got != "2026/8" {
		t.Errorf("the eighth has number %q", got)
	}
}

// Four eyes: who may decide about what, and what becomes of it.
func TestDecide(t *testing.T) {
	r := newNewsroom(t, 10)
	handle := r.drafted(notice.Announcement, nil)
	decide := func(approve bool, reason string, by reminders.PersonID, lone bool) (p notice.Publication, err error) {
		r.do(func(tx reminders.Tx) error {
			p, err = r.press.Decide(tx, handle, approve, reason, by, lone)
			return nil
		})
		return p, err
	}
	if _, err := decide(true, "", "S002", false); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("a draft that nobody submitted: %v", err)
	}
	submit := func() {
		r.do(func(tx reminders.Tx) error { _, err := r.press.Submit(tx, handle, "S001"); return err })
	}
	submit()
	if _, err := decide(true, "", "S001", false); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("the drafter: %v", err)
	}
	if _, err := decide(false, "", "S002", false); reminders.KindOf(err) != reminders.Invalid {
		t.Errorf("a return without a reason: %v", err)
	}
	if p, err := decide(false, "too long", "S002", false); err != nil || p.State != notice.SentBack || p.Decision.Reason != "too long" {
		t.Errorf("returned: %+v, %v", p.Decision, err)
	}
	submit()
	if p, err := decide(true, "", "S001", true); err != nil || p.State != notice.Cleared || !p.Decision.Lone {
		t.Errorf("by the only one there: %+v, %v", p.Decision, err)
	}
	if e := r.entries(ledger.Approved); len(e) != 1 || e[0].Reason != "lone-approver" || e[0].TextHash == "" {
		t.Errorf("the ledger: %+v", e)
	}
	if _, err := decide(true, "", "S002", false); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("decided already: %v", err)
	}
}

// Both the other approver and the drafter hear of it once, with a button that leads there.
func TestTellsWhoIsConcerned(t *testing.T) {
	r := newNewsroom(t, 10)
	handle := r.drafted(notice.Announcement, func(p *notice.Publication) { p.Wanted = day(7, 8, 9, 0) })
	r.approved(handle)
	told := map[reminders.PersonID]string{}
	for _, d := range r.waiting() {
		told[d.Person] += d.Lines[0].Key
		if button := d.Lines[0].Buttons[0][0]; button.Verb != "open" || button.Object != notice.PlacePublication+"."+handle || len(button.Object) >= 32 {
			t.Errorf("the button leads to %q", button.Object)
		}
	}
	if diff := cmp.Diff(map[reminders.PersonID]string{"S002": "publication.submitted", "S001": "publication.approved"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if e := r.entries(ledger.Scheduled); len(e) != 1 || e[0].Attrs["at"] != "2026-07-08T01:00:00Z" {
		t.Errorf("the ledger: %+v", e)
	}
}

// What is approved goes at its instant, or as soon as nobody is disturbed; what is urgent
// goes at once, on the lane of duty and on record.
func TestRelease(t *testing.T) {
	tests := []struct {
		name, urgent    string
		now, wanted, at time.Time
	}{
		{"at once", "", day(7, 6, 10, 0), time.Time{}, day(7, 6, 10, 0)},
		{"later", "", day(7, 6, 10, 0), day(7, 7, 9, 30), day(7, 7, 9, 30)},
		{"not in the evening", "", day(7, 6, 21, 0), time.Time{}, day(7, 7, 8, 0)},
		{"not at the weekend", "", day(7, 6, 10, 0), day(7, 11, 10, 0), day(7, 13, 8, 0)},
		{"urgent in the evening", "flood", day(7, 6, 21, 0), time.Time{}, day(7, 6, 21, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newNewsroom(t, 10)
			r.clock.now = test.now
			handle := r.drafted(notice.Announcement, func(p *notice.Publication) { p.Wanted, p.Urgent = test.wanted, test.urgent })
			r.approved(handle)
			if test.at.After(test.now) {
				r.clock.now = test.at.Add(-time.Minute)
				r.work()
				if p := r.publication(handle); p.State != notice.Cleared {
					t.Fatalf("a minute before it is %s", p.State)
				}
			}
			r.clock.now = test.at
			r.work()
			p := r.publication(handle)
			if p.State != notice.Released || !p.SentAt.Equal(test.at) {
				t.Fatalf("it is %s since %s", p.State, p.SentAt)
			}
			urgent := 0
			for _, d := range r.waiting() {
				if d.Lane == reminders.LaneDuty && d.Reason == notice.ReasonUrgent && strings.HasPrefix(string(d.Key), p.Notice+"/") {
					urgent++
				}
			}
			if want := map[bool]int{true: 12}[test.urgent != ""]; urgent != want {
				t.Errorf("%d urgent copies, want %d", urgent, want)
			}
			if e := r.entries(ledger.Overrode); test.urgent != "" && (len(e) != 1 || e[0].Attrs["urgent"] != "yes" || e[0].Reason != "flood") {
				t.Errorf("the ledger: %+v", e)
			}
		})
	}
}

// Units answer through their liaisons; leaders have a copy; only the units of the audience
// are asked, and nobody who is excepted.
func TestPerUnit(t *testing.T) {
	r := newNewsroom(t, 40)
	handle, id := r.sent(func(p *notice.Publication) {
		p.Expects, p.Audience = notice.ExpectPerUnit, reminders.Audience{Units: []reminders.UnitID{"u01", "u03"}, Except: []reminders.PersonID{"G0021"}}
	})
	r.finish()
	if diff := cmp.Diff(map[string]int{"first": 3}, r.histories(id)); diff != "" { // G0000, G0001, G0020
		t.Errorf("copies (-want +got):\n%s", diff)
	}
	s := r.standing(handle)
	if diff := cmp.Diff(map[reminders.UnitID]obligation.Tally{"u01": {obligation.Open: 1}, "u03": {obligation.Open: 1}}, s.Units); diff != "" {
		t.Errorf("the book (-want +got):\n%s", diff)
	}
	r.balanced()
}

// Reach counts people, their units and whom no message reaches.
func TestReach(t *testing.T) {
	r := newNewsroom(t, 20)
	r.do(func(tx reminders.Tx) error {
		got, err := r.press.Reach(tx, reminders.Audience{Everyone: true, Except: []reminders.PersonID{"G0001"}})
		if diff := cmp.Diff(notice.Reach{People: 21, Units: 3, Unreachable: 1}, got); diff != "" {
			t.Errorf("reach (-want +got):\n%s", diff)
		}
		return err
	})
}

// A chase goes to those outstanding, once a day, and only while something is open.
func TestPressChase(t *testing.T) {
	r := newNewsroom(t, 30)
	handle, id := r.sent(nil)
	r.finish()
	if err := r.answer(id, "G0003", "u01"); err != nil {
		t.Fatal(err)
	}
	r.clock.now = day(7, 7, 9, 0)
	chase := func() (open int, err error) {
		r.do(func(tx reminders.Tx) error {
			open, err = r.press.Chase(tx, handle, "S002")
			return nil
		})
		return open, err
	}
	if open, err := chase(); open != 31 || err != nil {
		t.Errorf("%d outstanding, %v", open, err)
	}
	if _, err := chase(); reminders.MessageOf(err).Key != "publication.chased_today" {
		t.Errorf("twice on one day: %v", err)
	}
	r.work()
	chased := 0
	for _, d := range r.waiting() {
		if d.Kind == "chase" {
			chased++
		}
	}
	if chased != 31 {
		t.Errorf("%d were reminded", chased)
	}
	r.clock.now = day(7, 20, 9, 0)
	if _, err := chase(); reminders.MessageOf(err).Key != "publication.nothing_open" {
		t.Errorf("after the deadline: %v", err)
	}
}

// A test reaches the reviewers alone, marked, and asks for nothing.
func TestTestSend(t *testing.T) {
	r := newNewsroom(t, 10)
	handle := r.drafted(notice.Announcement, func(p *notice.Publication) { p.Expects, p.Workdays = notice.ExpectPerPerson, 1 })
	r.do(func(tx reminders.Tx) error { return r.press.Test(tx, handle, "S001", []reminders.PersonID{"S002"}) })
	got := r.waiting()
	if len(got) != 1 || got[0].Person != "S002" || len(got[0].Asks) > 0 || r.words(got[0]) != "publication.test" {
		t.Errorf("the test: %+v", got)
	}
	r.finish()
	r.balanced()
}
