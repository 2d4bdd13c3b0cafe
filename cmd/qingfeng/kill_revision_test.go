package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// What was said to a hundred people and more is corrected, or withdrawn, while half of
// them have it and the others are out of reach; the service is killed within every piece
// of that work and starts again each time. In the end nobody is left with the old text or
// the withdrawn one, but for strays: copies that were in flight at a kill, of which nobody
// knows the number. Their readers were told of the correction, or are listed by the
// withdrawal. The news of a correction came once, and the book balances.
//
// Read kill_revision_count_test.go for what must be true in the end.
func TestKillRevision(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about half a minute")
	}
	t.Parallel()
	for ends, n := time.Now().Add(*killFor), uint64(0); n == 0 || !t.Failed() && time.Now().Before(ends); n++ {
		r := newRevision(t, n)
		for day, play := range []func(*issue){
			(*issue).corrected, (*issue).correctedMaterially, (*issue).withdrawn, (*issue).withdrawnWhileCorrected,
		} {
			one := &issue{revision: r, title: fmt.Sprintf("样例公告%d", day+1), notice: fmt.Sprintf("announcement/2026-%04d", day+1)}
			one.sent(fmt.Sprintf("2026-11-1%dT09:00:00+08:00", day))
			play(one)
			one.end()
			r.issues = append(r.issues, one)
		}
		r.balance()
		if n == 0 {
			wasHit(t, r.hits, revising)
		}
	}
}

// revision is an office that revises what it has said: somebody who asks for that and
// somebody who approves it; everyone else reads.
type revision struct {
	*pieces

	asks, approves *sandbox.Person
	token          string // of the system that hands over what is said
	issues         []*issue
	lives          int  // that were ended
	wild           bool // half of the kills come at random instants

	mu      sync.Mutex
	had     map[spot]string // the text with which each message of the bot came
	deleted map[spot]bool
}

// issue is one announcement and what was done to it.
type issue struct {
	*revision

	title, notice      string
	corrects, material bool
	withdraws          bool
	restored           []func() // end the failures of the lines to half of the people
}

// The texts of an issue, and what is said of the change.
const (
	firstText  = "第一稿，内容为虚构。"
	secondText = "第二稿，内容为虚构。"
	changeNote = "日期有变。"
)

// The chats of those who revise: staff and head of the first unit.
const (
	asksChat     = 1003
	approvesChat = 1004
)

// newRevision makes the n-th office and enrols its people.
func newRevision(t *testing.T, n uint64) *revision {
	p := newPieces(t, builtBinary(t), "2026-11-09T09:00:00+08:00")
	p.missed = map[crashpoint.Point]bool{}
	p.perUnit, p.port, p.rng = 20, portFor(t), rand.New(rand.NewPCG(p.killed.seed, n))
	r := &revision{pieces: p, wild: n > 0, had: map[spot]string{}, deleted: map[spot]bool{}}
	r.listen()
	p.found()
	for chat, code := range p.codes {
		p.gate.Person(chat, string(p.phones.people[chat]), "zh-hans").Start(code)
	}
	r.asks, r.approves = p.gate.Person(asksChat, "", ""), p.gate.Person(approvesChat, "", "")
	p.stop(p.lively(""))
	said := string(p.run("token", "create", "portal", "--scope", "send", "--data", p.path("data")))
	for field := range strings.FieldsSeq(said) {
		r.token = field
	}
	return r
}

// listen notes what the bot sends and deletes.
func (r *revision) listen() {
	events, stop := r.gate.Subscribe()
	var listening sync.WaitGroup
	listening.Go(func() {
		for event := range events {
			if event.Message == nil || !event.Message.FromBot {
				continue
			}
			at := spot{event.Chat, event.Message.ID}
			r.mu.Lock()
			switch event.Kind {
			case sandbox.EventMessage:
				r.had[at] = event.Message.Text
			case sandbox.EventDeleted:
				r.deleted[at] = true
			}
			r.mu.Unlock()
		}
	})
	r.t.Cleanup(func() { stop(); listening.Wait() })
}

