package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// asks gives the status and the text of an address of the service.
func asks(handler http.HandlerFunc) (int, string) {
	w := httptest.NewRecorder()
	handler(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	return w.Code, w.Body.String()
}

// readyz is about receiving: not before the first updates could come, not while the
// service stops, and not when nothing was heard for minutes, which only polling can
// tell. Whatever it says, healthz says that the process lives.
func TestReady(t *testing.T) {
	for _, row := range []struct {
		name    string
		is      func(s *server) *service
		webhook string
		status  int
		says    string
	}{
		{"before the chat service has answered", func(*server) *service { return nil }, "", 503, "starting: no updates yet\n"},
		{"before the first poll", receiving(false, false, 0), "", 503, "starting: no updates yet\n"},
		{"at work", receiving(true, false, time.Minute), "", 200, "ok\n"},
		{"a poll that is three minutes old", receiving(true, false, pollAge), "", 200, "ok\n"},
		{"an older one", receiving(true, false, pollAge+time.Second), "", 503, "no updates for some minutes: see the log\n"},
		{"with a webhook nobody polls", receiving(true, false, time.Hour), "https://bot.example.org", 200, "ok\n"},
		{"stopping", receiving(true, true, time.Minute), "", 503, "stopping\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := emptyOffice(t)
				s := &server{office: f, settings: settings{webhook: row.webhook}}
				s.service.Store(row.is(s))
				if status, says := asks(s.readyz); status != row.status || says != row.says {
					t.Errorf("readyz says %d %q, want %d %q", status, says, row.status, row.says)
				}
				if status, says := asks(s.healthz); status != 200 || says != "ok\n" {
					t.Errorf("healthz says %d %q", status, says)
				}
			})
		})
	}
}

// receiving is a service in a state.
func receiving(ready, draining bool, since time.Duration) func(*server) *service {
	return func(*server) *service {
		at := time.Now().Add(-since)
		s := &service{lastPoll: func() time.Time { return at }}
		s.ready.Store(ready)
		s.draining.Store(draining)
		return s
	}
}

// emptyOffice is an office in memory in which nobody is enrolled.
func emptyOffice(t *testing.T) *office {
	t.Helper()
	f, err := newOffice(context.Background(), officeOptions{
		engine: mem.New(), clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: discard(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.store.Close() })
	return f
}

// healthz is about the process and its store: where that cannot be read, it says so.
func TestHealthy(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.end()
		disk := &faultyDisk{Engine: mem.New()}
		s.engine = disk
		s.begin()
		asked := &server{office: s.live.office}
		for _, row := range []struct {
			dead   bool
			status int
			says   string
		}{{false, 200, "ok\n"}, {true, 503, "the store cannot be read\n"}, {false, 200, "ok\n"}} {
			disk.dead.Store(row.dead)
			if status, says := asks(asked.healthz); status != row.status || says != row.says {
				t.Errorf("with a dead disk: %t: %d %q, want %d %q", row.dead, status, says, row.status, row.says)
			}
		}
	})
}
