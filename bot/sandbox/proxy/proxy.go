package proxy

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Doer carries one request, as an http.Client does and as a sandbox does.
type Doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// Options say how a Proxy is made.
type Options struct {
	// Upstream handles what is forwarded. It is required.
	Upstream Doer
	// Address is where Upstream is reached, such as http://127.0.0.1:8081; empty
	// means an Upstream inside the process, which does not look at addresses.
	Address string
	// Now is the wall clock on which windows are read; without it no rule may have
	// a window.
	Now func() time.Time
	// Seed decides the chances. The same seed gives the same faults to requests
	// that come in the same order.
	Seed uint64
}

// Proxy spoils requests by rules (故障代理). Its methods may be used by several
// goroutines. It starts none itself; a Gate does.
type Proxy struct {
	upstream Doer
	base     *url.URL
	now      func() time.Time

	mu     sync.Mutex // guards everything below
	dice   *rand.Rand
	rules  []*armed
	counts map[Kind]int
}

// armed is a rule and how often it may still be met; negative means always.
type armed struct {
	Rule
	left int
}

// New makes a proxy with rules; without rules everything passes unharmed. A rule
// that makes no sense is an error.
func New(o Options, rules ...Rule) (*Proxy, error) {
	const op = "proxy.new"
	if o.Upstream == nil {
		return nil, reminders.Internalf(op, "there is nothing to forward to")
	}
	if o.Address == "" {
		o.Address = "http://sandbox"
	}
	base, err := url.Parse(o.Address)
	if err != nil || base.Host == "" {
		return nil, reminders.Internalf(op, "the address of the upstream is none")
	}
	p := &Proxy{
		upstream: o.Upstream, base: base, now: o.Now,
		dice: rand.New(rand.NewPCG(o.Seed, 0)), counts: map[Kind]int{},
	}
	return p, p.Set(rules...)
}

// Set replaces the rules from the next request on, with their Times anew. What was
// counted stays. If one rule makes no sense, it is an error and nothing changes.
func (p *Proxy) Set(rules ...Rule) error {
	fresh := make([]*armed, 0, len(rules))
	for i, r := range rules {
		wrong := r.wrong()
		if wrong == "" && p.now == nil && r.Window != (reminders.Window{}) {
			wrong = "has a window, but there is no clock"
		}
		if wrong != "" {
			return reminders.Internalf("proxy.set", "rule %d (%s) %s", i+1, r.Kind, wrong)
		}
		left := r.Times
		if left == 0 {
			left = -1
		}
		fresh = append(fresh, &armed{Rule: r, left: left})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = fresh
	return nil
}

// Counts says how many faults of each kind were injected so far.
func (p *Proxy) Counts() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.counts)
}

// Summary says the same in one line for the log of a test: the sum, and each kind
// that was injected.
func (p *Proxy) Summary() string {
	counts, sum, parts := p.Counts(), 0, []string(nil)
	for _, kind := range Kinds() {
		if n := counts[kind]; n > 0 {
			sum += n
			parts = append(parts, fmt.Sprintf("%s %d", kind, n))
		}
	}
	return fmt.Sprintf("%d faults injected: %s", sum, strings.Join(parts, ", "))
}

// meet gives the rule that is met now and counts it; its Kind is empty if none is.
func (p *Proxy) meet(m moment) Rule {
	var now time.Time
	if p.now != nil {
		now = p.now()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.rules {
		if r.left == 0 || !r.concerns(m) {
			continue
		}
		if r.Window != (reminders.Window{}) && !r.Window.Contains(now) {
			continue
		}
		if r.Chance > 0 && p.dice.Float64() >= r.Chance {
			continue
		}
		if r.left > 0 {
			r.left--
		}
		p.counts[r.Kind]++
		return r.Rule
	}
	return Rule{}
}

func (p *Proxy) count(kind Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts[kind]++
}

// DialContext dials for an http.Transport and meets the rules of kind Refuse; the
// error is the one of a port on which nobody listens. No name is looked up then.
func (p *Proxy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if p.meet(moment{stage: atDial}).Kind == Refuse {
		return nil, refusal()
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

func refusal() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
