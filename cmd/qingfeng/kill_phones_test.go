package main

import (
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// gate stands before the sandbox: it makes sending take a while, so that kills meet
// messages on their way, and knows when the chat service was last spoken to.
type gate struct {
	*sandbox.Server

	web  *httptest.Server
	open atomic.Int64 // connections
	busy atomic.Int64 // messages and questions for files on their way
	last atomic.Int64 // instant of the last call, in nanoseconds
}

// newGate starts a chat service on this machine.
func newGate(t *testing.T) *gate {
	g := &gate{Server: sandbox.New(sandbox.Options{Token: scriptToken, Now: time.Now})}
	g.web = httptest.NewUnstartedServer(g)
	g.web.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			g.open.Add(1)
		case http.StateClosed:
			g.open.Add(-1)
		}
	}
	g.web.Start()
	t.Cleanup(func() { g.Close(); g.web.CloseClientConnections(); g.web.Close() })
	return g
}

// slowest is how long, at most, a message takes to the sandbox, and its answer back.
const slowest = 30 * time.Millisecond

// ServeHTTP carries one call.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/getUpdates") {
		g.Server.ServeHTTP(w, r)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/sendMessage") || strings.HasSuffix(r.URL.Path, "/getFile") {
		g.busy.Add(1)
		defer g.busy.Add(-1)
	}
	defer g.touch()
	g.touch()
	time.Sleep(rand.N(slowest))
	answer := httptest.NewRecorder()
	g.Server.ServeHTTP(answer, r)
	time.Sleep(rand.N(slowest))
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// touch notes that something happens now.
func (g *gate) touch() { g.last.Store(time.Now().UnixNano()) }

// quiet reports for how long nothing has happened.
func (g *gate) quiet() time.Duration { return time.Since(time.Unix(0, g.last.Load())) }

// drain waits until every call of a process that is dead has been dealt with.
func (g *gate) drain(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); g.open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("calls of a dead process do not end")
		}
	}
}

// newest is the highest number of a message so far.
func (g *gate) newest() (id int) {
	for _, person := range g.People() {
		for _, m := range person.Messages() {
			id = max(id, m.ID)
		}
	}
	return id
}

// phones are the people of the office: each taps, or does not, after a while.
type phones struct {
	gate   *gate
	people map[int64]reminders.PersonID // by chat
	rng    *rand.Rand                   // of the goroutine that listens

	mu      sync.Mutex
	waiting int // taps to come
	taps    []tap
}

// tap is one tap on a button that acknowledges.
type tap struct {
	person  reminders.PersonID
	phone   *sandbox.Person
	message int
	query   string // the chat service's name for it
	line    lineName
}

// lineName names a line of the obligation book: under which terms, and who owes, a
// person or a unit.
type lineName struct {
	handle obligation.Handle
	owner  string
}

// newPhones lets the people answer until the test ends.
func newPhones(t *testing.T, g *gate, rng *rand.Rand) *phones {
	p := &phones{gate: g, people: map[int64]reminders.PersonID{}, rng: rand.New(rand.NewPCG(rng.Uint64(), 0))}
	events, stop := g.Subscribe()
	var listening sync.WaitGroup
	listening.Go(func() {
		for event := range events {
			if event.Kind == sandbox.EventMessage {
				p.read(*event.Message)
			}
		}
	})
	t.Cleanup(func() { stop(); listening.Wait() })
	return p
}

// Habits of people: how many of a hundred answer a message, how many of those tap
// twice, and within which time.
const (
	answering  = 75
	impatient  = 20
	hesitation = 600 * time.Millisecond
)

// read decides what somebody does about a message.
func (p *phones) read(m sandbox.Message) {
	for _, row := range m.Buttons {
		for _, button := range row {
			if !strings.HasPrefix(button.Data, "ack:") || p.rng.IntN(100) >= answering {
				continue
			}
			p.plan(m, button.Data)
			if p.rng.IntN(100) < impatient {
				p.plan(m, button.Data)
			}
		}
	}
}

// plan lets a tap happen in a while.
func (p *phones) plan(m sandbox.Message, data string) {
	p.mu.Lock()
	p.waiting++
	p.mu.Unlock()
	time.AfterFunc(time.Duration(p.rng.Int64N(int64(hesitation))), func() { p.tap(m, data) })
}

// tap taps now.
func (p *phones) tap(m sandbox.Message, data string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	p.gate.touch()
	one := tap{person: p.people[m.Chat], phone: p.gate.Person(m.Chat, "", ""), message: m.ID}
	query, err := one.phone.Tap(m.ID, data)
	if err != nil {
		return // the message is gone
	}
	one.query, one.line = query, asked(data, one.person)
	p.taps = append(p.taps, one)
}

// asked gives the line for which the button of a person asks.
func asked(data string, person reminders.PersonID) lineName {
	handle, unit, byUnit := strings.Cut(strings.Split(data, ":")[1], ".")
	if !byUnit {
		unit = string(person)
	}
	return lineName{obligation.Handle(handle), unit}
}

// still reports whether nobody is about to tap.
func (p *phones) still() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting == 0
}

// tapped gives the taps so far.
func (p *phones) tapped() []tap {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taps[:len(p.taps):len(p.taps)]
}

// answer is what the person was told after a tap; false if nothing yet.
func (t tap) answer() (sandbox.Toast, bool) {
	for _, toast := range t.phone.Toasts() {
		if toast.CallbackID == t.query {
			return toast, true
		}
	}
	return sandbox.Toast{}, false
}