// readers are the chats of everybody but those who revise, in order.
func (r *revision) readers() (chats []int64) {
	for chat := range r.codes {
		if chat != asksChat && chat != approvesChat {
			chats = append(chats, chat)
		}
	}
	slices.Sort(chats)
	return chats
}

// sent hands the issue over on a morning on which the lines to half of the people are
// down, and waits until the others have it.
func (i *issue) sent(at string) {
	i.t.Helper()
	i.turnTo(instant(i.t, at))
	i.down()
	v := i.lively("")
	i.handOver()
	i.await(v, func() bool { return i.reading(firstText) == len(i.readers())/2 })
	i.dead(v)
}

// down lets the lines to half of the readers fail.
func (i *issue) down() {
	readers := i.readers()
	for _, chat := range readers[len(readers)/2:] {
		i.restored = append(i.restored, i.gate.Fail(sandbox.Fault{
			Method: "sendMessage", Chat: chat, Times: 1_000_000, Status: http.StatusNotFound, Body: "<html>down</html>",
		}))
	}
}

// handOver is what the other system does.
func (i *issue) handOver() {
	i.t.Helper()
	body := fmt.Sprintf(`{"kind": "announcement", "language": "zh-Hans", "texts": {"zh-Hans": {"title": %q, "text": %q}},
		"audience": {"everyone": true, "except": ["E103", "E104"]}, "acknowledge": "person", "workdays": 5, "release": true}`, i.title, firstText)
	ask, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, "http://127.0.0.1:"+i.port+"/api/v1/notices", strings.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+i.token)
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Idempotency-Key", i.title)
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusCreated {
		var said bytes.Buffer
		_, _ = said.ReadFrom(answer.Body)
		i.t.Fatalf("handing over brings %d %s", answer.StatusCode, &said)
	}
}

// reading counts the readers who see a text of the issue now.
func (i *issue) reading(text string) (n int) {
	for _, chat := range i.readers() {
		if slices.ContainsFunc(i.gate.Person(chat, "", "").Messages(), func(m sandbox.Message) bool { return i.says(m.Text, text) }) {
			n++
		}
	}
	return n
}

// says reports whether a message is a copy of the issue with a text.
func (i *issue) says(message, text string) bool {
	return strings.Contains(message, "〔公告〕"+i.title+"\n") && strings.Contains(message, text)
}

// tells reports whether a message is the news of what was changed.
func (i *issue) tells(message string) bool {
	return strings.HasPrefix(message, "〔更正〕公告《"+i.title+"》") && strings.Contains(message, changeNote)
}

// dead kills a life now and looks at what it leaves.
func (r *revision) dead(v *victim) {
	r.t.Helper()
	v.kill()
	<-v.dead
	r.gate.drain(r.t)
	r.examine()
}

// killedAt lets one life after the other end at its point, or at a random instant.
func (i *issue) killedAt(ends ...string) {
	i.t.Helper()
	for _, end := range ends {
		i.lives++
		switch random := i.rng.Int64N(int64(latest)); {
		case end == "" || i.wild && i.rng.IntN(2) == 0:
			v := i.start(fate{})
			time.Sleep(time.Duration(random))
			i.dead(v)
		case i.wild: // what an earlier life has done may leave nothing that passes
			i.live(fated(end))
			i.examine()
		default:
			i.dies(i.start(fated(end)), end)
			i.examine()
		}
	}
}

// reached ends the failures of the lines.
func (i *issue) reached() {
	for _, restore := range i.restored {
		restore()
	}
}

// end lets the service do what is left of the day.
func (i *issue) end() {
	i.t.Helper()
	i.reached()
	i.stop(i.lively(""))
	if !i.examine() {
		i.t.Errorf("%s: something is still due", i.title)
	}
}

// step is a text that somebody types, or in brackets a button, and what the bot says then.
type step struct{ does, says string }

// talks lets somebody do one thing after the other; each button is that of a message
// about the issue.
func (i *issue) talks(v *victim, who *sandbox.Person, steps ...step) {
	i.t.Helper()
	for _, one := range steps {
		before := map[int]string{}
		for _, m := range who.Messages() {
			before[m.ID] = m.Text
		}
		i.does(who, one.does)
		i.await(v, func() bool {
			return slices.ContainsFunc(who.Messages(), func(m sandbox.Message) bool {
				return m.FromBot && m.Text != before[m.ID] && strings.Contains(m.Text, one.says)
			})
		})
	}
}

