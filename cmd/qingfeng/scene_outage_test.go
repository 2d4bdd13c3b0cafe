package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// cable joins a service to the chat service, until somebody pulls it.
type cable struct {
	wire.Doer

	pulled atomic.Bool
	tried  atomic.Int64
}

// Do fails as it does where nobody listens while the cable is pulled.
func (c *cable) Do(req *http.Request) (*http.Response, error) {
	if c.pulled.Load() {
		c.tried.Add(1)
		refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: refused}
	}
	return c.Doer.Do(req)
}

// cabled starts the service anew on a cable.
func (s *scene) cabled() *cable {
	s.t.Helper()
	c := &cable{Doer: s.server}
	s.end()
	s.start(func(live *service) {
		client, err := wire.New(demoToken, "http://sandbox", c, live.log)
		if err != nil {
			s.t.Fatal(err)
		}
		live.client, live.bot.Client, live.pollDoer = client, client, c
	})
	s.settle()
	return c
}

// The chat service cannot be reached for hours, across the instant of the reminder:
// everyone receives it afterwards, once; since nothing had arrived, nothing is
// marked; and a command of the meantime is answered.
func TestChatServiceDownForHours(t *testing.T) {
	play(t, "2026-09-22T08:30:00+08:00", func(s *scene) {
		s.enrol(small)
		c := s.cabled()
		c.pulled.Store(true)
		s.lives("2026-09-22 08:35") // until the poll that was under way is over
		s.phone("P1").Type("/help")
		s.lives("2026-09-22 12:00")
		if c.tried.Load() == 0 {
			t.Fatal("nothing was tried")
		}
		if most := int64(2000); c.tried.Load() > most {
			t.Errorf("%d calls in three and a half hours, want at most %d", c.tried.Load(), most)
		}
		c.pulled.Store(false)
		s.lives("2026-09-22 12:10")
		s.reminded()
		s.once("〔使用帮助〕", "P1")
		if got := s.duplicates(); len(got) > 0 {
			t.Errorf("marked as possible duplicates: %v", got)
		}
		if got := s.entries(ledger.Outage); len(got) > 0 {
			t.Errorf("the ledger has %d outages: it is not we who were down", len(got))
		}
		s.tap("P1", "已阅")
		s.reads("P1", "已阅 · 9月22日")
		s.balanced()
	})
}

// The chat service is down over the reminder and over the chase: both are one
// message when it is back, the reminder.
func TestChatServiceDownOverChase(t *testing.T) {
	play(t, "2026-09-22T08:30:00+08:00", func(s *scene) {
		s.enrol(small)
		c := s.cabled()
		c.pulled.Store(true)
		s.until("2026-09-24 11:00")
		before := s.received("P1")
		c.pulled.Store(false)
		s.lives("2026-09-24 11:10")
		s.reminded()
		if got := s.received("P1") - before; got != 1 {
			t.Errorf("P1 received %d messages instead of one", got)
		}
		s.balanced()
	})
}

// However the clock jumps, nothing comes twice and nothing is forgotten. A leap
// second, where the machine's clock does not smear it, is a step back of one second.
func TestClockJumps(t *testing.T) {
	for _, row := range []struct {
		name  string
		steps []string // instants to which the clock is set, one after the other
	}{
		{"leap second", []string{"2026-09-22T09:00:01+08:00", "2026-09-22T09:00:00+08:00"}},
		{"back before the instant", []string{"2026-09-22T09:05:00+08:00", "2026-09-22T08:20:00+08:00"}},
		{"back by a day", []string{"2026-09-22T09:05:00+08:00", "2026-09-21T09:00:00+08:00"}},
		{"a day ahead and back", []string{"2026-09-23T09:05:00+08:00", "2026-09-22T08:20:00+08:00"}},
		{"to and fro", []string{
			"2026-09-22T08:59:59+08:00", "2026-09-22T09:00:02+08:00", "2026-09-22T08:59:58+08:00", "2026-09-22T09:00:03+08:00",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
				s.enrol(small)
				for _, step := range row.steps {
					at, err := time.Parse(time.RFC3339, step)
					if err != nil {
						t.Fatal(err)
					}
					s.clock.step(at)
					time.Sleep(500 * time.Millisecond)
				}
				s.lives("2026-09-22 09:10")
				s.reminded()
				s.end()
				s.begin() // the next start believes no less
				s.until("2026-09-24 10:00")
				s.reminded()
				s.once("还有 1 项待办", "P1", "P2")
				s.balanced()
			})
		})
	}
}

// A machine that slept over a weekend and the instants in it: the service had not
// been stopped, and does the newest step once when it wakes.
func TestMachineSlept(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.live.steady.Store(true) // as on the clock of a real machine
		s.lives("2026-09-17 21:00")
		before := s.received("L1")
		s.clock.step(s.at("2026-09-21 09:30"))
		time.Sleep(time.Minute)
		s.settle()
		s.once("单位通知", "L1", "B1")
		s.once("节前检查", "S2", "S3")
		if got := s.received("L1") - before; got != 1 {
			t.Errorf("L1 received %d messages after the sleep", got)
		}
		if down := s.entries(ledger.Outage); len(down) != 1 {
			t.Errorf("the ledger knows of %d outages: %v", len(down), down)
		}
		s.until("2026-09-22 09:30")
		s.reminded()
		s.balanced()
	})
}

// sentAt gives the instants at which a person received messages that contain a text.
func (s *scene) sentAt(id reminders.PersonID, text string) (at []time.Time) {
	for _, m := range s.phone(id).Messages() {
		if m.FromBot && strings.Contains(m.Text, text) {
			at = append(at, m.Date)
		}
	}
	return at
}

// springBlock is an invented arrangement whose programme crosses the night of 8 March
// 2026, in which New York's clocks go from two to three.
var springBlock = calendar.Arrangement{Year: 2026, Status: calendar.Official, Source: "invented", Days: []calendar.Day{
	{Name: "清明节", Date: calendar.Date{Year: 2026, Month: 3, Day: 12}, Off: true},
	{Name: "清明节", Date: calendar.Date{Year: 2026, Month: 3, Day: 13}, Off: true},
}}

// Where clocks change within a programme, nine o'clock stays nine o'clock: every
// message comes at the hour of the place, on both sides of the change.
func TestDaylightSaving(t *testing.T) {
	play(t, "2026-02-20T09:00:00-05:00", func(s *scene) {
		s.end()
		place, err := time.LoadLocation("America/New_York")
		if err != nil {
			t.Fatal(err)
		}
		s.loc = place
		s.begin()
		err = s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
			return s.live.years.Adopt(tx, springBlock, "system")
		})
		if err == nil {
			err = s.live.years.Reload(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		s.enrol(small)
		s.until("2026-03-16 12:00")
		for _, row := range []struct {
			id   reminders.PersonID
			text string
			want []string
		}{
			{"S2", "文稿审阅", []string{"02-26 09:00 EST"}},
			{"L1", "〔清明〕单位通知", []string{"03-05 09:00 EST"}},
			{"S2", "节前检查", []string{"03-06 09:00 EST", "03-11 09:00 EDT"}},
			{"P1", heading, []string{"03-09 09:00 EDT"}},
			{"P1", "还有 1 项待办", []string{"03-11 10:00 EDT"}},
			{"S2", "节后小结", []string{"03-16 10:00 EDT"}},
		} {
			var got []string
			for _, at := range s.sentAt(row.id, row.text) {
				got = append(got, at.In(place).Format("01-02 15:04 MST"))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s receives %q (-want +got):\n%s", row.id, row.text, diff)
			}
		}
		s.balanced()
	})
}
