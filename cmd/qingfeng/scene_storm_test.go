package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// throng is an office of so many officials, in units of ten.
func throng(officials int) string {
	var rows strings.Builder
	for i := range officials {
		fmt.Fprintf(&rows, "N%03d,样本%03d,样例局%02d,科员,official,zh-Hans\n", i, i, i/10)
	}
	return rows.String()
}

// A reminder to everyone, and people who ask meanwhile: our own pace never meets a
// documented limit of the chat service, and does not stay far behind it.
func TestOwnPaceMeetsNoLimit(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		const officials, rate = 300, 28
		s.enrol(throng(officials))
		s.lives("2026-09-22 08:59")
		time.Sleep(55 * time.Second) // and the 5 s of settling
		began := s.clock.Now()
		for i := range 20 {
			s.phone(reminders.PersonID(fmt.Sprintf("N%03d", i))).Type("/help")
		}
		time.Sleep(3 * time.Minute)
		var last time.Time
		for _, person := range s.server.People() {
			for _, at := range s.sentAt(personOf(s, person.ID()), heading) {
				last = laterOf(last, at)
			}
		}
		for _, call := range s.server.Calls() {
			if call.Status == http.StatusTooManyRequests {
				t.Fatalf("%s at %s met a limit: %s", call.Method, call.At, call.Description)
			}
		}
		for i := range officials {
			s.once(heading, reminders.PersonID(fmt.Sprintf("N%03d", i)))
		}
		ideal := time.Duration(officials+20) * time.Second / rate
		if took := last.Sub(began); took > ideal+ideal/10+time.Second {
			t.Errorf("the last of %d messages came after %v, the rate allows %v", officials, took, ideal)
		}
		s.balanced()
	})
}

// personOf gives the staff number of a chat.
func personOf(s *scene, chat int64) reminders.PersonID {
	for id, phone := range s.phones {
		if phone.ID() == chat {
			return id
		}
	}
	return ""
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// The whole service behind the fault proxy, under every fault that it has, at once:
// everyone has the reminder in the end, whoever may have it twice is marked, every
// command is answered, and every tap counts.
func TestServiceInAStorm(t *testing.T) {
	play(t, "2026-09-22T08:30:00+08:00", func(s *scene) {
		const officials = 120
		s.enrol(throng(officials))
		storm := s.stormy()
		s.lives("2026-09-22 08:59")
		s.lives("2026-09-22 09:30")
		for i := range officials {
			phone := s.phone(reminders.PersonID(fmt.Sprintf("N%03d", i)))
			if i%2 == 0 {
				_ = phone.TapLabel("已阅") // a failure is found below
			} else {
				phone.Type("/help")
			}
		}
		s.lives("2026-09-22 10:30")
		marked := s.duplicates()
		for i := range officials {
			id := reminders.PersonID(fmt.Sprintf("N%03d", i))
			n := s.copies(id, heading)
			if n < 1 || n > 1 && !slices.Contains(marked, string(id)) {
				t.Errorf("%s has the reminder %d times; marked: %t", id, n, slices.Contains(marked, string(id)))
			}
			if i%2 == 1 && s.copies(id, "〔使用帮助〕") == 0 {
				t.Errorf("%s asked for help in vain", id)
			}
		}
		if got := s.states("holiday-reminder")["met answered"]; got != officials/2 {
			t.Errorf("%d answers were recorded of %d taps", got, officials/2)
		}
		counts := storm.Counts()
		for _, kind := range proxy.Kinds() {
			if counts[kind] == 0 && kind != proxy.GoAway { // met over sockets only
				t.Errorf("%s was never injected", kind)
			}
		}
		t.Logf("%s; %d marked as possible duplicates", storm.Summary(), len(marked))
		s.balanced()
	})
}

// stormy starts the service anew behind the fault proxy.
func (s *scene) stormy() *proxy.Proxy {
	s.t.Helper()
	const rare = 0.02
	p, err := proxy.New(
		proxy.Options{Upstream: s.server, Now: time.Now, Seed: 7},
		proxy.Rule{Kind: proxy.Delay, For: 3 * time.Second, Chance: rare},
		proxy.Rule{Kind: proxy.DelayAnswer, For: 3 * time.Second, Chance: rare},
		proxy.Rule{Kind: proxy.CutRequest, Bytes: 100, Chance: rare},
		proxy.Rule{Kind: proxy.CutResponse, Bytes: 50, Chance: rare},
		proxy.Rule{Kind: proxy.ResetBefore, Chance: rare},
		proxy.Rule{Kind: proxy.ResetAfter, Chance: rare},
		proxy.Rule{Kind: proxy.Swallow, Chance: rare},
		proxy.Rule{Kind: proxy.Page, Status: http.StatusBadGateway, Chance: rare},
		proxy.Rule{Kind: proxy.Page, Status: http.StatusServiceUnavailable, Forward: true, Chance: rare},
		proxy.Rule{Kind: proxy.Flood, RetryAfter: 3, Chance: rare},
		proxy.Rule{Kind: proxy.Trickle, Bytes: 20, For: 10 * time.Millisecond, Chance: rare},
		proxy.Rule{Kind: proxy.Handshake, Chance: rare},
		proxy.Rule{Kind: proxy.Refuse, Chance: rare},
	)
	if err != nil {
		s.t.Fatal(err)
	}
	s.end()
	s.start(func(live *service) {
		client, err := wire.New(demoToken, "http://sandbox", p, live.log)
		if err != nil {
			s.t.Fatal(err)
		}
		live.client, live.bot.Client, live.pollDoer = client, client, p
	})
	s.settle()
	return p
}