// does types a text, or taps the newest button about the issue that is called so.
func (i *issue) does(who *sandbox.Person, what string) {
	i.t.Helper()
	label, isButton := strings.CutPrefix(what, "[")
	if !isButton {
		who.Type(what)
		return
	}
	for _, m := range slices.Backward(who.Messages()) {
		for _, button := range slices.Concat(m.Buttons...) {
			if m.FromBot && strings.Contains(m.Text, i.title) && strings.Contains(button.Text, strings.TrimSuffix(label, "]")) {
				if _, err := who.Tap(m.ID, button.Data); err != nil {
					i.t.Fatal(err)
				}
				return
			}
		}
	}
	i.t.Fatalf("%s has no button %s", i.phones.people[who.ID()], what)
}

// correct leads a correction up to the tap that approves it.
func (i *issue) correct(v *victim, how ...step) {
	i.t.Helper()
	i.corrects = true
	i.talks(v, i.asks, slices.Concat([]step{
		{"/notice", i.title},
		{"[" + i.title + "]", "起发送：已发"},
		{"[更正]", "更正后的"},
		{i.title + "\n" + secondText, "是否实质性更正"},
	}, how, []step{{"[送审]", "等待另一位同志审批"}})...)
	i.await(v, func() bool {
		return slices.ContainsFunc(i.approves.Messages(), func(m sandbox.Message) bool {
			return strings.Contains(m.Text, "更正送审") && strings.Contains(m.Text, i.title)
		})
	})
	i.talks(v, i.approves, step{"[查看]", firstText})
}

// withdraw leads a withdrawal up to the tap that confirms it.
func (i *issue) withdraw(v *victim) {
	i.t.Helper()
	i.withdraws = true
	i.talks(v, i.asks, []step{
		{"/notice", i.title}, {"[" + i.title + "]", "起发送：已发"}, {"[撤回]", "请写明撤回的理由"}, {"依据有变，另行通知。", "撤回理由："},
	}...)
}

// corrected plays a correction that is not material.
func (i *issue) corrected() {
	v := i.lively("")
	i.correct(v, step{"[一般更正，只改文字]", secondText})
	i.dead(v)
	i.does(i.approves, "[批准]")
	i.killedAt("decide:1", "lines:2", "copies:1")
	i.reached()
	i.killedAt("edit:5", "edited:5", "")
}

// correctedMaterially plays a correction that asks everybody anew.
func (i *issue) correctedMaterially() {
	i.material = true
	v := i.lively("")
	i.correct(v, step{"[实质性更正]", "请用一句话"}, step{changeNote, secondText})
	i.dead(v)
	i.reached()
	i.does(i.approves, "[批准]")
	i.killedAt("decide:1", "carry:1", "lines:4", "waiting:1", "copies:2", "edit:9", "")
}

// withdrawn plays a withdrawal, just after a kill that leaves strays.
func (i *issue) withdrawn() {
	v := i.lively("")
	i.withdraw(v)
	i.dead(v)
	i.reached()
	i.killedAt("sent:20")
	i.down()
	i.does(i.asks, "[确认撤回]")
	i.killedAt("carry:1", "halt:1", "withdraw:3", "chases:1", "remove:1", "edited:10", "end:1", "")
}

// withdrawnWhileCorrected plays a withdrawal that overtakes a material correction.
func (i *issue) withdrawnWhileCorrected() {
	i.material = true
	v := i.lively("")
	i.correct(v, step{"[实质性更正]", "请用一句话"}, step{changeNote, secondText})
	i.withdraw(v)
	i.dead(v)
	i.does(i.approves, "[批准]")
	i.killedAt("lines:5", "copies:1")
	i.does(i.asks, "[确认撤回]")
	i.killedAt("withdraw:1", "chases:1", "remove:2")
	i.reached()
	i.killedAt("edit:3", "end:1", "")
}
