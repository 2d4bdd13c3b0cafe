package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// pacing is the real service on its real clock, moved to the day of the reminder,
// before a chat service that keeps to its documented limits.
type pacing struct {
	b       *testing.B
	server  *sandbox.Server
	web     *httptest.Server
	clock   *shiftedClock
	people  int
	stop    func()
	arrived map[int64]time.Time // when each chat received the reminder
	answers map[int64]chan time.Time
}

// Who asks what is open for them meanwhile: the first to receive the reminder, each
// so seldom that the limit of one message a second to a chat holds nobody up.
const (
	askers   = 8
	askEvery = 500 * time.Millisecond
	askFrom  = 3 * time.Second // after the reminder
)

// rowsOfLimits sends the reminder at the configured rate.
func rowsOfLimits(b *testing.B, t *benchTable) {
	const configured = 28 // of serve --rate
	p := newPacing(b, bySize(150, 1500), configured)
	took, messages, waits := p.measure()
	ideal := time.Duration(float64(messages) / configured * float64(time.Second))
	work := fmt.Sprintf("sending to %d people at %d/s, %d answers between", p.people, configured, messages-p.people)
	t.most(work, brief(took), brief(ideal)+" (messages / rate)", took.Seconds()/ideal.Seconds(), 1.03)
	refused := p.refused()
	t.below("refused meanwhile (429)", fmt.Sprint(refused), "0", refused == 0)
	slices.Sort(waits)
	p50, p99 := waits[len(waits)/2], waits[min(len(waits)-1, len(waits)*99/100)]
	t.below(fmt.Sprintf("/outstanding asked %d times meanwhile", len(waits)), "p50 "+brief(p50)+", p99 "+brief(p99), "p99 ≤ 300ms", p99 <= 300*time.Millisecond)
}

// newPacing starts the service shortly before the reminder.
func newPacing(b *testing.B, persons int, perSecond float64) *pacing {
	b.Helper()
	dir := benchDir(b)
	foundOffice(b, dir, persons)
	p := &pacing{b: b, people: persons, clock: newShiftedClock(benchReminder.Add(-4 * time.Second)), arrived: map[int64]time.Time{}, answers: map[int64]chan time.Time{}}
	p.server = sandbox.New(sandbox.Options{Token: demoToken, Now: time.Now, Limits: sandbox.DocumentedLimits()})
	p.web = httptest.NewServer(p.server)
	p.greet()
	ctx, cancel := context.WithCancel(b.Context())
	f, err := openOffice(ctx, dir, p.clock)
	if err != nil {
		b.Fatal(err)
	}
	client, err := wire.New(demoToken, p.web.URL, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	live, err := newService(ctx, f, serviceOptions{client: client, username: "qingfeng_demo_bot", rate: perSecond, pollDoer: wire.PollDoer()})
	if err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- live.run(ctx, live.poll) }()
	p.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		_ = f.close()
		p.server.Close()
		p.web.CloseClientConnections()
		p.web.Close()
	}
	return p
}

// greet lets everyone write to the bot once, so that it may write to them, and takes
// those updates away before the service polls.
func (p *pacing) greet() {
	for n := range p.people {
		p.server.Person(int64(benchChat(benchID(n))), "x", "zh-hans").Type("x")
	}
	for offset, more := 0, true; more; {
		answer, err := http.Get(fmt.Sprintf("%s/bot%s/getUpdates?timeout=0&limit=100&offset=%d", p.web.URL, demoToken, offset))
		if err != nil {
			p.b.Fatal(err)
		}
		ids := updateIDs(p.b, answer)
		if more = len(ids) > 0; more {
			offset = ids[len(ids)-1] + 1
		}
	}
}

// measure gives how long the reminder took to reach everyone, from the instant at
// which it was due; how many messages were sent in that time; and how long each
// answer took.
func (p *pacing) measure() (took time.Duration, messages int, waits []time.Duration) {
	defer p.stop()
	events, end := p.server.Subscribe()
	defer end()
	due := time.Now().Add(benchReminder.Sub(p.clock.Now()))
	for n := range askers {
		p.answers[int64(benchChat(benchID(n)))] = make(chan time.Time, 1)
	}
	asked, answered := p.ask(due.Add(askFrom))
	for e := range events {
		if e.Kind != sandbox.EventMessage || time.Now().Before(due) {
			continue
		}
		messages++
		if p.note(e) == p.people {
			break
		}
	}
	took = time.Since(due)
	asked()
	for wait := range answered {
		waits = append(waits, wait)
	}
	return took, messages, waits
}

// note takes note of a message and gives how many have received the reminder.
func (p *pacing) note(e sandbox.Event) int {
	if strings.Contains(e.Message.Text, "廉洁过节提醒") && !strings.Contains(e.Message.Text, "待办") {
		p.arrived[e.Chat] = time.Now()
	} else if waiting := p.answers[e.Chat]; waiting != nil {
		select {
		case waiting <- time.Now():
		default: // nobody has asked
		}
	}
	return len(p.arrived)
}

// ask lets the askers ask in turn until stop; each wait comes through the channel.
func (p *pacing) ask(from time.Time) (stop func(), waits <-chan time.Duration) {
	ended, measured := make(chan struct{}), make(chan time.Duration, 1000)
	go func() {
		defer close(measured)
		ticker := time.NewTicker(askEvery)
		defer ticker.Stop()
		time.Sleep(time.Until(from))
		for n := 0; ; n++ {
			select {
			case <-ended:
				return
			case <-ticker.C:
			}
			chat := int64(benchChat(benchID(n % askers)))
			begun := time.Now()
			p.server.Person(chat, "x", "zh-hans").Type("/outstanding")
			select {
			case <-ended:
				return
			case at := <-p.answers[chat]:
				measured <- at.Sub(begun)
			case <-time.After(10 * time.Second):
				p.b.Error("a question was not answered")
				return
			}
		}
	}()
	return func() { close(ended) }, measured
}

// refused counts the answers 429.
func (p *pacing) refused() (n int) {
	for _, call := range p.server.Calls() {
		if call.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// updateIDs reads the numbers of the updates in an answer.
func updateIDs(b *testing.B, answer *http.Response) (ids []int) {
	b.Helper()
	defer func() { _ = answer.Body.Close() }()
	var list struct {
		Result []struct {
			ID int `json:"update_id"`
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		b.Fatal(err)
	}
	for _, update := range list.Result {
		ids = append(ids, update.ID)
	}
	return ids
}
